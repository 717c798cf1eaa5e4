// The official Socket.IO client, over every transport that it has.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { io } from "socket.io-client";
import { KEY, ask, openHouse } from "./house.js";

let house;
before(async () => {
  house = await openHouse();
});
after(async () => {
  await house?.leave();
});

/** Who goes on connecting would keep this file from ending. */
const sockets = [];
afterEach(() => {
  for (const it of sockets.splice(0)) it.disconnect();
});

/** What would hang is ended. */
const timeout = 60_000;

const next = (emitter, event) => new Promise((resolve) => emitter.once(event, resolve));

async function connected(options, url = house.url) {
  const socket = io(`${url}/restaurant/tables`, { auth: { token: KEY }, forceNew: true, reconnectionDelay: 100, ...options });
  sockets.push(socket);
  await new Promise((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("connect_error", reject);
  });
  return socket;
}

for (const transports of [["polling"], ["websocket"], ["polling", "websocket"]]) {
  test(`a branch is heard over ${transports.join(" and then ")}`, { timeout }, async () => {
    const socket = await connected({ transports });
    // The upgrade may be over before the namespace has let us in.
    if (socket.io.engine.transport.name !== transports.at(-1)) await next(socket.io.engine, "upgrade");
    assert.equal(socket.io.engine.transport.name, transports.at(-1));
    const joined = await socket.emitWithAck("joinBranch", "test-restaurant-1");
    assert.equal(joined.ok, true);
    const heard = new Promise((resolve) => socket.onAny((...event) => resolve(event)));
    await ask(house, { command: "set_table_state", table_id: 1, state: "dirty" });
    const [name, table, place] = await heard;
    assert.equal(typeof name, "string");
    assert.equal(typeof table.id, "string");
    assert.equal(place.seq, joined.seq + 1);
    const again = await socket.emitWithAck("joinBranch", { branchId: joined.branchId, since: joined.seq, epoch: joined.epoch });
    assert.equal(again.since, joined.seq);
    assert.deepEqual(await socket.emitWithAck("leaveBranch", joined.branchId), { ok: true, branchId: joined.branchId });
    await ask(house, { command: "set_table_state", table_id: 1, state: "available" });
    socket.disconnect();
  });
}

test("whoever shows nothing good is told so", async () => {
  await assert.rejects(connected({ auth: { token: "wrong" }, reconnection: false }), { message: "Unauthorized" });
  await assert.rejects(connected({ auth: {}, reconnection: false }), { message: "Unauthorized" });
});

for (const transport of ["polling", "websocket"]) {
  test(`over ${transport}, the client comes back by itself when the program has been started again`, { timeout }, async () => {
    const first = await openHouse();
    const socket = await connected({ transports: [transport] }, first.url);
    const joined = await socket.emitWithAck("joinBranch", "1");
    await ask(first, { command: "set_table_state", table_id: 2, state: "dirty" });
    const gone = next(socket, "disconnect");
    const { code } = await first.stop();
    assert.equal(code, 0);
    // A client between two polls finds nobody there any more.
    assert.match(await gone, /^transport (close|error)$/);
    assert.equal(socket.active, true);
    const back = next(socket, "connect");
    const second = await openHouse({ data: first.data, port: first.port });
    await back;
    const heard = new Promise((resolve) => socket.onAny((...event) => resolve(event)));
    const resumed = await socket.emitWithAck("joinBranch", { branchId: "1", since: joined.seq, epoch: joined.epoch });
    assert.equal(resumed.since, joined.seq);
    assert.equal((await heard)[2].seq, joined.seq + 1);
    socket.disconnect();
    await second.leave();
  });
}
