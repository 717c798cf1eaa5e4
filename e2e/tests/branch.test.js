// The namespace of table changes, heard by other people's clients: who is told what, and what a crash does to it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Official, Python } from "./branch-clients.js";
import { Scene } from "./branch-scene.js";
import { ADMIN, Asking, EAST, branchIds, openBranches, tokenOf } from "./branch.js";
import { KEY } from "./house.js";

/** What would hang is ended. How long anything takes is measured elsewhere. */
const timeout = 180_000;
const TABLES = "/restaurant/tables";

const CLIENTS = [
  ["the official client", Official, undefined],
  ["the official client by WebSocket alone", Official, ["websocket"]],
  ["the official client by polling alone", Official, ["polling"]],
  ["Python's client", Python, undefined],
];

/** Two branches, an admin of both, and clients that are gone when the test is over. */
async function open(act) {
  const house = await openBranches();
  const admin = new Asking(house.url, ADMIN);
  const clients = [];
  const place = { house, admin };
  const connect = async (kind, token, transports) => {
    const client = await kind.connect(house.url, { auth: token ? { token } : {}, transports });
    clients.push(client);
    return client;
  };
  try {
    Object.assign(place, await branchIds(admin));
    await act(place, connect);
  } finally {
    for (const it of clients) await it.close();
    await place.house.leave();
  }
}

for (const [title, kind, transports] of CLIENTS) {
  test(`${title}: every write is one event, for the clients of its branch alone`, { timeout }, async () => {
    await open(async (place, connect) => {
      const here = [await connect(kind, ADMIN, transports), await connect(kind, KEY, transports)];
      const nowhere = await connect(kind, KEY, transports);
      const other = await connect(kind, "demo-key-restaurant-2", transports);
      const scene = new Scene(place, here, nowhere, other);
      await scene.join();
      const table = await scene.writeTable();
      await scene.beRefused(table);
      await scene.writeSections(table);
      await scene.hearOtherSurfaces();
      await scene.moveParty();
      await scene.deleteTable(table);
      await scene.leaveAndComeBack();
      await scene.hearElsewhere();
      await scene.moveTables();
    });
  });

  test(`${title}: after a crash it comes back by itself, and misses and doubles nothing`, { timeout }, async () => {
    await open(async (place, connect) => {
      const { admin, east } = place;
      const [free, held] = [await connect(kind, ADMIN, transports), await connect(kind, KEY, transports)];
      for (const it of [free, held]) assert.equal((await it.join(east)).ok, true);
      const table = (await admin.done("GET", `${TABLES}/${east}/9`)).body;
      const patch = (body) => admin.done("PATCH", `${TABLES}/${table.id}`, body);
      const heard = (name, { body, seq }) => [name, body, { seq, branchId: east }];
      const before = await patch({ notes: "before" });
      for (const it of [free, held]) assert.deepEqual(await it.next(), heard("tableUpdated", before));

      // One joins again as soon as it can, the other after everything has happened.
      held.hold();
      const port = place.house.port;
      await place.house.stop("SIGKILL");
      place.house = await openBranches({ data: place.house.data, port });
      const events = [];
      events.push(heard("tableUpdated", await patch({ notes: "just after" })));
      const seat = await admin.done("PATCH", `${TABLES}/${table.id}/status`, { status: "occupied" });
      events.push(heard("tableStatusUpdate", seat));
      const made = await admin.done("POST", TABLES, { tableNumber: "T-60", capacity: 2, branchId: east });
      events.push(heard("tableCreated", made));
      const end = await admin.done("DELETE", `${TABLES}/${made.body.id}`);
      events.push(["tableDeleted", { id: made.body.id }, { seq: end.seq, branchId: east }]);
      events.push(heard("tableUpdated", await patch({ notes: "last" })));
      for (const it of [free, held]) await it.disconnected();
      await free.returned();
      held.goOn();
      const ack = await held.returned();
      assert.deepEqual([ack.ok, ack.branchId, ack.since, ack.resync], [true, east, before.seq, undefined]);
      assert.equal(ack.seq, events.at(-1)[2].seq);
      events.push(heard("tableUpdated", await patch({ notes: "live again" })));
      for (const it of [free, held]) for (const event of events) assert.deepEqual(await it.next(), event);
    });
  });

  test(`${title}: who shows no good credential is told so, and who loses it is let go`, { timeout }, async () => {
    await open(async ({ house, admin, east }, connect) => {
      for (const token of [null, "", "of-nobody", `${ADMIN.slice(0, -4)}AAAA`]) {
        await assert.rejects(connect(kind, token, transports), { message: "Unauthorized" }, token);
      }
      const guest = await connect(kind, tokenOf(["guest"], [EAST]), transports);
      assert.deepEqual(await guest.join(east), { ok: false, error: "forbidden" });
      const body = { email: "waiter@demo.test", password: "maitred-demo" };
      const { body: signedIn } = await new Asking(house.url, null).ask("POST", "/auth/login", body);
      const client = await connect(kind, signedIn.token, transports);
      assert.equal((await client.join(east)).ok, true);
      const out = await new Asking(house.url, signedIn.token).ask("POST", "/auth/logout");
      assert.ok(out.status < 300, `${out.status}`);
      const [name, told] = await client.next();
      assert.deepEqual([name, told], ["error", { message: "Unauthorized" }]);
      await client.disconnected();
      await admin.done("PATCH", `${TABLES}/${(await tableOf(admin, east)).id}`, { notes: "nobody is told" });
    });
  });
}

