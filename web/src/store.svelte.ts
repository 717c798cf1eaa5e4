/** What the page holds: the floor, how the line stands, what is on its way. Views are functions of it. */

import { fetchChanges, fetchWait } from "./api";
import { TableChoice } from "./choice.svelte";
import { describe } from "./describe";
import { SelfCheck } from "./digest";
import { factsOf, occupancyOf, waitlistOf } from "./facts";
import { hear, type Live, Unheard } from "./floor";
import { stepped } from "./fold/undo";
import { clockOffset, staleSince } from "./news";
import { isOwnField, newKey, type Outcome, type Pending, UNANSWERED_MS, underWay } from "./pending";
import { refusalText } from "./refusals";
import { rightsOf } from "./rights";
import { isToldAnew } from "./self";
import { type Line, Socket } from "./socket";
import { Zone } from "./time";
import { Toasts } from "./toasts.svelte";
import { UndoOffer } from "./undo.svelte";
import type { Change, Command, FrameOf, Role, ToScreen, Wait } from "./wire";
import { byWhom } from "./words";

/** A change as the page tells of it. */
export type Told = { seq: number; at: string; text: string; by: string };

/** Whoever looks at this floor, as the sign-in has it. */
export type Viewer = {
  staffId: () => number | null;
  /** Those in this restaurant. */
  roles: () => readonly Role[];
  /** Whether the sign-in still holds; null when nobody can tell. */
  isSignedIn: () => Promise<boolean | null>;
  /** The floor says something new about this very person. */
  onToldAnew: () => void;
};

const TICK_MS = 500;
const TOLD_MAX = 30;
/** A server that throws us out again and again is not to be hammered with sign-ins. */
const SIGNED_IN_AGAIN_MS = 1_000;

export class Store {
  live = $state.raw<Live | null>(null);
  line = $state.raw<Line>({ state: "connecting", attempt: 0 });
  pending = $state.raw<readonly Pending[]>([]);
  told = $state.raw<readonly Told[]>([]);
  /** The last sign of life, on this device's clock. */
  heardAt = $state<number | null>(null);
  now = $state(Date.now());
  #offset = $state(0);
  readonly toasts = new Toasts();
  readonly choice = new TableChoice();
  readonly undo = new UndoOffer();
  /** What whoever is signed in may ask for, now. */
  readonly may = $derived.by(() => rightsOf(this.viewer.roles()));

  readonly facts = $derived(this.live ? factsOf(this.live) : []);
  readonly waitlist = $derived(this.live ? waitlistOf(this.live) : []);
  readonly occupancy = $derived(occupancyOf(this.facts));
  /** What this page has done last, while it can be taken back. */
  readonly undoable = $derived(this.live && this.undo.standing(this.live.floor));
  readonly zone = $derived(new Zone(this.live?.floor.settings?.time_zone));
  /** Since when there has been no news, if it is overdue. */
  readonly staleSince = $derived(staleSince(this.heardAt, this.now));
  /** The time on the server's clock: running clocks agree on every screen. */
  readonly serverNow = $derived(this.now + (this.#offset));

  #wantsSnapshot = false;
  #isOutdated = false;
  #sent = 0;
  readonly #socket: Socket;
  readonly #check = new SelfCheck((message) => console.warn(message));
  readonly #ticks: ReturnType<typeof setInterval>;

  constructor(
    private readonly restaurant: string,
    private readonly viewer: Viewer,
  ) {
    this.#socket = new Socket(restaurant, {
      onLine: (line) => this.#onLine(line),
      onFrame: (frame) => this.#onFrame(frame),
      position: () => (this.#wantsSnapshot ? null : this.live),
      isSignedIn: viewer.isSignedIn,
    });
    this.#ticks = setInterval(() => this.#tick(), TICK_MS);
    this.#socket.connect();
  }

  close(): void {
    clearInterval(this.#ticks);
    this.#socket.stop();
  }

  /** Knocks at once instead of waiting out the back-off, also when an open line has fallen silent. */
  hurry(): void {
    this.#tick();
    if (this.line.state === "open" && this.staleSince !== null) this.#socket.resume();
    else this.#socket.hurry();
  }

  /** Takes the line up again after a new sign-in. */
  reconnect(): void {
    this.#socket.resume(SIGNED_IN_AGAIN_MS);
  }

  /**
   * Asks the floor for something. It shows as pending until the answer comes; nothing changes before.
   * Refusals are told in a toast, except for faults in `ownFields`, which the asker shows.
   */
  ask(
    label: string,
    command: Command,
    tableIds: readonly number[] = [],
    ownFields: readonly string[] = [],
  ): Promise<Outcome> {
    this.#sent += 1;
    const asked = { id: `c${this.#sent}`, key: newKey(), command, label, tableIds, ownFields };
    return new Promise((settle) => {
      const pending = { ...asked, sentAt: Date.now(), seq: null, settle };
      if (this.#send(pending)) {
        this.pending = [...this.pending, pending];
        return;
      }
      this.toasts.show("note", label, "Not sent: there is no connection.");
      settle({ is: "unanswered" });
    });
  }

  /** Takes back a party's last step; `title` says whose, or what it was. */
  takeBack(partyId: number, title: string): Promise<Outcome> {
    return this.ask(`Undo: ${title}`, { command: "undo_step", party_id: partyId });
  }

  /** How long a party of `covers` that comes now has to wait. Null when nobody can tell. */
  waitOf(covers: number): Promise<Wait | null> {
    return fetchWait(this.restaurant, covers);
  }

  #send({ id, key, command }: Pending): boolean {
    return this.#socket.send({ type: "command", id, key, command });
  }

  #onLine(line: Line): void {
    const wasOpen = this.line.state === "open";
    this.line = line;
    if (line.state !== "open" || wasOpen) return;
    // What was under way when the line broke is asked again: with its key, it happens once.
    for (const it of this.pending.filter((it) => it.seq === null)) this.#send(it);
  }

