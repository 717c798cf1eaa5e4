/**
 * The stream: connects, backs off with full jitter, resumes where it was, hands frames over.
 * It knows nothing about what the frames say.
 */

import { afterClose, fullJitter } from "./backoff";
import { type FromScreen, readFrame, type ToScreen } from "./wire";

/** How the line to the server stands. */
export type Line =
  | { state: "connecting"; attempt: number }
  | { state: "open" }
  | { state: "waiting"; until: number }
  | { state: "renewing" }
  | { state: "signed_out" }
  | { state: "not_allowed" };

export type Ears = {
  onLine: (line: Line) => void;
  onFrame: (frame: ToScreen) => void;
  /** Where the last floor stands, to resume from. Null asks for a snapshot. */
  position: () => { seq: number; epoch: string } | null;
  /** Whether the sign-in still holds; null when nobody can tell. */
  isSignedIn: () => Promise<boolean | null>;
};

/** A line that says nothing for so long is dead, whatever the browser thinks. */
const SILENCE_MS = 15_000;

export class Socket {
  #ws: WebSocket | null = null;
  #attempt = 0;
  /** Counts lines that were given up, so that late answers to an old one are passed over. */
  #era = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly restaurant: string,
    private readonly ears: Ears,
  ) {}

  connect(): void {
    this.#hangUp();
    this.ears.onLine({ state: "connecting", attempt: this.#attempt });
    const ws = new WebSocket(this.#url());
    this.#ws = ws;
    this.#expectNews();
    let isOpen = false;
    ws.onopen = () => {
      isOpen = true;
    };
    ws.onmessage = ({ data }) => {
      if (ws === this.#ws && typeof data === "string") this.#hear(data);
    };
    ws.onclose = ({ code, reason }) => {
      if (ws !== this.#ws) return;
      this.#hangUp();
      // A handshake that is turned away looks like a broken line: ask before knocking again.
      if (isOpen) this.#closed(code, reason);
      else void this.#renew();
    };
  }

  /** Sends a frame; false when the line is not open. */
  send(frame: FromScreen): boolean {
    if (this.#ws?.readyState !== WebSocket.OPEN) return false;
    this.#ws.send(JSON.stringify(frame));
    return true;
  }

  /** Drops the line and takes it up again from the floor's position. */
  resume(afterMs = 0): void {
    this.#hangUp();
    this.#wait(afterMs);
  }

  /** Knocks at once if it is waiting: the network is back, or somebody looks at the page again. */
  hurry(): void {
    if (this.#ws === null && this.#timer !== undefined) this.connect();
  }

  stop(): void {
    this.#hangUp();
  }

  #hear(data: string): void {
    this.#expectNews();
    const frame = readFrame(data);
    if (!frame) return;
    if (frame.type === "snapshot" || frame.type === "resumed") {
      this.#attempt = 0;
      this.ears.onLine({ state: "open" });
    }
    this.ears.onFrame(frame);
  }

  #closed(code: number, reason: string): void {
    const next = afterClose(code, reason);
    switch (next.step) {
      case "resume":
        return this.#wait(next.afterMs);
      case "renew":
        return void this.#renew();
      case "sign_in":
        return this.ears.onLine({ state: "signed_out" });
      case "stop":
        return this.ears.onLine({ state: "not_allowed" });
    }
  }

  async #renew(): Promise<void> {
    this.ears.onLine({ state: "renewing" });
    const era = this.#era;
    const isSignedIn = await this.ears.isSignedIn();
    if (era !== this.#era) return; // Stopped or reconnected meanwhile.
    if (isSignedIn === false) this.ears.onLine({ state: "signed_out" });
    else this.#wait(0);
  }

  #wait(atLeastMs: number): void {
    const delay = atLeastMs + fullJitter(this.#attempt, Math.random);
    this.#attempt += 1;
    this.#timer = setTimeout(() => this.connect(), delay);
    this.ears.onLine({ state: "waiting", until: Date.now() + delay });
  }

  #expectNews(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.connect(), SILENCE_MS);
  }

  #hangUp(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#silence);
    this.#timer = undefined;
    this.#era += 1;
    const ws = this.#ws;
    this.#ws = null;
    ws?.close();
  }

  #url(): string {
    const url = new URL(`/v1/restaurants/${encodeURIComponent(this.restaurant)}/stream`, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    const position = this.ears.position();
    if (position) {
      url.searchParams.set("after", String(position.seq));
      url.searchParams.set("epoch", position.epoch);
    }
    return url.href;
  }
}
