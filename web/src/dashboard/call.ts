/** A guest's call in words. Pure. */

import type { Call } from "./frames";

/** Behind `Table 4`: `calls a waiter`. A kind that this page does not know is told in the guest's app's own word. */
export function wishText({ request_type }: Call): string {
  switch (request_type) {
    case "call_waiter":
      return "calls a waiter";
    case "ask_for_bill":
      return "asks for the bill";
    default:
      return `asks: ${request_type.replaceAll("_", " ")}`;
  }
}

/** For a tile, which has little room. */
export function wishWord({ request_type }: Call): string {
  return request_type === "ask_for_bill" ? "Bill" : request_type === "call_waiter" ? "Waiter" : "Request";
}

export function callText(call: Call): string {
  const who = call.table_number == null ? "A guest" : `Table ${call.table_number}`;
  return `${who} ${wishText(call)}`;
}
