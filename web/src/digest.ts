/** The floor's fingerprint, computed as `Floor::digest` does it, so that this page can check itself. */

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Floor } from "./wire";

/** The first 16 bytes, in hexadecimal, of the SHA-256 of the floor's canonical JSON. */
export function digest(floor: Floor): string {
  return bytesToHex(sha256(utf8ToBytes(canonical(floor))).subarray(0, 16));
}

/** JSON in the canonical form of RFC 8785: keys sorted, no white space, shortest numbers. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, it]) => it !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, it]) => `${JSON.stringify(key)}:${canonical(it)}`);
  return `{${members.join(",")}}`;
}

/** How long a floor that came out wrong is trusted again after a fresh snapshot, before the next one. */
const FRESH_SNAPSHOT_EVERY_MS = 60_000;

/** Compares digests on heartbeats. Says so once, and asks for a fresh snapshot at most once a minute. */
export class SelfCheck {
  #isLogged = false;
  #askedAt = -Infinity;
  readonly #log: (message: string) => void;

  constructor(log: (message: string) => void) {
    this.#log = log;
  }

  /** Whether the floor at `seq` must be fetched anew. */
  isOff(floor: Floor, seq: number, expected: string, now: number): boolean {
    if (digest(floor) === expected) return false;
    if (!this.#isLogged) this.#log(`the floor at ${seq} differs from the server's, taking a fresh snapshot`);
    this.#isLogged = true;
    if (now - this.#askedAt < FRESH_SNAPSHOT_EVERY_MS) return false;
    this.#askedAt = now;
    return true;
  }
}
