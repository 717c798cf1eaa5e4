//! The guest book: everything personal, kept so that it can be erased to the last byte.
//!
//! Overwriting what is deleted is not enough: when a page of the file fills up, its rows are moved, and
//! the bytes stay behind in the room they left. So an entry is never moved. Entries are only ever
//! added at the end, which fills pages one after the other; to change or erase one, its bytes are
//! overwritten in place by as many zeros, and what it has become is added at the end. `guests` says
//! where each guest's entry is. No index holds anything of an entry, and rows are never deleted.

use super::appending::{stored, unstorable};
use super::failure::corrupt;
use super::questions::id;
use crate::{GuestEntry, StorageError};
use floor::{GuestDetails, GuestId, GuestPatch, GuestWrite, PartyId, RestaurantId};
use rusqlite::{Connection, OptionalExtension, Row, params};

/// Where an entry is and what it holds.
struct Place {
    slot: i64,
    details: GuestDetails,
}

/// In place of a party, for somebody who came with none: ids begin at 1.
const NO_PARTY: i64 = 0;

/// Carries out what a change writes into the book.
pub(super) fn write(conn: &Connection, restaurant_id: i64, write: &GuestWrite) -> Result<(), StorageError> {
    match write {
        GuestWrite::Fields(patch) => write_fields(conn, restaurant_id, patch),
        GuestWrite::Erase(guest_id) => empty(conn, restaurant_id, stored(guest_id.0)?).map(drop),
    }
}

fn write_fields(conn: &Connection, restaurant_id: i64, write: &GuestPatch) -> Result<(), StorageError> {
    const POINT: &str = "
        INSERT INTO guests (restaurant_id, guest_id, party_id, slot) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (restaurant_id, guest_id) DO UPDATE SET
            party_id = excluded.party_id, slot = excluded.slot";
    let guest_id = stored(write.guest_id.0)?;
    let place = place(conn, restaurant_id, guest_id)?;
    let (slot, before) = place.map_or_else(Default::default, |it| (Some(it.slot), it.details));
    let details = write.over(before.clone());
    let slot = if details == before {
        slot
    } else {
        blank(conn, slot)?;
        add(conn, &details)?
    };
    let party_id = write.party_id.map_or(Ok(NO_PARTY), |it| stored(it.0))?;
    conn.prepare_cached(POINT)?
        .execute(params![restaurant_id, guest_id, party_id, slot])?;
    Ok(())
}

/// Erases a guest's entry; says whether the book knew the guest.
pub(super) fn erase(
    conn: &Connection,
    restaurant_id: RestaurantId,
    guest_id: GuestId,
) -> Result<bool, StorageError> {
    empty(conn, stored(restaurant_id.0)?, stored(guest_id.0)?)
}

/// Empties an entry; says whether the book knew the guest.
fn empty(conn: &Connection, restaurant_id: i64, guest_id: i64) -> Result<bool, StorageError> {
    const UNPOINT: &str = "UPDATE guests SET slot = NULL WHERE restaurant_id = ?1 AND guest_id = ?2";
    let place = place(conn, restaurant_id, guest_id)?;
    blank(conn, place.map(|it| it.slot))?;
    let n_known = conn
        .prepare_cached(UNPOINT)?
        .execute(params![restaurant_id, guest_id])?;
    Ok(n_known > 0)
}

fn place(conn: &Connection, restaurant_id: i64, guest_id: i64) -> Result<Option<Place>, StorageError> {
    const SELECT: &str = "
        SELECT slot, entry FROM guests JOIN guest_entries USING (slot)
        WHERE restaurant_id = ?1 AND guest_id = ?2";
    let mut select = conn.prepare_cached(SELECT)?;
    let mut rows = select.query(params![restaurant_id, guest_id])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    Ok(Some(Place {
        slot: row.get(0)?,
        details: details(row, 1)?,
    }))
}

/// Overwrites an entry where it stands.
fn blank(conn: &Connection, slot: Option<i64>) -> rusqlite::Result<()> {
    conn.prepare_cached("UPDATE guest_entries SET entry = zeroblob(length(entry)) WHERE slot = ?1")?
        .execute([slot])?;
    Ok(())
}

/// Adds an entry at the end, unless it would be empty.
fn add(conn: &Connection, details: &GuestDetails) -> rusqlite::Result<Option<i64>> {
    if *details == GuestDetails::default() {
        return Ok(None);
    }
    let entry = serde_json::to_vec(details).map_err(unstorable)?;
    conn.prepare_cached("INSERT INTO guest_entries (entry) VALUES (?1) RETURNING slot")?
        .query_row([entry], |row| row.get(0))
        .optional()
}

pub(super) fn guests(
    conn: &mut Connection,
    restaurant_id: RestaurantId,
    guest_ids: &[GuestId],
) -> Result<Vec<(GuestId, GuestDetails)>, StorageError> {
    const SELECT: &str = "
        SELECT guest_id, party_id, entry FROM guests LEFT JOIN guest_entries USING (slot)
        WHERE restaurant_id = ?1 AND guest_id = ?2";
    let tx = conn.transaction()?;
    let mut select = tx.prepare_cached(SELECT)?;
    let mut entries = Vec::with_capacity(guest_ids.len());
    for guest_id in guest_ids {
        let mut rows = select.query(params![stored(restaurant_id.0)?, stored(guest_id.0)?])?;
        if let Some(row) = rows.next()? {
            entries.push((*guest_id, entry(row)?.details));
        }
    }
    Ok(entries)
}

/// Guests whose name in lower case contains `wanted`.
pub(super) fn find_guests(
    conn: &mut Connection,
    restaurant_id: RestaurantId,
    wanted: &str,
    limit: usize,
) -> Result<Vec<GuestEntry>, StorageError> {
    const SELECT: &str = "
        SELECT guest_id, party_id, entry FROM guests JOIN guest_entries USING (slot)
        WHERE restaurant_id = ?1 ORDER BY guest_id DESC";
    let mut select = conn.prepare_cached(SELECT)?;
    let mut rows = select.query([stored(restaurant_id.0)?])?;
    let mut found = Vec::new();
    while found.len() < limit
        && let Some(row) = rows.next()?
    {
        let entry = entry(row)?;
        let name = entry.details.name.as_ref();
        if name.is_some_and(|it| it.as_str().to_lowercase().contains(wanted)) {
            found.push(entry);
        }
    }
    Ok(found)
}

fn entry(row: &Row<'_>) -> Result<GuestEntry, StorageError> {
    Ok(GuestEntry {
        guest_id: GuestId(id(row, 0)?),
        party_id: Some(PartyId(id(row, 1)?)).filter(|it| it.0 != 0),
        details: details(row, 2)?,
    })
}

fn details(row: &Row<'_>, column: usize) -> Result<GuestDetails, StorageError> {
    let stored = row.get_ref(column)?.as_blob_or_null().map_err(corrupt)?;
    stored.map_or_else(
        || Ok(GuestDetails::default()),
        |it| serde_json::from_slice(it).map_err(corrupt),
    )
}
