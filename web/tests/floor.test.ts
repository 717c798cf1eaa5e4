import { expect, test } from "vitest";
import { hear, type Live } from "../src/floor";
import { canonical } from "../src/digest";
import type { Event, Floor, FrameOf } from "../src/wire";
import { after, AT, HOUSE, party, plan, seated, section, table } from "./house";

const LIVE: Live = { seq: 5, epoch: "e1", floor: HOUSE, guests: new Map() };
const LATER = "2026-11-20T19:30:00.5Z";
const LATEST = "2026-11-20T20:00:00Z";

function change(seq: number, events: Event[] = []): FrameOf<"change"> {
  return { type: "change", seq, at: AT, by: { surface: "v1" }, events };
}

test("the next change moves the floor on", () => {
  const heard = hear(LIVE, change(6, [party(1)]));
  expect(heard).toMatchObject({ seq: 6, epoch: "e1", floor: { parties: [{ id: 1, state: "waiting" }] } });
});

test("a change that was heard before changes nothing", () => {
  expect(hear(LIVE, change(5, [party(1)]))).toBe(LIVE);
});

test("a change too far ahead is a gap", () => {
  expect(hear(LIVE, change(7, [party(1)]))).toBe("gap");
});

test("a heartbeat from further ahead is a gap", () => {
  expect(hear(LIVE, { type: "heartbeat", seq: 6, digest: "", at: AT })).toBe("gap");
  expect(hear(LIVE, { type: "heartbeat", seq: 5, digest: "", at: AT })).toBe(LIVE);
});

test("a resumption elsewhere than where this page stands is a gap", () => {
  expect(hear(LIVE, { type: "resumed", seq: 5, epoch: "e1" })).toBe(LIVE);
  expect(hear(LIVE, { type: "resumed", seq: 4, epoch: "e1" })).toBe("gap");
  expect(hear(LIVE, { type: "resumed", seq: 5, epoch: "e2" })).toBe("gap");
  expect(hear(null, { type: "resumed", seq: 5, epoch: "e1" })).toBe("gap");
});

test("a snapshot takes the place of everything, and a reset of nothing", () => {
  const reset = hear(LIVE, { type: "reset", reason: "too_old" });
  expect(reset).toBe(LIVE);
  const guests = [{ guest_id: 1, name: "Ada" }];
  const heard = hear(LIVE, { type: "snapshot", seq: 2, epoch: "e2", digest: "", at: AT, floor: HOUSE, guests });
  expect(heard).toMatchObject({ seq: 2, epoch: "e2" });
  expect(heard !== "gap" && heard?.guests.get(1)?.name).toBe("Ada");
});

test("a change brings the guest book's entries that it wrote", () => {
  const heard = hear(LIVE, { ...change(6), guests: [{ guest_id: 4, name: "Bo" }] });
  expect(heard !== "gap" && heard?.guests.get(4)?.name).toBe("Bo");
});

test("an erased guest is forgotten at once", () => {
  const known: Live = { ...LIVE, guests: new Map([[1, { guest_id: 1, name: "Ada" }]]) };
  const heard = hear(known, change(6, [{ event: "guest_erased", guest_id: 1 }]));
  expect(heard !== "gap" && heard?.guests.has(1)).toBe(false);
});

test("lists stay in the order of their ids", () => {
  expect(HOUSE.tables.map((it) => it.id)).toEqual([3, 12]);
});

test("a table keeps its clock when it is put into the state it is in", () => {
  const dirty: Event = { event: "table_state_set", table_id: 3, state: "dirty" };
  const floor = after(after(HOUSE, [dirty]), [dirty], LATER);
  expect(floor.tables[0]).toMatchObject({ state: "dirty", state_since: AT });
});

test("a reserved table forgets its party when somebody sits down", () => {
  const reserved: Event = { event: "table_state_set", table_id: 3, state: "reserved", party_id: 1 };
  const floor = after(HOUSE, [party(1), reserved, seated(1, 9, [3])]);
  expect(floor.tables[0]).toMatchObject({ state: "occupied", turn_id: 9 });
  expect(floor.tables[0]).not.toHaveProperty("party_id");
  expect(floor.parties[0]).toMatchObject({ state: "seated", table_id: 3, turn_id: 9, seated_at: AT });
});

test("a move frees the tables it leaves and keeps those it stays at", () => {
  const moved: Event = { event: "turn_moved", turn_id: 9, from_table_ids: [3], to_table_ids: [12, 3] };
  const floor = after(after(HOUSE, [party(1), seated(1, 9, [3])]), [moved], LATER);
  expect(floor.tables.map((it) => [it.id, it.state, it.state_since])).toEqual([
    [3, "occupied", AT],
    [12, "occupied", LATER],
  ]);
  expect(floor.parties[0]?.table_id).toBe(12);
});

