-- Reviews of the report's texts, locks of published years, management's notes on figures.

-- What became of a text: handed in by the lead unit, approved or sent back by research & evaluation.
CREATE TABLE text_reviews (
    year INTEGER NOT NULL CHECK (year BETWEEN 1 AND 999),
    owner TEXT NOT NULL CHECK (owner <> ''),
    number INTEGER NOT NULL CHECK (number >= 0),
    state TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'approved')),
    digest TEXT NOT NULL CHECK (digest <> ''),
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
CREATE UNIQUE INDEX text_reviews_current ON text_reviews (year, owner, number) WHERE closed_revision IS NULL;
CREATE INDEX text_reviews_history ON text_reviews (year, owner, number) WHERE closed_revision IS NOT NULL;
CREATE INDEX text_reviews_batch ON text_reviews (batch);
CREATE INDEX text_reviews_closed ON text_reviews (closed_revision) WHERE closed_revision IS NOT NULL;
-- A published year: locked, its report reads the store as it was at the revision that locked it.
CREATE TABLE year_locks (
    year INTEGER NOT NULL CHECK (year BETWEEN 1 AND 999),
    state TEXT NOT NULL CHECK (state IN ('locked', 'open')),
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
CREATE UNIQUE INDEX year_locks_current ON year_locks (year) WHERE closed_revision IS NULL;
CREATE INDEX year_locks_history ON year_locks (year) WHERE closed_revision IS NOT NULL;
CREATE INDEX year_locks_batch ON year_locks (batch);
CREATE INDEX year_locks_closed ON year_locks (closed_revision) WHERE closed_revision IS NOT NULL;
-- A word of management on a figure of a period.
CREATE TABLE figure_notes (
    indicator TEXT NOT NULL CHECK (indicator <> ''),
    period_from TEXT NOT NULL CHECK (period_from IS date(period_from, '+0 days')),
    period_to TEXT NOT NULL CHECK (period_to IS date(period_to, '+0 days')),
    text TEXT NOT NULL CHECK (text <> ''),
    version_id INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL REFERENCES imports (batch),
    source_row INTEGER CHECK (source_row >= 1),
    opened_revision INTEGER NOT NULL REFERENCES revisions (revision),
    closed_revision INTEGER REFERENCES revisions (revision) CHECK (closed_revision >= opened_revision),
    closed_as TEXT CHECK (closed_as IN ('replaced', 'struck', 'undone')),
    closed_reason TEXT,
    given INTEGER,
    CHECK ((closed_revision IS NULL) = (closed_as IS NULL)),
    CHECK (period_from <= period_to)
) STRICT;
CREATE UNIQUE INDEX figure_notes_current ON figure_notes (indicator, period_from, period_to) WHERE closed_revision IS NULL;
CREATE INDEX figure_notes_history ON figure_notes (indicator, period_from, period_to) WHERE closed_revision IS NOT NULL;
CREATE INDEX figure_notes_batch ON figure_notes (batch);
CREATE INDEX figure_notes_closed ON figure_notes (closed_revision) WHERE closed_revision IS NOT NULL;
