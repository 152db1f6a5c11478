-- When a contribution was submitted, and what the review meetings decided.

ALTER TABLE contributions ADD COLUMN submitted_on TEXT CHECK (submitted_on IS date(submitted_on, '+0 days'));
-- Batches that stated every column there was say nothing of the new one: bits 0 to 8 are the nine columns before it.
UPDATE contributions SET given = 511 WHERE given IS NULL;
UPDATE confirmations SET given = 511 WHERE given IS NULL AND table_name = 'contributions';

CREATE TABLE meeting_decisions (
    meeting TEXT NOT NULL CHECK (meeting <> ''),
    number INTEGER NOT NULL CHECK (number >= 0),
    decision TEXT NOT NULL CHECK (decision <> ''),
    contribution_id TEXT,
    unit TEXT,
    due_on TEXT CHECK (due_on IS date(due_on, '+0 days')),
    done_on TEXT CHECK (done_on IS date(done_on, '+0 days')),
    source_place TEXT,
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
CREATE UNIQUE INDEX meeting_decisions_current ON meeting_decisions (meeting, number) WHERE closed_revision IS NULL;
CREATE INDEX meeting_decisions_history ON meeting_decisions (meeting, number) WHERE closed_revision IS NOT NULL;
CREATE INDEX meeting_decisions_batch ON meeting_decisions (batch);
CREATE INDEX meeting_decisions_closed ON meeting_decisions (closed_revision) WHERE closed_revision IS NOT NULL;
CREATE TRIGGER meeting_decisions_generated BEFORE INSERT ON meeting_decisions
WHEN NEW.meeting GLOB 'demo-*'
    AND (SELECT value FROM store_info WHERE name = 'kind') IS NOT 'demonstration'
BEGIN
    SELECT RAISE(ABORT, 'generated rows belong in a demonstration store');
END;
