-- Base schema: book-keeping, versioned tables, look-ups, roll-ups. Released: never edited, later files add.

-- What this file is, and every change that was made to it.
CREATE TABLE store_info (
    name TEXT PRIMARY KEY CHECK (name IN ('kind', 'made_at', 'made_by')),
    value TEXT NOT NULL
) STRICT;
CREATE TABLE revisions (
    revision INTEGER PRIMARY KEY,
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??*+00:00'),
    by TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;
CREATE TABLE imports (
    batch INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('file', 'entry', 'pull', 'generated')),
    format TEXT NOT NULL,
    file_name TEXT NOT NULL,
    sha256 TEXT,
    encoding TEXT,
    at TEXT NOT NULL,
    by TEXT NOT NULL,
    revision INTEGER NOT NULL REFERENCES revisions (revision),
    rows INTEGER NOT NULL DEFAULT 0,
    added INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    rejected INTEGER NOT NULL DEFAULT 0,
    undone_revision INTEGER REFERENCES revisions (revision),
    note TEXT
) STRICT;
CREATE UNIQUE INDEX imports_revision ON imports (revision);
CREATE UNIQUE INDEX imports_hash ON imports (sha256, format) WHERE undone_revision IS NULL AND sha256 IS NOT NULL;
-- A batch that states a row as it already stands: it has no version of its own, but the row rests on it too.
CREATE TABLE confirmations (
    batch INTEGER NOT NULL REFERENCES imports (batch),
    table_name TEXT NOT NULL,
    version_id INTEGER NOT NULL,
    source_row INTEGER,
    PRIMARY KEY (table_name, version_id, batch)
) STRICT, WITHOUT ROWID;
CREATE INDEX confirmations_batch ON confirmations (batch);
CREATE TABLE audit_log (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    by TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT,
    revision INTEGER REFERENCES revisions (revision)
) STRICT;
CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;

-- Generated rows never get into a real store: neither their batch nor a page of theirs.
CREATE TRIGGER store_kind_kept BEFORE DELETE ON store_info WHEN OLD.name = 'kind'
BEGIN
    SELECT RAISE(ABORT, 'the kind of a store cannot change');
END;
CREATE TRIGGER store_kind_once BEFORE INSERT ON store_info
WHEN NEW.name = 'kind' AND EXISTS (SELECT 1 FROM store_info WHERE name = 'kind')
BEGIN
    SELECT RAISE(ABORT, 'the kind of a store cannot change');
