// One evening in two branches, with clients that have joined one of them, the other, or none.

import assert from "node:assert/strict";
import { Asking, EAST, scalars, tokenOf } from "./branch.js";
import { KEY, ask } from "./house.js";

const TABLES = "/restaurant/tables";
const SECTIONS = "/restaurant/table-sections";
const WEST_KEY = "demo-key-restaurant-2";
/** A UUID that is no id of ours. */
const NOBODY = "00000000-0000-4000-8000-000000000000";
const SERVER_KEYS = ["avatar", "branchId", "email", "firstName", "id", "lastName", "phone", "roles", "status", "username"];

/**
 * What happens, and who has to be told of it. Clients are asked for their next event only, whatever it is: one that
 * nobody may hear would stand in the way of the next.
 */
export class Scene {
  constructor({ house, admin, east, west }, here, nowhere, other) {
    Object.assign(this, { house, admin, east, west, here, nowhere, other });
  }

  /** The clients in the branch are told this next, with the number of the change. */
  async told(event, said, { seq }) {
    for (const it of this.here) assert.deepEqual(await it.next(), [event, said, { seq, branchId: this.east }]);
  }

  /** A write of ours: its answer, the event and the table as it is read say the same. */
  async write(event, path, body, headers) {
    const answer = await this.admin.done("PATCH", `${TABLES}/${path}`, body, headers);
    const table = await this.admin.table(answer.body.id);
    assert.deepEqual(answer.body, table);
    await this.told(event, table, answer);
    return table;
  }

  /** Something that happens at a table on another surface. */
  async happens(event, id, answer) {
    const { seq } = await answer;
    await this.told(event, await this.admin.table(id), { seq });
  }

  /** A table of the branch, by its number. */
  async named(number, branch = this.east) {
    return (await this.admin.done("GET", `${TABLES}/${branch}/${number}`)).body;
  }

  /** Writes through another surface, and gives the number of the change. */
  async elsewhere(method, path, body) {
    const headers = { authorization: `Bearer ${KEY}`, "content-type": "application/json" };
    const answer = await fetch(`${this.house.url}${path}`, { method, headers, body: body && JSON.stringify(body) });
    assert.equal(answer.status, 200, `${method} ${path}: ${await answer.clone().text()}`);
    return { seq: Number(answer.headers.get("x-seq")) };
  }

  /** A branch is named as a text or in an object, by its UUID, its slug or its number. */
  async join() {
    const [one, two] = this.here;
    for (const ack of [await one.join(this.east), await two.join({ branchId: this.east })]) {
      assert.deepEqual(Object.keys(ack).sort(), ["branchId", "epoch", "ok", "seq"]);
      assert.deepEqual([ack.ok, ack.branchId, typeof ack.epoch], [true, this.east, "string"]);
      const lists = await this.admin.done("GET", `${TABLES}?branchId=${this.east}`, undefined, { "x-min-seq": `${ack.seq}` });
      assert.ok(lists.seq >= ack.seq);
    }
    assert.equal((await this.other.join(this.west)).branchId, this.west);
    for (const branch of [this.east, { branchId: EAST }, NOBODY, "no-such-branch", 7, "", null, {}, []]) {
      const ack = await this.other.emit("joinBranch", branch);
      assert.deepEqual(ack, { ok: false, error: "forbidden" }, JSON.stringify(branch));
    }
    await this.nowhere.say("subscribe", this.east);
  }

  /** Creates a table and does everything to it that has a route of its own. */
  async writeTable() {
    const place = { position: { x: 100, y: 200 }, shape: { type: "circle", radius: 40 } };
    const wish = { tableNumber: "T-40", capacity: 4, minCapacity: 2, branchId: this.east, ...place };
    const created = await this.admin.done("POST", TABLES, wish);
    const { id } = created.body;
    await this.told("tableCreated", created.body, created);
    assert.deepEqual(created.body, scalars(await this.admin.table(id)));
    const terrace = (await this.admin.done("GET", `${SECTIONS}/${this.east}/Terrace`)).body;
    const changed = await this.write("tableUpdated", id, { capacity: 6, sectionId: terrace.id, notes: "by the door" });
    const { capacity, sectionId, section, notes } = changed;
    assert.deepEqual([capacity, sectionId, section.name, notes], [6, terrace.id, "Terrace", "by the door"]);
    for (const status of ["occupied", "occupied", "cleaning", "reserved", "out_of_service", "available"]) {
      const table = await this.write("tableStatusUpdate", `${id}/status`, { status });
      assert.equal(table.status, status);
    }
    const { body: me } = await this.#signIn("waiter@demo.test");
    const waiter = me.user.id;
    const assigned = await this.write("tableAssignmentUpdate", `${id}/assign-server`, { assignedServerId: waiter });
    assert.equal(assigned.assignedServer.id, waiter);
    assert.deepEqual(Object.keys(assigned.assignedServer).sort(), SERVER_KEYS);
    const free = await this.write("tableAssignmentUpdate", `${id}/unassign-server`);
    assert.deepEqual([free.assignedServerId, free.assignedServer], [null, null]);
    // One event, also when it says a status and a waiter.
    await this.write("tableUpdated", id, { status: "reserved", assignedServerId: waiter });
    await this.write("tableUpdated", id, { status: "available", assignedServerId: null, sectionId: null });
    await this.#askTwice(id);
    return id;
  }

