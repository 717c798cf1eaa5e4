/** Short messages that go away by themselves. */

export type Toast = { id: number; kind: "refused" | "note"; title: string; text: string };

const SHOWN_MS = 9_000;
const AT_ONCE_MAX = 4;

export class Toasts {
  all = $state.raw<readonly Toast[]>([]);
  #drawn = 0;

  show(kind: Toast["kind"], title: string, text: string): void {
    this.#drawn += 1;
    const toast = { id: this.#drawn, kind, title, text };
    this.all = withRoom([...this.all, toast]);
    setTimeout(() => this.dismiss(toast.id), SHOWN_MS);
  }

  dismiss(id: number): void {
    this.all = this.all.filter((it) => it.id !== id);
  }
}

/** The oldest gives way; a refusal, which somebody has to read, only to other refusals. */
function withRoom(all: readonly Toast[]): readonly Toast[] {
  if (all.length <= AT_ONCE_MAX) return all;
  const leaving = all.find((it) => it.kind === "note") ?? all[0];
  return all.filter((it) => it !== leaving);
}
