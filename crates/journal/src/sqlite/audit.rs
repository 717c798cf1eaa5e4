//! The audit list in its table.

use super::Sqlite;
use super::appending::{stored, time, unstorable};
use super::questions::{bound, id, json, optional_id};
use crate::{AuditEntry, AuditRow, StorageError};
use floor::RestaurantId;
use rusqlite::{Connection, Params, Row, params};
use std::collections::BTreeSet;

const COLUMNS: &str = "number, at, restaurant_id, what, who, facts, address";

impl Sqlite {
    pub(crate) async fn audit(
        &self,
        restaurants: Option<&[RestaurantId]>,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<AuditRow>, StorageError> {
        let restaurants = restaurants.map(|it| it.iter().copied().collect());
        let (before, limit) = (before.map_or(i64::MAX, bound), bound(limit as u64));
        self.readers
            .ask(move |conn| match restaurants {
                Some(restaurants) => of_restaurants(conn, &restaurants, before, limit),
                None => of_all(conn, before, limit),
            })
            .await
    }
}

/// Adds a line at the end.
pub(super) fn add(conn: &Connection, entry: &AuditEntry) -> rusqlite::Result<()> {
    const INSERT: &str = "
        INSERT INTO audit (at, restaurant_id, what, who, facts, address) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    conn.prepare_cached(INSERT)?.execute(params![
        entry.at.as_microsecond(),
        entry.restaurant_id.map(|it| stored(it.0)).transpose()?,
        entry.what,
        serde_json::to_string(&entry.by).map_err(unstorable)?,
        serde_json::to_string(&entry.facts).map_err(unstorable)?,
        entry.address
    ])?;
    Ok(())
}

fn of_all(conn: &Connection, before: i64, limit: i64) -> Result<Vec<AuditRow>, StorageError> {
    let select = format!("SELECT {COLUMNS} FROM audit WHERE number < ?1 ORDER BY number DESC LIMIT ?2");
    rows(conn, &select, params![before, limit])
}

/// A page of each restaurant, and of these together the latest lines: no line is looked at for nothing,
/// however rare those of a restaurant are.
fn of_restaurants(
    conn: &mut Connection,
    restaurants: &BTreeSet<RestaurantId>,
    before: i64,
    limit: i64,
) -> Result<Vec<AuditRow>, StorageError> {
    let select = format!(
        "SELECT {COLUMNS} FROM audit WHERE restaurant_id = ?1 AND number < ?2
        ORDER BY number DESC LIMIT ?3"
    );
    let tx = conn.transaction()?;
    let mut lines = Vec::new();
    for restaurant_id in restaurants {
        let key = params![stored(restaurant_id.0)?, before, limit];
        lines.extend(rows(&tx, &select, key)?);
    }
    lines.sort_unstable_by_key(|it| std::cmp::Reverse(it.number));
    lines.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(lines)
}

fn rows(conn: &Connection, select: &str, key: impl Params) -> Result<Vec<AuditRow>, StorageError> {
    let mut select = conn.prepare_cached(select)?;
    let mut rows = select.query(key)?;
    let mut lines = Vec::new();
    while let Some(row) = rows.next()? {
        lines.push(line(row)?);
    }
    Ok(lines)
}

fn line(row: &Row<'_>) -> Result<AuditRow, StorageError> {
    Ok(AuditRow {
        number: id(row, 0)?,
        entry: AuditEntry {
            at: time(row.get(1)?)?,
            restaurant_id: optional_id(row, 2)?.map(RestaurantId),
            what: row.get(3)?,
            by: json(row, 4)?,
            facts: json(row, 5)?,
            address: row.get(6)?,
        },
    })
}