test("only each table's last closed turn is kept", () => {
  const closed = (turn_id: number): Event => ({ event: "turn_closed", turn_id, tables_left: "dirty" });
  const first = after(HOUSE, [party(1), seated(1, 1, [3, 12]), closed(1)], AT);
  const second = after(first, [party(2), seated(2, 2, [3]), closed(2)], LATER);
  expect(second.closed_turns.map((it) => it.id)).toEqual([1, 2]);
  const third = after(second, [party(3), seated(3, 3, [12]), closed(3)], LATER);
  expect(third.closed_turns.map((it) => it.id)).toEqual([2, 3]);
  expect(third.parties[0]).toMatchObject({ state: "finished", ended_at: AT });
});

test("a restored turn sits where it sat, and its party with it", () => {
  const closed: Event = { event: "turn_closed", turn_id: 1, tables_left: "available" };
  const gone = after(HOUSE, [party(1), seated(1, 1, [3]), closed]);
  const floor = after(gone, [{ event: "turn_restored", turn_id: 1 }], LATER);
  expect(floor.closed_turns).toEqual([]);
  expect(floor.turns[0]).toMatchObject({ closed_at: null, opened_at: AT, last_activity_at: LATER });
  expect(floor.parties[0]).toMatchObject({ state: "seated", ended_at: null });
});

test("a restored turn brings back a party that has been put onto the list again", () => {
  const closed: Event = { event: "turn_closed", turn_id: 1, tables_left: "available", party: { state: "waiting" } };
  const waiting = after(HOUSE, [party(1), seated(1, 1, [3]), closed]);
  expect(waiting.parties[0]).toMatchObject({ state: "waiting", table_id: null, turn_id: null, seated_at: null });
  const floor = after(waiting, [{ event: "turn_restored", turn_id: 1 }], LATER);
  expect(floor.parties[0]).toMatchObject({ state: "seated", table_id: 3, turn_id: 1, seated_at: AT });
  expect(floor.parties[0]?.before).toBeUndefined();
});

test("a seating that is undone leaves party and tables as they were", () => {
  const reserved: Event = { event: "table_state_set", table_id: 3, state: "reserved", party_id: 1 };
  const waiting = after(HOUSE, [party(1), reserved]);
  const sitting = after(waiting, [seated(1, 9, [12])], LATER);
  expect(sitting.parties[0]?.before).toEqual({
    step_at: LATER,
    state: "waiting",
    tables: [
      { table_id: 3, state: "reserved", party_id: 1 },
      { table_id: 12, state: "available" },
    ],
  });
  const tables = sitting.parties[0]?.before?.tables ?? [];
  const back = after(sitting, [{ event: "step_undone", party_id: 1, turn_id: 9, tables }], LATER);
  expect(back.turns).toEqual([]);
  expect(back.parties).toEqual(waiting.parties.map((it) => ({ ...it, updated_at: LATER })));
  expect(back.tables[1]).toMatchObject({ state: "available", state_since: LATER });
});

test("a turn whose end is undone goes on, with its party", () => {
  const sitting = after(HOUSE, [party(1), seated(1, 9, [12])]);
  const gone = after(sitting, [{ event: "turn_closed", turn_id: 9, tables_left: "dirty" }], LATER);
  const back = after(gone, [{ event: "step_undone", party_id: 1, turn_id: 9, tables: [] }], LATER);
  expect(back.closed_turns).toEqual([]);
  expect(back.turns).toEqual(sitting.turns);
  expect(back.parties[0]).toMatchObject({ state: "seated", ended_at: null });
  expect(back.tables[1]).toMatchObject({ state: "occupied", turn_id: 9 });
});

test("what others have built on can no longer be undone", () => {
  const sitting = after(HOUSE, [party(1), seated(1, 9, [12])]);
  const built: Event[] = [
    { event: "guest_changed", party_id: 1, guest_id: 1 },
    { event: "party_updated", party_id: 1, details: { covers: 2 } },
    { event: "covers_changed", turn_id: 9, covers: 3 },
    { event: "stage_advanced", turn_id: 9, stage: "ordered" },
    { event: "turn_touched", turn_id: 9 },
    { event: "turn_moved", turn_id: 9, from_table_ids: [12], to_table_ids: [3] },
  ];
  expect(sitting.parties[0]?.before).toBeDefined();
  for (const event of built) {
    expect(after(sitting, [event]).parties[0]?.before, event.event).toBeUndefined();
  }
});

