// The host stand's protocol, heard by outside clients: what the tablets' own testing instructions ask for.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import WebSocket from "ws";
import { KEY, RESTAURANT, openHouse } from "./house.js";

/** Milliseconds that anything may take. How long it does take is measured elsewhere. */
const LIMIT = 10_000;
const ROOM = "test-restaurant-1";
const OTHER_ROOM = "bistro-2";

let house;
let open;
before(async () => {
  house = await openHouse();
});
after(async () => {
  await house?.leave();
});

/** What a promise gives, unless it takes too long. */
async function within(promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not come`)), LIMIT);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A tablet: a plain WebSocket, whose frames are taken one by one. */
class Device {
  constructor(query) {
    this.frames = [];
    this.waiting = [];
    this.socket = new WebSocket(`${house.url.replace("http", "ws")}/realtime${query}`);
    this.socket.on("message", (data) => this.#hear(JSON.parse(data)));
    this.closed = new Promise((resolve) => this.socket.on("close", resolve));
    this.socket.on("error", (error) => this.waiting.forEach((it) => it.reject(error)));
    open.push(this);
  }

  /** Connects, and waits until the server says where. */
  static async connect(query = `?restaurant_id=${ROOM}`) {
    const device = new Device(query);
    device.connected = await device.next("restaurant_connect");
    return device;
  }

  #hear(frame) {
    const first = this.waiting.shift();
    if (first) first.resolve(frame);
    else this.frames.push(frame);
  }

  /** The next frame, which has to be of this type. */
  async next(type) {
    const frame = this.frames.shift();
    const coming = frame ?? new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
    const next = await within(coming, type);
    assert.equal(next.type, type, JSON.stringify(next));
    return next;
  }

  send(message) {
    this.socket.send(typeof message === "string" || Buffer.isBuffer(message) ? message : JSON.stringify(message));
  }

  async ping() {
    this.send({ type: "ping" });
    return this.next("pong");
  }

  /** Breaks the line without a word. */
  async drop() {
    this.socket.terminate();
    await within(this.closed, "the end of the connection");
  }
}

test.beforeEach(() => {
  open = [];
});
test.afterEach(() => {
  for (const device of open) device.socket.terminate();
});

/** What a tablet writes by HTTP, without a token: it is in a trusted network. */
async function write(method, path, body, headers = {}) {
  const answer = await fetch(`${house.url}${path}`, {
    method,
    headers: { "content-type": "application/json", ...headers },
    body: body && JSON.stringify(body),
  });
  return { status: answer.status, seq: Number(answer.headers.get("x-seq")), body: await answer.json() };
}

async function done(method, path, body, headers) {
  const answer = await write(method, path, body, headers);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer;
}

const guests = `/restaurants/${ROOM}/guests`;
const tables = `/restaurants/${ROOM}/tables`;
const transactions = `/transactions/atomic?restaurant_id=${ROOM}`;

async function addGuest(first_name, party_size = 2) {
  const { body } = await done("POST", guests, { first_name, party_size });
  return body.guest.id;
}

/** Nothing more was told to these devices: what happens now is what they hear next. */
async function hearNothingElse(...devices) {
  const guest = await addGuest("Next");
  for (const device of devices) assert.equal((await device.next("guest_created")).guest_id, guest);
}

test("a device hears where it is, and its ping is answered", async () => {
  const device = await Device.connect();
  const { timestamp, seq, ...told } = device.connected;
  assert.deepEqual(told, { type: "restaurant_connect", restaurant_id: ROOM, platform: "iOS" });
  assert.match(timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  const pong = await device.ping();
  assert.deepEqual(Object.keys(pong), ["type", "timestamp", "seq"]);
  assert.equal(pong.seq, seq);
});

test("device A seats a guest, and devices A and B hear of the guest and then of the table", async () => {
  const guest = await addGuest("John", 4);
  const [a, b] = [await Device.connect(), await Device.connect()];
  const answer = await done("PUT", `${guests}/${guest}`, { status: "seated", table_id: "table-5" });
  assert.equal(answer.body.success, true);
  assert.deepEqual([answer.body.guest.status, answer.body.guest.tableId], ["Seated", "table-5"]);
  assert.equal(answer.body.id, guest, "the guest is also at the top");
  for (const device of [b, a]) {
    const updated = await device.next("guest_updated");
    assert.deepEqual(
      [updated.restaurant_id, updated.guest_id, updated.action, updated.seq, updated.part],
      [ROOM, guest, "status_change", answer.seq, 1],
    );
    assert.match(updated.timestamp, /\.\d{6}Z$/);
    const { id, guestName, partySize, status, table_id } = updated.data;
    assert.deepEqual(
      { id, guestName, partySize, status, table_id },
      { id: guest, guestName: "John", partySize: 4, status: "seated", table_id: "table-5" },
    );
    const table = await device.next("table_updated");
    assert.deepEqual(
      [table.restaurant_id, table.table_id, table.action, table.seq, table.part],
      [ROOM, "table-5", "assigned", answer.seq, 2],
    );
    assert.deepEqual(
      [table.data.id, table.data.status, table.data.guest_id],
      ["table-5", "occupied", guest],
    );
  }
  await hearNothingElse(a, b);
});

test("a change of a guest that says no status is an update, and emptied fields are told as empty", async () => {
  const guest = await addGuest("Nora");
  const device = await Device.connect();
  await done("PATCH", `${guests}/${guest}`, { notes: "by the window" });
  const noted = await device.next("guest_updated");
  assert.deepEqual([noted.action, noted.data.status, noted.data.notes], ["update", "waiting", "by the window"]);
  await done("PATCH", `${guests}/${guest}`, { notes: null });
  assert.equal((await device.next("guest_updated")).data.notes, "");
});

test("a new walk-in is created for everybody, and deleted for everybody", async () => {
  const device = await Device.connect();
  const guest = await addGuest("Jane", 4);
  const created = await device.next("guest_created");
  const { id, guestName, partySize, status } = created.data;
  assert.equal(created.guest_id, guest);
  assert.deepEqual(
    { id, guestName, partySize, status },
    { id: guest, guestName: "Jane", partySize: 4, status: "waiting" },
  );
  await done("DELETE", `${guests}/${guest}`);
  const deleted = await device.next("guest_deleted");
  assert.deepEqual([deleted.guest_id, deleted.data], [guest, { id: guest }]);
  assert.equal((await write("DELETE", `${guests}/${guest}`)).status, 404);
  await hearNothingElse(device);
});

test("a table's status is told, by PUT and by PATCH", async () => {
  const device = await Device.connect();
  for (const [method, status] of [
    ["PUT", "outOfService"],
    ["PATCH", "reserved"],
    ["PUT", "available"],
  ]) {
    const { body } = await done(method, `${tables}/table-7`, { status });
    assert.deepEqual([body.success, body.table.status], [true, status]);
    const updated = await device.next("table_updated");
    assert.deepEqual(
      [updated.table_id, updated.data.status, updated.data.guest_id],
      ["table-7", status, null],
    );
  }
  await hearNothingElse(device);
});

test("a transaction is one frame, whatever it touches, and none when it is rolled back", async () => {
  const guest = await addGuest("Uma");
  const device = await Device.connect();
  const { body, seq } = await done("POST", transactions, {
    transaction_id: "tablet-a-1",
    guests: [
      { id: "new-1", operation: "create", data: { first_name: "Ida", party_size: 3 } },
      { id: guest, operation: "update", data: { status: "seated", table_id: "table-8" } },
    ],
    tables: [{ id: "table-9", operation: "update", data: { current_guest_id: "new-1" } }],
  });
  assert.equal(body.success, true);
  assert.deepEqual(
    body.results.map((it) => it.status),
    ["created", "updated", "updated"],
  );
  const ids = body.results.map((it) => it.entity_id);
  const complete = await device.next("atomic_transaction_complete");
  assert.deepEqual([complete.restaurant_id, complete.seq], [ROOM, seq]);
  assert.deepEqual(complete.affected_entities, ids);
  await hearNothingElse(device);

  const refused = await done("POST", transactions, {
    guests: [
      { id: guest, status: "Finished" },
      { id: "guest-999999", status: "seated" },
    ],
  });
  assert.deepEqual([refused.body.success, refused.body.rolled_back, refused.body.results], [false, true, []]);
  await hearNothingElse(device);
  const still = await done("GET", `${guests}/${guest}`);
  assert.equal(still.body.status, "Seated");
});

test("of six devices at one table one gets it, and five are told who did", async () => {
  const wanting = [];
  for (let n = 0; n < 6; n += 1) wanting.push(await addGuest(`Wants ${n}`));
  const answers = await Promise.all(
    wanting.map((it) => write("PUT", `${guests}/${it}`, { status: "seated", table_id: "table-10" })),
  );
  const winner = wanting[answers.findIndex((it) => it.status === 200)];
  const losers = answers.filter((it) => it.status === 409);
  assert.equal(losers.length, 5);
  for (const { body } of losers) {
    assert.deepEqual([body.code, body.table_id, body.held_by], ["table_taken", "table-10", winner]);
  }
});

test("a device of another restaurant hears nothing, and neither does one that moved there", async () => {
  const elsewhere = await Device.connect(`?restaurant_id=${OTHER_ROOM}`);
  const mover = await Device.connect();
  mover.send({ type: "restaurant_connect", restaurant_id: OTHER_ROOM, platform: "iOS", version: "2.0.0" });
  assert.equal((await mover.next("connection_established")).restaurant_id, OTHER_ROOM);
  await addGuest("Not theirs");
  const { body } = await done("POST", `/restaurants/${OTHER_ROOM}/guests`, { first_name: "Theirs", party_size: 2 });
  for (const device of [elsewhere, mover]) {
    assert.equal((await device.next("guest_created")).guest_id, body.guest.id);
  }
});

test("what happens on another surface is told here", async () => {
  const guest = await addGuest("Told");
  const device = await Device.connect();
  const command = { command: "seat_party", party_id: Number(guest.slice("guest-".length)), table_ids: [11] };
  await done("POST", `${RESTAURANT}/commands`, command, { authorization: `Bearer ${KEY}` });
  assert.equal((await device.next("guest_updated")).data.table_id, "table-11");
  assert.equal((await device.next("table_updated")).data.guest_id, guest);
});

/** What a device is told, without what is new each time. */
const told = (it) => [it.type, it.seq, it.part, it.prev_seq, it.timestamp, it.data ?? it.affected_entities];

test("a device drops, comes back with since, and hears exactly what it missed", async () => {
  const witness = await Device.connect();
  const device = await Device.connect();
  const guest = await addGuest("Missed", 2);
  const last = await device.next("guest_created");
  await device.drop();

  await done("PUT", `${guests}/${guest}`, { status: "seated", table_id: "table-12" });
  await done("PUT", `${guests}/${guest}`, { table_id: "table-13" });
  await done("PUT", `${tables}/table-14`, { status: "reserved" });
  await done("POST", transactions, { guests: [{ id: guest, status: "completed" }] });
  const heard = [await witness.next("guest_created")];
  for (const type of [
    "guest_updated",
    "table_updated",
    "guest_updated",
    "table_updated",
    "table_updated",
    "table_updated",
    "atomic_transaction_complete",
  ]) {
    heard.push(await witness.next(type));
  }
  const missed = heard.slice(1);

  const again = await Device.connect(`?restaurant_id=${ROOM}&since=${last.seq}`);
  assert.equal(again.connected.seq, missed.at(-1).seq);
  for (const frame of missed) assert.deepEqual(told(await again.next(frame.type)), told(frame));

  // In the middle of a change: the move to another table was three frames.
  const middle = missed[2];
  const inside = await Device.connect(`?restaurant_id=${ROOM}&since=${middle.seq}.${middle.part}`);
  for (const frame of missed.slice(3)) assert.deepEqual(told(await inside.next(frame.type)), told(frame));

  // Then it goes on live, and each change names the one before it.
  const next = await addGuest("After");
  for (const it of [again, inside, witness]) {
    const live = await it.next("guest_created");
    assert.deepEqual([live.guest_id, live.prev_seq], [next, missed.at(-1).seq]);
  }
});

test("a list and then the stream behind it have no gap between them", async () => {
  const guest = await addGuest("Listed");
  const list = await done("GET", guests);
  assert.equal(list.body[0].id, guest, "the newest is first");
  const later = await addGuest("Later");
  const device = await Device.connect(`?restaurant_id=${ROOM}&since=${list.seq}`);
  assert.equal((await device.next("guest_created")).guest_id, later);
  await hearNothingElse(device);
});

test("a since that cannot be used is told, and the stream goes on", async () => {
  for (const [since, reason] of [
    ["never", "bad_since"],
    ["999999", "ahead"],
  ]) {
    const device = await Device.connect(`?restaurant_id=${ROOM}&since=${since}`);
    const resync = await device.next("resync");
    assert.deepEqual([resync.reason, resync.seq], [reason, device.connected.seq]);
    const guest = await addGuest(reason);
    assert.equal((await device.next("guest_created")).guest_id, guest);
  }
});

test("a binary frame, an array and what is no JSON leave a device in its room", async () => {
  const device = await Device.connect();
  for (const strange of [Buffer.from([0, 1, 2]), "[1,2]", "hello", "", "null", '{"type":"user_action"}', "{}"]) {
    device.send(strange);
    await device.ping();
  }
  const guest = await addGuest("Still here");
  assert.equal((await device.next("guest_created")).guest_id, guest);
});

test("a page from elsewhere and whoever comes through a strange proxy get nothing without a token", async () => {
  const url = `${house.url.replace("http", "ws")}/realtime?restaurant_id=${ROOM}`;
  for (const headers of [
    { origin: "https://elsewhere.example" },
    { host: "elsewhere.example" },
    { "x-forwarded-for": "127.0.0.1" },
    { authorization: "Bearer of-nobody" },
  ]) {
    const socket = new WebSocket(url, { headers });
    const refused = new Promise((resolve, reject) => {
      socket.on("unexpected-response", (_, response) => resolve(response.statusCode));
      socket.on("open", () => reject(new Error(`${JSON.stringify(headers)} is let in`)));
      socket.on("error", () => {});
    });
    assert.equal(await within(refused, "a refusal"), 403, JSON.stringify(headers));
    socket.terminate();
  }
});

test("the server says when to come back, and what was told is there after a restart", async () => {
  const device = await Device.connect();
  const guest = await addGuest("Kept");
  const last = await device.next("guest_created");
  const { data, port } = house;
  const stopped = house.stop();
  assert.equal(await within(device.closed, "the goodbye"), 1012);
  await stopped;
  house = await openHouse({ data, port });
  const again = await Device.connect(`?restaurant_id=${ROOM}&since=${last.seq - 1}`);
  assert.deepEqual(told(await again.next("guest_created")), told(last));
  assert.equal(last.guest_id, guest);
});
