/** How the line to the server stands, and when to knock again. Pure. */

export type Line =
  | { state: "connecting" }
  | { state: "live" }
  | { state: "waiting"; until: number; isCrowded: boolean }
  | { state: "renewing" }
  | { state: "ended" };

const FIRST_MS = 1_000;
const CEILING_MS = 30_000;
/** There are too many dashboards already: a place may become free, but not within seconds. */
const CROWDED = 4008;

/** Half of the wait is certain, the other half is left to chance, so that dashboards do not all knock at once. */
export function waitMs(attempt: number, random: () => number): number {
  const most = Math.min(CEILING_MS, FIRST_MS * 2 ** attempt);
  return most / 2 + (random() * most) / 2;
}

/** How long to wait after the server closed with `code`. */
export function waitAfter(code: number, attempt: number, random: () => number): { ms: number; isCrowded: boolean } {
  const ms = waitMs(attempt, random);
  return code === CROWDED ? { ms: CEILING_MS + ms, isCrowded: true } : { ms, isCrowded: false };
}

/** In two or three words, for the corner of the page. */
export function lineWord(line: Line, wasLive: boolean, isOnline: boolean, now: number): string {
  switch (line.state) {
    case "live":
      return "Live";
    case "ended":
      return "Signed out";
    case "waiting":
      if (!isOnline) return "Offline";
      return `Reconnecting in ${Math.max(1, Math.ceil((line.until - now) / 1000))} s`;
    case "connecting":
    case "renewing":
      if (!isOnline) return "Offline";
      return wasLive ? "Reconnecting…" : "Connecting…";
  }
}

/** What it means, for the banner. */
export function lineSentence(line: Line, wasLive: boolean, isOnline: boolean): string {
  if (line.state === "waiting" && line.isCrowded) return "Too many dashboards are open. Close one of them, or wait.";
  const known = wasLive ? " Shown is what was last known." : "";
  return isOnline ? `The server does not answer.${known}` : `This device is offline.${known}`;
}
