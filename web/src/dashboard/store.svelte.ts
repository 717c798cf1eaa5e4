/** What the dashboard holds: the board, how the line stands, what is on its way. Views are functions of it. */

import { Toasts } from "../toasts.svelte";
import { type Board, hear, reconnected, tableOf, withoutCall } from "./board";
import type { Call, FromDashboard, Table, ToDashboard } from "./frames";
import type { Line } from "./line";
import { type Renewal, Socket } from "./socket";
import { Sound } from "./sound.svelte";
import { tidingOf } from "./tidings";
import { ACTIONS, isTarget, type PlainAct } from "./tile";
import { type Asked, goneCall, isOverdue, stillUnderWay, whereToLook } from "./under-way";

/** The key that a line is opened with, and how to get another. */
export type KeyRing = { key: () => string; renew: (refused: string) => Promise<Renewal>; onEnded: () => void };

/** A move that waits for its target. The turn tells whether it is still the party that was meant. */
export type Move = { from: Table; turnId: number };

const TICK_MS = 1_000;

export class Store {
  board = $state.raw<Board | null>(null);
  line = $state.raw<Line>({ state: "connecting" });
  /** Since when there is no line; null while there is one. */
  lostAt = $state<number | null>(Date.now());
  asked = $state.raw<readonly Asked[]>([]);
  move = $state.raw<Move | null>(null);
  now = $state(Date.now());
  isOnline = $state(navigator.onLine);
  readonly toasts = new Toasts();
  readonly sound = new Sound();

  readonly isLive = $derived(this.line.state === "live");
  readonly tables = $derived(this.board?.tables ?? []);
  readonly calls = $derived(this.board?.calls ?? []);

  /** The next snapshot is the first of its line. */
  #isAnew = true;
  readonly #socket: Socket;
  readonly #ticks: ReturnType<typeof setInterval>;

  constructor(private readonly ring: KeyRing) {
    this.#socket = new Socket({
      onLine: (line) => this.#onLine(line),
      onFrame: (frame) => this.#onFrame(frame),
      key: ring.key,
      renew: ring.renew,
    });
    this.#ticks = setInterval(() => this.#tick(), TICK_MS);
    this.#socket.connect();
  }

  close(): void {
    clearInterval(this.#ticks);
    this.#socket.stop();
  }

  hurry(): void {
    this.isOnline = navigator.onLine;
    this.now = Date.now();
    this.#socket.hurry();
  }

  act(act: PlainAct, { id }: Table): void {
    this.#ask({ action: ACTIONS[act], table_id: id });
  }

  resolve({ id }: Call): void {
    this.#ask({ action: "resolve_waiter_request", request_id: id });
  }

  beginMove(from: Table): void {
    if (this.isLive && from.session) this.move = { from, turnId: from.session.id };
  }

  endMove(): void {
    this.move = null;
  }

  moveTo(target: Table): void {
    if (!this.move || !isTarget(target)) return;
    this.#ask({ action: "move_table", from_table_id: this.move.from.id, to_table_id: target.id });
    this.endMove();
  }

  #ask(frame: FromDashboard): void {
    if (!this.isLive || !this.#socket.send(frame)) return;
    this.asked = [...this.asked, { frame, at: Date.now() }];
  }

  #onLine(line: Line): void {
    this.line = line;
    if (line.state === "connecting") this.#isAnew = true;
    if (line.state !== "live") this.#giveUp(this.asked, "Connection lost");
    this.now = Date.now();
    this.isOnline = navigator.onLine;
    this.lostAt = line.state === "live" ? null : (this.lostAt ?? this.now);
    if (line.state === "ended") this.ring.onEnded();
  }

  #onFrame(frame: ToDashboard): void {
    const tiding = tidingOf(this.board, frame, this.asked);
    const before = this.board;
    this.board = hear(this.#boardBefore(frame), frame);
    this.asked = stillUnderWay(this.asked, before, frame);
    this.now = Date.now();
    if (tiding) {
      this.toasts.show(tiding.kind, tiding.title, tiding.text);
      if (tiding.sound) this.sound.play(tiding.sound);
    }
    this.#checkMove();
  }

  #boardBefore(frame: ToDashboard): Board | null {
    if (frame.type === "tables_snapshot" && this.#isAnew) {
      this.#isAnew = false;
      return reconnected(this.board);
    }
    const gone = goneCall(this.asked, frame);
    return gone === null ? this.board : withoutCall(this.board, gone);
  }

  /** Somebody else may have closed or moved the table meanwhile. */
  #checkMove(): void {
    if (!this.move) return;
    const { from, turnId } = this.move;
    if (tableOf(this.board, from.id)?.session?.id === turnId) return;
    this.endMove();
    this.toasts.show("refused", "Nothing was moved", `Table ${from.number} has changed meanwhile.`);
  }

  /** Their answers do not come any more: whoever has asked is told where to look for what has come of it. */
  #giveUp(unanswered: readonly Asked[], why: string): void {
    if (unanswered.length === 0) return;
    this.asked = this.asked.filter((it) => !unanswered.includes(it));
    this.toasts.show("refused", why, whereToLook(unanswered, this.board));
  }

  #tick(): void {
    this.now = Date.now();
    this.#giveUp(this.asked.filter((it) => isOverdue(it, this.now)), "No answer");
  }
}
