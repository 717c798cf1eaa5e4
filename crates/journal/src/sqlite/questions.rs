//! What the readers can be asked.

use super::appending::{stored, time};
use super::failure::corrupt;
use super::register::optional_time;
use crate::snapshot::SNAPSHOT_FORMAT;
use crate::{Answered, KeyName, RestaurantEntry, Snapshot, StorageError, TurnRow, fold};
use floor::{Change, Floor, PartyId, RestaurantId, Seq};
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};
use serde::de::{DeserializeOwned, IntoDeserializer};
use std::collections::BTreeSet;

pub(super) fn restaurants(conn: &mut Connection) -> Result<Vec<RestaurantEntry>, StorageError> {
    let mut select = conn.prepare_cached("SELECT id, slug, removed_at FROM restaurants ORDER BY id")?;
    let mut rows = select.query(())?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        entries.push(RestaurantEntry {
            id: RestaurantId(id(row, 0)?),
            slug: row.get(1)?,
            removed_at: optional_time(row, 2)?,
        });
    }
    Ok(entries)
}

/// Every restaurant that anything is stored of, added or not.
pub(super) fn restaurant_ids(conn: &Connection) -> Result<BTreeSet<RestaurantId>, StorageError> {
    let mut ids = BTreeSet::new();
    for select in [
        "SELECT min(id) FROM restaurants WHERE id > ?1",
        "SELECT min(restaurant_id) FROM changes WHERE restaurant_id > ?1",
        "SELECT min(restaurant_id) FROM snapshots WHERE restaurant_id > ?1",
        "SELECT min(restaurant_id) FROM guests WHERE restaurant_id > ?1",
        "SELECT min(restaurant_id) FROM answers WHERE restaurant_id > ?1",
        "SELECT min(restaurant_id) FROM turns WHERE restaurant_id > ?1",
        "SELECT min(restaurant_id) FROM members WHERE restaurant_id > ?1",
    ] {
        let mut select = conn.prepare_cached(select)?;
        let mut last = 0;
        while let Some(next) = select.query_row([stored(last)?], |row| optional_id(row, 0))? {
            ids.insert(RestaurantId(next));
            last = next;
        }
    }
    Ok(ids)
}

pub(super) fn head(conn: &Connection, restaurant_id: RestaurantId) -> rusqlite::Result<Seq> {
    const SELECT: &str = "SELECT coalesce(max(seq), 0) FROM changes WHERE restaurant_id = ?1";
    conn.prepare_cached(SELECT)?
        .query_row([stored(restaurant_id.0)?], |row| Ok(Seq(id(row, 0)?)))
}

/// Bytes of events that are read at a time, beyond the first change.
const CHANGES_BYTES_MAX: usize = 256 * 1024;

pub(super) fn changes(
    conn: &mut Connection,
    restaurant_id: RestaurantId,
    after: Seq,
    limit: usize,
) -> Result<Vec<Change>, StorageError> {
    let mut changes = Vec::new();
    let mut n_bytes = 0;
    each_change(conn, restaurant_id, after, limit, |_, change, length| {
        n_bytes += length;
        let is_room = changes.is_empty() || n_bytes <= CHANGES_BYTES_MAX;
        if is_room {
            changes.push(change?);
        }
        Ok(is_room)
    })?;
    Ok(changes)
}

/// Goes through the changes behind `after` without holding them all, as long as `take` answers yes. It
/// is given the length of the events' text beside each.
pub(super) fn each_change(
    conn: &Connection,
    restaurant_id: RestaurantId,
    after: Seq,
    limit: usize,
    mut take: impl FnMut(Seq, Result<Change, StorageError>, usize) -> Result<bool, StorageError>,
) -> Result<(), StorageError> {
    const SELECT: &str = "
        SELECT seq, at, who, events FROM changes
        WHERE restaurant_id = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";
    let mut select = conn.prepare_cached(SELECT)?;
    let mut rows = select.query(params![
        stored(restaurant_id.0)?,
        bound(after.0),
        bound(limit as u64)
    ])?;
    while let Some(row) = rows.next()? {
        let seq = Seq(id(row, 0)?);
        let length = row.get_ref(3)?.as_bytes().map_or(0, <[u8]>::len);
        if !take(seq, change(row, restaurant_id, seq), length)? {
            break;
        }
    }
    Ok(())
}

