// The real program, started and stopped as a person would.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after } from "node:test";

export const program = process.env.MAITRED_BIN ?? "../target/debug/maitred";

/** The manager's API key of restaurant 1. */
export const KEY = "demo-key-restaurant-1";
export const RESTAURANT = "/v1/restaurants/test-restaurant-1";

/**
 * Those that run. Who is left behind by a test that failed keeps its file from ending; who outlives its file holds the
 * runner's standard error, and the runner waits for it for ever.
 */
const running = new Set();
const endAll = () => running.forEach((it) => it.kill("SIGKILL"));
after(endAll);
process.on("exit", endAll);
// The runner ends a file that takes too long like this.
process.on("SIGTERM", () => process.exit(1));

/** Starts the program, with these variables in its environment, and waits until it serves. */
export async function start(args, variables = {}) {
  const env = { ...process.env, ...variables };
  const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "inherit"] });
  running.add(child);
  child.once("exit", () => running.delete(child));
  const ended = new Promise((resolve) => child.once("exit", (code, signal) => resolve({ code, signal })));
  const url = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the program ended with ${code} before it was ready`)));
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line.startsWith("ready ")) resolve(line.slice("ready ".length));
    });
  });
  return { child, ended, url };
}

/** Starts the demo house without guests, and waits until it serves. */
export async function openHouse({ data, port = 0, args = ["--no-traffic", "--history", "0"], variables } = {}) {
  const folder = data ?? (await mkdtemp(join(tmpdir(), "maitred-e2e-")));
  const listen = ["--listen", `127.0.0.1:${port}`, "--data", folder];
  const { child, ended, url } = await start(["demo", ...listen, ...args], variables);
  return {
    url,
    port: Number(new URL(url).port),
    data: folder,
    /** Sends a signal and does not wait for what comes of it. */
    signal(name) {
      child.kill(name);
    },
    async stop(name = "SIGTERM") {
      child.kill(name);
      return ended;
    },
    async leave() {
      child.kill("SIGKILL");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Asks restaurant 1 for a command that must be accepted. */
export async function ask(house, command, key = KEY) {
  const answer = await fetch(`${house.url}${RESTAURANT}/commands`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify(command),
  });
  const body = await answer.json();
  if (!answer.ok) throw new Error(`${command.command}: ${answer.status} ${JSON.stringify(body)}`);
  return body;
}

/** The floor of restaurant 1. */
export async function floor(house) {
  const answer = await fetch(`${house.url}${RESTAURANT}/floor`, { headers: { authorization: `Bearer ${KEY}` } });
  return answer.json();
}
