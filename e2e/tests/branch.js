// Two branches of one chain, and their administration over REST as its web clients use it.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { openHouse } from "./house.js";

/** The secret that the chain's own sign-in shares with the server. */
const SECRET = "the chain's own sign-in and this server know it";

export const EAST = "test-restaurant-1";
const WEST = "bistro-2";

/** A token of the chain's own sign-in. */
export function tokenOf(roles, branches) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1_000);
  const claims = { sub: "chain-7", iat: now, exp: now + 3_600, roles, tenant_ids: branches };
  const signed = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
  return `${signed}.${createHmac("sha256", SECRET).update(signed).digest("base64url")}`;
}

/** An admin of both branches. */
export const ADMIN = tokenOf(["admin"], [EAST, WEST]);

/** Opens the house that has both branches. */
export function openBranches(more = {}) {
  return openHouse({ ...more, variables: { MAITRED_JWT_SECRET: SECRET } });
}

/** Asks a server as one holder. */
export class Asking {
  constructor(url, token) {
    this.url = url;
    this.token = token;
  }

  /** Asks, and gives the answer with what its head says. */
  async ask(method, path, body, headers = {}) {
    const answer = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        ...(this.token && { authorization: `Bearer ${this.token}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      seq: Number(answer.headers.get("x-seq")),
      etag: answer.headers.get("etag"),
      type: answer.headers.get("content-type"),
      body: text === "" ? null : JSON.parse(text),
    };
  }

  /** Asks for something that must be done. */
  async done(method, path, body, headers) {
    const answer = await this.ask(method, path, body, headers);
    const expected = method === "POST" ? 201 : 200;
    assert.equal(answer.status, expected, `${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer;
  }

  /** Asks for something that must not be done. */
  async refused(status, method, path, body, headers) {
    const answer = await this.ask(method, path, body, headers);
    assert.equal(answer.status, status, `${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** A table as it is now. */
  async table(id) {
    const { body } = await this.done("GET", `/restaurant/tables/${id}`);
    return body;
  }
}

/** The ids of both branches. */
export async function branchIds(admin) {
  const { body } = await admin.done("GET", "/branches?sortBy=name&sortOrder=ASC");
  const [west, east] = ["Bistro Two", "Harbour House"].map((name) => body.data.find((it) => it.name === name).id);
  return { east, west };
}

/** A table without what it is related to. */
export function scalars({ branch, floorPlan, section, assignedServer, ...others }) {
  return others;
}
