// The stream, heard by an outside client.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import WebSocket from "ws";
import { KEY, RESTAURANT, ask, openHouse } from "./house.js";

let house;
before(async () => {
  house = await openHouse();
});
after(async () => {
  await house?.leave();
});

/** Connects, and collects frames until `isEnough`. */
function listen(query, isEnough) {
  const frames = [];
  const socket = new WebSocket(`${house.url.replace("http", "ws")}${RESTAURANT}/stream${query}`, {
    headers: { authorization: `Bearer ${KEY}` },
  });
  const done = new Promise((resolve, reject) => {
    socket.on("error", reject);
    socket.on("message", (data) => {
      const frame = JSON.parse(data);
      if (frame.type !== "heartbeat") frames.push(frame);
      if (isEnough(frames)) resolve(frames);
    });
  });
  return { socket, done };
}

test("a screen drops, comes back, and hears exactly what it missed", async () => {
  const first = listen("", (frames) => frames.length === 2);
  await new Promise((resolve) => first.socket.once("message", resolve));
  await ask(house, { command: "seat_walk_in", table_ids: [12], covers: 2 });
  const [snapshot, change] = await first.done;
  assert.equal(snapshot.type, "snapshot");
  assert.equal(change.seq, snapshot.seq + 1);
  first.socket.terminate();

  for (let n = 0; n < 25; n += 1) {
    await ask(house, { command: "set_table_state", table_id: 3, state: n % 2 ? "available" : "dirty" });
  }

  const second = listen(`?after=${change.seq}&epoch=${snapshot.epoch}`, (frames) => frames.length === 26);
  const [resumed, ...missed] = await second.done;
  assert.deepEqual(resumed, { type: "resumed", seq: change.seq, epoch: snapshot.epoch });
  assert.deepEqual(
    missed.map((it) => it.seq),
    Array.from({ length: 25 }, (_, n) => change.seq + 1 + n),
  );
  second.socket.terminate();
});

test("a screen of an address nobody may enter is turned away", async () => {
  const socket = new WebSocket(`${house.url.replace("http", "ws")}/v1/restaurants/bistro-2/stream`, {
    headers: { authorization: `Bearer ${KEY}` },
  });
  const [, response] = await new Promise((resolve) => socket.on("unexpected-response", (...it) => resolve(it)));
  assert.equal(response.statusCode, 404);
});
