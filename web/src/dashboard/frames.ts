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
  table_id: number;
  table_number: number;
  request_type: string;
  member_name?: string | null;
  created_at: string;
  message?: string | null;
};

export type ToDashboard =
  | { type: "tables_snapshot"; tables: Table[] }
  | { type: "table_update"; table: Table }
  | { type: "error"; code: string; detail: string }
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

const HEARD: ReadonlySet<string> = new Set<ToDashboard["type"]>([
  "tables_snapshot",
  "table_update",
  "error",
  "pending_waiter_requests",
  "waiter_request",
  "waiter_request_resolved",
]);

/** Reads one frame. What is no frame, or of a type this page does not know yet, is passed over. */
export function readFrame(text: string): ToDashboard | null {
  try {
    const value: unknown = JSON.parse(text);
    return isFrame(value) ? value : null;
  } catch {
    return null;
  }
}

function isFrame(value: unknown): value is ToDashboard {
  if (typeof value !== "object" || value === null || !("type" in value)) return false;
  return typeof value.type === "string" && HEARD.has(value.type);
}
