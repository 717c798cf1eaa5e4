//! What the writer's tasks do inside its transaction. Text is made before it, by who asks.

use super::failure::corrupt;
use super::task::Heads;
use super::{audit, guest_book, members};
use crate::snapshot::SNAPSHOT_FORMAT;
use crate::{
    AddRestaurantError, Append, AppendError, AuditEntry, KeyRecord, Member, NewChange, Snapshot,
    StorageError, StorageErrorKind, TurnChange, TurnRow,
};
use floor::{GuestWrite, Kind, RestaurantId, Seq, Stage};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, ToSql, params};

/// An [`Append`] ready to be bound.
pub(super) struct Encoded {
    pub(super) rows: Vec<Row>,
    /// Per restaurant: the head it needs, and the head it leaves.
    heads: Vec<(RestaurantId, Seq, Seq)>,
}

/// A change ready to be bound.
pub(super) struct Row {
    restaurant_id: i64,
    seq: i64,
    at: i64,
    who: String,
    events: String,
    guests: Vec<GuestWrite>,
    turns: Vec<TurnChange>,
    members: Vec<Member>,
    audit: Vec<AuditEntry>,
    key: Option<KeyRecord>,
}

/// A [`Snapshot`] ready to be bound.
pub(super) struct EncodedSnapshot {
    restaurant_id: i64,
    seq: i64,
    at: i64,
    digest: String,
    floor: String,
}