END;
CREATE TRIGGER audit_log_once BEFORE INSERT ON audit_log
WHEN NEW.id IS NOT NULL AND EXISTS (SELECT 1 FROM audit_log WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER store_kind_fixed BEFORE UPDATE ON store_info WHEN OLD.name = 'kind'
BEGIN
    SELECT RAISE(ABORT, 'the kind of a store cannot change');
END;
CREATE TRIGGER imports_generated BEFORE INSERT ON imports
WHEN NEW.kind = 'generated'
    AND (SELECT value FROM store_info WHERE name = 'kind') IS NOT 'demonstration'
BEGIN
    SELECT RAISE(ABORT, 'generated rows belong in a demonstration store');
END;

-- Versioned tables: opened_revision and closed_revision say between which changes a row held.
CREATE TABLE units (
    unit TEXT NOT NULL CHECK (unit <> ''),
    valid_from TEXT CHECK (valid_from IS date(valid_from, '+0 days')),
    valid_to TEXT CHECK (valid_to IS date(valid_to, '+0 days')),
    label TEXT NOT NULL CHECK (label <> ''),
    short TEXT,
    kind TEXT NOT NULL CHECK (kind IN ('unit', 'sub_unit', 'collective')),
    parent TEXT,
    implementing INTEGER NOT NULL CHECK (implementing IN (0, 1)),
    position INTEGER NOT NULL CHECK (position >= 0),
    version_id INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL REFERENCES imports (batch),
    source_row INTEGER CHECK (source_row >= 1),
    opened_revision INTEGER NOT NULL REFERENCES revisions (revision),
    closed_revision INTEGER REFERENCES revisions (revision) CHECK (closed_revision >= opened_revision),
    closed_as TEXT CHECK (closed_as IN ('replaced', 'struck', 'undone')),
    closed_reason TEXT,
    CHECK ((closed_revision IS NULL) = (closed_as IS NULL)),
    CHECK (valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to)
) STRICT;
CREATE UNIQUE INDEX units_current ON units (unit, ifnull(valid_from, '')) WHERE closed_revision IS NULL;
CREATE INDEX units_history ON units (unit, ifnull(valid_from, '')) WHERE closed_revision IS NOT NULL;
CREATE INDEX units_batch ON units (batch);
CREATE INDEX units_closed ON units (closed_revision) WHERE closed_revision IS NOT NULL;
CREATE TABLE unit_members (
    collective TEXT NOT NULL CHECK (collective <> ''),
    member TEXT NOT NULL CHECK (member <> ''),
    version_id INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL REFERENCES imports (batch),
    source_row INTEGER CHECK (source_row >= 1),
    opened_revision INTEGER NOT NULL REFERENCES revisions (revision),
    closed_revision INTEGER REFERENCES revisions (revision) CHECK (closed_revision >= opened_revision),
    closed_as TEXT CHECK (closed_as IN ('replaced', 'struck', 'undone')),
    closed_reason TEXT,
    CHECK ((closed_revision IS NULL) = (closed_as IS NULL))
) STRICT;
CREATE UNIQUE INDEX unit_members_current ON unit_members (collective, member) WHERE closed_revision IS NULL;
CREATE INDEX unit_members_history ON unit_members (collective, member) WHERE closed_revision IS NOT NULL;
CREATE INDEX unit_members_batch ON unit_members (batch);
CREATE INDEX unit_members_closed ON unit_members (closed_revision) WHERE closed_revision IS NOT NULL;
CREATE TABLE plan_years (
    year INTEGER NOT NULL CHECK (year BETWEEN 1 AND 999),
    title TEXT NOT NULL CHECK (title <> ''),
    goal TEXT NOT NULL CHECK (goal <> ''),
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
CREATE UNIQUE INDEX plan_years_current ON plan_years (year) WHERE closed_revision IS NULL;
CREATE INDEX plan_years_history ON plan_years (year) WHERE closed_revision IS NOT NULL;
CREATE INDEX plan_years_batch ON plan_years (batch);
CREATE INDEX plan_years_closed ON plan_years (closed_revision) WHERE closed_revision IS NOT NULL;
CREATE TABLE legal_bases (
    year INTEGER NOT NULL CHECK (year BETWEEN 1 AND 999),
    number INTEGER NOT NULL CHECK (number >= 0),
    issuer TEXT NOT NULL CHECK (issuer <> ''),
    issued_on TEXT NOT NULL CHECK (issued_on IS date(issued_on, '+0 days')),
    document_no TEXT NOT NULL CHECK (document_no <> ''),
    title TEXT NOT NULL CHECK (title <> ''),
    act TEXT NOT NULL CHECK (act <> ''),
    version_id INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL REFERENCES imports (batch),
    source_row INTEGER CHECK (source_row >= 1),
    opened_revision INTEGER NOT NULL REFERENCES revisions (revision),
    closed_revision INTEGER REFERENCES revisions (revision) CHECK (closed_revision >= opened_revision),
    closed_as TEXT CHECK (closed_as IN ('replaced', 'struck', 'undone')),
    closed_reason TEXT,
    CHECK ((closed_revision IS NULL) = (closed_as IS NULL))
) STRICT;
CREATE UNIQUE INDEX legal_bases_current ON legal_bases (year, number) WHERE closed_revision IS NULL;
CREATE INDEX legal_bases_history ON legal_bases (year, number) WHERE closed_revision IS NOT NULL;
CREATE INDEX legal_bases_batch ON legal_bases (batch);
CREATE INDEX legal_bases_closed ON legal_bases (closed_revision) WHERE closed_revision IS NOT NULL;
CREATE TABLE dimensions (
    year INTEGER NOT NULL CHECK (year BETWEEN 1 AND 999),
    dimension INTEGER NOT NULL CHECK (dimension >= 0),
    label TEXT NOT NULL CHECK (label <> ''),
    service_class TEXT,
    measure TEXT,
    units_printed TEXT,
    version_id INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL REFERENCES imports (batch),
    source_row INTEGER CHECK (source_row >= 1),
    opened_revision INTEGER NOT NULL REFERENCES revisions (revision),
    closed_revision INTEGER REFERENCES revisions (revision) CHECK (closed_revision >= opened_revision),
    closed_as TEXT CHECK (closed_as IN ('replaced', 'struck', 'undone')),
    closed_reason TEXT,
    CHECK ((closed_revision IS NULL) = (closed_as IS NULL))
) STRICT;
CREATE UNIQUE INDEX dimensions_current ON dimensions (year, dimension) WHERE closed_revision IS NULL;
CREATE INDEX dimensions_history ON dimensions (year, dimension) WHERE closed_revision IS NOT NULL;
CREATE INDEX dimensions_batch ON dimensions (batch);
CREATE INDEX dimensions_closed ON dimensions (closed_revision) WHERE closed_revision IS NOT NULL;
CREATE TABLE strategies (
    year INTEGER NOT NULL CHECK (year BETWEEN 1 AND 999),
    strategy TEXT NOT NULL CHECK (strategy <> ''),
    dimension INTEGER NOT NULL CHECK (dimension >= 0),
    number INTEGER NOT NULL CHECK (number >= 0),
    label TEXT NOT NULL CHECK (label <> ''),
    version_id INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL REFERENCES imports (batch),
    source_row INTEGER CHECK (source_row >= 1),
    opened_revision INTEGER NOT NULL REFERENCES revisions (revision),
    closed_revision INTEGER REFERENCES revisions (revision) CHECK (closed_revision >= opened_revision),
    closed_as TEXT CHECK (closed_as IN ('replaced', 'struck', 'undone')),
    closed_reason TEXT,
    CHECK ((closed_revision IS NULL) = (closed_as IS NULL))
) STRICT;
CREATE UNIQUE INDEX strategies_current ON strategies (year, strategy) WHERE closed_revision IS NULL;
CREATE INDEX strategies_history ON strategies (year, strategy) WHERE closed_revision IS NOT NULL;
CREATE INDEX strategies_batch ON strategies (batch);
CREATE INDEX strategies_closed ON strategies (closed_revision) WHERE closed_revision IS NOT NULL;
CREATE TABLE plan_groups (
    year INTEGER NOT NULL CHECK (year BETWEEN 1 AND 999),
    strategy TEXT NOT NULL CHECK (strategy <> ''),
    number INTEGER NOT NULL CHECK (number >= 0),
    label TEXT NOT NULL CHECK (label <> ''),
    version_id INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL REFERENCES imports (batch),
    source_row INTEGER CHECK (source_row >= 1),
    opened_revision INTEGER NOT NULL REFERENCES revisions (revision),
    closed_revision INTEGER REFERENCES revisions (revision) CHECK (closed_revision >= opened_revision),
    closed_as TEXT CHECK (closed_as IN ('replaced', 'struck', 'undone')),
    closed_reason TEXT,
    CHECK ((closed_revision IS NULL) = (closed_as IS NULL))
) STRICT;
CREATE UNIQUE INDEX plan_groups_current ON plan_groups (year, strategy, number) WHERE closed_revision IS NULL;
CREATE INDEX plan_groups_history ON plan_groups (year, strategy, number) WHERE closed_revision IS NOT NULL;
CREATE INDEX plan_groups_batch ON plan_groups (batch);
CREATE INDEX plan_groups_closed ON plan_groups (closed_revision) WHERE closed_revision IS NOT NULL;
CREATE TABLE methods (
    year INTEGER NOT NULL CHECK (year BETWEEN 1 AND 999),
    method TEXT NOT NULL CHECK (method <> ''),
    strategy TEXT NOT NULL CHECK (strategy <> ''),
    group_number INTEGER CHECK (group_number >= 0),
    number TEXT NOT NULL CHECK (number <> ''),
    label TEXT NOT NULL CHECK (label <> ''),
    position INTEGER NOT NULL CHECK (position >= 0),
    version_id INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL REFERENCES imports (batch),
    source_row INTEGER CHECK (source_row >= 1),
    opened_revision INTEGER NOT NULL REFERENCES revisions (revision),
    closed_revision INTEGER REFERENCES revisions (revision) CHECK (closed_revision >= opened_revision),
    closed_as TEXT CHECK (closed_as IN ('replaced', 'struck', 'undone')),
    closed_reason TEXT,
    CHECK ((closed_revision IS NULL) = (closed_as IS NULL))
) STRICT;
CREATE UNIQUE INDEX methods_current ON methods (year, method) WHERE closed_revision IS NULL;
CREATE INDEX methods_history ON methods (year, method) WHERE closed_revision IS NOT NULL;
CREATE INDEX methods_batch ON methods (batch);
CREATE INDEX methods_closed ON methods (closed_revision) WHERE closed_revision IS NOT NULL;
CREATE TABLE method_units (
    year INTEGER NOT NULL CHECK (year BETWEEN 1 AND 999),
    method TEXT NOT NULL CHECK (method <> ''),
    position INTEGER NOT NULL CHECK (position >= 0),
    printed TEXT NOT NULL CHECK (printed <> ''),
    unit TEXT NOT NULL CHECK (unit <> ''),
    role TEXT NOT NULL CHECK (role IN ('lead', 'compile')),
    version_id INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL REFERENCES imports (batch),
    source_row INTEGER CHECK (source_row >= 1),
    opened_revision INTEGER NOT NULL REFERENCES revisions (revision),
    closed_revision INTEGER REFERENCES revisions (revision) CHECK (closed_revision >= opened_revision),
    closed_as TEXT CHECK (closed_as IN ('replaced', 'struck', 'undone')),
    closed_reason TEXT,
    CHECK ((closed_revision IS NULL) = (closed_as IS NULL))
) STRICT;
CREATE UNIQUE INDEX method_units_current ON method_units (year, method, position) WHERE closed_revision IS NULL;
CREATE INDEX method_units_history ON method_units (year, method, position) WHERE closed_revision IS NOT NULL;
CREATE INDEX method_units_batch ON method_units (batch);
CREATE INDEX method_units_closed ON method_units (closed_revision) WHERE closed_revision IS NOT NULL;
CREATE TABLE result_texts (
    year INTEGER NOT NULL CHECK (year BETWEEN 1 AND 999),
    owner TEXT NOT NULL CHECK (owner <> ''),
    number INTEGER NOT NULL CHECK (number >= 0),
    text TEXT NOT NULL CHECK (text <> ''),
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
CREATE UNIQUE INDEX result_texts_current ON result_texts (year, owner, number) WHERE closed_revision IS NULL;
CREATE INDEX result_texts_history ON result_texts (year, owner, number) WHERE closed_revision IS NOT NULL;
CREATE INDEX result_texts_batch ON result_texts (batch);
CREATE INDEX result_texts_closed ON result_texts (closed_revision) WHERE closed_revision IS NOT NULL;
CREATE TABLE result_links (
    year INTEGER NOT NULL CHECK (year BETWEEN 1 AND 999),
    method TEXT NOT NULL CHECK (method <> ''),
    owner TEXT NOT NULL CHECK (owner <> ''),
    number INTEGER NOT NULL CHECK (number >= 0),
    version_id INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL REFERENCES imports (batch),
    source_row INTEGER CHECK (source_row >= 1),
    opened_revision INTEGER NOT NULL REFERENCES revisions (revision),
    closed_revision INTEGER REFERENCES revisions (revision) CHECK (closed_revision >= opened_revision),
    closed_as TEXT CHECK (closed_as IN ('replaced', 'struck', 'undone')),
    closed_reason TEXT,
    CHECK ((closed_revision IS NULL) = (closed_as IS NULL))
) STRICT;
CREATE UNIQUE INDEX result_links_current ON result_links (year, method, owner, number) WHERE closed_revision IS NULL;
CREATE INDEX result_links_history ON result_links (year, method, owner, number) WHERE closed_revision IS NOT NULL;
CREATE INDEX result_links_batch ON result_links (batch);
CREATE INDEX result_links_closed ON result_links (closed_revision) WHERE closed_revision IS NOT NULL;
CREATE TABLE method_indicators (
    year INTEGER NOT NULL CHECK (year BETWEEN 1 AND 999),
    method TEXT NOT NULL CHECK (method <> ''),
    indicator TEXT NOT NULL CHECK (indicator <> ''),
    position INTEGER NOT NULL CHECK (position >= 0),
    version_id INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL REFERENCES imports (batch),
    source_row INTEGER CHECK (source_row >= 1),
    opened_revision INTEGER NOT NULL REFERENCES revisions (revision),
    closed_revision INTEGER REFERENCES revisions (revision) CHECK (closed_revision >= opened_revision),
    closed_as TEXT CHECK (closed_as IN ('replaced', 'struck', 'undone')),
    closed_reason TEXT,
    CHECK ((closed_revision IS NULL) = (closed_as IS NULL))
) STRICT;
CREATE UNIQUE INDEX method_indicators_current ON method_indicators (year, method, indicator) WHERE closed_revision IS NULL;
CREATE INDEX method_indicators_history ON method_indicators (year, method, indicator) WHERE closed_revision IS NOT NULL;
CREATE INDEX method_indicators_batch ON method_indicators (batch);
CREATE INDEX method_indicators_closed ON method_indicators (closed_revision) WHERE closed_revision IS NOT NULL;
CREATE TABLE facts (
    year INTEGER NOT NULL CHECK (year BETWEEN 1 AND 999),
    fact TEXT NOT NULL CHECK (fact <> ''),
    label TEXT NOT NULL CHECK (label <> ''),
    value REAL CHECK (value BETWEEN -1e15 AND 1e15),
    low REAL CHECK (low BETWEEN -1e15 AND 1e15),
    high REAL CHECK (high BETWEEN -1e15 AND 1e15),
    qualifier TEXT,
    text TEXT,
    unit TEXT,
    source_place TEXT,
    version_id INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL REFERENCES imports (batch),
    source_row INTEGER CHECK (source_row >= 1),
    opened_revision INTEGER NOT NULL REFERENCES revisions (revision),
    closed_revision INTEGER REFERENCES revisions (revision) CHECK (closed_revision >= opened_revision),
    closed_as TEXT CHECK (closed_as IN ('replaced', 'struck', 'undone')),
    closed_reason TEXT,
    CHECK ((closed_revision IS NULL) = (closed_as IS NULL)),
    CHECK (low IS NULL OR high IS NULL OR low <= high)
) STRICT;
CREATE UNIQUE INDEX facts_current ON facts (year, fact) WHERE closed_revision IS NULL;
CREATE INDEX facts_history ON facts (year, fact) WHERE closed_revision IS NOT NULL;
CREATE INDEX facts_batch ON facts (batch);
CREATE INDEX facts_closed ON facts (closed_revision) WHERE closed_revision IS NOT NULL;
CREATE TABLE targets (
    indicator TEXT NOT NULL CHECK (indicator <> ''),
    kind TEXT NOT NULL CHECK (kind IN ('target', 'further', 'norm')),
    definition INTEGER NOT NULL CHECK (definition >= 0),
    valid_from TEXT NOT NULL CHECK (valid_from IS date(valid_from, '+0 days')),
    valid_to TEXT CHECK (valid_to IS date(valid_to, '+0 days')),
    comparator TEXT NOT NULL CHECK (comparator IN ('>=', '>')),
    value REAL CHECK (value BETWEEN -1e15 AND 1e15),
    every_months INTEGER CHECK (every_months >= 0),
    every_days INTEGER CHECK (every_days >= 0),
    words TEXT,
    note TEXT,
    source_place TEXT,
    version_id INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL REFERENCES imports (batch),
    source_row INTEGER CHECK (source_row >= 1),
    opened_revision INTEGER NOT NULL REFERENCES revisions (revision),
    closed_revision INTEGER REFERENCES revisions (revision) CHECK (closed_revision >= opened_revision),
    closed_as TEXT CHECK (closed_as IN ('replaced', 'struck', 'undone')),
    closed_reason TEXT,
    CHECK ((closed_revision IS NULL) = (closed_as IS NULL)),
    CHECK (valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to)
) STRICT;
CREATE UNIQUE INDEX targets_current ON targets (indicator, kind, definition, valid_from) WHERE closed_revision IS NULL;
CREATE INDEX targets_history ON targets (indicator, kind, definition, valid_from) WHERE closed_revision IS NOT NULL;
CREATE INDEX targets_batch ON targets (batch);
CREATE INDEX targets_closed ON targets (closed_revision) WHERE closed_revision IS NOT NULL;
CREATE TABLE readings (
    indicator TEXT NOT NULL CHECK (indicator <> ''),
    period_from TEXT NOT NULL CHECK (period_from IS date(period_from, '+0 days')),
    period_to TEXT NOT NULL CHECK (period_to IS date(period_to, '+0 days')),
    moment TEXT NOT NULL CHECK (moment IN ('result', 'before', 'also')),
    ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
    value REAL CHECK (value BETWEEN -1e15 AND 1e15),
    low REAL CHECK (low BETWEEN -1e15 AND 1e15),
    high REAL CHECK (high BETWEEN -1e15 AND 1e15),
    qualifier TEXT,
    as_of TEXT CHECK (as_of IS date(as_of, '+0 days')),
    as_of_words TEXT,
    basis TEXT NOT NULL CHECK (basis IN ('reported', 'derived')),
    note TEXT,
    source_place TEXT NOT NULL CHECK (source_place <> ''),
    version_id INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL REFERENCES imports (batch),
    source_row INTEGER CHECK (source_row >= 1),
    opened_revision INTEGER NOT NULL REFERENCES revisions (revision),
    closed_revision INTEGER REFERENCES revisions (revision) CHECK (closed_revision >= opened_revision),
    closed_as TEXT CHECK (closed_as IN ('replaced', 'struck', 'undone')),
    closed_reason TEXT,
    CHECK ((closed_revision IS NULL) = (closed_as IS NULL)),
    CHECK (low IS NULL OR high IS NULL OR low <= high),
    CHECK (value IS NOT NULL OR low IS NOT NULL OR high IS NOT NULL),
    CHECK (period_from <= period_to)
) STRICT;
CREATE UNIQUE INDEX readings_current ON readings (indicator, period_from, period_to, moment, ordinal) WHERE closed_revision IS NULL;
CREATE INDEX readings_history ON readings (indicator, period_from, period_to, moment, ordinal) WHERE closed_revision IS NOT NULL;
CREATE INDEX readings_batch ON readings (batch);
CREATE INDEX readings_closed ON readings (closed_revision) WHERE closed_revision IS NOT NULL;
CREATE TABLE explanations (
    indicator TEXT NOT NULL CHECK (indicator <> ''),
    period_from TEXT NOT NULL CHECK (period_from IS date(period_from, '+0 days')),
    period_to TEXT NOT NULL CHECK (period_to IS date(period_to, '+0 days')),
    kind TEXT NOT NULL CHECK (kind IN ('reason', 'next_step')),
    ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
    text TEXT NOT NULL CHECK (text <> ''),
    unit TEXT,
    source_place TEXT,
    version_id INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL REFERENCES imports (batch),
    source_row INTEGER CHECK (source_row >= 1),
    opened_revision INTEGER NOT NULL REFERENCES revisions (revision),
    closed_revision INTEGER REFERENCES revisions (revision) CHECK (closed_revision >= opened_revision),
    closed_as TEXT CHECK (closed_as IN ('replaced', 'struck', 'undone')),
    closed_reason TEXT,
    CHECK ((closed_revision IS NULL) = (closed_as IS NULL)),
    CHECK (period_from <= period_to)
) STRICT;
CREATE UNIQUE INDEX explanations_current ON explanations (indicator, period_from, period_to, kind, ordinal) WHERE closed_revision IS NULL;
CREATE INDEX explanations_history ON explanations (indicator, period_from, period_to, kind, ordinal) WHERE closed_revision IS NOT NULL;
CREATE INDEX explanations_batch ON explanations (batch);
CREATE INDEX explanations_closed ON explanations (closed_revision) WHERE closed_revision IS NOT NULL;
CREATE TABLE activities (
    activity_id TEXT NOT NULL CHECK (activity_id <> ''),
    kind TEXT NOT NULL CHECK (kind IN ('training', 'seminar', 'outreach', 'visit', 'press_release', 'improvement_report', 'metrology_day', 'agreement', 'association_meeting', 'fan_event', 'review_meeting', 'other')),
    held_on TEXT NOT NULL CHECK (held_on IS date(held_on, '+0 days')),
    ended_on TEXT CHECK (ended_on IS date(ended_on, '+0 days')),
    title TEXT NOT NULL CHECK (title <> ''),
    unit TEXT,
    sessions INTEGER CHECK (sessions >= 0),
    attendees INTEGER CHECK (attendees >= 0),
    partner TEXT,
    place TEXT,
    note TEXT,
    source_place TEXT,
    version_id INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL REFERENCES imports (batch),
    source_row INTEGER CHECK (source_row >= 1),
    opened_revision INTEGER NOT NULL REFERENCES revisions (revision),
    closed_revision INTEGER REFERENCES revisions (revision) CHECK (closed_revision >= opened_revision),
    closed_as TEXT CHECK (closed_as IN ('replaced', 'struck', 'undone')),
    closed_reason TEXT,
    CHECK ((closed_revision IS NULL) = (closed_as IS NULL)),
    CHECK (ended_on IS NULL OR held_on <= ended_on)
) STRICT;
CREATE UNIQUE INDEX activities_current ON activities (activity_id) WHERE closed_revision IS NULL;
CREATE INDEX activities_history ON activities (activity_id) WHERE closed_revision IS NOT NULL;
CREATE INDEX activities_batch ON activities (batch);
CREATE INDEX activities_closed ON activities (closed_revision) WHERE closed_revision IS NOT NULL;
CREATE TABLE surveys (
    survey_id TEXT NOT NULL CHECK (survey_id <> ''),
    year INTEGER NOT NULL CHECK (year BETWEEN 1 AND 999),
    title TEXT NOT NULL CHECK (title <> ''),
    indicator TEXT,
    held_from TEXT CHECK (held_from IS date(held_from, '+0 days')),
    held_to TEXT CHECK (held_to IS date(held_to, '+0 days')),
    asked INTEGER CHECK (asked >= 0),
    valid INTEGER CHECK (valid >= 0),
    satisfaction REAL CHECK (satisfaction BETWEEN -1e15 AND 1e15),
    unit TEXT,
    source_place TEXT,
    version_id INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL REFERENCES imports (batch),
    source_row INTEGER CHECK (source_row >= 1),
    opened_revision INTEGER NOT NULL REFERENCES revisions (revision),
    closed_revision INTEGER REFERENCES revisions (revision) CHECK (closed_revision >= opened_revision),
    closed_as TEXT CHECK (closed_as IN ('replaced', 'struck', 'undone')),
    closed_reason TEXT,
    CHECK ((closed_revision IS NULL) = (closed_as IS NULL)),
    CHECK (held_from IS NULL OR held_to IS NULL OR held_from <= held_to)
) STRICT;
CREATE UNIQUE INDEX surveys_current ON surveys (survey_id) WHERE closed_revision IS NULL;
CREATE INDEX surveys_history ON surveys (survey_id) WHERE closed_revision IS NOT NULL;
CREATE INDEX surveys_batch ON surveys (batch);
CREATE INDEX surveys_closed ON surveys (closed_revision) WHERE closed_revision IS NOT NULL;
CREATE TABLE petitions (
    month TEXT NOT NULL CHECK (month || '-01' IS date(month || '-01', '+0 days')),
    received INTEGER NOT NULL CHECK (received >= 0),
    closed INTEGER NOT NULL CHECK (closed >= 0),
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
CREATE UNIQUE INDEX petitions_current ON petitions (month) WHERE closed_revision IS NULL;
CREATE INDEX petitions_history ON petitions (month) WHERE closed_revision IS NOT NULL;
CREATE INDEX petitions_batch ON petitions (batch);
CREATE INDEX petitions_closed ON petitions (closed_revision) WHERE closed_revision IS NOT NULL;
CREATE TABLE checks (
    check_id TEXT NOT NULL CHECK (check_id <> ''),
    kind TEXT NOT NULL CHECK (kind IN ('six_s', 'phone_test', 'wifi', 'web_review')),
    checked_on TEXT NOT NULL CHECK (checked_on IS date(checked_on, '+0 days')),
    place TEXT,
    people INTEGER CHECK (people >= 0),
    passed INTEGER CHECK (passed IN (0, 1)),
    unit TEXT,
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
CREATE UNIQUE INDEX checks_current ON checks (check_id) WHERE closed_revision IS NULL;
CREATE INDEX checks_history ON checks (check_id) WHERE closed_revision IS NOT NULL;
CREATE INDEX checks_batch ON checks (batch);
CREATE INDEX checks_closed ON checks (closed_revision) WHERE closed_revision IS NOT NULL;
CREATE TABLE ledger_marks (
    indicator TEXT NOT NULL CHECK (indicator <> ''),
    period_from TEXT NOT NULL CHECK (period_from IS date(period_from, '+0 days')),
    period_to TEXT NOT NULL CHECK (period_to IS date(period_to, '+0 days')),
    state TEXT NOT NULL CHECK (state IN ('complete', 'partial')),
    unit TEXT,
    note TEXT,
    version_id INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL REFERENCES imports (batch),
    source_row INTEGER CHECK (source_row >= 1),
    opened_revision INTEGER NOT NULL REFERENCES revisions (revision),
    closed_revision INTEGER REFERENCES revisions (revision) CHECK (closed_revision >= opened_revision),
    closed_as TEXT CHECK (closed_as IN ('replaced', 'struck', 'undone')),
    closed_reason TEXT,
    CHECK ((closed_revision IS NULL) = (closed_as IS NULL)),
    CHECK (period_from <= period_to)
) STRICT;
CREATE UNIQUE INDEX ledger_marks_current ON ledger_marks (indicator, period_from, period_to) WHERE closed_revision IS NULL;
CREATE INDEX ledger_marks_history ON ledger_marks (indicator, period_from, period_to) WHERE closed_revision IS NOT NULL;
CREATE INDEX ledger_marks_batch ON ledger_marks (batch);
CREATE INDEX ledger_marks_closed ON ledger_marks (closed_revision) WHERE closed_revision IS NOT NULL;
CREATE TABLE milestones (
    year INTEGER NOT NULL CHECK (year BETWEEN 1 AND 999),
    ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
    happened_on TEXT CHECK (happened_on IS date(happened_on, '+0 days')),
    title TEXT NOT NULL CHECK (title <> ''),
    detail TEXT,
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
CREATE UNIQUE INDEX milestones_current ON milestones (year, ordinal) WHERE closed_revision IS NULL;
CREATE INDEX milestones_history ON milestones (year, ordinal) WHERE closed_revision IS NOT NULL;
CREATE INDEX milestones_batch ON milestones (batch);
CREATE INDEX milestones_closed ON milestones (closed_revision) WHERE closed_revision IS NOT NULL;
CREATE TABLE innovation_items (
    year INTEGER NOT NULL CHECK (year BETWEEN 1 AND 999),
    number INTEGER NOT NULL CHECK (number >= 0),
    label TEXT NOT NULL CHECK (label <> ''),
    state TEXT NOT NULL CHECK (state IN ('done', 'strengthened', 'continuing', 'not_enough')),
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
CREATE UNIQUE INDEX innovation_items_current ON innovation_items (year, number) WHERE closed_revision IS NULL;
CREATE INDEX innovation_items_history ON innovation_items (year, number) WHERE closed_revision IS NOT NULL;
CREATE INDEX innovation_items_batch ON innovation_items (batch);
CREATE INDEX innovation_items_closed ON innovation_items (closed_revision) WHERE closed_revision IS NOT NULL;
CREATE TABLE recognitions (
    year INTEGER NOT NULL CHECK (year BETWEEN 1 AND 999),
    ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
    label TEXT NOT NULL CHECK (label <> ''),
    level TEXT,
    obtained_year INTEGER CHECK (obtained_year BETWEEN 1 AND 999),
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
CREATE UNIQUE INDEX recognitions_current ON recognitions (year, ordinal) WHERE closed_revision IS NULL;
CREATE INDEX recognitions_history ON recognitions (year, ordinal) WHERE closed_revision IS NOT NULL;
CREATE INDEX recognitions_batch ON recognitions (batch);
CREATE INDEX recognitions_closed ON recognitions (closed_revision) WHERE closed_revision IS NOT NULL;
CREATE TABLE site_sections (
    year INTEGER NOT NULL CHECK (year BETWEEN 1 AND 999),
    position INTEGER NOT NULL CHECK (position >= 0),
    label TEXT NOT NULL CHECK (label <> ''),
    version_id INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL REFERENCES imports (batch),
    source_row INTEGER CHECK (source_row >= 1),
    opened_revision INTEGER NOT NULL REFERENCES revisions (revision),
    closed_revision INTEGER REFERENCES revisions (revision) CHECK (closed_revision >= opened_revision),
    closed_as TEXT CHECK (closed_as IN ('replaced', 'struck', 'undone')),
    closed_reason TEXT,
    CHECK ((closed_revision IS NULL) = (closed_as IS NULL))
) STRICT;
CREATE UNIQUE INDEX site_sections_current ON site_sections (year, position) WHERE closed_revision IS NULL;
CREATE INDEX site_sections_history ON site_sections (year, position) WHERE closed_revision IS NOT NULL;
CREATE INDEX site_sections_batch ON site_sections (batch);
CREATE INDEX site_sections_closed ON site_sections (closed_revision) WHERE closed_revision IS NOT NULL;
CREATE TABLE pages (
    page_id TEXT NOT NULL CHECK (page_id <> ''),
    kind TEXT NOT NULL CHECK (kind IN ('own', 'benchmark', 'unassigned')),
    label TEXT NOT NULL CHECK (label <> ''),
    url TEXT,
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
CREATE UNIQUE INDEX pages_current ON pages (page_id) WHERE closed_revision IS NULL;
CREATE INDEX pages_history ON pages (page_id) WHERE closed_revision IS NOT NULL;
CREATE INDEX pages_batch ON pages (batch);
CREATE INDEX pages_closed ON pages (closed_revision) WHERE closed_revision IS NOT NULL;
CREATE TABLE holidays (
    day TEXT NOT NULL CHECK (day IS date(day, '+0 days')),
    label TEXT NOT NULL CHECK (label <> ''),
    working INTEGER NOT NULL CHECK (working IN (0, 1)),
    version_id INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL REFERENCES imports (batch),
    source_row INTEGER CHECK (source_row >= 1),
    opened_revision INTEGER NOT NULL REFERENCES revisions (revision),
    closed_revision INTEGER REFERENCES revisions (revision) CHECK (closed_revision >= opened_revision),
    closed_as TEXT CHECK (closed_as IN ('replaced', 'struck', 'undone')),
    closed_reason TEXT,
    CHECK ((closed_revision IS NULL) = (closed_as IS NULL))
) STRICT;
CREATE UNIQUE INDEX holidays_current ON holidays (day) WHERE closed_revision IS NULL;
CREATE INDEX holidays_history ON holidays (day) WHERE closed_revision IS NOT NULL;
CREATE INDEX holidays_batch ON holidays (batch);
CREATE INDEX holidays_closed ON holidays (closed_revision) WHERE closed_revision IS NOT NULL;
CREATE TABLE posts (
    post_id TEXT NOT NULL CHECK (post_id <> ''),
    page_id TEXT NOT NULL CHECK (page_id <> ''),
    published_at TEXT NOT NULL CHECK (
        published_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+08:00'
        AND substr(published_at, 1, 10) IS date(substr(published_at, 1, 10), '+0 days')
    ),
    type TEXT,
    message TEXT,
    permalink TEXT,
    topic TEXT,
    unit TEXT,
    boosted INTEGER CHECK (boosted IN (0, 1)),
    version_id INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL REFERENCES imports (batch),
    source_row INTEGER CHECK (source_row >= 1),
    opened_revision INTEGER NOT NULL REFERENCES revisions (revision),
    closed_revision INTEGER REFERENCES revisions (revision) CHECK (closed_revision >= opened_revision),
    closed_as TEXT CHECK (closed_as IN ('replaced', 'struck', 'undone')),
    closed_reason TEXT,
    CHECK ((closed_revision IS NULL) = (closed_as IS NULL))
) STRICT;
CREATE UNIQUE INDEX posts_current ON posts (post_id) WHERE closed_revision IS NULL;
CREATE INDEX posts_history ON posts (post_id) WHERE closed_revision IS NOT NULL;
CREATE INDEX posts_batch ON posts (batch);
CREATE INDEX posts_closed ON posts (closed_revision) WHERE closed_revision IS NOT NULL;
CREATE TABLE snapshots (
    post_id TEXT NOT NULL CHECK (post_id <> ''),
    observed_at TEXT NOT NULL CHECK (
        observed_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+08:00'
        AND substr(observed_at, 1, 10) IS date(substr(observed_at, 1, 10), '+0 days')
    ),
    likes INTEGER CHECK (likes >= 0),
    reactions INTEGER CHECK (reactions >= 0),
    comments INTEGER CHECK (comments >= 0),
    shares INTEGER CHECK (shares >= 0),
    reach INTEGER CHECK (reach >= 0),
    viewers INTEGER CHECK (viewers >= 0),
    impressions INTEGER CHECK (impressions >= 0),
    views INTEGER CHECK (views >= 0),
    clicks INTEGER CHECK (clicks >= 0),
    version_id INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL REFERENCES imports (batch),
    source_row INTEGER CHECK (source_row >= 1),
    opened_revision INTEGER NOT NULL REFERENCES revisions (revision),
    closed_revision INTEGER REFERENCES revisions (revision) CHECK (closed_revision >= opened_revision),
    closed_as TEXT CHECK (closed_as IN ('replaced', 'struck', 'undone')),
    closed_reason TEXT,
    CHECK ((closed_revision IS NULL) = (closed_as IS NULL))
) STRICT;
CREATE UNIQUE INDEX snapshots_current ON snapshots (post_id, observed_at) WHERE closed_revision IS NULL;
CREATE INDEX snapshots_history ON snapshots (post_id, observed_at) WHERE closed_revision IS NOT NULL;
CREATE INDEX snapshots_batch ON snapshots (batch);
CREATE INDEX snapshots_closed ON snapshots (closed_revision) WHERE closed_revision IS NOT NULL;
CREATE TABLE page_days (
    page_id TEXT NOT NULL CHECK (page_id <> ''),
    day TEXT NOT NULL CHECK (day IS date(day, '+0 days')),
    day_zone TEXT NOT NULL CHECK (day_zone <> ''),
    measure TEXT NOT NULL CHECK (measure IN ('fans', 'followers', 'new_followers', 'lost_followers', 'reach', 'viewers', 'impressions', 'views', 'interactions', 'link_clicks', 'page_visits', 'video_views')),
    value INTEGER NOT NULL CHECK (value >= 0),
    version_id INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL REFERENCES imports (batch),
    source_row INTEGER CHECK (source_row >= 1),
    opened_revision INTEGER NOT NULL REFERENCES revisions (revision),
    closed_revision INTEGER REFERENCES revisions (revision) CHECK (closed_revision >= opened_revision),
    closed_as TEXT CHECK (closed_as IN ('replaced', 'struck', 'undone')),
    closed_reason TEXT,
    CHECK ((closed_revision IS NULL) = (closed_as IS NULL))
) STRICT;
CREATE UNIQUE INDEX page_days_current ON page_days (page_id, day, day_zone, measure) WHERE closed_revision IS NULL;
CREATE INDEX page_days_history ON page_days (page_id, day, day_zone, measure) WHERE closed_revision IS NOT NULL;
CREATE INDEX page_days_batch ON page_days (batch);
CREATE INDEX page_days_closed ON page_days (closed_revision) WHERE closed_revision IS NOT NULL;
CREATE TRIGGER pages_generated BEFORE INSERT ON pages
WHEN NEW.page_id GLOB 'demo-*'
    AND (SELECT value FROM store_info WHERE name = 'kind') IS NOT 'demonstration'
BEGIN
    SELECT RAISE(ABORT, 'generated rows belong in a demonstration store');
END;
CREATE TRIGGER posts_generated BEFORE INSERT ON posts
WHEN NEW.page_id GLOB 'demo-*'
    AND (SELECT value FROM store_info WHERE name = 'kind') IS NOT 'demonstration'
BEGIN
    SELECT RAISE(ABORT, 'generated rows belong in a demonstration store');
END;
CREATE TRIGGER page_days_generated BEFORE INSERT ON page_days
WHEN NEW.page_id GLOB 'demo-*'
    AND (SELECT value FROM store_info WHERE name = 'kind') IS NOT 'demonstration'
BEGIN
    SELECT RAISE(ABORT, 'generated rows belong in a demonstration store');
END;

CREATE TRIGGER activities_generated BEFORE INSERT ON activities
WHEN NEW.activity_id GLOB 'demo-*'
    AND (SELECT value FROM store_info WHERE name = 'kind') IS NOT 'demonstration'
BEGIN
    SELECT RAISE(ABORT, 'generated rows belong in a demonstration store');
END;
CREATE TRIGGER checks_generated BEFORE INSERT ON checks
WHEN NEW.check_id GLOB 'demo-*'
    AND (SELECT value FROM store_info WHERE name = 'kind') IS NOT 'demonstration'
BEGIN
    SELECT RAISE(ABORT, 'generated rows belong in a demonstration store');
END;
CREATE TRIGGER surveys_generated BEFORE INSERT ON surveys
WHEN NEW.survey_id GLOB 'demo-*'
    AND (SELECT value FROM store_info WHERE name = 'kind') IS NOT 'demonstration'
BEGIN
    SELECT RAISE(ABORT, 'generated rows belong in a demonstration store');
END;
CREATE TRIGGER snapshots_generated BEFORE INSERT ON snapshots
WHEN NEW.post_id GLOB 'demo-*'
    AND (SELECT value FROM store_info WHERE name = 'kind') IS NOT 'demonstration'
BEGIN
    SELECT RAISE(ABORT, 'generated rows belong in a demonstration store');
END;
CREATE TRIGGER petitions_generated BEFORE INSERT ON petitions
WHEN NEW.source_place = '示範資料'
    AND (SELECT value FROM store_info WHERE name = 'kind') IS NOT 'demonstration'
BEGIN
    SELECT RAISE(ABORT, 'generated rows belong in a demonstration store');
END;
CREATE TRIGGER readings_generated BEFORE INSERT ON readings
WHEN NEW.source_place = '示範資料'
    AND (SELECT value FROM store_info WHERE name = 'kind') IS NOT 'demonstration'
BEGIN
    SELECT RAISE(ABORT, 'generated rows belong in a demonstration store');
END;
CREATE TRIGGER targets_generated BEFORE INSERT ON targets
WHEN NEW.source_place = '示範資料'
    AND (SELECT value FROM store_info WHERE name = 'kind') IS NOT 'demonstration'
BEGIN
    SELECT RAISE(ABORT, 'generated rows belong in a demonstration store');
END;
CREATE TRIGGER explanations_generated BEFORE INSERT ON explanations
WHEN NEW.source_place = '示範資料'
    AND (SELECT value FROM store_info WHERE name = 'kind') IS NOT 'demonstration'
BEGIN
    SELECT RAISE(ABORT, 'generated rows belong in a demonstration store');
END;
CREATE TRIGGER ledger_marks_generated BEFORE INSERT ON ledger_marks
WHEN NEW.note = '示範'
    AND (SELECT value FROM store_info WHERE name = 'kind') IS NOT 'demonstration'
BEGIN
    SELECT RAISE(ABORT, 'generated rows belong in a demonstration store');
END;

-- Look-ups by time.
CREATE INDEX activities_day ON activities (held_on) WHERE closed_revision IS NULL;
CREATE INDEX checks_day ON checks (checked_on) WHERE closed_revision IS NULL;
CREATE INDEX readings_period ON readings (period_from, period_to) WHERE closed_revision IS NULL;
CREATE INDEX page_days_measure ON page_days (page_id, measure, day) WHERE closed_revision IS NULL;

-- Kept in the transaction of the rows they come from, so that no screen reads every post or snapshot.
CREATE TABLE post_now (
    post_id TEXT PRIMARY KEY,
    page_id TEXT NOT NULL,
    published_at TEXT NOT NULL,
    month TEXT NOT NULL,
    observed_at TEXT,
    likes INTEGER, reactions INTEGER, comments INTEGER, shares INTEGER,
    reach INTEGER, viewers INTEGER, impressions INTEGER, views INTEGER, clicks INTEGER,
    batch INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX post_now_published ON post_now (page_id, published_at);
CREATE TABLE post_months (
    page_id TEXT NOT NULL,
    month TEXT NOT NULL,
    measure TEXT NOT NULL,
    posts INTEGER NOT NULL,
    total INTEGER,
    observed_to TEXT,
    PRIMARY KEY (page_id, month, measure)
) STRICT, WITHOUT ROWID;
CREATE TABLE post_month_values (
    page_id TEXT NOT NULL,
    month TEXT NOT NULL,
    measure TEXT NOT NULL,
    value INTEGER NOT NULL,
    posts INTEGER NOT NULL,
    PRIMARY KEY (page_id, month, measure, value)
) STRICT, WITHOUT ROWID;
