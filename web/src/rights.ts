/** What a page offers to whom: the server's table of rights, so that nobody is shown what would be refused. Pure. */

import type { Role } from "./wire";

/** The matters of a floor page; plans, settings and staff are not among them. */
export type Rights = {
  /** The waitlist, and the state of tables without guests. */
  door: boolean;
  /** Turns and who serves them. */
  service: boolean;
  /** How far a turn has come. */
  stage: boolean;
};

export function rightsOf(roles: readonly Role[]): Rights {
  const all = roles.map(ofRole);
  return {
    door: all.some((it) => it.door),
    service: all.some((it) => it.service),
    stage: all.some((it) => it.stage),
  };
}

function ofRole(role: Role): Rights {
  switch (role) {
    case "admin":
    case "manager":
    case "host":
    case "waiter":
      return { door: true, service: true, stage: true };
    case "cashier":
      return { door: false, service: false, stage: true };
    case "kitchen":
    case "analyst":
      return { door: false, service: false, stage: false };
  }
}
