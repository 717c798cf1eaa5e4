/** Where things lie on a plan: outlines, chairs, and the ground a section covers. Pure, in plan units. */

import type { Table } from "./wire";

export type Point = { x: number; y: number };
/** A chair, relative to the table's centre before the table is turned. */
export type Chair = Point & { angle: number };

/** A table's place with the contract's defaults filled in. */
export type Place = Point & { width: number; height: number; rotation: number };

const CHAIR_GAP = 7;
const SIDE = 60;

export function placeOf(table: Table): Place {
  const { x = 0, y = 0, width = SIDE, height = SIDE, rotation = 0 } = table;
  return { x, y, width, height, rotation };
}

export function isRound(table: Table): boolean {
  const shape = table.shape ?? "round";
  return shape === "round" || shape === "oval";
}

/** Half of the height a turned table takes up, for what is written below it. */
export function halfHeight({ width, height, rotation }: Place): number {
  const turn = (rotation * Math.PI) / 180;
  return (Math.abs(width * Math.sin(turn)) + Math.abs(height * Math.cos(turn))) / 2;
}

/** One chair for each seat. */
export function chairsOf(table: Table): Chair[] {
  const { width, height } = placeOf(table);
  const n = table.seats.max;
  if (isRound(table)) return around(n, width, height);
  if (table.shape === "bar") return along(n, width, height, 0);
  const [top, right, bottom, left] = split(n, width, height);
  const turned = (side: number) => (n: number) =>
    along(n, side % 2 ? height : width, side % 2 ? width : height, side * 90);
  return [...turned(2)(top), ...turned(0)(bottom), ...turned(3)(right), ...turned(1)(left)];
}

function around(n: number, width: number, height: number): Chair[] {
  const first = n === 2 ? 0 : -Math.PI / 2;
  return Array.from({ length: n }, (_, index) => {
    const at = first + (2 * Math.PI * index) / n;
    const x = (width / 2 + CHAIR_GAP) * Math.cos(at);
    const y = (height / 2 + CHAIR_GAP) * Math.sin(at);
    return { x, y, angle: (at * 180) / Math.PI + 90 };
  });
}

/** Chairs along the lower side of a table that is then seen from `angle`. */
function along(n: number, width: number, height: number, angle: number): Chair[] {
  const turn = (angle * Math.PI) / 180;
  return Array.from({ length: n }, (_, index) => {
    const x = ((index + 0.5) / n - 0.5) * width;
    const y = height / 2 + CHAIR_GAP;
    return {
      x: x * Math.cos(turn) - y * Math.sin(turn),
      y: x * Math.sin(turn) + y * Math.cos(turn),
      angle,
    };
  });
}

/** How many chairs stand at the top, right, bottom and left of a table with corners. */
function split(n: number, width: number, height: number): [number, number, number, number] {
  const isSquare = Math.abs(width - height) < 0.15 * Math.max(width, height);
  if (isSquare && n > 2) {
    const side = (index: number) => Math.floor((n + index) / 4);
    return [side(3), side(1), side(2), side(0)];
  }
  const atEnds = n >= 8 || (n >= 6 && n % 2 === 0 && Math.max(width, height) < 100) ? 1 : 0;
  const rest = n - 2 * atEnds;
  const [more, less] = [Math.ceil(rest / 2), Math.floor(rest / 2)];
  return width >= height ? [more, atEnds, less, atEnds] : [atEnds, more, atEnds, less];
}

/** Room that the words below a table take, beyond what the broad pen covers anyway. */
const WORDS = 10;

/**
 * The corners of the ground that some tables stand on, to be drawn with a broad round pen: a plain
 * rectangle, unless another section's table stands in it.
 */
export function ground(tables: readonly Table[], others: readonly Table[]): Point[] {
  const corners = tables.flatMap((table) => cornersOf(placeOf(table)));
  const [xs, ys] = [corners.map((it) => it.x), corners.map((it) => it.y)];
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  const isInside = ({ x = 0, y = 0 }: Table) => x > left && x < right && y > top && y < bottom;
  if (others.some(isInside)) return hull(corners);
  return [
    { x: left, y: top },
    { x: right, y: top },
    { x: right, y: bottom },
    { x: left, y: bottom },
  ];
}

function cornersOf(place: Place): Point[] {
  const turn = (place.rotation * Math.PI) / 180;
  return [-1, 1].flatMap((right) =>
    [0, 1].map((down) => {
      const x = (right * place.width) / 2;
      const y = down === 0 ? -place.height / 2 : place.height / 2;
      return {
        x: place.x + x * Math.cos(turn) - y * Math.sin(turn),
        y: place.y + x * Math.sin(turn) + y * Math.cos(turn) + down * WORDS,
      };
    }),
  );
}

/** The convex hull, by walking the sorted points along the bottom and back along the top. */
function hull(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  const lower = chain(sorted);
  const upper = chain([...sorted].reverse());
  return [...lower.slice(0, -1), ...upper.slice(0, -1)];
}

function chain(points: readonly Point[]): Point[] {
  const kept: Point[] = [];
  for (const point of points) {
    while (kept.length >= 2 && !isLeftTurn(kept[kept.length - 2], kept[kept.length - 1], point)) kept.pop();
    kept.push(point);
  }
  return kept;
}

function isLeftTurn(a: Point | undefined, b: Point | undefined, c: Point): boolean {
  if (!a || !b) return true;
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x) > 0;
}

/** A line between two tables of one turn; they touch when they stand side by side. */
export type Joint = { from: Point; to: Point; isTouching: boolean };

/** How far apart the middles of pushed-together tables may be, beyond their own halves. */
const SIDE_BY_SIDE = 70;

/** Lines between the tables of one turn, from each to the next. */
export function joints(tables: readonly Table[]): Joint[] {
  const places = tables.map(placeOf);
  return places.slice(1).flatMap((to, index) => {
    const from = places[index];
    if (!from) return [];
    const reach = (Math.max(from.width, from.height) + Math.max(to.width, to.height)) / 2;
    const isTouching = Math.hypot(to.x - from.x, to.y - from.y) < reach + SIDE_BY_SIDE;
    return [{ from, to, isTouching }];
  });
}

/** The widest a table's words may be without running into those of a neighbour in its row. */
export function roomForWords(table: Table, others: readonly Table[]): number {
  const { x, y } = placeOf(table);
  const inRow = others.map(placeOf).filter((it) => Math.abs(it.y - y) < ROW && it.x !== x);
  return Math.min(WIDEST, ...inRow.map((it) => Math.abs(it.x - x)));
}

const ROW = 60;
const WIDEST = 190;
