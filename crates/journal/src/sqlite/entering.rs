//! What the writer does to the register inside its transaction.

use super::appending::stored;
use super::audit;
use crate::register::Entry;
use crate::{Account, ApiKey, Device, How, RegisterError, Registration, SignIn, SigningKey, StorageError};
use floor::{Role, StaffId};
use jiff::Timestamp;
use rusqlite::{Connection, ToSql, params};

/// Writes all of an entry, or nothing of it and says why. What others wrote into the same transaction
/// stays.
pub(super) fn enter(conn: &Connection, entry: &Entry) -> Result<Result<(), RegisterError>, StorageError> {
    let run = |sql| conn.prepare_cached(sql)?.execute(());
    run("SAVEPOINT entry")?;
    let refusal = write_all(conn, entry)?;
    if refusal.is_some() {
        run("ROLLBACK TO entry")?;
    }
    run("RELEASE entry")?;
    Ok(refusal.map_or(Ok(()), Err))
}

fn write_all(conn: &Connection, entry: &Entry) -> rusqlite::Result<Option<RegisterError>> {
    for registration in &entry.writes {
        let refusal = write(conn, registration)?;
        if refusal.is_some() {
            return Ok(refusal);
        }
    }
    for line in &entry.audit {
        audit::add(conn, line)?;
    }
    Ok(None)
}

fn write(conn: &Connection, registration: &Registration) -> rusqlite::Result<Option<RegisterError>> {
    match registration {
        Registration::Account(it) => return write_account(conn, it),
        Registration::Key(it) => write_key(conn, it)?,
        Registration::Device(it) => write_device(conn, it)?,
        Registration::SignIn(it) => write_sign_in(conn, it)?,
        Registration::SigningKey(it) => write_signing_key(conn, it)?,
        Registration::Rotate {
            id,
            from,
            to,
            seen_at,
            expires_at,
        } => {
            const SWAP: &str = "
                UPDATE sign_ins SET refresh_hash = ?3, seen_at = ?4, expires_at = ?5
                WHERE id = ?1 AND refresh_hash = ?2 AND ended_at IS NULL";
            let (seen_at, expires_at) = (seen_at.as_microsecond(), expires_at.as_microsecond());
            return alter(conn, SWAP, &[id, from, to, &seen_at, &expires_at]);
        }
        Registration::Restaurant {
            restaurant_id,
            removed_at,
        } => {
            const MARK: &str = "UPDATE restaurants SET removed_at = ?2 WHERE id = ?1";
            return alter(conn, MARK, &[&stored(restaurant_id.0)?, &optional(*removed_at)]);
        }
        Registration::ForgetPublic => forget_public(conn)?,
    }
    Ok(None)
}

/// Alters a row that must be there.
fn alter(conn: &Connection, update: &str, values: &[&dyn ToSql]) -> rusqlite::Result<Option<RegisterError>> {
    let n_altered = conn.prepare_cached(update)?.execute(values)?;
    Ok((n_altered == 0).then_some(RegisterError::Conflict))
}

