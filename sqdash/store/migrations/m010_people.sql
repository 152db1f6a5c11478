-- People: accounts, their sessions and failed sign-ins; the one desk; what the audit log adds.

CREATE TABLE accounts (
    account INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 64),
    shown TEXT NOT NULL CHECK (shown <> ''),
    role TEXT NOT NULL CHECK (role IN ('viewer', 'editor', 'reviewer', 'admin')),
    unit TEXT CHECK (unit <> ''),
    hash TEXT NOT NULL CHECK (hash GLOB '$argon2id$*'),
    must_change INTEGER NOT NULL CHECK (must_change IN (0, 1)),
    disabled TEXT CHECK (disabled <> ''),
    idle_from TEXT NOT NULL CHECK (idle_from GLOB '????-??-??T??:??:??*+00:00'),
    last_seen TEXT CHECK (last_seen GLOB '????-??-??T??:??:??*+00:00'),
    password_at TEXT NOT NULL CHECK (password_at GLOB '????-??-??T??:??:??*+00:00'),
    made_at TEXT NOT NULL CHECK (made_at GLOB '????-??-??T??:??:??*+00:00'),
    made_by TEXT NOT NULL CHECK (made_by <> '')
) STRICT;
-- The passwords before the present one that may not be chosen again.
CREATE TABLE account_passwords (
    account INTEGER NOT NULL REFERENCES accounts (account),
    hash TEXT NOT NULL CHECK (hash GLOB '$argon2id$*'),
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??*+00:00')
) STRICT;
CREATE INDEX account_passwords_account ON account_passwords (account);

-- A session's key is the SHA-256 of its token, which is kept nowhere.
CREATE TABLE sessions (
    token TEXT PRIMARY KEY CHECK (length(token) = 64 AND token NOT GLOB '*[^0-9a-f]*'),
    account INTEGER NOT NULL REFERENCES accounts (account),
    how TEXT NOT NULL CHECK (how IN ('account', 'oidc')),
    made_at TEXT NOT NULL CHECK (made_at GLOB '????-??-??T??:??:??*+00:00'),
    seen_at TEXT NOT NULL CHECK (seen_at GLOB '????-??-??T??:??:??*+00:00'),
    ends_at TEXT NOT NULL CHECK (ends_at GLOB '????-??-??T??:??:??*+00:00'),
    ended_at TEXT CHECK (ended_at GLOB '????-??-??T??:??:??*+00:00'),
    why TEXT CHECK (why IN ('signed_out', 'everywhere', 'disabled', 'role', 'password', 'restored')),
    address TEXT NOT NULL,
    CHECK ((ended_at IS NULL) = (why IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_account ON sessions (account) WHERE ended_at IS NULL;

-- Failed sign-ins of a name, whether or not there is such an account, and of an address. A name is kept as a digest too
-- short to find out what was typed: it may have been a password.
CREATE TABLE sign_in_failures (
    kind TEXT NOT NULL CHECK (kind IN ('name', 'address')),
    subject TEXT NOT NULL,
    failures INTEGER NOT NULL CHECK (failures >= 1),
    last_at TEXT NOT NULL CHECK (last_at GLOB '????-??-??T??:??:??*+00:00'),
    locked_until TEXT CHECK (locked_until GLOB '????-??-??T??:??:??*+00:00'),
    PRIMARY KEY (kind, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_failures_last ON sign_in_failures (last_at);

-- Who sits at the one desk of a machine without sign-in, as they say themselves.
CREATE TABLE desk (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    shown TEXT NOT NULL CHECK (shown <> ''),
    unit TEXT CHECK (unit <> ''),
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??*+00:00')
) STRICT;

-- From where something was done: NULL for lines of before, empty for a command.
ALTER TABLE audit_log ADD COLUMN address TEXT;
CREATE INDEX audit_log_at ON audit_log (at);
CREATE INDEX audit_log_revision ON audit_log (revision) WHERE revision IS NOT NULL;
-- Lines may leave after 183 days at the earliest; those from which past states are read never do.
DROP TRIGGER audit_log_no_delete;
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log
WHEN OLD.action IN ('undo', 'redo', 'cover')
    OR OLD.at NOT GLOB '????-??-??T??:??:??*+00:00'
    OR OLD.at >= strftime('%Y-%m-%dT%H:%M:%S', 'now', '-183 days')
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