  #onFrame(frame: ToScreen): void {
    const now = Date.now();
    this.heardAt = now;
    this.now = now;
    if ("at" in frame) this.#offset = clockOffset(this.#offset, frame, now);
    const before = this.live;
    const heard = this.#hear(before, frame);
    if (heard === "gap") return this.#missed(frame);
    this.live = heard;
    if (!heard) return;
    if (frame.type === "change" && before && before !== heard) {
      this.undo.heard(frame.seq, stepped(before.floor, heard.floor));
    }
    this.#afterwards(frame, heard, heard !== before);
    if (before && isToldAnew(this.viewer.staffId(), before.floor, heard.floor)) this.viewer.onToldAnew();
    this.pending = underWay(this.pending, heard.seq);
  }

  /** A page that is older than the server takes a snapshot for what it does not understand. */
  #hear(before: Live | null, frame: ToScreen): Live | null | "gap" {
    try {
      return hear(before, frame);
    } catch (error) {
      if (!(error instanceof Unheard)) throw error;
      if (!this.#isOutdated) this.toasts.show("note", "This page is out of date", "Reload it when there is a quiet moment.");
      this.#isOutdated = true;
      this.#wantsSnapshot = true;
      return "gap";
    }
  }

  /** Asks for the rest; for everything when even the resumption did not fit. */
  #missed(frame: ToScreen): void {
    this.#wantsSnapshot ||= frame.type === "resumed";
    this.#socket.resume();
  }

  #afterwards(frame: ToScreen, live: Live, isNew: boolean): void {
    switch (frame.type) {
      case "snapshot":
        this.#wantsSnapshot = false;
        if (this.told.length === 0) void this.#tellPast(live);
        return;
      case "change":
        if (isNew) this.#tell([frame], live);
        return;
      case "heartbeat":
        return this.#compare(frame.seq, frame.digest, live);
      case "result":
        return this.#accepted(frame);
      case "refused":
        return this.#refused(frame);
      case "resumed":
      case "reset":
      case "pong":
    }
  }

  /** A page that has just been opened has a past as well. */
  async #tellPast(live: Live): Promise<void> {
    this.#tell(await fetchChanges(this.restaurant, live.seq, TOLD_MAX), live);
  }

  #tell(changes: readonly Change[], live: Live): void {
    const nameOf = (id: number) => live.floor.staff.find((it) => it.id === id)?.name;
    const told = changes.flatMap(({ seq, at, by, events }): Told[] => {
      const text = describe(events, live);
      return text === null ? [] : [{ seq, at, text, by: byWhom(by, nameOf) }];
    });
    const known = new Map([...this.told, ...told].map((it) => [it.seq, it]));
    this.told = [...known.values()].sort((a, b) => b.seq - a.seq).slice(0, TOLD_MAX);
  }

  #compare(seq: number, digest: string, live: Live): void {
    if (seq !== live.seq || !this.#check.isOff(live.floor, seq, digest, Date.now())) return;
    this.#wantsSnapshot = true;
    this.#socket.resume();
  }

  #accepted(frame: FrameOf<"result">): void {
    this.pending.find((it) => it.id === frame.id)?.settle({ is: "accepted" });
    this.pending = this.pending.map((it) => (it.id === frame.id ? { ...it, seq: frame.seq } : it));
    const told = this.told.find((it) => it.seq === frame.seq);
    if (told && this.may.service) this.undo.offer(frame.seq, told.text, this.now);
  }

  #refused(frame: FrameOf<"refused">): void {
    const asked = this.pending.find((it) => it.id === frame.id);
    this.pending = this.pending.filter((it) => it.id !== frame.id);
    asked?.settle({ is: "refused", refusal: frame });
    if (frame.field && asked && isOwnField(frame.field, asked.ownFields)) return;
    this.toasts.show("refused", asked?.label ?? "Refused", refusalText(frame, this.facts));
  }

  #tick(): void {
    this.now = Date.now();
    this.undo.passed(this.now);
    const lost = this.pending.filter((it) => this.now - it.sentAt > UNANSWERED_MS);
    if (lost.length === 0) return;
    this.pending = this.pending.filter((it) => !lost.includes(it));
    for (const { label, settle } of lost) {
      this.toasts.show("note", label, "No answer came. Look at the floor before asking again.");
      settle({ is: "unanswered" });
    }
  }
}