/// An append that no journal could take.
#[derive(Debug, thiserror::Error)]
enum Unfit {
    #[error("change {seq} of restaurant {restaurant_id} does not follow the one before it in the append")]
    OutOfOrder { restaurant_id: RestaurantId, seq: Seq },
    #[error("change {seq} of restaurant {restaurant_id} has a time finer than a microsecond")]
    TooFine { restaurant_id: RestaurantId, seq: Seq },
    #[error("the number does not fit")]
    TooLarge(#[from] std::num::TryFromIntError),
    #[error("the change cannot be written as text")]
    Text(#[from] serde_json::Error),
}

impl From<Unfit> for StorageError {
    fn from(unfit: Unfit) -> StorageError {
        StorageError::because(StorageErrorKind::Other, unfit)
    }
}

impl Encoded {
    pub(super) fn new(append: Append) -> Result<Encoded, StorageError> {
        let mut heads: Vec<(RestaurantId, Seq, Seq)> = Vec::new();
        for NewChange { change, .. } in &append.changes {
            let (restaurant_id, seq) = (change.restaurant_id, change.seq);
            match heads.iter_mut().find(|it| it.0 == restaurant_id) {
                Some((.., last)) if seq == last.next() => *last = seq,
                None if seq > Seq::ZERO => heads.push((restaurant_id, Seq(seq.0 - 1), seq)),
                _ => return Err(Unfit::OutOfOrder { restaurant_id, seq }.into()),
            }
        }
        let rows: Result<_, Unfit> = append.changes.into_iter().map(Row::new).collect();
        Ok(Encoded { rows: rows?, heads })
    }
}

impl Row {
    fn new(new: NewChange) -> Result<Row, Unfit> {
        let change = &new.change;
        if change.at.subsec_nanosecond() % 1_000 != 0 {
            return Err(Unfit::TooFine {
                restaurant_id: change.restaurant_id,
                seq: change.seq,
            });
        }
        let members = change.events.iter();
        let members = members.filter_map(|it| Member::after(change.restaurant_id, it));
        Ok(Row {
            restaurant_id: i64::try_from(change.restaurant_id.0)?,
            seq: i64::try_from(change.seq.0)?,
            at: change.at.as_microsecond(),
            who: serde_json::to_string(&change.by)?,
            events: serde_json::to_string(&change.events)?,
            members: members.collect(),
            audit: AuditEntry::of_change(change)?,
            guests: new.guests,
            turns: new.turns,
            key: new.key,
        })
    }
}

impl EncodedSnapshot {
    pub(super) fn new(snapshot: &Snapshot) -> Result<EncodedSnapshot, StorageError> {
        let encode = || -> Result<EncodedSnapshot, Unfit> {
            Ok(EncodedSnapshot {
                restaurant_id: i64::try_from(snapshot.floor.restaurant_id.0)?,
                seq: i64::try_from(snapshot.seq.0)?,
                at: snapshot.at.as_microsecond(),
                digest: snapshot.floor.digest(),
                floor: serde_json::to_string(&snapshot.floor)?,
            })
        };
        Ok(encode()?)
    }
}

/// Whether somebody else wrote first.
pub(super) fn conflict(
    conn: &Connection,
    encoded: &Encoded,
    heads: &mut Heads,
) -> rusqlite::Result<Option<AppendError>> {
    for &(restaurant_id, expected, _) in &encoded.heads {
        let head = match heads.get(&restaurant_id) {
            Some(head) => *head,
            None => super::questions::head(conn, restaurant_id)?,
        };
        heads.insert(restaurant_id, head);
        if head != expected {
            return Ok(Some(AppendError::Conflict { restaurant_id, head }));
        }
    }
    Ok(None)
}

/// Writes changes whose heads have been checked, with everything that goes beside them.
pub(super) fn append(conn: &Connection, encoded: &Encoded, heads: &mut Heads) -> Result<(), StorageError> {
    for row in &encoded.rows {
        append_row(conn, row)?;
    }
    heads.extend(encoded.heads.iter().map(|(id, _, head)| (*id, *head)));
    Ok(())
}

fn append_row(conn: &Connection, row: &Row) -> Result<(), StorageError> {
    const INSERT: &str =
        "INSERT INTO changes (restaurant_id, seq, at, who, events) VALUES (?1, ?2, ?3, ?4, ?5)";
    conn.prepare_cached(INSERT)?
        .execute(params![row.restaurant_id, row.seq, row.at, row.who, row.events])?;
    for guest in &row.guests {
        guest_book::write(conn, row.restaurant_id, guest)?;
    }
    for turn in &row.turns {
        write_turn(conn, row.restaurant_id, turn)?;
    }
    for member in &row.members {
        members::write(conn, member)?;
    }
    for line in &row.audit {
        audit::add(conn, line)?;
    }
    if let Some(key) = &row.key {
        write_answer(conn, row, key)?;
    }
    Ok(())
}

fn write_answer(conn: &Connection, row: &Row, key: &KeyRecord) -> rusqlite::Result<()> {
    // A key that is there already is one that counts as forgotten.
    const UPSERT: &str = "
        INSERT INTO answers (restaurant_id, holder, key, body_hash, seq, at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT (restaurant_id, holder, key) DO UPDATE SET
            body_hash = excluded.body_hash, seq = excluded.seq, at = excluded.at";
    conn.prepare_cached(UPSERT)?.execute(params![
        row.restaurant_id,
        key.name.holder,
        key.name.key,
        key.body_hash,
        row.seq,
        row.at
    ])?;
    Ok(())
}

pub(super) fn write_turn(conn: &Connection, restaurant_id: i64, turn: &TurnChange) -> rusqlite::Result<()> {
    const DELETE: &str = "DELETE FROM turns WHERE restaurant_id = ?1 AND turn_id = ?2";
    match turn {
        TurnChange::Closed(row) => write_turn_row(conn, restaurant_id, row),
        TurnChange::Reopened { turn_id } => {
            let turn_id = stored(turn_id.0)?;
            conn.prepare_cached(DELETE)?
                .execute(params![restaurant_id, turn_id])?;
            Ok(())
        }
    }
}

fn write_turn_row(conn: &Connection, restaurant_id: i64, row: &TurnRow) -> rusqlite::Result<()> {
    const REPLACE: &str = "
        INSERT OR REPLACE INTO turns (
            restaurant_id, turn_id, seq, party_id, waiter_id, table_ids, section_id, plan_id, covers,
            opened_at, closed_at, seconds, forced, stage,
            local_date, local_hour, weekday, business_date, business_weekday)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)";
    let values: [&dyn ToSql; 19] = [
        &restaurant_id,
        &stored(row.turn_id.0)?,
        &stored(row.seq.0)?,
        &row.party_id.map(|it| stored(it.0)).transpose()?,
        &row.waiter_id.map(|it| stored(it.0)).transpose()?,
        &serde_json::to_string(&row.table_ids).map_err(unstorable)?,
        &row.section_id.map(|it| stored(it.0)).transpose()?,
        &row.plan_id.map(|it| stored(it.0)).transpose()?,
        &row.covers.get(),
        &row.opened_at.as_microsecond(),
        &row.closed_at.as_microsecond(),
        &row.seconds,
        &row.forced,
        &stage_name(row.stage),
        &row.local_date.to_string(),
        &row.local_hour,
        &row.weekday,
        &row.business_date.to_string(),
        &row.business_weekday,
    ];
    conn.prepare_cached(REPLACE)?.execute(values)?;
    Ok(())
}

/// A stage's name in the read model, the same as in events.
fn stage_name(stage: Stage) -> &'static str {
    match stage {
        Stage::Seated => "seated",
        Stage::Ordered => "ordered",
        Stage::Served => "served",
        Stage::BillDropped => "bill_dropped",
        Stage::Paid => "paid",
    }
}

pub(super) fn add_restaurant(
    conn: &Connection,
    slug: &str,
) -> rusqlite::Result<Result<RestaurantId, AddRestaurantError>> {
    let other = conn
        .prepare_cached("SELECT id FROM restaurants WHERE slug = ?1")?
        .query_row([slug], |it| it.get::<_, i64>(0))
        .optional()?;
    if let Some(id) = other {
        let restaurant_id = RestaurantId(id.unsigned_abs());
        return Ok(Err(AddRestaurantError::SlugInUse { restaurant_id }));
    }
    let id = reserve_ids(conn, Kind::Restaurant, 1)?;
    conn.prepare_cached("INSERT INTO restaurants (id, slug) VALUES (?1, ?2)")?
        .execute(params![stored(id)?, slug])?;
    Ok(Ok(RestaurantId(id)))
}

pub(super) fn reserve_ids(conn: &Connection, kind: Kind, count: i64) -> rusqlite::Result<u64> {
    const COUNT: &str = "
        INSERT INTO ids (kind, last) VALUES (?1, ?2)
        ON CONFLICT (kind) DO UPDATE SET last = last + excluded.last
        RETURNING last";
    let last: i64 = conn
        .prepare_cached(COUNT)?
        .query_row(params![kind.name(), count], |it| it.get(0))?;
    Ok((last - count + 1).unsigned_abs())
}

pub(super) fn save_snapshot(conn: &Connection, snapshot: &EncodedSnapshot) -> rusqlite::Result<()> {
    const UPSERT: &str = "
        INSERT OR REPLACE INTO snapshots (restaurant_id, seq, format, at, digest, floor)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    conn.prepare_cached(UPSERT)?.execute(params![
        snapshot.restaurant_id,
        snapshot.seq,
        SNAPSHOT_FORMAT,
        snapshot.at,
        snapshot.digest,
        snapshot.floor
    ])?;
    Ok(())
}

/// An id as it is stored.
pub(super) fn stored(id: u64) -> rusqlite::Result<i64> {
    i64::try_from(id).map_err(unstorable)
}

pub(super) fn unstorable(error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(Box::new(error))
}

/// A stored time.
pub(super) fn time(microseconds: i64) -> Result<Timestamp, StorageError> {
    Timestamp::from_microsecond(microseconds).map_err(corrupt)
}
