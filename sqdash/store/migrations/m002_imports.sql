-- What an import understood and refused, which days it covers, remembered layouts, the contributions of the rota.

ALTER TABLE imports ADD COLUMN observed_at TEXT;
ALTER TABLE imports ADD COLUMN zone TEXT;
ALTER TABLE imports ADD COLUMN sheet TEXT;
-- Two sheets of one workbook are two imports of the same bytes.
DROP INDEX imports_hash;
CREATE UNIQUE INDEX imports_hash ON imports (sha256, format, ifnull(sheet, ''))
    WHERE undone_revision IS NULL AND sha256 IS NOT NULL;
ALTER TABLE confirmations ADD COLUMN observed_at TEXT;
ALTER TABLE posts ADD COLUMN published_text TEXT;

-- Whole days of a page (in day_zone) whose posts a batch states: a period covered whole needs nobody's mark.
CREATE TABLE coverage (
    batch INTEGER NOT NULL REFERENCES imports (batch),
    page_id TEXT NOT NULL CHECK (page_id <> ''),
    day_from TEXT NOT NULL CHECK (day_from IS date(day_from, '+0 days')),
    day_to TEXT NOT NULL CHECK (day_to IS date(day_to, '+0 days')),
    CHECK (day_from <= day_to),
    PRIMARY KEY (batch, page_id, day_from)
) STRICT, WITHOUT ROWID;
-- Rows that a batch left out on the person's word, each with its reason.
CREATE TABLE import_rejections (
    batch INTEGER NOT NULL REFERENCES imports (batch),
    ordinal INTEGER NOT NULL CHECK (ordinal >= 1),
    source_row INTEGER CHECK (source_row >= 1),
    column_name TEXT NOT NULL,
    value TEXT NOT NULL,
    code TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (batch, ordinal)
) STRICT, WITHOUT ROWID;
-- How the columns of a file of no known format were assigned, by the signature of its headings; the newest counts.
CREATE TABLE layouts (
    layout INTEGER PRIMARY KEY,
    signature TEXT NOT NULL CHECK (signature <> ''),
    assignment TEXT NOT NULL CHECK (json_valid(assignment)),
    revision INTEGER NOT NULL REFERENCES revisions (revision)
) STRICT;
CREATE INDEX layouts_signature ON layouts (signature);

CREATE TABLE contributions (
    contribution_id TEXT NOT NULL CHECK (contribution_id <> ''),
    due_on TEXT NOT NULL CHECK (due_on IS date(due_on, '+0 days')),
    unit TEXT NOT NULL CHECK (unit <> ''),
    title TEXT,
    role TEXT,
    state TEXT NOT NULL CHECK (state IN ('planned', 'submitted', 'first_review', 'meeting', 'published')),
    post_id TEXT,
    note TEXT,
    source_place TEXT,
    version_id INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL REFERENCES imports (batch),
    source_row INTEGER CHECK (source_row >= 1),
    opened_revision INTEGER NOT NULL REFERENCES revisions (revision),
    closed_revision INTEGER REFERENCES revisions (revision) CHECK (closed_revision >= opened_revision),
    closed_as TEXT CHECK (closed_as IN ('replaced', 'struck', 'undone')),
    closed_reason TEXT,
    CHECK ((closed_revision IS NULL) = (closed_as IS NULL))
) STRICT;
CREATE UNIQUE INDEX contributions_current ON contributions (contribution_id) WHERE closed_revision IS NULL;
CREATE INDEX contributions_history ON contributions (contribution_id) WHERE closed_revision IS NOT NULL;
CREATE INDEX contributions_batch ON contributions (batch);
CREATE INDEX contributions_closed ON contributions (closed_revision) WHERE closed_revision IS NOT NULL;
CREATE INDEX contributions_day ON contributions (due_on) WHERE closed_revision IS NULL;
CREATE TRIGGER contributions_generated BEFORE INSERT ON contributions
WHEN NEW.contribution_id GLOB 'demo-*'
    AND (SELECT value FROM store_info WHERE name = 'kind') IS NOT 'demonstration'
BEGIN
    SELECT RAISE(ABORT, 'generated rows belong in a demonstration store');
END;

-- Distributions are kept for the measures that an indicator judges; nothing reads the others.
DELETE FROM post_month_values WHERE measure NOT IN ('likes', 'reactions', 'reach', 'viewers');