fn change(row: &Row<'_>, restaurant_id: RestaurantId, seq: Seq) -> Result<Change, StorageError> {
    Ok(Change {
        restaurant_id,
        seq,
        at: time(row.get(1)?)?,
        by: json(row, 2)?,
        events: json(row, 3)?,
    })
}

pub(super) fn seq_at(
    conn: &mut Connection,
    restaurant_id: RestaurantId,
    at: Timestamp,
) -> Result<Seq, StorageError> {
    const SELECT: &str = "SELECT at FROM changes WHERE restaurant_id = ?1 AND seq = ?2";
    let tx = conn.transaction()?;
    let mut select = tx.prepare_cached(SELECT)?;
    let at = floored(at);
    // Between one that is early enough, or none, and one that is too late.
    let (mut early, mut late) = (Seq::ZERO, head(&tx, restaurant_id)?.next());
    while early.next() < late {
        let middle = Seq(early.0.midpoint(late.0));
        let key = params![stored(restaurant_id.0)?, stored(middle.0)?];
        if select.query_row(key, |row| row.get::<_, i64>(0))? <= at {
            early = middle;
        } else {
            late = middle;
        }
    }
    Ok(early)
}

pub(super) fn snapshot(
    conn: &mut Connection,
    restaurant_id: RestaurantId,
    at_or_before: Seq,
) -> Result<Option<Snapshot>, StorageError> {
    latest_snapshot(conn, restaurant_id, at_or_before)
}

fn latest_snapshot(
    conn: &Connection,
    restaurant_id: RestaurantId,
    at_or_before: Seq,
) -> Result<Option<Snapshot>, StorageError> {
    const SELECT: &str = "
        SELECT seq, at, floor FROM snapshots
        WHERE restaurant_id = ?1 AND seq <= ?2 AND format = ?3 ORDER BY seq DESC LIMIT 1";
    let mut select = conn.prepare_cached(SELECT)?;
    let mut rows = select.query(params![
        stored(restaurant_id.0)?,
        bound(at_or_before.0),
        SNAPSHOT_FORMAT
    ])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    Ok(Some(Snapshot {
        seq: Seq(id(row, 0)?),
        at: time(row.get(1)?)?,
        floor: json(row, 2)?,
    }))
}

pub(super) fn floor_at(
    conn: &mut Connection,
    restaurant_id: RestaurantId,
    seq: Seq,
) -> Result<Option<(Floor, Timestamp)>, StorageError> {
    let tx = conn.transaction()?;
    if seq > head(&tx, restaurant_id)? {
        return Ok(None);
    }
    let start = latest_snapshot(&tx, restaurant_id, seq)?.unwrap_or_else(|| Snapshot {
        seq: Seq::ZERO,
        at: Timestamp::UNIX_EPOCH,
        floor: Floor::new(restaurant_id),
    });
    let (mut floor, mut at) = (start.floor, start.at);
    let tail = usize::try_from(seq.0 - start.seq.0).unwrap_or(usize::MAX);
    each_change(&tx, restaurant_id, start.seq, tail, |_, change, _| {
        let change = change?;
        fold(&mut floor, &change);
        at = change.at;
        Ok(true)
    })?;
    Ok(Some((floor, at)))
}

pub(super) fn answers(
    conn: &mut Connection,
    restaurant_id: RestaurantId,
    keys: Vec<KeyName>,
) -> Result<Vec<Answered>, StorageError> {
    const SELECT: &str = "
        SELECT body_hash, seq, at FROM answers
        WHERE restaurant_id = ?1 AND holder = ?2 AND key = ?3";
    let tx = conn.transaction()?;
    let mut select = tx.prepare_cached(SELECT)?;
    let mut answers = Vec::new();
    for key in keys {
        let mut rows = select.query(params![stored(restaurant_id.0)?, key.holder, key.key])?;
        if let Some(row) = rows.next()? {
            answers.push(Answered {
                body_hash: row.get(0)?,
                seq: Seq(id(row, 1)?),
                at: time(row.get(2)?)?,
                key,
            });
        }
    }
    Ok(answers)
}