  #signIn(email) {
    return new Asking(this.house.url, null).ask("POST", "/auth/login", { email, password: "maitred-demo" });
  }

  /** Asked twice under one name, it is done once and told once. */
  async #askTwice(id) {
    const [key, path] = [{ "idempotency-key": "tap-1" }, `${TABLES}/${id}`];
    const asked = await this.admin.done("PATCH", path, { notes: "once" }, key);
    const again = await this.admin.done("PATCH", path, { notes: "once" }, key);
    assert.deepEqual([again.seq, again.body], [asked.seq, asked.body]);
    await this.told("tableUpdated", asked.body, asked);
  }

  /** What is refused is told to nobody. */
  async beRefused(id) {
    const { admin } = this;
    const table = `${TABLES}/${id}`;
    const late = { "if-match": `"${(await admin.table(id)).version}"` };
    await this.write("tableUpdated", id, { notes: "first" });
    const wish = { tableNumber: "T-41", capacity: 4, branchId: this.east };
    await this.write("tableStatusUpdate", `${id}/status`, { status: "out_of_service" });
    await admin.refused(400, "PATCH", `${table}/status`, { status: "occupied" });
    await admin.refused(400, "PATCH", `${table}/status`, { status: "open" });
    await admin.refused(400, "POST", TABLES, { ...wish, tableNumber: "T-40" });
    await admin.refused(400, "POST", TABLES, { ...wish, bogus: 1 });
    await admin.refused(404, "POST", TABLES, { ...wish, sectionId: NOBODY });
    await admin.refused(404, "PATCH", `${table}/assign-server`, { assignedServerId: NOBODY });
    await admin.refused(404, "PATCH", `${TABLES}/${NOBODY}/status`, { status: "available" });
    await admin.refused(412, "PATCH", table, { notes: "late" }, late);
    const as = (token) => new Asking(this.house.url, token);
    await as(KEY).refused(403, "DELETE", table);
    await as(tokenOf(["waiter"], [EAST])).refused(403, "PATCH", table, { notes: "no" });
    await as(tokenOf(["kitchen"], [EAST])).refused(403, "PATCH", `${table}/status`, { status: "available" });
    await as(null).refused(401, "PATCH", table, { notes: "no" });
    await as(WEST_KEY).refused(404, "PATCH", table, { notes: "no" });
    await this.write("tableStatusUpdate", `${id}/status`, { status: "available" });
  }

  /** Plans and sections say nothing, but for each table that is in another one afterwards, or in none. */
  async writeSections(id) {
    const { body: section } = await this.admin.done("POST", SECTIONS, { name: "Pergola", branchId: this.east });
    await this.admin.done("PATCH", `${SECTIONS}/${section.id}`, { color: "#4CAF50" });
    const { body: plan } = await this.admin.done("POST", "/restaurant/floor-plans", { name: "Garden", branchId: this.east });
    await this.write("tableUpdated", id, { sectionId: section.id, floorPlanId: plan.id, isActive: false });
    for (const [path, key] of [
      [`${SECTIONS}/${section.id}`, "sectionId"],
      [`/restaurant/floor-plans/${plan.id}`, "floorPlanId"],
    ]) {
      const gone = await this.admin.done("DELETE", path);
      const table = await this.admin.table(id);
      assert.equal(table[key], null);
      await this.told("tableUpdated", table, gone);
    }
    await this.write("tableUpdated", id, { isActive: true });
  }

  /** What happens on the other surfaces is told here, in this one's words. */
  async hearOtherSurfaces() {
    const { house } = this;
    const [small, round] = [(await this.named("2")).id, (await this.named("5")).id];
    const walkIn = await ask(house, { command: "seat_walk_in", table_ids: [2], covers: 2 });
    await this.happens("tableStatusUpdate", small, walkIn);
    assert.equal((await this.admin.table(small)).status, "occupied");
    const turn = walkIn.events.at(-1).turn_id;
    await this.happens("tableStatusUpdate", small, ask(house, { command: "close_turn", turn_id: turn }));
    const tablet = `/restaurants/${EAST}/tables/table-5`;
    await this.happens("tableStatusUpdate", round, this.elsewhere("PUT", tablet, { status: "reserved" }));
    await this.happens("tableStatusUpdate", round, this.elsewhere("PUT", `${tablet}/clear`));
    await this.happens("tableStatusUpdate", round, this.elsewhere("POST", "/admin/table/5/disable"));
    await this.happens("tableStatusUpdate", round, this.elsewhere("POST", "/admin/table/5/enable"));
    const assign = ask(house, { command: "assign_waiter", table_id: 5, waiter_id: 4 });
    await this.happens("tableAssignmentUpdate", round, assign);
    await this.happens("tableUpdated", round, ask(house, { command: "update_table", table_id: 5, notes: "window" }));
    const built = await ask(house, { command: "create_table", number: "T-50", seats: { max: 2 } });
    const table = await this.named("T-50");
    await this.told("tableCreated", scalars(table), built);
    const taken = await ask(house, { command: "delete_table", table_id: built.events[0].table_id });
    await this.told("tableDeleted", { id: table.id }, taken);
  }

  /** A party that moves frees one table and takes another: one change, and an event of each. It sits on at 5. */
  async moveParty() {
    const small = (await this.named("2")).id;
    const sits = await ask(this.house, { command: "seat_walk_in", table_ids: [2], covers: 2 });
    await this.happens("tableStatusUpdate", small, sits);
    const { turn_id } = sits.events.at(-1);
    const { seq } = await ask(this.house, { command: "move_turn", turn_id, table_ids: [5] });
    const tables = [await this.named("2"), await this.named("5")];
    assert.deepEqual(tables.map((it) => it.status), ["available", "occupied"]);
    const byNumber = (a, b) => Number(a[1].tableNumber) - Number(b[1].tableNumber);
    for (const it of this.here) {
      const [first, last] = [await it.next(), await it.next()];
      // Whoever has heard the first only has not heard the change.
      assert.deepEqual([first.pop(), last.pop()], [{ seq, branchId: this.east, more: true }, { seq, branchId: this.east }]);
      assert.deepEqual([first, last].sort(byNumber), tables.map((table) => ["tableStatusUpdate", table]));
    }
  }

  /** An answer without a body, and an event with nothing but the id. */
  async deleteTable(id) {
    const deleted = await this.admin.done("DELETE", `${TABLES}/${id}`);
    assert.deepEqual([deleted.body, deleted.type], [null, null]);
    await this.told("tableDeleted", { id }, deleted);
  }

  /** Who leaves is told nothing more, and who joins, with or without asking for an answer, what comes then. */
  async leaveAndComeBack() {
    const [one, two] = this.here;
    const [mark, last] = [await this.named("7"), await this.named("8")];
    assert.equal((await two.leave({ branchId: this.east })).ok, true);
    const missed = await this.admin.done("PATCH", `${TABLES}/${mark.id}`, { notes: "a mark" });
    assert.deepEqual(await one.next(), ["tableUpdated", missed.body, { seq: missed.seq, branchId: this.east }]);
    assert.equal((await two.emit("joinBranch", EAST)).branchId, this.east);
    await this.nowhere.say("joinBranch", "1");
    // Answered behind what was said before it.
    assert.equal((await this.nowhere.emit("joinBranch", this.west)).ok, false);
    await this.write("tableUpdated", last.id, { notes: "another" });
    // Who wanted no answer has always known an event as its payload alone.
    assert.deepEqual(await this.nowhere.next(), ["tableUpdated", await this.admin.table(last.id)]);
    assert.equal((await this.nowhere.emit("joinBranch", EAST)).branchId, this.east);
    this.here.push(this.nowhere);
  }

  /** The other branch's client was told nothing of all this: this is the first that it hears. */
  async hearElsewhere() {
    const table = await this.named("3", this.west);
    const { body, seq } = await this.admin.done("PATCH", `${TABLES}/${table.id}/status`, { status: "reserved" });
    assert.deepEqual(await this.other.next(), ["tableStatusUpdate", body, { seq, branchId: this.west }]);
  }

  /** A table that moves is deleted in one branch and created in the other, and is still itself; who sits there sits on. */
  async moveTables() {
    for (const [number, status] of [
      ["7", "available"],
      ["5", "occupied"],
    ]) {
      const { id } = await this.named(number);
      const { body } = await this.admin.done("PATCH", `${TABLES}/${id}`, { branchId: this.west, tableNumber: `T-${number}` });
      assert.deepEqual([body.id, body.branchId, body.branch.id, body.status], [id, this.west, this.west, status]);
      assert.deepEqual(body, await this.admin.table(id));
      for (const it of this.here) assert.deepEqual((await it.next()).slice(0, 2), ["tableDeleted", { id }]);
      assert.deepEqual((await this.other.next()).slice(0, 2), ["tableCreated", scalars(body)]);
    }
    const { id } = await this.named("T-5", this.west);
    const over = await this.admin.done("PATCH", `${TABLES}/${id}/status`, { status: "available" });
    assert.deepEqual(await this.other.next(), ["tableStatusUpdate", over.body, { seq: over.seq, branchId: this.west }]);
  }
}
