/** Instants as the server writes them, and how people read them. */

/** Which of two RFC 3339 times in UTC comes first, to the last digit: they may have different many. */
export function compareInstants(a: string, b: string): number {
  const [first, second] = [sortable(a), sortable(b)];
  return first < second ? -1 : first > second ? 1 : 0;
}

function sortable(instant: string): string {
  const [seconds = "", fraction = ""] = instant.replace("Z", "").split(".");
  return `${seconds}.${fraction.padEnd(9, "0")}`;
}

/** Whole minutes from `instant` to `now`, never below 0. */
export function minutesSince(instant: string, now: number): number {
  return Math.max(0, Math.floor((now - Date.parse(instant)) / 60_000));
}

/** `0 min`, `42 min`, `1 h 05`. */
export function clockText(minutes: number): string {
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")}`;
}

/** The same, as it is read aloud. */
export function spokenMinutes(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = `${minutes % 60} ${minutes % 60 === 1 ? "minute" : "minutes"}`;
  return hours === 0 ? rest : `${hours} ${hours === 1 ? "hour" : "hours"} ${rest}`;
}

/** `just now`, `12 s ago`, `3 min ago`, `1 h 05 ago`. */
export function agoText(at: number, now: number): string {
  const seconds = Math.max(0, Math.floor((now - at) / 1000));
  if (seconds < 2) return "just now";
  if (seconds < 60) return `${seconds} s ago`;
  return `${clockText(Math.floor(seconds / 60))} ago`;
}

/** The same for what may lie days back: `4 days ago`. */
export function longAgoText(at: number, now: number): string {
  const days = Math.floor((now - at) / 86_400_000);
  if (days < 1) return agoText(at, now);
  return `${days} ${days === 1 ? "day" : "days"} ago`;
}

/** Day and time in full, where this device is: `Fri 20 Nov 2026, 19:42:07`. */
export function exactText(at: number): string {
  return EXACT.format(at).replace(", ", " ");
}

/** `20 Nov 2026`, where this device is. */
export function dayText(at: number): string {
  return DAY.format(at);
}

/** The end of a day (`2026-11-20`) where this device is, as the server writes instants; null for no day. */
export function endOfDay(day: string): string | null {
  const end = new Date(`${day}T23:59:59`);
  return Number.isNaN(end.getTime()) ? null : end.toISOString();
}

const DAY_PARTS = { day: "numeric", month: "short", year: "numeric" } as const;
const DAY = new Intl.DateTimeFormat("en-GB", DAY_PARTS);
const EXACT = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  ...DAY_PARTS,
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});

/** Clock times in one place's zone, on the 24-hour clock that kitchens use. */
export class Zone {
  readonly #minutes: Intl.DateTimeFormat;
  readonly #seconds: Intl.DateTimeFormat;

  constructor(timeZone: string | undefined) {
    const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...known(timeZone) } as const;
    this.#minutes = new Intl.DateTimeFormat("en-GB", clock);
    this.#seconds = new Intl.DateTimeFormat("en-GB", { ...clock, second: "2-digit" });
  }

  /** `19:42` */
  hhmm(at: number | string): string {
    return this.#minutes.format(new Date(at));
  }

  /** `19:42:07` */
  hhmmss(at: number | string): string {
    return this.#seconds.format(new Date(at));
  }
}

/** A zone this browser knows; an old browser shows its own time rather than nothing. */
function known(timeZone: string | undefined): { timeZone?: string } {
  try {
    return timeZone ? { timeZone: new Intl.DateTimeFormat("en", { timeZone }).resolvedOptions().timeZone } : {};
  } catch {
    return {};
  }
}
