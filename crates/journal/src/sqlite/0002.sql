-- When a restaurant was removed; what happened there stays.
ALTER TABLE restaurants ADD COLUMN removed_at INTEGER;

-- Read model: who works where. Can be rebuilt from the changes.
CREATE TABLE members (
    restaurant_id INTEGER NOT NULL,
    staff_id      INTEGER NOT NULL,
    name          TEXT NOT NULL,
    roles         TEXT NOT NULL,
    active        INTEGER NOT NULL,
    PRIMARY KEY (restaurant_id, staff_id)
) STRICT, WITHOUT ROWID;

-- The lower case is made by the program: SQLite knows that of ASCII only.
CREATE TABLE accounts (
    staff_id      INTEGER NOT NULL PRIMARY KEY,
    login         TEXT NOT NULL,
    login_lower   TEXT NOT NULL UNIQUE,
    email         TEXT,
    email_lower   TEXT UNIQUE,
    password_hash TEXT,
    pin_hash      TEXT,
    public        INTEGER NOT NULL,
    created_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE api_keys (
    key_id        INTEGER NOT NULL PRIMARY KEY,
    restaurant_id INTEGER NOT NULL,
    name          TEXT NOT NULL,
    role          TEXT NOT NULL,
    hash          BLOB NOT NULL,
    public        INTEGER NOT NULL,
    created_at    INTEGER NOT NULL,
    expires_at    INTEGER,
    revoked_at    INTEGER
) STRICT;

CREATE TABLE devices (
    device_id     INTEGER NOT NULL PRIMARY KEY,
    restaurant_id INTEGER NOT NULL,
    name          TEXT NOT NULL,
    hash          BLOB NOT NULL,
    enrolled_at   INTEGER NOT NULL,
    revoked_at    INTEGER
) STRICT;

CREATE TABLE sign_ins (
    id            TEXT NOT NULL PRIMARY KEY,
    staff_id      INTEGER NOT NULL,
    how           TEXT NOT NULL,
    device_id     INTEGER,
    restaurant_id INTEGER,
    cookie_hash   BLOB,
    refresh_hash  BLOB,
    began_at      INTEGER NOT NULL,
    seen_at       INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL,
    ended_at      INTEGER,
    address       TEXT,
    agent         TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX sign_ins_expires_at ON sign_ins (expires_at);

CREATE TABLE signing_keys (
    kid        TEXT NOT NULL PRIMARY KEY,
    secret     BLOB NOT NULL,
    made_at    INTEGER NOT NULL,
    retired_at INTEGER
) STRICT, WITHOUT ROWID;

-- Rows are added at the end, and dropped when they are old; none is ever altered, and no number comes twice.
CREATE TABLE audit (
    number        INTEGER PRIMARY KEY AUTOINCREMENT,
    at            INTEGER NOT NULL,
    restaurant_id INTEGER,
    what          TEXT NOT NULL,
    who           TEXT NOT NULL,
    facts         TEXT NOT NULL,
    address       TEXT
) STRICT;

CREATE INDEX audit_restaurant ON audit (restaurant_id);
CREATE INDEX audit_at ON audit (at);