test("parties and tables carry the time of the last event about them", () => {
  const sitting = after(HOUSE, [party(1), party(2), seated(1, 9, [12])]);
  const times = (event: Event) => {
    const { parties, tables } = after(sitting, [event], LATER);
    return [...parties, ...tables].map((it) => it.updated_at);
  };
  expect(times({ event: "guest_erased", guest_id: 2 })).toEqual([AT, LATER, AT, AT]);
  expect(times({ event: "covers_changed", turn_id: 9, covers: 1 })).toEqual([LATER, AT, AT, AT]);
  expect(times({ event: "turn_closed", turn_id: 9, tables_left: "dirty" })).toEqual([LATER, AT, AT, LATER]);
  expect(times({ event: "turn_touched", turn_id: 9 })).toEqual([AT, AT, AT, AT]);
});

test("noted times stay until somebody notes others", () => {
  const noted: Event = { event: "times_noted", party_id: 1, expected_at: LATER, checked_in_at: AT };
  const floor = after(HOUSE, [party(1), noted, { event: "times_noted", party_id: 1, seated_at: LATER }]);
  expect(floor.parties[0]).toMatchObject({ expected_at: LATER, noted: { checked_in_at: AT, seated_at: LATER } });
  const sitting = after(floor, [seated(1, 9, [3])]);
  expect(sitting.parties[0]?.noted).toEqual({ checked_in_at: AT });
  const none = after(sitting, [{ event: "times_noted", party_id: 1, checked_in_at: null }]);
  expect(none.parties[0]?.noted).toEqual({ checked_in_at: null });
});

test("a turn that nobody's name was known for gets its party", () => {
  const opened: Event = { event: "turn_opened", turn_id: 9, table_ids: [12], covers: 1, waiter_id: null, code: "7A2C" };
  const nobodys = after(HOUSE, [party(1, 3), opened]);
  expect(nobodys.turns[0]).toMatchObject({ party_id: null, covers: 1 });
  const floor = after(nobodys, [{ event: "party_joined", turn_id: 9, party_id: 1, covers: 3 }], LATER);
  expect(floor.turns[0]).toMatchObject({ party_id: 1, covers: 3, opened_at: AT, last_activity_at: LATER });
  expect(floor.parties[0]).toMatchObject({ state: "seated", table_id: 12, turn_id: 9, seated_at: LATER });
});

test("nobody who has left looks after a table", () => {
  const staff = (staff_id: number, active: boolean): Event => ({
    event: "staff_updated",
    staff_id,
    details: { name: `Nr ${staff_id}`, roles: ["waiter"], active },
  });
  const assigned: Event = { event: "waiter_assigned", table_id: 3, waiter_id: 1 };
  const house = after(HOUSE, [staff(1, true), party(1), seated(1, 9, [3])]);
  expect(after(house, [assigned]).turns[0]?.waiter_id).toBe(1);
  expect(after(house, [staff(1, false), assigned]).turns[0]?.waiter_id).toBeNull();
});

test("a deleted table takes its closed turns along", () => {
  const closed: Event = { event: "turn_closed", turn_id: 1, tables_left: "available" };
  const floor = after(HOUSE, [party(1), seated(1, 1, [3]), closed, { event: "table_deleted", table_id: 3 }]);
  expect(floor.closed_turns).toEqual([]);
  expect(floor.parties[0]?.table_id).toBeNull();
});

test("a new default plan takes the place of the default before it", () => {
  const floor = after(HOUSE, [plan(1, true), plan(2, true), table(4, "4", 2)]);
  expect(floor.plans.map((it) => it.default)).toEqual([false, true]);
});

test("a plan that is no longer the default counts as written, and no other one does", () => {
  const before = after(HOUSE, [plan(1, true), plan(2, false), plan(3, false)]);
  const again: Event = { ...plan(3, true), event: "plan_updated" };
  const floor = after(before, [again], LATER);
  const written = ({ plans }: Floor) => plans.map((it) => [it.version, it.created_at, it.updated_at]);
  expect(written(before)).toEqual([[1, AT, AT], [1, AT, AT], [1, AT, AT]]);
  expect(written(floor)).toEqual([[2, AT, LATER], [1, AT, AT], [2, AT, LATER]]);
  expect(written(after(floor, [again], LATER))).toEqual([[2, AT, LATER], [1, AT, AT], [3, AT, LATER]]);
});

test("a plan that is taken away is written off everything that was on it", () => {
  const on = (it: number) => [section(it, { plan_id: it }), table(20 + it, `${it}`, 2, { plan_id: it })];
  const before = after(HOUSE, [plan(1, true), plan(2, false), ...on(1), ...on(2)]);
  const { plans, sections, tables } = after(before, [{ event: "plan_deleted", plan_id: 2 }], LATER);
  expect(plans.map((it) => it.id)).toEqual([1]);
  expect(sections[0]).toEqual(before.sections[0]);
  expect(sections[1]).toMatchObject({ plan_id: null, version: 2, created_at: AT, updated_at: LATER });
  expect(tables.slice(0, -1)).toEqual(before.tables.slice(0, -1));
  expect(tables.at(-1)).toMatchObject({ id: 22, plan_id: null, version: 2, created_at: AT, updated_at: LATER });
});

