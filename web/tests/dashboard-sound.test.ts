import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Sound } from "../src/dashboard/sound.svelte";

let n_tones: number;

/** As much of a browser's sound as the page uses. */
class Context {
  static state = "suspended";
  currentTime = 0;
  destination = {};
  get state(): string {
    return Context.state;
  }
  async resume(): Promise<void> {}
}

class Node {
  gain = { setValueAtTime() {}, linearRampToValueAtTime() {} };
  connect(to: unknown): unknown {
    return to;
  }
  start(): void {
    n_tones += 1;
  }
  stop(): void {}
}

beforeEach(() => {
  n_tones = 0;
  vi.stubGlobal("AudioContext", Context);
  vi.stubGlobal("OscillatorNode", Node);
  vi.stubGlobal("GainNode", Node);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

test.each([
  ["suspended", 0],
  ["interrupted", 0],
  ["closed", 0],
  ["running", 3],
])("while the browser's sound is %s, %i tones are made for a call", (state, count) => {
  Context.state = state;
  const sound = new Sound();
  sound.play("call");
  expect(n_tones, "before anybody has touched the page").toBe(0);
  sound.unlock();
  sound.play("call");
  expect(n_tones).toBe(count);
});
