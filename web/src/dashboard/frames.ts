/** What is said on `/admin/ws/dashboard`, and the door through which frames come in. */

export type Status = "open" | "occupied" | "dirty" | "disabled";

/** The turn at a table, as this protocol has it. */
export type Session = { id: number; last_active: string };

export type Table = {
  id: number;
  number: number;
  status: Status;
  session: Session | null;
  reserved?: boolean;
};

/** A guest who calls from the table. */
export type Call = {
  id: string;
  /** Null for a party that sits nowhere. */
  table_id?: number | null;
  table_number?: number | null;
  request_type: string;
  member_name?: string | null;
  created_at: string;
  message?: string | null;
};

export type ToDashboard =
  | { type: "tables_snapshot"; tables: Table[] }
  | { type: "table_update"; table: Table }
  | { type: "error"; code: string; detail: string; table_id?: number | null }
  | { type: "pending_waiter_requests"; requests: Call[] }
  | { type: "waiter_request"; request: Call }
  | { type: "waiter_request_resolved"; request_id: string };

export type TableAction = "close_table" | "disable_table" | "enable_table" | "restore_table";

export type FromDashboard =
  | { action: TableAction; table_id: number }
  | { action: "move_table"; from_table_id: number; to_table_id: number }
  | { action: "resolve_waiter_request"; request_id: string };

/** Signs of life: bare words, in both directions. */
export const PING = "ping";
export const PONG = "pong";

/** What a value has to be like. */
type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
const isWhole: Check = Number.isSafeInteger;
const isMoment: Check = (value) => typeof value === "string" && !Number.isNaN(Date.parse(value));
const isOneOf = (...values: readonly unknown[]): Check => (value) => values.includes(value);
const isList = (check: Check): Check => (value) => Array.isArray(value) && value.every(check);
/** Said, said to be nothing, or not said. */
const isMaybe = (check: Check): Check => (value) => value === undefined || value === null || check(value);
const isOrNull = (check: Check): Check => (value) => value === null || check(value);

/** Further fields may stand there: the server may have learned to say more. */
function has(fields: Record<string, Check>): Check {
  const checks = Object.entries(fields);
  return (value) => {
    if (typeof value !== "object" || value === null) return false;
    const said = new Map(Object.entries(value));
    return checks.every(([name, check]) => check(said.get(name)));
  };
}

const isTable = has({
  id: isWhole,
  number: isWhole,
  status: isOneOf("open", "occupied", "dirty", "disabled"),
  session: isOrNull(has({ id: isWhole, last_active: isMoment })),
  reserved: isMaybe(isOneOf(true, false)),
});

const isCall = has({
  id: isText,
  table_id: isMaybe(isWhole),
  table_number: isMaybe(isWhole),
  request_type: isText,
  member_name: isMaybe(isText),
  created_at: isMoment,
  message: isMaybe(isText),
});

const FITS: Record<ToDashboard["type"], Check> = {
  tables_snapshot: has({ tables: isList(isTable) }),
  table_update: has({ table: isTable }),
  error: has({ code: isText, detail: isText, table_id: isMaybe(isWhole) }),
  pending_waiter_requests: has({ requests: isList(isCall) }),
  waiter_request: has({ request: isCall }),
  waiter_request_resolved: has({ request_id: isText }),
};

/**
 * Reads one frame. What is no frame, or of a type this page does not know yet, is passed over; so is one that says
 * something else than its type does, but somebody who looks for the reason is to find it.
 */
export function readFrame(text: string): ToDashboard | null {
  const value = parsed(text);
  if (!isOfKnownType(value)) return null;
  if (isFrame(value)) return value;
  console.warn(`maitred: a frame that says ${value.type} does not fit, and is passed over`);
  return null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isOfKnownType(value: unknown): value is { type: ToDashboard["type"] } {
  if (typeof value !== "object" || value === null || !("type" in value)) return false;
  return typeof value.type === "string" && Object.hasOwn(FITS, value.type);
}

function isFrame(value: { type: ToDashboard["type"] }): value is ToDashboard {
  return FITS[value.type](value);
}
