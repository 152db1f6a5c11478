-- What is alerted of, what was alerted and whether it stands, which digests went out and which alerts they told of.

CREATE TABLE alert_rules (
    rule TEXT NOT NULL CHECK (rule IN ('missed', 'behind', 'stale', 'overdue', 'rejected', 'pull', 'token')),
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    threshold REAL CHECK (threshold BETWEEN 0 AND 1e15),
    note TEXT,
    version_id INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL REFERENCES imports (batch),
    source_row INTEGER CHECK (source_row >= 1),
    opened_revision INTEGER NOT NULL REFERENCES revisions (revision),
    closed_revision INTEGER REFERENCES revisions (revision) CHECK (closed_revision >= opened_revision),
    closed_as TEXT CHECK (closed_as IN ('replaced', 'struck', 'undone')),
    closed_reason TEXT,
    given INTEGER,
    CHECK ((closed_revision IS NULL) = (closed_as IS NULL))
) STRICT;
CREATE UNIQUE INDEX alert_rules_current ON alert_rules (rule) WHERE closed_revision IS NULL;
CREATE INDEX alert_rules_history ON alert_rules (rule) WHERE closed_revision IS NOT NULL;
CREATE INDEX alert_rules_batch ON alert_rules (batch);
CREATE INDEX alert_rules_closed ON alert_rules (closed_revision) WHERE closed_revision IS NOT NULL;

-- One line for each time that a cause arose; last_at is when the text was last written, revision that of the rise.
CREATE TABLE alerts (
    alert INTEGER PRIMARY KEY,
    cause TEXT NOT NULL CHECK (cause <> ''),
    rule TEXT NOT NULL CHECK (rule <> ''),
    severity TEXT NOT NULL CHECK (severity IN ('urgent', 'warning', 'notice')),
    text TEXT NOT NULL CHECK (text <> ''),
    page TEXT NOT NULL,
    first_at TEXT NOT NULL CHECK (first_at GLOB '????-??-??T??:??:??*+00:00'),
    last_at TEXT NOT NULL CHECK (last_at GLOB '????-??-??T??:??:??*+00:00'),
    cleared_at TEXT CHECK (cleared_at GLOB '????-??-??T??:??:??*+00:00'),
    revision INTEGER NOT NULL REFERENCES revisions (revision)
) STRICT;
CREATE UNIQUE INDEX alerts_open ON alerts (cause) WHERE cleared_at IS NULL;

-- At most one digest a Taipei day and channel; one whose process died while sending stays 'sending' and is not repeated.
CREATE TABLE alert_digests (
    day TEXT NOT NULL CHECK (day IS date(day, '+0 days')),
    channel TEXT NOT NULL CHECK (channel IN ('mail', 'webhook')),
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??*+00:00'),
    state TEXT NOT NULL CHECK (state IN ('sending', 'sent', 'failed')),
    count INTEGER NOT NULL CHECK (count >= 1),
    attempts INTEGER NOT NULL CHECK (attempts >= 1),
    outcome TEXT,
    PRIMARY KEY (day, channel)
) STRICT, WITHOUT ROWID;
CREATE TABLE alert_sent (
    alert INTEGER NOT NULL REFERENCES alerts (alert),
    channel TEXT NOT NULL CHECK (channel IN ('mail', 'webhook')),
    day TEXT NOT NULL CHECK (day IS date(day, '+0 days')),
    PRIMARY KEY (alert, channel)
) STRICT, WITHOUT ROWID;