fn write_account(conn: &Connection, account: &Account) -> rusqlite::Result<Option<RegisterError>> {
    // Whoever has the login or the e-mail already must stay: only the row of the same person gives way.
    const UPSERT: &str = "
        INSERT INTO accounts (
            staff_id, login, login_lower, email, email_lower, password_hash, pin_hash, public, created_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        ON CONFLICT (staff_id) DO UPDATE SET
            login = excluded.login, login_lower = excluded.login_lower,
            email = excluded.email, email_lower = excluded.email_lower,
            password_hash = excluded.password_hash, pin_hash = excluded.pin_hash,
            public = excluded.public, created_at = excluded.created_at";
    let login_lower = account.login.to_lowercase();
    let email_lower = account.email.as_ref().map(|it| it.to_lowercase());
    if is_taken(conn, account.staff_id, &login_lower)? {
        return Ok(Some(RegisterError::Taken { field: "login" }));
    }
    if let Some(email) = &email_lower
        && is_taken(conn, account.staff_id, email)?
    {
        return Ok(Some(RegisterError::Taken { field: "email" }));
    }
    conn.prepare_cached(UPSERT)?.execute(params![
        stored(account.staff_id.0)?,
        account.login,
        login_lower,
        account.email,
        email_lower,
        account.password_hash,
        account.pin_hash,
        account.public,
        account.created_at.as_microsecond()
    ])?;
    Ok(None)
}

/// Whether somebody else signs in with this already, as login or as e-mail.
fn is_taken(conn: &Connection, staff_id: StaffId, name_lower: &str) -> rusqlite::Result<bool> {
    const SELECT: &str = "
        SELECT EXISTS (SELECT 1 FROM accounts
            WHERE (login_lower = ?2 OR email_lower = ?2) AND staff_id <> ?1)";
    conn.prepare_cached(SELECT)?
        .query_row(params![stored(staff_id.0)?, name_lower], |it| it.get(0))
}

fn write_key(conn: &Connection, key: &ApiKey) -> rusqlite::Result<()> {
    const REPLACE: &str = "
        INSERT OR REPLACE INTO api_keys (
            key_id, restaurant_id, name, role, hash, public, created_at, expires_at, revoked_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    conn.prepare_cached(REPLACE)?.execute(params![
        stored(key.key_id)?,
        stored(key.restaurant_id.0)?,
        key.name,
        role_name(key.role),
        key.hash,
        key.public,
        key.created_at.as_microsecond(),
        optional(key.expires_at),
        optional(key.revoked_at)
    ])?;
    Ok(())
}

fn write_device(conn: &Connection, device: &Device) -> rusqlite::Result<()> {
    const REPLACE: &str = "
        INSERT OR REPLACE INTO devices (device_id, restaurant_id, name, hash, enrolled_at, revoked_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    conn.prepare_cached(REPLACE)?.execute(params![
        stored(device.device_id)?,
        stored(device.restaurant_id.0)?,
        device.name,
        device.hash,
        device.enrolled_at.as_microsecond(),
        optional(device.revoked_at)
    ])?;
    Ok(())
}

fn write_sign_in(conn: &Connection, sign_in: &SignIn) -> rusqlite::Result<()> {
    const REPLACE: &str = "
        INSERT OR REPLACE INTO sign_ins (
            id, staff_id, how, device_id, restaurant_id, cookie_hash, refresh_hash,
            began_at, seen_at, expires_at, ended_at, address, agent)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
    conn.prepare_cached(REPLACE)?.execute(params![
        sign_in.id,
        stored(sign_in.staff_id.0)?,
        how_name(sign_in.how),
        sign_in.device_id.map(stored).transpose()?,
        sign_in.restaurant_id.map(|it| stored(it.0)).transpose()?,
        sign_in.cookie_hash,
        sign_in.refresh_hash,
        sign_in.began_at.as_microsecond(),
        sign_in.seen_at.as_microsecond(),
        sign_in.expires_at.as_microsecond(),
        optional(sign_in.ended_at),
        sign_in.address,
        sign_in.agent
    ])?;
    Ok(())
}

fn write_signing_key(conn: &Connection, key: &SigningKey) -> rusqlite::Result<()> {
    const REPLACE: &str = "
        INSERT OR REPLACE INTO signing_keys (kid, secret, made_at, retired_at) VALUES (?1, ?2, ?3, ?4)";
    conn.prepare_cached(REPLACE)?.execute(params![
        key.kid,
        key.secret,
        key.made_at.as_microsecond(),
        optional(key.retired_at)
    ])?;
    Ok(())
}

fn forget_public(conn: &Connection) -> rusqlite::Result<()> {
    for delete in [
        "DELETE FROM sign_ins WHERE staff_id IN (SELECT staff_id FROM accounts WHERE public)",
        "DELETE FROM accounts WHERE public",
        "DELETE FROM api_keys WHERE public",
    ] {
        conn.prepare_cached(delete)?.execute(())?;
    }
    Ok(())
}

fn optional(at: Option<Timestamp>) -> Option<i64> {
    at.map(Timestamp::as_microsecond)
}

/// A role's name in the register, the same as in events.
fn role_name(role: Role) -> &'static str {
    match role {
        Role::Admin => "admin",
        Role::Manager => "manager",
        Role::Host => "host",
        Role::Waiter => "waiter",
        Role::Cashier => "cashier",
        Role::Kitchen => "kitchen",
        Role::Analyst => "analyst",
    }
}

/// What [`How`] is stored as, the same as in answers.
fn how_name(how: How) -> &'static str {
    match how {
        How::Password => "password",
        How::Pin => "pin",
        How::Minted => "minted",
    }
}