async function tableOf(admin, branch, number = "1") {
  const { body } = await admin.done("GET", `${TABLES}/${branch}/${number}`);
  return body;
}

test("who names a place is told what came after it, or that it has to read everything again", { timeout }, async () => {
  await open(async ({ admin, east, west }, connect) => {
    const table = await tableOf(admin, east, "3");
    const start = await (await connect(Official, ADMIN)).join(east);
    const statuses = ["reserved", "cleaning", "out_of_service", "available"];
    const expected = [];
    for (const status of statuses) {
      const { body, seq } = await admin.done("PATCH", `${TABLES}/${table.id}/status`, { status });
      expected.push(["tableStatusUpdate", body, { seq, branchId: east }]);
    }
    const head = expected.at(-1)[2].seq;
    for (let from = 0; from <= statuses.length; from += 1) {
      const since = from === 0 ? start.seq : expected[from - 1][2].seq;
      for (const place of [{ since }, { since, epoch: start.epoch }]) {
        const client = await connect(Official, ADMIN);
        const ack = await client.join({ branchId: east, ...place });
        assert.deepEqual(ack, { ok: true, branchId: east, seq: head, epoch: start.epoch, since });
        for (const event of expected.slice(from)) assert.deepEqual(await client.next(), event);
        await client.close();
      }
    }
    for (const place of [{ since: head + 1_000 }, { since: head, epoch: "another" }]) {
      const client = await connect(Official, ADMIN);
      const ack = await client.join({ branchId: east, ...place });
      assert.deepEqual(ack, { ok: true, branchId: east, seq: head, epoch: start.epoch, resync: true }, JSON.stringify(place));
      await client.close();
    }
    for (const since of ["never", -1, 1.5, {}]) {
      const client = await connect(Official, ADMIN);
      const ack = await client.join({ branchId: east, since });
      assert.deepEqual(ack, { ok: true, branchId: east, seq: head, epoch: start.epoch, resync: true }, JSON.stringify(since));
      await client.close();
    }
    // In two branches at once, each with its own numbers.
    const both = await connect(Official, ADMIN);
    assert.deepEqual([(await both.join(east)).ok, (await both.join(west)).ok], [true, true]);
    const here = await admin.done("PATCH", `${TABLES}/${table.id}`, { notes: "here" });
    const there = await admin.done("PATCH", `${TABLES}/${(await tableOf(admin, west)).id}`, { notes: "there" });
    assert.deepEqual(await both.next(), ["tableUpdated", here.body, { seq: here.seq, branchId: east }]);
    assert.deepEqual(await both.next(), ["tableUpdated", there.body, { seq: there.seq, branchId: west }]);
    assert.equal((await both.leave(west)).ok, true);
    await admin.done("PATCH", `${TABLES}/${(await tableOf(admin, west)).id}`, { notes: "not told" });
    const last = await admin.done("PATCH", `${TABLES}/${table.id}`, { notes: "told" });
    assert.deepEqual(await both.next(), ["tableUpdated", last.body, { seq: last.seq, branchId: east }]);
  });
});

