/** A time in which nothing may be tried, counted down on the screen. */

const TICK_MS = 250;

export class Pause {
  secondsLeft = $state(0);
  #until = 0;
  #ticks: ReturnType<typeof setInterval> | undefined;

  begin(seconds: number): void {
    this.end();
    this.#until = Date.now() + seconds * 1000;
    this.#ticks = setInterval(() => this.#tick(), TICK_MS);
    this.#tick();
  }

  end(): void {
    clearInterval(this.#ticks);
    this.secondsLeft = 0;
  }

  /** Looks at the clock instead of counting: a page in the background ticks seldom. */
  #tick(): void {
    this.secondsLeft = Math.max(0, Math.ceil((this.#until - Date.now()) / 1000));
    if (this.secondsLeft === 0) this.end();
  }
}
