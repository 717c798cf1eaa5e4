import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ToDashboard } from "../src/dashboard/frames";
import type { Line } from "../src/dashboard/line";
import { type Renewal, Socket } from "../src/dashboard/socket";

const SNAPSHOT = '{"type":"tables_snapshot","tables":[]}';
const REFUSED = '{"type":"error","code":"invalid_token","detail":"Invalid token"}';

/** The browser's end of a line, in the hands of the test. */
class Wire {
  static readonly OPEN = 1;
  static drawn: Wire[] = [];
  readyState = Wire.OPEN;
  sent: string[] = [];
  onmessage: (event: { data: unknown }) => void = () => {};
  onclose: (event: { code: number }) => void = () => {};

  constructor(readonly url: string) {
    Wire.drawn.push(this);
  }

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {
    this.readyState = 3;
  }
}

/** The wire that is in use: the last one that was drawn. */
function wire(): Wire {
  const last = Wire.drawn.at(-1);
  if (!last) throw new Error("nobody has connected");
  return last;
}

let lines: Line[];
let frames: ToDashboard[];
let key: string;
let renewals: Renewal[];
let socket: Socket;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", Wire);
  vi.stubGlobal("location", { href: "https://floor.example.com/admin/dashboard" });
  Wire.drawn = [];
  [lines, frames, key, renewals] = [[], [], "first", []];
  socket = new Socket({
    onLine: (line) => lines.push(line),
    onFrame: (frame) => frames.push(frame),
    key: () => key,
    renew: async () => renewals.shift() ?? "ended",
  });
  socket.connect();
});
afterEach(() => {
  socket.stop();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const state = () => lines.at(-1)?.state;

test("it connects with its key, and is live with the first snapshot", () => {
  expect(wire().url).toBe("wss://floor.example.com/admin/ws/dashboard?token=first");
  expect(state()).toBe("connecting");
  wire().onmessage({ data: SNAPSHOT });
  expect(state()).toBe("live");
  expect(frames).toHaveLength(1);
});

test("a sign of life is answered and is nobody's news", () => {
  for (const data of ["ping", " ping\n", "pong"]) wire().onmessage({ data });
  expect(wire().sent).toEqual(["pong", "pong"]);
  expect(frames).toEqual([]);
});

test("waits grow until a snapshot has come, not only until somebody has answered", () => {
  for (let time = 0; time < 8; time += 1) {
    wire().onclose({ code: 1006 });
    vi.runOnlyPendingTimers();
  }
  wire().onclose({ code: 1006 });
  const waits = lines.flatMap((it) => (it.state === "waiting" ? [it.until - Date.now()] : []));
  expect(waits.at(-1)).toBeGreaterThanOrEqual(15_000);

  vi.runOnlyPendingTimers();
  wire().onmessage({ data: SNAPSHOT });
  wire().onclose({ code: 1012 });
  const last = lines.at(-1);
  expect(last?.state === "waiting" && last.until - Date.now()).toBeLessThanOrEqual(1_000);
});

test("a line that is silent for too long is given up, and one that speaks is not", () => {
  wire().onmessage({ data: SNAPSHOT });
  vi.advanceTimersByTime(74_000);
  wire().onmessage({ data: "ping" });
  vi.advanceTimersByTime(74_000);
  expect(state()).toBe("live");
  vi.advanceTimersByTime(2_000);
  expect(state()).not.toBe("live");
});

test.each(["", "ping", '{"type":"error","code":"snapshot_error","detail":""}', '{"type":"tables_snapshot","tables":[null]}'])(
  "a first snapshot that does not come is not waited for that long, whatever else does: %j",
  (data) => {
    vi.spyOn(console, "warn").mockImplementation(() => {});
    vi.advanceTimersByTime(14_000);
    wire().onmessage({ data });
    socket.hurry();
    expect(state()).toBe("connecting");
    vi.advanceTimersByTime(1_000);
    expect(state()).toBe("waiting");
  },
);

test("a line that has begun is not given up after the time for its beginning, and the next one begins anew", () => {
  wire().onmessage({ data: SNAPSHOT });
  vi.advanceTimersByTime(74_000);
  expect(state()).toBe("live");
  wire().onclose({ code: 1006 });
  vi.runOnlyPendingTimers();
  wire().onmessage({ data: "ping" });
  vi.advanceTimersByTime(15_000);
  expect(state()).toBe("waiting");
});

test("hurrying knocks at once while it waits, and asks for a sign of life while it is live", () => {
  wire().onclose({ code: 4008 });
  socket.hurry();
  expect(Wire.drawn).toHaveLength(2);
  wire().onmessage({ data: SNAPSHOT });
  socket.hurry();
  expect(wire().sent).toEqual(["ping"]);
  vi.advanceTimersByTime(5_000);
  expect(state()).toBe("waiting");
});

test("a refused key is replaced without a word, and it goes on", async () => {
  wire().onmessage({ data: SNAPSHOT });
  renewals = ["renewed"];
  wire().onmessage({ data: REFUSED });
  key = "second";
  await vi.advanceTimersByTimeAsync(0);
  expect(wire().url).toMatch(/token=second$/);
  wire().onmessage({ data: SNAPSHOT });
  expect(state()).toBe("live");
  expect(frames.map((it) => it.type)).toEqual(["tables_snapshot", "tables_snapshot"]);
});

test("a key that is refused right after the other one was is the last", async () => {
  renewals = ["renewed", "renewed"];
  wire().onmessage({ data: REFUSED });
  await vi.advanceTimersByTimeAsync(0);
  wire().onmessage({ data: REFUSED });
  await vi.advanceTimersByTimeAsync(0);
  expect(state()).toBe("ended");
  expect(Wire.drawn).toHaveLength(2);
});

test.each<[Renewal, Line["state"]]>([
  ["ended", "ended"],
  ["unknown", "waiting"],
])("when asking for another key ends with %s, the line is %s", async (renewal, then) => {
  renewals = [renewal];
  wire().onmessage({ data: REFUSED });
  await vi.advanceTimersByTimeAsync(0);
  expect(state()).toBe(then);
});

test("nothing is sent, and nothing kept for later, while the line is not open", () => {
  wire().readyState = 0;
  expect(socket.send({ action: "close_table", table_id: 1 })).toBe(false);
  wire().readyState = 1;
  expect(socket.send({ action: "close_table", table_id: 1 })).toBe(true);
  expect(wire().sent).toEqual(['{"action":"close_table","table_id":1}']);
});

test("what a line says that was given up is not heard", () => {
  const old = wire();
  old.onclose({ code: 1006 });
  vi.runOnlyPendingTimers();
  old.onmessage({ data: SNAPSHOT });
  old.onclose({ code: 1006 });
  expect(state()).toBe("connecting");
});
