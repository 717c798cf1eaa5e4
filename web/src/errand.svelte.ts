/** One plain request of a view: whether it is under way, and why it failed. */

import { capital, fieldText } from "./refusals";
import { type Answer, type Refusal, Unreachable } from "./request";

const NO_ANSWER: Refusal = {
  code: "no_answer",
  message: "the server does not answer",
  status: 0,
  field: null,
  retryAfterS: null,
};

export class Errand {
  isBusy = $state(false);
  refusal = $state.raw<Refusal | null>(null);

  /** `ownFields` are those at which the view shows what is wrong with them. */
  constructor(private readonly ownFields: readonly string[] = []) {}

  /** What came of it; null when it was refused or nobody answered. */
  async run<T>(request: () => Promise<Answer<T>>): Promise<{ body: T } | null> {
    this.isBusy = true;
    this.refusal = null;
    try {
      const answer = await request();
      if (answer.is === "done") return answer;
      this.refusal = answer.refusal;
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      this.refusal = NO_ANSWER;
    } finally {
      this.isBusy = false;
    }
    return null;
  }

  /** What is wrong with one field. */
  problemAt(field: string): string | undefined {
    return this.refusal?.field === field ? fieldText(this.refusal) : undefined;
  }

  /** What is wrong otherwise. */
  get problem(): string {
    if (!this.refusal) return "";
    const { field, message } = this.refusal;
    return field !== null && this.ownFields.includes(field) ? "" : `${capital(message)}.`;
  }
}

/** A list that is fetched when its view opens, and again after each change. */
export class Fetched<T> {
  value = $state.raw<T | null>(null);
  readonly errand = new Errand();

  constructor(private readonly request: () => Promise<Answer<T>>) {}

  async load(): Promise<void> {
    const done = await this.errand.run(this.request);
    if (done) this.value = done.body;
  }
}
