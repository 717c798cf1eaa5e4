// Other people's Socket.IO clients in the namespace of table changes: the official one, and Python's beside it.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { io } from "socket.io-client";

const NAMESPACE = "/restaurant/tables";
/** Milliseconds that anything may take. How long it does take is measured elsewhere. */
const LIMIT = 15_000;
/** Debian's Python: another one does not see the modules that Debian installs. */
const PYTHON = "/usr/bin/python3";

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

/** What comes, taken one by one. */
class Arrivals {
  #here = [];
  #waiting = [];

  push(item) {
    const first = this.#waiting.shift();
    if (first) first(item);
    else this.#here.push(item);
  }

  next(what) {
    if (this.#here.length > 0) return this.#here.shift();
    return within(new Promise((resolve) => this.#waiting.push(resolve)), what);
  }
}

/** A client, whichever library it is made of: what it hears, and how it finds its place again. */
class Client {
  #events = new Arrivals();
  #disconnects = new Arrivals();
  #returns = new Arrivals();
  #release = () => {};
  #held = Promise.resolve();
  /** The branch it joined, with the place of what it heard last. */
  #place = null;
  #heard = 0;
  #isKnown = false;

  /** The next event, whatever it is: its name and its arguments. */
  next() {
    return this.#events.next("an event");
  }

  /** Why the server let it go, as the library puts it. */
  disconnected() {
    return this.#disconnects.next("the end of the connection");
  }

  /** What its joining again was answered, after the line broke. */
  returned() {
    return this.#returns.next("its return");
  }

  /** Joins a branch, which it joins again by itself whenever it is connected again. */
  async join(branch) {
    const ack = await this.emit("joinBranch", branch);
    // An event may have been heard behind the answer already.
    const since = Math.max(ack.seq, this.#heard);
    if (ack.ok) this.#place = { branchId: ack.branchId, since, epoch: ack.epoch };
    return ack;
  }

  async leave(branch) {
    this.#place = null;
    return this.emit("leaveBranch", branch);
  }

  /** From now on, does not join again before it is let go on. */
  hold() {
    this.#held = new Promise((resolve) => (this.#release = resolve));
  }

  goOn() {
    this.#release();
  }

  hears(name, ...args) {
    const at = args[1];
    if (at && !at.more) this.#heard = at.seq;
    if (this.#place && at && !at.more) this.#place.since = at.seq;
    this.#events.push([name, ...args]);
  }

  async isConnected() {
    if (this.#isKnown && this.#place) {
      await this.#held;
      this.#returns.push(await this.emit("joinBranch", { ...this.#place }));
    }
    this.#isKnown = true;
  }

  isDisconnected(reason) {
    this.#disconnects.push(reason);
  }
}

/** The official client. */
export class Official extends Client {
  #socket;

  /** Connects. Fails with what the server said against it. */
  static async connect(url, { auth, transports }) {
    const client = new Official();
    const pace = { reconnectionDelay: 50, reconnectionDelayMax: 200 };
    const socket = io(`${url}${NAMESPACE}`, { auth, forceNew: true, ...pace, ...(transports && { transports }) });
    client.#socket = socket;
    socket.onAny((...it) => client.hears(...it));
    socket.on("connect", () => client.isConnected());
    socket.on("disconnect", (reason) => client.isDisconnected(reason));
    const connected = new Promise((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("connect_error", reject);
    });
    try {
      await within(connected, "the connection");
    } catch (error) {
      socket.close();
      throw error;
    }
    return client;
  }

  emit(name, value) {
    return this.#socket.timeout(LIMIT).emitWithAck(name, value);
  }

  /** Says something, and asks for no answer. */
  async say(name, value) {
    this.#socket.emit(name, value);
  }

  async close() {
    this.#socket.close();
  }
}

/** Python's client, in a program of its own that is told what to do line by line. */
export class Python extends Client {
  #program;
  #answers = new Map();
  #asked = 0;

  static async connect(url, { auth, transports }) {
    const client = new Python();
    const script = fileURLToPath(new URL("branch_client.py", import.meta.url));
    const program = spawn(PYTHON, [script], { stdio: ["pipe", "pipe", "inherit"] });
    client.#program = program;
    createInterface({ input: program.stdout }).on("line", (line) => client.#take(JSON.parse(line)));
    try {
      await client.#ask({ do: "connect", url, auth, transports });
    } catch (error) {
      await client.close();
      throw error;
    }
    return client;
  }

  #take({ id, gives, fails, heard, state, reason }) {
    if (heard) this.hears(...heard);
    else if (state === "connected") this.isConnected();
    else if (state === "disconnected") this.isDisconnected(reason);
    else {
      const { resolve, reject } = this.#answers.get(id);
      this.#answers.delete(id);
      if (fails === undefined) resolve(gives);
      else reject(new Error(fails));
    }
  }

  #ask(command) {
    this.#asked += 1;
    const id = this.#asked;
    const answer = new Promise((resolve, reject) => this.#answers.set(id, { resolve, reject }));
    this.#program.stdin.write(`${JSON.stringify({ id, ...command })}\n`);
    return within(answer, `an answer to ${command.do}`);
  }

  emit(name, value) {
    return this.#ask({ do: "call", name, value });
  }

  say(name, value) {
    return this.#ask({ do: "emit", name, value });
  }

  async close() {
    if (this.#program.exitCode !== null || this.#program.signalCode !== null) return;
    const ended = once(this.#program, "exit");
    this.#program.stdin.end();
    await ended;
  }
}
