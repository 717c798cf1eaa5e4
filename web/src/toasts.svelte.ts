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
    this.all = [...this.all, toast].slice(-AT_ONCE_MAX);
    setTimeout(() => this.dismiss(toast.id), SHOWN_MS);
  }

  dismiss(id: number): void {
    this.all = this.all.filter((it) => it.id !== id);
  }
}
