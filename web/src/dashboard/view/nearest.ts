/** Which of several boxes an arrow key leads to. Pure. */

export type Box = { left: number; right: number; top: number; bottom: number };
type Boxed = { box: Box };

/** The nearest one on that side, one that is straight ahead before one that is not; undefined at the edge. */
export function nearest<T extends Boxed>(from: Box, others: readonly T[], key: string): T | undefined {
  const ways = others.flatMap((it) => {
    const way = wayTo(from, it.box, key);
    return way === null ? [] : [{ it, way }];
  });
  return ways.sort((a, b) => a.way - b.way)[0]?.it;
}

/** How far, with a step aside counted dearer than one ahead; null when it does not lie on that side. */
function wayTo(from: Box, to: Box, key: string): number | null {
  const [x, y] = [middle(to.left, to.right) - middle(from.left, from.right), middle(to.top, to.bottom) - middle(from.top, from.bottom)];
  switch (key) {
    case "ArrowRight":
      return x > 0 && overlap(from.top, from.bottom, to.top, to.bottom) ? x : null;
    case "ArrowLeft":
      return x < 0 && overlap(from.top, from.bottom, to.top, to.bottom) ? -x : null;
    case "ArrowDown":
      return to.top >= from.bottom ? y + 3 * Math.abs(x) : null;
    case "ArrowUp":
      return to.bottom <= from.top ? -y + 3 * Math.abs(x) : null;
    default:
      return null;
  }
}

function middle(a: number, b: number): number {
  return (a + b) / 2;
}

function overlap(a: number, b: number, from: number, to: number): boolean {
  return a < to && from < b;
}
