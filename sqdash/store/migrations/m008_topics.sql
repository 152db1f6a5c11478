-- The team's own rules by which a topic is proposed for a post: a phrase in its text.

CREATE TABLE topic_rules (
    topic TEXT NOT NULL CHECK (topic <> ''),
    phrase TEXT NOT NULL CHECK (phrase <> ''),
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
CREATE UNIQUE INDEX topic_rules_current ON topic_rules (topic, phrase) WHERE closed_revision IS NULL;
CREATE INDEX topic_rules_history ON topic_rules (topic, phrase) WHERE closed_revision IS NOT NULL;
CREATE INDEX topic_rules_batch ON topic_rules (batch);
CREATE INDEX topic_rules_closed ON topic_rules (closed_revision) WHERE closed_revision IS NOT NULL;
CREATE TRIGGER topic_rules_generated BEFORE INSERT ON topic_rules
WHEN NEW.note = '示範'
    AND (SELECT value FROM store_info WHERE name = 'kind') IS NOT 'demonstration'
BEGIN
    SELECT RAISE(ABORT, 'generated rows belong in a demonstration store');
END;
