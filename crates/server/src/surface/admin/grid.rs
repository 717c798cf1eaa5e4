//! Every table as a piece of a page, for pages that are built on htmx.

use super::frames::in_order;
use crate::surface::words::table_number;
use floor::{Floor, Table, TableId, TableState};
use jiff::Timestamp;
use maud::{Markup, html};

/// The event of a page on which the grid asks for itself at once.
pub(super) const CHANGED: &str = "tables-changed";

const CELLS_PER_ROW: usize = 6;
/// How a toast is laid into its place. Without it the buttons would take after the grid, and the first toast would
/// stand in place of `#toast` itself.
const TOAST_SWAP: &str = "innerHTML";

/// Every table in use, six to a row. Asks for itself every ten seconds, and whenever an action is answered.
pub(super) fn grid(floor: &Floor, now: Timestamp) -> Markup {
    let tables = in_order(floor);
    let free: Vec<&Table> = tables.iter().copied().filter(|it| is_free(it)).collect();
    html! {
        table #grid hx-get="/admin/tables" hx-trigger={ "every 10s, " (CHANGED) " from:body" } hx-swap="outerHTML" {
            tbody {
                @for row in tables.chunks(CELLS_PER_ROW) {
                    tr { @for table in row { (cell(floor, table, &free, now)) } }
                }
            }
        }
    }
}

fn is_free(table: &Table) -> bool {
    table.state == TableState::Available
}

fn cell(floor: &Floor, table: &Table, free: &[&Table], now: Timestamp) -> Markup {
    let (class, word) = match table.state {
        TableState::Available => ("tile open", "open"),
        TableState::Reserved { .. } => ("tile open reserved", "reserved"),
        TableState::Occupied { .. } => ("tile open occupied", "occupied"),
        TableState::Dirty => ("tile dirty", "dirty"),
        TableState::Blocked | TableState::Maintenance => ("tile disabled", "disabled"),
    };
    let turn = match table.state {
        TableState::Occupied { turn_id } => floor.turns.get(&turn_id),
        _ => None,
    };
    html! {
        td class=(class) data-table-id=(table.id) {
            strong { (table_number(table)) }
            " "
            span .status { (word) }
            @if let Some(turn) = turn {
                " "
                span .idle { (idle(turn.last_activity_at, now)) }
            }
            @match table.state {
                TableState::Occupied { .. } => {
                    (button(table.id, "close", "btn-close", "Close"))
                    @if !free.is_empty() {
                        select name="target" aria-label={ "Move table " (table_number(table)) " to" } {
                            @for it in free { option value=(it.id) { (table_number(it)) } }
                        }
                        button .btn-move type="button" hx-post={ "/admin/table/" (table.id) "/move" }
                            hx-include="closest td" hx-target="#toast" hx-swap=(TOAST_SWAP) { "Move" }
                    }
                }
                TableState::Available => (button(table.id, "disable", "btn-disable", "Disable")),
                TableState::Dirty => {
                    (button(table.id, "enable", "btn-clean", "Clean"))
                    (button(table.id, "disable", "btn-disable", "Disable"))
                }
                TableState::Blocked | TableState::Maintenance => {
                    (button(table.id, "enable", "btn-enable", "Enable"))
                }
                TableState::Reserved { .. } => {}
            }
        }
    }
}

fn button(table_id: TableId, action: &str, class: &str, label: &str) -> Markup {
    html! {
        button class=(class) type="button" hx-post={ "/admin/table/" (table_id) "/" (action) }
            hx-target="#toast" hx-swap=(TOAST_SWAP) { (label) }
    }
}

/// How long nothing has happened: `12 min`, `1h 5m`.
fn idle(since: Timestamp, now: Timestamp) -> String {
    let minutes = now.duration_since(since).as_mins().max(0);
    if minutes < 60 {
        format!("{minutes} min")
    } else {
        format!("{}h {}m", minutes / 60, minutes % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::idle;
    use jiff::{SignedDuration, Timestamp};

    #[test]
    fn idle_time_is_in_minutes_and_then_in_hours() {
        let since = Timestamp::UNIX_EPOCH;
        let shown = |seconds| idle(since, since + SignedDuration::from_secs(seconds));
        for (seconds, text) in [
            (-5, "0 min"),
            (59, "0 min"),
            (60, "1 min"),
            (3_599, "59 min"),
            (3_600, "1h 0m"),
            (7_499, "2h 4m"),
        ] {
            assert_eq!(shown(seconds), text, "{seconds}");
        }
    }
}
