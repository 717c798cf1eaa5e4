//! The register as the readers see it.

use super::appending::time;
use super::questions::{id, optional_id, word};
use super::{Sqlite, members};
use crate::register::Entry;
use crate::{
    Account, ApiKey, AuditEntry, Device, Register, RegisterError, Registration, SignIn, SigningKey,
    StorageError,
};
use floor::{RestaurantId, StaffId};
use jiff::Timestamp;
use rusqlite::{Connection, Params, Row};

impl Sqlite {
    pub(crate) async fn register(&self, now: Timestamp) -> Result<Register, StorageError> {
        self.readers.ask(move |it| register(it, now)).await
    }

    pub(crate) async fn enter(
        &self,
        writes: Vec<Registration>,
        audit: Vec<AuditEntry>,
    ) -> Result<(), RegisterError> {
        let entry = Entry { writes, audit };
        self.write(|answer| super::Task::Enter(entry, answer)).await
    }
}

fn register(conn: &mut Connection, now: Timestamp) -> Result<Register, StorageError> {
    const ACCOUNTS: &str = "
        SELECT staff_id, login, email, password_hash, pin_hash, public, created_at
        FROM accounts ORDER BY staff_id";
    const KEYS: &str = "
        SELECT key_id, restaurant_id, name, role, hash, public, created_at, expires_at, revoked_at
        FROM api_keys ORDER BY key_id";
    const DEVICES: &str = "
        SELECT device_id, restaurant_id, name, hash, enrolled_at, revoked_at
        FROM devices ORDER BY device_id";
    const SIGN_INS: &str = "
        SELECT id, staff_id, how, device_id, restaurant_id, cookie_hash, refresh_hash,
            began_at, seen_at, expires_at, ended_at, address, agent
        FROM sign_ins WHERE expires_at > ?1 ORDER BY began_at, id";
    const SIGNING_KEYS: &str =
        "SELECT kid, secret, made_at, retired_at FROM signing_keys ORDER BY made_at, kid";
    let tx = conn.transaction()?;
    Ok(Register {
        accounts: all(&tx, ACCOUNTS, (), account)?,
        members: members::all(&tx)?,
        keys: all(&tx, KEYS, (), key)?,
        devices: all(&tx, DEVICES, (), device)?,
        sign_ins: all(&tx, SIGN_INS, [now.as_microsecond()], sign_in)?,
        signing_keys: all(&tx, SIGNING_KEYS, (), signing_key)?,
    })
}

fn all<T>(
    conn: &Connection,
    select: &str,
    key: impl Params,
    read: fn(&Row<'_>) -> Result<T, StorageError>,
) -> Result<Vec<T>, StorageError> {
    let mut select = conn.prepare_cached(select)?;
    let mut rows = select.query(key)?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(read(row)?);
    }
    Ok(all)
}

fn account(row: &Row<'_>) -> Result<Account, StorageError> {
    Ok(Account {
        staff_id: StaffId(id(row, 0)?),
        login: row.get(1)?,
        email: row.get(2)?,
        password_hash: row.get(3)?,
        pin_hash: row.get(4)?,
        public: row.get(5)?,
        created_at: time(row.get(6)?)?,
    })
}

fn key(row: &Row<'_>) -> Result<ApiKey, StorageError> {
    Ok(ApiKey {
        key_id: id(row, 0)?,
        restaurant_id: RestaurantId(id(row, 1)?),
        name: row.get(2)?,
        role: word(row, 3)?,
        hash: row.get(4)?,
        public: row.get(5)?,
        created_at: time(row.get(6)?)?,
        expires_at: optional_time(row, 7)?,
        revoked_at: optional_time(row, 8)?,
    })
}

fn device(row: &Row<'_>) -> Result<Device, StorageError> {
    Ok(Device {
        device_id: id(row, 0)?,
        restaurant_id: RestaurantId(id(row, 1)?),
        name: row.get(2)?,
        hash: row.get(3)?,
        enrolled_at: time(row.get(4)?)?,
        revoked_at: optional_time(row, 5)?,
    })
}

fn sign_in(row: &Row<'_>) -> Result<SignIn, StorageError> {
    Ok(SignIn {
        id: row.get(0)?,
        staff_id: StaffId(id(row, 1)?),
        how: word(row, 2)?,
        device_id: optional_id(row, 3)?,
        restaurant_id: optional_id(row, 4)?.map(RestaurantId),
        cookie_hash: row.get(5)?,
        refresh_hash: row.get(6)?,
        began_at: time(row.get(7)?)?,
        seen_at: time(row.get(8)?)?,
        expires_at: time(row.get(9)?)?,
        ended_at: optional_time(row, 10)?,
        address: row.get(11)?,
        agent: row.get(12)?,
    })
}

fn signing_key(row: &Row<'_>) -> Result<SigningKey, StorageError> {
    Ok(SigningKey {
        kid: row.get(0)?,
        secret: row.get(1)?,
        made_at: time(row.get(2)?)?,
        retired_at: optional_time(row, 3)?,
    })
}

/// A stored time, if there is one.
pub(super) fn optional_time(row: &Row<'_>, column: usize) -> Result<Option<Timestamp>, StorageError> {
    row.get::<_, Option<i64>>(column)?.map(time).transpose()
}
