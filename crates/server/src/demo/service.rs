//! The demo's service of today: guests and staff who act now, through ordinary commands.

use super::evening::Evening;
use super::house::House;
use crate::floors::Floors;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// Serves guests in `house` until the program stops, `speed` times as fast as in life.
pub async fn serve_guests(
    floors: Floors,
    house: House,
    mut evening: Evening,
    started_at: Timestamp,
    speed: f64,
) {
    let Ok(floor) = floors.enter(&house.pass).await else {
        tracing::error!(
            slug = house.slug,
            "the demo's service cannot enter its restaurant"
        );
        return;
    };
    while let Some(next_at) = evening.next_at() {
        // Its own time: `speed` minutes pass in each minute of ours.
        let due = started_at + scaled(next_at.duration_since(started_at), 1.0 / speed);
        let wait = due.duration_since(floors.clock().now());
        if let Ok(wait) = Duration::try_from(wait) {
            tokio::time::sleep(wait).await;
        }
        let Some(command) = evening.act(&floor.view().floor, next_at) else {
            continue;
        };
        match floor.ask(command, house.pass.by("demo"), None).await {
            Ok(receipt) => {
                let mut change = (*receipt.change).clone();
                change.at = next_at;
                evening.hear(&change, &floor.view().floor);
            }
            Err(crate::floors::AskError::Draining) => return,
            // Somebody at a screen was faster, or the journal is away: go on with what comes next.
            Err(error) => tracing::debug!(%error, "the demo's service was told no"),
        }
    }
}

fn scaled(time: SignedDuration, factor: f64) -> SignedDuration {
    SignedDuration::try_from_secs_f64(time.as_secs_f64() * factor).unwrap_or(SignedDuration::ZERO)
}
