/** Short tones, made by the browser itself. It lets none be heard before somebody has touched the page. */

import type { Sounding } from "./tidings";

const MUTED = "dashboard.muted";

/** Hertz, one after the other: a table is taken with a rising pair, a guest calls with three knocks. */
const NOTES: Record<Sounding, readonly number[]> = { occupied: [523, 659], call: [880, 880, 880] };
const NOTE_S = 0.16;
const LOUDNESS = 0.12;

export class Sound {
  isMuted = $state(readMuted());
  /** Whether the browser lets something be heard. */
  isUnlocked = $state(false);
  #context: AudioContext | null = null;

  /** Somebody touches the page. Not every touch is enough for every browser, and some take it back. */
  unlock(): void {
    if (typeof AudioContext === "undefined") return;
    this.#context ??= this.#opened();
    if (this.#context.state !== "running") void this.#context.resume();
  }

  toggle(): void {
    this.isMuted = !this.isMuted;
    keepMuted(this.isMuted);
    if (!this.isMuted) this.play("occupied");
  }

  play(sounding: Sounding): void {
    const context = this.#context;
    // What is scheduled while nothing may be heard comes all at once when it may be.
    if (this.isMuted || context?.state !== "running") return;
    NOTES[sounding].forEach((hertz, index) => beep(context, hertz, context.currentTime + index * NOTE_S));
  }

  #opened(): AudioContext {
    const context = new AudioContext();
    context.onstatechange = () => (this.isUnlocked = context.state === "running");
    return context;
  }
}

/** Swells and fades within the note: a tone that is cut off clicks. */
function beep(context: AudioContext, hertz: number, at: number): void {
  const tone = new OscillatorNode(context, { type: "sine", frequency: hertz });
  const volume = new GainNode(context, { gain: 0 });
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(LOUDNESS, at + NOTE_S / 8);
  volume.gain.linearRampToValueAtTime(0, at + NOTE_S);
  tone.connect(volume).connect(context.destination);
  tone.start(at);
  tone.stop(at + NOTE_S);
}

function readMuted(): boolean {
  try {
    return localStorage.getItem(MUTED) === "yes";
  } catch {
    return false;
  }
}

function keepMuted(isMuted: boolean): void {
  try {
    if (isMuted) localStorage.setItem(MUTED, "yes");
    else localStorage.removeItem(MUTED);
  } catch {
    // It holds for as long as the page is open.
  }
}
