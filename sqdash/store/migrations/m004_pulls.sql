-- What pulls did and learnt: runs and their parts, the state of each metric, when each post is read again.

CREATE TABLE pulls (
    pull INTEGER PRIMARY KEY,
    page_id TEXT NOT NULL CHECK (page_id <> ''),
    by TEXT NOT NULL,
    started_at TEXT NOT NULL CHECK (started_at GLOB '????-??-??T??:??:??*+00:00'),
    ended_at TEXT CHECK (ended_at >= started_at),
    state TEXT NOT NULL CHECK (state IN ('running', 'done', 'partly', 'failed', 'limited', 'broken')),
    batch INTEGER REFERENCES imports (batch),
    calls INTEGER NOT NULL DEFAULT 0,
    retries INTEGER NOT NULL DEFAULT 0,
    waited REAL NOT NULL DEFAULT 0,
    resume_at TEXT,
    kind TEXT,
    error TEXT,
    asked_version TEXT,
    answered_version TEXT
) STRICT;
CREATE INDEX pulls_page ON pulls (page_id, pull);
CREATE TABLE pull_parts (
    pull INTEGER NOT NULL REFERENCES pulls (pull),
    ordinal INTEGER NOT NULL CHECK (ordinal >= 1),
    part TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('done', 'not_permitted', 'error')),
    added INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    detail TEXT,
    at TEXT NOT NULL,
    PRIMARY KEY (pull, ordinal)
) STRICT, WITHOUT ROWID;
-- One name of Meta's for one page and period: since when it is as it is, and which of Meta's days were asked for.
CREATE TABLE metric_states (
    page_id TEXT NOT NULL,
    metric TEXT NOT NULL,
    period TEXT NOT NULL,
    measure TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('ok', 'empty', 'not_served', 'not_permitted', 'error')),
    since TEXT NOT NULL,
    checked_at TEXT NOT NULL,
    ok_at TEXT,
    filled_from TEXT CHECK (filled_from IS date(filled_from, '+0 days')),
    filled_to TEXT CHECK (filled_to IS date(filled_to, '+0 days')),
    detail TEXT,
    CHECK ((filled_from IS NULL) = (filled_to IS NULL)),
    CHECK (filled_from <= filled_to),
    PRIMARY KEY (page_id, metric, period)
) STRICT, WITHOUT ROWID;
-- From which day on which of Meta's names gives a measure: days before and after a change are counted differently.
CREATE TABLE measure_breaks (
    page_id TEXT NOT NULL,
    period TEXT NOT NULL,
    measure TEXT NOT NULL,
    day TEXT NOT NULL CHECK (day IS date(day, '+0 days')),
    metric TEXT NOT NULL,
    PRIMARY KEY (page_id, period, measure, day)
) STRICT, WITHOUT ROWID;
-- When a post was last read and is due again; a post that Facebook no longer has keeps its rows.
CREATE TABLE post_reads (
    post_id TEXT PRIMARY KEY,
    page_id TEXT NOT NULL,
    published_at TEXT NOT NULL,
    read_at TEXT NOT NULL,
    due_at TEXT NOT NULL,
    gone_at TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX post_reads_due ON post_reads (page_id, due_at) WHERE gone_at IS NULL;
CREATE INDEX post_reads_published ON post_reads (page_id, published_at);
CREATE INDEX post_reads_gone ON post_reads (page_id, gone_at) WHERE gone_at IS NOT NULL;
-- What is known of a page's posts as a list and of its token (never the token itself).
CREATE TABLE page_reads (
    page_id TEXT PRIMARY KEY,
    listed_at TEXT,
    all_listed_at TEXT,
    token_checked_at TEXT,
    token_valid INTEGER CHECK (token_valid IN (0, 1)),
    token_expires_at TEXT,
    token_access_until TEXT,
    token_missing TEXT,
    token_note TEXT
) STRICT, WITHOUT ROWID;
