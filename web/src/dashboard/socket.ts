/** The line: connects with a key, backs off, answers signs of life, hands frames over. */

import { type FromDashboard, PING, PONG, readFrame, type ToDashboard } from "./frames";
import { type Line, waitAfter, waitMs } from "./line";

/** What came of getting another key: there is one, there is none, or nobody could say. */
export type Renewal = "renewed" | "ended" | "unknown";

export type Ears = {
  onLine: (line: Line) => void;
  onFrame: (frame: ToDashboard) => void;
  key: () => string;
  renew: (refused: string) => Promise<Renewal>;
};

/** The server speaks every 30 s: a line that has missed two of them is dead, whatever the browser thinks. */
const SILENCE_MS = 75_000;
/** The first snapshot comes at once or not at all. */
const FIRST_SNAPSHOT_MS = 15_000;
/** So does the answer to a sign of life. */
const ANSWER_MS = 5_000;

export class Socket {
  #ws: WebSocket | null = null;
  #attempt = 0;
  /** The key was got because another was refused: if it is refused as well, there is no use in a third. */
  #isRenewed = false;
  /** The line has shown its tables. Until then nothing else that it says is worth waiting for. */
  #hasBegun = false;
  /** Counts lines that were given up, so that late answers to an old one are passed over. */
  #era = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly ears: Ears) {}

  connect(): void {
    this.#hangUp();
    this.ears.onLine({ state: "connecting" });
    const key = this.ears.key();
    const ws = new WebSocket(address(key));
    this.#ws = ws;
    this.#hasBegun = false;
    this.#expectNews(FIRST_SNAPSHOT_MS);
    ws.onmessage = ({ data }) => {
      if (ws === this.#ws && typeof data === "string") this.#hear(data, key);
    };
    ws.onclose = ({ code }) => {
      if (ws !== this.#ws) return;
      const { ms, isCrowded } = waitAfter(code, this.#attempt, Math.random);
      this.#wait(ms, isCrowded);
    };
  }

  /** Sends a frame; false when the line is not open. Nothing is kept for later: the floor is another by then. */
  send(frame: FromDashboard): boolean {
    return this.#say(JSON.stringify(frame));
  }

  /** The network is back, or somebody looks at the page again: knocks at once, or asks whether the line still holds. */
  hurry(): void {
    if (this.#ws === null && this.#timer !== undefined) this.connect();
    else if (this.#hasBegun && this.#say(PING)) this.#expectNews(ANSWER_MS);
  }

  stop(): void {
    this.#hangUp();
  }

  #hear(data: string, key: string): void {
    if (this.#hasBegun) this.#expectNews(SILENCE_MS);
    const word = data.trim();
    if (word === PING) this.#say(PONG);
    if (word === PING || word === PONG) return;
    const frame = readFrame(data);
    if (!frame) return;
    if (frame.type === "error" && frame.code === "invalid_token") return void this.#renew(key);
    if (frame.type === "tables_snapshot") {
      // Not before: a server that lets in and throws out is not to be hammered.
      this.#attempt = 0;
      this.#isRenewed = false;
      this.#hasBegun = true;
      this.#expectNews(SILENCE_MS);
      this.ears.onLine({ state: "live" });
    }
    this.ears.onFrame(frame);
  }

  async #renew(refused: string): Promise<void> {
    this.#hangUp();
    const era = this.#era;
    this.ears.onLine({ state: "renewing" });
    const renewal = this.#isRenewed ? "ended" : await this.ears.renew(refused);
    if (era !== this.#era) return; // Stopped meanwhile.
    if (renewal === "ended") return this.ears.onLine({ state: "ended" });
    if (renewal === "unknown") return this.#wait(waitMs(this.#attempt, Math.random), false);
    this.#isRenewed = true;
    this.connect();
  }

  #wait(ms: number, isCrowded: boolean): void {
    this.#hangUp();
    this.#attempt += 1;
    this.#timer = setTimeout(() => this.connect(), ms);
    this.ears.onLine({ state: "waiting", until: Date.now() + ms, isCrowded });
  }

  #expectNews(withinMs: number): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#wait(waitMs(this.#attempt, Math.random), false), withinMs);
  }

  #say(text: string): boolean {
    if (this.#ws?.readyState !== WebSocket.OPEN) return false;
    this.#ws.send(text);
    return true;
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
}

function address(key: string): string {
  const url = new URL("/admin/ws/dashboard", location.href);
  url.protocol = url.protocol.replace("http", "ws");
  url.searchParams.set("token", key);
  return url.href;
}
