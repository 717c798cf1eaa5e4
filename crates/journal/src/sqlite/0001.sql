-- The journal's own facts: its epoch.
CREATE TABLE meta (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO meta (name, value) VALUES ('epoch', lower(hex(randomblob(8))));

CREATE TABLE restaurants (
    id   INTEGER NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE
) STRICT;

-- The last id handed out of each kind.
CREATE TABLE ids (
    kind TEXT NOT NULL PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Times are microseconds since 1970, everywhere.
-- No index but the key: each would double what a commit writes when it holds changes of many restaurants.
CREATE TABLE changes (
    restaurant_id INTEGER NOT NULL,
    seq           INTEGER NOT NULL,
    at            INTEGER NOT NULL,
    who           TEXT NOT NULL,
    events        TEXT NOT NULL,
    PRIMARY KEY (restaurant_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE snapshots (
    restaurant_id INTEGER NOT NULL,
    seq           INTEGER NOT NULL,
    format        INTEGER NOT NULL,
    at            INTEGER NOT NULL,
    digest        TEXT NOT NULL,
    floor         TEXT NOT NULL,
    PRIMARY KEY (restaurant_id, seq)
) STRICT;

-- Where each guest's entry is; nowhere once it is erased.
CREATE TABLE guests (
    restaurant_id INTEGER NOT NULL,
    guest_id      INTEGER NOT NULL,
    party_id      INTEGER NOT NULL,
    slot          INTEGER,
    PRIMARY KEY (restaurant_id, guest_id)
) STRICT, WITHOUT ROWID;

-- Everything personal, and nothing personal anywhere else. Rows are added at the end and overwritten
-- in place; they are never deleted, moved or indexed, or their bytes would stay behind.
CREATE TABLE guest_entries (
    slot  INTEGER NOT NULL PRIMARY KEY,
    entry BLOB NOT NULL
) STRICT;

-- Idempotency keys and the changes that answer them.
CREATE TABLE answers (
    restaurant_id INTEGER NOT NULL,
    holder        TEXT NOT NULL,
    key           TEXT NOT NULL,
    body_hash     BLOB NOT NULL,
    seq           INTEGER NOT NULL,
    at            INTEGER NOT NULL,
    PRIMARY KEY (restaurant_id, holder, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX answers_at ON answers (at);

-- Read model: one row per closed turn. Can be rebuilt from the changes.
CREATE TABLE turns (
    restaurant_id    INTEGER NOT NULL,
    turn_id          INTEGER NOT NULL,
    seq              INTEGER NOT NULL,
    party_id         INTEGER,
    waiter_id        INTEGER,
    table_ids        TEXT NOT NULL,
    section_id       INTEGER,
    plan_id          INTEGER,
    covers           INTEGER NOT NULL,
    opened_at        INTEGER NOT NULL,
    closed_at        INTEGER NOT NULL,
    seconds          INTEGER NOT NULL,
    forced           INTEGER NOT NULL,
    stage            TEXT NOT NULL,
    local_date       TEXT NOT NULL,
    local_hour       INTEGER NOT NULL,
    weekday          INTEGER NOT NULL,
    business_date    TEXT NOT NULL,
    business_weekday INTEGER NOT NULL,
    PRIMARY KEY (restaurant_id, turn_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX turns_opened_at ON turns (restaurant_id, opened_at);