test("a section that is taken away is written off its tables", () => {
  const inside = (it: number) => [section(it), table(20 + it, `${it}`, 2, { section_id: it })];
  const before = after(HOUSE, [...inside(1), ...inside(2)]);
  const { sections, tables } = after(before, [{ event: "section_deleted", section_id: 2 }], LATER);
  expect(sections).toEqual(before.sections.slice(0, 1));
  expect(tables.slice(0, -1)).toEqual(before.tables.slice(0, -1));
  expect(tables.at(-1)).toMatchObject({ id: 22, section_id: null, version: 2, updated_at: LATER });
});

test("a section that is written once more keeps the time it was made, and its tables their version", () => {
  const before = after(HOUSE, [section(1), table(20, "20", 2, { section_id: 1 })]);
  const again: Event = { ...section(1, { vip: true }), event: "section_updated" };
  const { sections, tables } = after(before, [again], LATER);
  expect(sections[0]).toMatchObject({ vip: true, version: 2, created_at: AT, updated_at: LATER });
  expect(tables.at(-1)).toMatchObject({ version: 1, updated_at: LATER });
});

test("a table's version counts what it is and whose it is, not who comes and goes", () => {
  const version = (events: Event[]) => after(HOUSE, events).tables[0]?.version;
  const renamed: Event = { ...table(3, "3a", 2), event: "table_updated" };
  const assigned: Event = { event: "waiter_assigned", table_id: 3, waiter_id: 1 };
  expect(version([])).toBe(1);
  expect(version([renamed])).toBe(2);
  expect(version([assigned, assigned])).toBe(3);
  expect(version([assigned, { event: "waiter_unassigned", table_id: 3 }])).toBe(3);
  expect(version([{ ...assigned, table_id: 12 }])).toBe(1);
  const closed: Event = { event: "turn_closed", turn_id: 9, tables_left: "dirty" };
  expect(version([party(1), seated(1, 9, [3]), closed])).toBe(1);
  expect(version([{ event: "table_state_set", table_id: 3, state: "blocked" }])).toBe(1);
});

test("what other programs keep with a table is gone when they take it back", () => {
  const kept = after(HOUSE, [{ ...table(3, "3", 2, { extra: '{"a":1}' }), event: "table_updated" }]);
  expect(kept.tables[0]?.extra).toBe('{"a":1}');
  const cleared = after(kept, [{ ...table(3, "3", 2), event: "table_updated" }]);
  expect(canonical(cleared.tables[0])).not.toContain("extra");
});

test("a table remembers when somebody sat down last and when it became dirty", () => {
  const times = (it: Floor) => it.tables.map((at) => [at.last_occupied_at, at.last_dirty_at]);
  const none = [undefined, undefined];
  expect(times(HOUSE)).toEqual([none, none]);
  const sitting = after(HOUSE, [party(1), seated(1, 9, [3])]);
  expect(times(sitting)).toEqual([[AT, undefined], none]);
  const dirty: Event = { event: "turn_closed", turn_id: 9, tables_left: "dirty" };
  const gone = after(sitting, [dirty], LATER);
  expect(times(gone)).toEqual([[AT, LATER], none]);
  const again: Event = { event: "table_state_set", table_id: 3, state: "dirty" };
  const clean: Event = { event: "table_state_set", table_id: 3, state: "available" };
  expect(times(after(gone, [again, clean], LATEST))).toEqual([[AT, LATER], none]);
  expect(times(after(gone, [clean, again], LATEST))).toEqual([[AT, LATEST], none]);
  expect(times(after(gone, [{ event: "turn_restored", turn_id: 9 }], LATEST))).toEqual([[LATEST, LATER], none]);
  const undone: Event = { event: "step_undone", party_id: 1, turn_id: 9, tables: [] };
  expect(times(after(gone, [undone], LATEST))).toEqual([[LATEST, LATER], none]);
});

test("only tables that a party moves to are newly occupied", () => {
  const moved: Event = { event: "turn_moved", turn_id: 9, from_table_ids: [3], to_table_ids: [3, 12] };
  const floor = after(after(HOUSE, [party(1), seated(1, 9, [3])]), [moved], LATER);
  expect(floor.tables.map((it) => it.last_occupied_at)).toEqual([AT, LATER]);
});

test("a house was opened once, and its settings are as old as they were last written", () => {
  expect(HOUSE).toMatchObject({ opened_at: AT, settings_at: AT });
  const settings = { name: "Harbour House", restaurant_mode: "off" as const };
  const floor = after(HOUSE, [{ event: "settings_changed", settings }], LATER);
  expect(floor).toMatchObject({ settings, opened_at: AT, settings_at: LATER });
});
