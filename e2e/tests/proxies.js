// Reverse proxies as docs/operating.md sets them up, each a private instance in a folder and on ports of its own.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { networkInterfaces } from "node:os";
import { delimiter, join } from "node:path";
import { blockOf, fill } from "./document.js";
import { execute } from "./operator.js";

const READY_MS = 60_000;

/** Where a program is, if it is installed. Debian has servers in a folder that only root's `PATH` names. */
export function find(program) {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin"];
  return folders.map((it) => join(it, program)).find((it) => existsSync(it));
}

/** Debian's nginx with the document's site. `ports` are those for HTTP, HTTPS, and of maitred. */
export async function startNginx(folder, ports) {
  const [certificate, key, shown] = ["certificate.pem", "key.pem", "shown"].map((it) => join(folder, it));
  await execute("openssl", [
    ..."req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost".split(" "),
    ...["-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate],
  ]);
  await mkdir(join(shown, ".well-known/acme-challenge"), { recursive: true });
  await writeFile(join(shown, ".well-known/acme-challenge/token"), "ours");
  const interfaces = Object.values(networkInterfaces()).flat();
  const other = interfaces.some((it) => it.address === "::1") ? "[::1]" : "127.0.0.2";
  const site = fill(await blockOf("### nginx", "nginx"), [
    ["/etc/letsencrypt/live/floor.example.com/fullchain.pem", 1, certificate],
    ["/etc/letsencrypt/live/floor.example.com/privkey.pem", 1, key],
    ["server_name floor.example.com;", 2, "server_name localhost;"],
    ["/var/www/html", 1, shown],
    ["listen 80;", 1, `listen 127.0.0.1:${ports.http};`],
    ["listen [::]:80;", 1, `listen ${other}:${ports.http};`],
    ["listen 443 ", 1, `listen 127.0.0.1:${ports.https} `],
    ["listen [::]:443 ", 1, `listen ${other}:${ports.https} `],
    ["http://127.0.0.1:8000;", 1, `http://127.0.0.1:${ports.maitred};`],
  ]);
  await writeFile(join(folder, "site"), site);
  const scratch = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  const main = [
    "daemon off;",
    `pid ${folder}/nginx.pid;`,
    "events {}",
    "http {",
    "gzip on;",
    "access_log off;",
    ...scratch.map((it) => `${it}_temp_path ${folder}/nginx-${it};`),
    `include ${folder}/site;`,
    "}",
  ];
  await writeFile(join(folder, "nginx.conf"), main.join("\n"));
  const log = join(folder, "nginx.log");
  return run(find("nginx"), ["-p", folder, "-c", join(folder, "nginx.conf"), "-e", log], { folder, log, ports });
}

/** Caddy with the document's file. It makes a certificate for localhost by itself. */
export async function startCaddy(folder, ports) {
  const site = fill(await blockOf("### Caddy", "caddyfile"), [
    ["floor.example.com {", 1, "localhost {"],
    [" 127.0.0.1:8000 ", 1, ` 127.0.0.1:${ports.maitred} `],
  ]);
  const file = join(folder, "Caddyfile");
  const log = join(folder, "caddy.log");
  const main = [
    "{",
    "admin off",
    "skip_install_trust",
    "default_bind 127.0.0.1",
    `http_port ${ports.http}`,
    `https_port ${ports.https}`,
    "log {",
    `output file ${log}`,
    "}",
    "}",
  ];
  await writeFile(file, [...main, site].join("\n"));
  return run(find("caddy"), ["run", "--adapter", "caddyfile", "--config", file], { folder, log, ports });
}

/** Starts a proxy, and waits until maitred answers through it. */
async function run(program, args, { folder, log, ports }) {
  const child = spawn(program, args, { stdio: "ignore", env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder } });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const deadline = Date.now() + READY_MS;
  const isReady = () => ask(`https://localhost:${ports.https}/health`).then((it) => it.status === 200, () => false);
  while (!(await isReady())) {
    if (child.exitCode === null && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      continue;
    }
    child.kill("SIGKILL");
    throw new Error(`${program} does not serve: ${await readFile(log, "utf8").catch(() => "it wrote no log")}`);
  }
  return {
    async leave() {
      child.kill("SIGTERM");
      // It may wait for a stream that a test has left open.
      const late = setTimeout(() => child.kill("SIGKILL"), 5_000);
      await ended;
      clearTimeout(late);
    },
  };
}

/** Asks by IPv4, from a chosen address of this machine. Gives the answer whole, or, with `onText`, as it comes in. */
export function ask(url, { method = "GET", headers = {}, body, from = "127.0.0.1", onText } = {}) {
  const { protocol } = new URL(url);
  const options = { method, headers, agent: false, family: 4, localAddress: from, rejectUnauthorized: false };
  return new Promise((resolve, reject) => {
    const asked = (protocol === "https:" ? httpsRequest : httpRequest)(url, options, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (part) => {
        text += part;
        if (onText?.(text)) answer.destroy();
      });
      answer.on("close", () => resolve({ status: answer.statusCode, headers: answer.headers, text }));
    });
    asked.on("error", reject);
    asked.end(body);
  });
}