pub(super) fn turns(
    conn: &mut Connection,
    restaurant_id: RestaurantId,
    from: Timestamp,
    to: Timestamp,
    limit: usize,
) -> Result<Vec<TurnRow>, StorageError> {
    let select = format!(
        "SELECT {TURN_COLUMNS} FROM turns
        WHERE restaurant_id = ?1 AND opened_at >= ?2 AND opened_at < ?3
        ORDER BY opened_at, turn_id LIMIT ?4"
    );
    let mut select = conn.prepare_cached(&select)?;
    let mut rows = select.query(params![
        stored(restaurant_id.0)?,
        from.as_microsecond(),
        to.as_microsecond(),
        bound(limit as u64)
    ])?;
    let mut turns = Vec::new();
    while let Some(row) = rows.next()? {
        turns.push(turn_row(row)?);
    }
    Ok(turns)
}

/// Goes through all closed turns of a restaurant.
pub(super) fn each_turn(
    conn: &Connection,
    restaurant_id: RestaurantId,
    mut take: impl FnMut(Result<TurnRow, StorageError>),
) -> Result<(), StorageError> {
    let select = format!("SELECT {TURN_COLUMNS} FROM turns WHERE restaurant_id = ?1 ORDER BY turn_id");
    let mut select = conn.prepare_cached(&select)?;
    let mut rows = select.query([stored(restaurant_id.0)?])?;
    while let Some(row) = rows.next()? {
        take(turn_row(row));
    }
    Ok(())
}

const TURN_COLUMNS: &str = "
    restaurant_id, turn_id, seq, party_id, waiter_id, table_ids, section_id, plan_id, covers,
    opened_at, closed_at, seconds, forced, stage,
    local_date, local_hour, weekday, business_date, business_weekday";

fn turn_row(row: &Row<'_>) -> Result<TurnRow, StorageError> {
    Ok(TurnRow {
        restaurant_id: RestaurantId(id(row, 0)?),
        turn_id: floor::TurnId(id(row, 1)?),
        seq: Seq(id(row, 2)?),
        party_id: optional_id(row, 3)?.map(PartyId),
        waiter_id: optional_id(row, 4)?.map(floor::StaffId),
        table_ids: json(row, 5)?,
        section_id: optional_id(row, 6)?.map(floor::SectionId),
        plan_id: optional_id(row, 7)?.map(floor::PlanId),
        covers: floor::Covers::new(row.get(8)?).map_err(corrupt)?,
        opened_at: time(row.get(9)?)?,
        closed_at: time(row.get(10)?)?,
        seconds: row.get(11)?,
        forced: row.get(12)?,
        stage: word(row, 13)?,
        local_date: parsed(row, 14)?,
        local_hour: row.get(15)?,
        weekday: row.get(16)?,
        business_date: parsed(row, 17)?,
        business_weekday: row.get(18)?,
    })
}

pub(super) fn id(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let stored: i64 = row.get(column)?;
    u64::try_from(stored).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, stored))
}

pub(super) fn optional_id(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<u64>> {
    match row.get_ref(column)? {
        rusqlite::types::ValueRef::Null => Ok(None),
        _ => id(row, column).map(Some),
    }
}

pub(super) fn json<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> Result<T, StorageError> {
    let text = row.get_ref(column)?.as_str().map_err(corrupt)?;
    serde_json::from_str(text).map_err(corrupt)
}

/// One of a few words, written as they are in events.
pub(super) fn word<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> Result<T, StorageError> {
    let name = row.get_ref(column)?.as_str().map_err(corrupt)?;
    T::deserialize(name.into_deserializer()).map_err(|it: serde::de::value::Error| corrupt(it))
}

fn parsed(row: &Row<'_>, column: usize) -> Result<jiff::civil::Date, StorageError> {
    row.get_ref(column)?
        .as_str()
        .map_err(corrupt)?
        .parse()
        .map_err(corrupt)
}

/// A bound that may be above everything stored.
pub(super) fn bound(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The microsecond that `at` falls into.
fn floored(at: Timestamp) -> i64 {
    i64::try_from(at.as_nanosecond().div_euclid(1_000)).unwrap_or(i64::MAX)
}
