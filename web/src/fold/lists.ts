/** Lists of things with an id, always in the order of their ids, never changed in place. */

type Listed = { readonly id: number };

export function find<T extends Listed>(list: readonly T[], id: number | null | undefined): T | undefined {
  return list.find((it) => it.id === id);
}

/** Puts `item` where its id belongs, in place of the one that has it. */
export function put<T extends Listed>(list: readonly T[], item: T): T[] {
  const before = list.filter((it) => it.id < item.id);
  const after = list.filter((it) => it.id > item.id);
  return [...before, item, ...after];
}

/** Replaces the item with this id by what `change` makes of it. */
export function edit<T extends Listed>(list: T[], id: number | null | undefined, change: (it: T) => T): T[] {
  return list.map((it) => (it.id === id ? change(it) : it));
}

export function without<T extends Listed>(list: T[], id: number): T[] {
  return list.filter((it) => it.id !== id);
}
