/** Whether what is on the screen is still news. Pure: the time comes in. */

/** The server speaks at least this often. */
export const HEARTBEAT_MS = 5_000;
/** So late may a heartbeat be before the screen admits that it knows nothing new. */
export const OVERDUE_MS = 2_000;

/** Since when there has been no news, or null while there is. */
export function staleSince(heardAt: number | null, now: number): number | null {
  if (heardAt === null || now - heardAt < HEARTBEAT_MS + OVERDUE_MS) return null;
  return heardAt;
}

/**
 * How far the server's clock is ahead of ours, in milliseconds.
 *
 * Only a heartbeat's `at` is the present. Other frames say when something happened, which is never later
 * than the server's clock: they may raise the figure, not lower it.
 */
export function clockOffset(before: number, frame: { type: string; at: string }, now: number): number {
  const reading = Date.parse(frame.at) - now;
  return frame.type === "heartbeat" ? reading : Math.max(before, reading);
}
