//! The rows that say who works where: written beside the changes, read, and worked out anew.

use super::appending::{stored, unstorable};
use super::questions::{id, json};
use crate::{Member, StorageError, StorageErrorKind};
use floor::{Event, RestaurantId, StaffId};
use rusqlite::{Connection, Row, params};

pub(super) fn write(conn: &Connection, member: &Member) -> rusqlite::Result<()> {
    const REPLACE: &str = "
        INSERT OR REPLACE INTO members (restaurant_id, staff_id, name, roles, active)
        VALUES (?1, ?2, ?3, ?4, ?5)";
    conn.prepare_cached(REPLACE)?.execute(params![
        stored(member.restaurant_id.0)?,
        stored(member.staff_id.0)?,
        member.name,
        serde_json::to_string(&member.roles).map_err(unstorable)?,
        member.active
    ])?;
    Ok(())
}

/// Everybody, in the order of restaurants and ids.
pub(super) fn all(conn: &Connection) -> Result<Vec<Member>, StorageError> {
    const SELECT: &str =
        "SELECT restaurant_id, staff_id, name, roles, active FROM members ORDER BY restaurant_id, staff_id";
    let mut select = conn.prepare_cached(SELECT)?;
    let mut rows = select.query(())?;
    let mut members = Vec::new();
    while let Some(row) = rows.next()? {
        members.push(member(row)?);
    }
    Ok(members)
}

/// Goes through the members of a restaurant.
pub(super) fn each(
    conn: &Connection,
    restaurant_id: RestaurantId,
    mut take: impl FnMut(Result<Member, StorageError>),
) -> Result<(), StorageError> {
    const SELECT: &str = "
        SELECT restaurant_id, staff_id, name, roles, active FROM members
        WHERE restaurant_id = ?1 ORDER BY staff_id";
    let mut select = conn.prepare_cached(SELECT)?;
    let mut rows = select.query([stored(restaurant_id.0)?])?;
    while let Some(row) = rows.next()? {
        take(member(row));
    }
    Ok(())
}

fn member(row: &Row<'_>) -> Result<Member, StorageError> {
    Ok(Member {
        restaurant_id: RestaurantId(id(row, 0)?),
        staff_id: StaffId(id(row, 1)?),
        name: row.get(2)?,
        roles: json(row, 3)?,
        active: row.get(4)?,
    })
}

/// Drops a restaurant's members and works them out again from its changes.
pub(super) fn rebuild(conn: &Connection, restaurant_id: RestaurantId) -> Result<(), StorageError> {
    // The names of all events about staff begin with this, and most changes hold none: their text need
    // not be read.
    const SELECT: &str = r#"
        SELECT events FROM changes
        WHERE restaurant_id = ?1 AND instr(events, '"staff_') > 0 ORDER BY seq"#;
    clear(conn, restaurant_id)?;
    let mut select = conn.prepare_cached(SELECT)?;
    let mut rows = select.query([stored(restaurant_id.0)?])?;
    while let Some(row) = rows.next()? {
        let events: Vec<Event> = json(row, 0)?;
        for member in events.iter().filter_map(|it| Member::after(restaurant_id, it)) {
            write(conn, &member)?;
        }
    }
    Ok(())
}

/// Works out the members of a journal that has none yet.
///
/// A restaurant with a change that cannot be read stays without any: its floor does not open either, the
/// check says why, and the other restaurants are not kept waiting for it.
pub(super) fn fill(conn: &Connection) -> Result<(), StorageError> {
    let mut select = conn.prepare("SELECT id FROM restaurants")?;
    let mut rows = select.query(())?;
    while let Some(row) = rows.next()? {
        let restaurant_id = RestaurantId(id(row, 0)?);
        match rebuild(conn, restaurant_id) {
            Err(it) if it.kind() == StorageErrorKind::Corrupt => clear(conn, restaurant_id)?,
            done => done?,
        }
    }
    Ok(())
}

fn clear(conn: &Connection, restaurant_id: RestaurantId) -> rusqlite::Result<()> {
    conn.prepare_cached("DELETE FROM members WHERE restaurant_id = ?1")?
        .execute([stored(restaurant_id.0)?])?;
    Ok(())
}
