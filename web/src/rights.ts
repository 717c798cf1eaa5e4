/** What a page offers to whom: the server's table of rights, so that nobody is shown what would be refused. Pure. */

import type { Role } from "./wire";

/** The matters of this page; plans and settings are not among them. */
export type Rights = {
  /** The waitlist, and the state of tables without guests. */
  door: boolean;
  /** Turns and who serves them. */
  service: boolean;
  /** How far a turn has come. */
  stage: boolean;
  /** Which devices open on the PIN pad. */
  devices: boolean;
  /** Who works here and how they sign in, and the keys of machines. */
  people: boolean;
};

export function rightsOf(roles: readonly Role[]): Rights {
  const all = roles.map(ofRole);
  return {
    door: all.some((it) => it.door),
    service: all.some((it) => it.service),
    stage: all.some((it) => it.stage),
    devices: all.some((it) => it.devices),
    people: all.some((it) => it.people),
  };
}

function ofRole(role: Role): Rights {
  switch (role) {
    case "admin":
      return { door: true, service: true, stage: true, devices: true, people: true };
    case "manager":
      return { door: true, service: true, stage: true, devices: true, people: false };
    case "host":
    case "waiter":
      return { door: true, service: true, stage: true, devices: false, people: false };
    case "cashier":
      return { door: false, service: false, stage: true, devices: false, people: false };
    case "kitchen":
    case "analyst":
      return { door: false, service: false, stage: false, devices: false, people: false };
  }
}