test("writes at once are told in the order of the journal, each with what it left behind", { timeout }, async () => {
  await open(async ({ admin, east }, connect) => {
    const client = await connect(Official, ADMIN);
    assert.equal((await client.join(east)).ok, true);
    const table = await tableOf(admin, east, "4");
    const wishes = Array.from({ length: 20 }, (_, n) =>
      n % 2 === 0 ? ["", { notes: `${n}` }] : ["/status", { status: n % 4 === 1 ? "reserved" : "available" }],
    );
    const asked = wishes.map(async ([below, wish]) => {
      const { seq } = await admin.done("PATCH", `${TABLES}/${table.id}${below}`, wish);
      return { seq, wish };
    });
    const answers = (await Promise.all(asked)).sort((a, b) => a.seq - b.seq);
    let { notes, status } = table;
    for (const { seq, wish } of answers) {
      const [name, told, place] = await client.next();
      assert.deepEqual([name, place], [wish.notes ? "tableUpdated" : "tableStatusUpdate", { seq, branchId: east }]);
      // Nothing of another write is undone.
      ({ notes, status } = { notes, status, ...wish });
      assert.deepEqual([told.notes, told.status], [notes, status]);
    }
    // Of those who create the same table at once one does, and the others are told why not.
    const same = Array.from({ length: 6 }, () => admin.ask("POST", TABLES, { tableNumber: "T-9", capacity: 2, branchId: east }));
    const statuses = (await Promise.all(same)).map((it) => it.status).sort();
    assert.deepEqual(statuses, [201, 400, 400, 400, 400, 400]);
    assert.equal((await client.next())[0], "tableCreated");
    const plans = await Promise.all(
      ["A", "B", "C", "D"].map((name) => admin.done("POST", "/restaurant/floor-plans", { name, branchId: east })),
    );
    await Promise.all(plans.map(({ body }) => admin.done("PATCH", `/restaurant/floor-plans/${body.id}/set-default`)));
    const { body: all } = await admin.done("GET", `/restaurant/floor-plans?branchId=${east}&isDefault=true`);
    assert.equal(all.data.length, 1);
    const marked = await admin.done("PATCH", `${TABLES}/${table.id}`, { notes: "after all of it" });
    assert.deepEqual(await client.next(), ["tableUpdated", marked.body, { seq: marked.seq, branchId: east }]);
  });
});

test("the endpoint speaks Engine.IO 4 and Socket.IO 5 as their servers do", { timeout }, async () => {
  await open(async ({ house }) => {
    const at = (query, more) => fetch(`${house.url}/socket.io/?${query}`, more);
    const opened = await at("EIO=4&transport=polling", { headers: { origin: house.url } });
    assert.equal(opened.status, 200);
    assert.equal(opened.headers.get("access-control-allow-origin"), "*");
    assert.equal(opened.headers.get("access-control-allow-credentials"), null);
    const [type, ...packet] = await opened.text();
    const { sid, ...handshake } = JSON.parse(packet.join(""));
    assert.equal(type, "0");
    assert.equal(sid.length, 20);
    const promised = { upgrades: ["websocket"], pingInterval: 25_000, pingTimeout: 20_000, maxPayload: 1_000_000 };
    assert.deepEqual(handshake, promised);

    const say = (body) => at(`EIO=4&transport=polling&sid=${sid}`, { method: "POST", body });
    const hear = async () => (await at(`EIO=4&transport=polling&sid=${sid}`)).text();
    const said = await say("40/zzz,");
    assert.deepEqual([said.status, said.headers.get("content-type"), await said.text()], [200, "text/html", "ok"]);
    assert.equal(await hear(), '44/zzz,{"message":"Invalid namespace"}');
    await say("40/restaurant/tables,");
    assert.equal(await hear(), '44/restaurant/tables,{"message":"Unauthorized"}');
    await say(`40/restaurant/tables,{"token":"${KEY}"}`);
    assert.match(await hear(), /^40\/restaurant\/tables,\{"sid":"[^"]{20}"\}$/);
    // Two packets in one body, answered together.
    await say(['42/restaurant/tables,7["joinBranch","1"]', '42/restaurant/tables,8["leaveBranch","1"]'].join("\x1e"));
    let answers = "";
    while (!answers.includes("tables,8")) answers += `${answers && "\x1e"}${await hear()}`;
    const [seventh, eighth] = answers.split("\x1e");
    assert.match(seventh, /^43\/restaurant\/tables,7\[\{.*"ok":true/);
    assert.match(eighth, /^43\/restaurant\/tables,8\[\{.*"ok":true/);
    // A second CONNECT to the namespace ends the transport.
    await say(`40/restaurant/tables,{"token":"${KEY}"}`);
    await hear();
    assert.deepEqual(await (await at(`EIO=4&transport=polling&sid=${sid}`)).json(), { code: 1, message: "Session ID unknown" });

    for (const [query, code, message] of [
      ["EIO=4&transport=pigeon", 0, "Transport unknown"],
      ["EIO=4&transport=polling&sid=none", 1, "Session ID unknown"],
      ["EIO=3&transport=polling", 5, "Unsupported protocol version"],
    ]) {
      const answer = await at(query);
      assert.deepEqual([answer.status, await answer.json()], [400, { code, message }], query);
    }
    const foreign = await at("EIO=4&transport=polling", { headers: { origin: "https://elsewhere.example" } });
    assert.equal(foreign.status, 403);
    const script = await fetch(`${house.url}/socket.io/socket.io.js`);
    assert.equal(script.status, 200);
    assert.match(script.headers.get("content-type"), /javascript/);
  });
});
