// A restaurant of one's own, made, staffed and served with the operator's commands instead of the demo's.

import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { program, start } from "./house.js";

export const SLUG = "harbour-house";
export const PIN = "4711";

/** Makes the restaurant, its admin and a waiter with a PIN. It is not served yet. */
export async function foundRestaurant() {
  const folder = await mkdtemp(join(tmpdir(), "maitred-e2e-"));
  // A proxy's workers run as somebody else and have a folder below this one.
  await chmod(folder, 0o755);
  const data = join(folder, "data");
  const config = join(folder, "maitred.toml");
  const run = (args, input = "") => execute(program, [...args, "--data", data], input);
  const made = await run(["init", SLUG, "--name", "Harbour House", "--time-zone", "America/New_York"]);
  await run(["staff", "add", SLUG, "Maria", "--role", "waiter", "--no-password"]);
  await run(["staff", "set-pin", SLUG, "maria"], `${PIN}\n`);
  let served;
  return {
    folder,
    /** The admin's password: the last line, as the document says. */
    password: made.trimEnd().split("\n").at(-1),
    /** Types one of the operator's commands, and gives what it prints. */
    run,
    /** Serves with this configuration file, in place of what was served before. */
    async serve(settings) {
      served?.child.kill("SIGTERM");
      await served?.ended;
      await writeFile(config, settings);
      served = await start(["serve", "--data", data, "--config", config]);
    },
    async leave() {
      served?.child.kill("SIGKILL");
      await served?.ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Runs a program to its end, which must be a good one. */
export function execute(file, args, input = "") {
  return new Promise((resolve, reject) => {
    const child = execFile(file, args, { timeout: 100_000, killSignal: "SIGKILL" }, (error, stdout) => (error ? reject(error) : resolve(stdout)));
    // Who reads no input may end before it is written.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}

/** Ports of 127.0.0.1 that nobody uses. */
export async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer());
  for (const it of servers) await new Promise((resolve) => it.listen(0, "127.0.0.1", resolve));
  const ports = servers.map((it) => it.address().port);
  for (const it of servers) await new Promise((resolve) => it.close(resolve));
  return ports;
}
