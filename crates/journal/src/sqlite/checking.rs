//! Hands everything in the file to the check, restaurant by restaurant.

use super::members;
use super::questions::{self, id};
use super::readers::Readers;
use super::{Sqlite, appending::stored};
use crate::check::{Inspection, Problem, Progress, Report};
use crate::snapshot::SNAPSHOT_FORMAT;
use crate::{StorageError, StorageErrorKind};
use floor::{Floor, GuestId, Kind, RestaurantId, Seq};
use rusqlite::{Connection, params};
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

/// Changes replayed between two words about the progress.
const CHANGES_PER_WORD: u64 = 10_000;

impl Sqlite {
    pub(crate) async fn check(
        &self,
        progress: impl FnMut(Progress) + Send + 'static,
    ) -> Result<Report, StorageError> {
        let readers = self.readers.clone();
        tokio::task::spawn_blocking(move || check(&readers, progress))
            .await
            .map_err(|it| StorageError::because(StorageErrorKind::Other, it))?
    }
}

fn check(readers: &Readers, mut progress: impl FnMut(Progress)) -> Result<Report, StorageError> {
    let mut conn = readers.another()?;
    let mut report = Report::default();
    check_file(&conn, &mut report)?;
    let ids = questions::restaurant_ids(&conn)?;
    let added: BTreeSet<_> = questions::restaurants(&mut conn)?
        .into_iter()
        .map(|it| it.id)
        .collect();
    let n_restaurants = ids.len() as u64;
    for (done, restaurant_id) in (0..).zip(ids) {
        let mut tell = |n_changes| {
            progress(Progress {
                n_restaurants_done: done,
                n_restaurants,
                n_changes,
            });
        };
        let mut inspection = Inspection::new(&mut report, restaurant_id);
        if !added.contains(&restaurant_id) {
            inspection.find(None, Problem::NoSuchRestaurant);
        }
        match inspect_restaurant(&mut conn, restaurant_id, inspection, &mut tell) {
            Err(it) if it.kind() == StorageErrorKind::Corrupt => {
                report.push(Some(restaurant_id), None, Problem::Damaged(chain(&it)));
            }
            done => done?,
        }
    }
    progress(Progress {
        n_restaurants_done: n_restaurants,
        n_restaurants,
        n_changes: report.n_changes,
    });
    Ok(report)
}

fn check_file(conn: &Connection, report: &mut Report) -> Result<(), StorageError> {
    let mut select = conn.prepare("PRAGMA integrity_check(20)")?;
    let mut rows = select.query(())?;
    while let Some(row) = rows.next()? {
        let verdict: String = row.get(0)?;
        if verdict != "ok" {
            report.push(None, None, Problem::Damaged(verdict));
        }
    }
    Ok(())
}

/// Looks at one restaurant as it is at one moment, while others write.
fn inspect_restaurant(
    conn: &mut Connection,
    restaurant_id: RestaurantId,
    mut inspection: Inspection<'_>,
    tell: &mut impl FnMut(u64),
) -> Result<(), StorageError> {
    let tx = conn.transaction()?;
    let mut snapshots = snapshots(&tx, restaurant_id)?;
    questions::each_change(&tx, restaurant_id, Seq::ZERO, usize::MAX, |seq, change, _| {
        inspection.change(seq, change.as_ref().map_err(|it| chain(it)));
        if snapshots.remove(&seq) {
            let floor = snapshot_floor(&tx, restaurant_id, seq)?;
            inspection.snapshot(seq, floor.as_ref().map_err(|it| chain(it)));
        }
        if inspection.n_changes().is_multiple_of(CHANGES_PER_WORD) {
            tell(inspection.n_changes());
        }
        Ok(true)
    })?;
    for seq in snapshots {
        inspection.find(Some(seq), Problem::SnapshotOfNothing);
    }
    questions::each_turn(&tx, restaurant_id, |row| {
        inspection.turn(row.as_ref().map_err(|it| chain(it)));
    })?;
    members::each(&tx, restaurant_id, |row| {
        inspection.member(row.as_ref().map_err(|it| chain(it)));
    })?;
    inspect_guests(&tx, restaurant_id, &mut inspection)?;
    inspect_answers(&tx, restaurant_id, &mut inspection)?;
    tell(inspection.n_changes());
    inspection.finish(&reserved(&tx)?);
    Ok(())
}

fn snapshots(conn: &Connection, restaurant_id: RestaurantId) -> Result<BTreeSet<Seq>, StorageError> {
    let mut select =
        conn.prepare_cached("SELECT seq FROM snapshots WHERE restaurant_id = ?1 AND format = ?2")?;
    let seqs = select.query_map(params![stored(restaurant_id.0)?, SNAPSHOT_FORMAT], |row| {
        Ok(Seq(id(row, 0)?))
    })?;
    Ok(seqs.collect::<Result<_, _>>()?)
}

fn snapshot_floor(
    conn: &Connection,
    restaurant_id: RestaurantId,
    seq: Seq,
) -> rusqlite::Result<Result<Floor, serde_json::Error>> {
    conn.prepare_cached("SELECT floor FROM snapshots WHERE restaurant_id = ?1 AND seq = ?2")?
        .query_row(params![stored(restaurant_id.0)?, stored(seq.0)?], |row| {
            Ok(serde_json::from_str(row.get_ref(0)?.as_str()?))
        })
}

fn inspect_guests(
    conn: &Connection,
    restaurant_id: RestaurantId,
    inspection: &mut Inspection<'_>,
) -> Result<(), StorageError> {
    let mut select = conn.prepare_cached("SELECT guest_id FROM guests WHERE restaurant_id = ?1")?;
    let mut rows = select.query([stored(restaurant_id.0)?])?;
    while let Some(row) = rows.next()? {
        inspection.guest(GuestId(id(row, 0)?));
    }
    Ok(())
}

fn inspect_answers(
    conn: &Connection,
    restaurant_id: RestaurantId,
    inspection: &mut Inspection<'_>,
) -> Result<(), StorageError> {
    const SELECT: &str = "
        SELECT answers.seq FROM answers
        LEFT JOIN changes
            ON changes.restaurant_id = answers.restaurant_id AND changes.seq = answers.seq
        WHERE answers.restaurant_id = ?1 AND (changes.seq IS NULL OR changes.at <> answers.at)";
    let mut select = conn.prepare_cached(SELECT)?;
    let mut rows = select.query([stored(restaurant_id.0)?])?;
    while let Some(row) = rows.next()? {
        inspection.find(Some(Seq(id(row, 0)?)), Problem::AnswerOfNothing);
    }
    Ok(())
}

/// The last id handed out of each kind.
fn reserved(conn: &Connection) -> Result<BTreeMap<&'static str, u64>, StorageError> {
    let mut select = conn.prepare_cached("SELECT last FROM ids WHERE kind = ?1")?;
    let mut reserved = BTreeMap::new();
    for kind in Kind::ALL {
        let mut rows = select.query([kind.name()])?;
        if let Some(row) = rows.next()? {
            reserved.insert(kind.name(), id(row, 0)?);
        }
    }
    Ok(reserved)
}

/// An error with its causes, in one line.
fn chain(error: &(dyn Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |it| (*it).source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
