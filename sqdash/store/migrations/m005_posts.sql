-- Posts as lists and groups: what is kept beside them is laid out for reading a period, and filled anew from the rows.

DROP TABLE post_now;
DROP TABLE post_months;
DROP TABLE post_month_values;

-- Newest figures, page by page in order of publication: a period is one stretch a page.
CREATE TABLE post_now (
    page_id TEXT NOT NULL,
    published_at TEXT NOT NULL,
    post_id TEXT NOT NULL,
    month TEXT NOT NULL,
    type TEXT, topic TEXT, unit TEXT,
    first_at TEXT,
    observed_at TEXT,
    likes INTEGER, reactions INTEGER, comments INTEGER, shares INTEGER,
    reach INTEGER, viewers INTEGER, impressions INTEGER, views INTEGER, clicks INTEGER,
    interactions INTEGER,
    engagement REAL,
    batch INTEGER,
    PRIMARY KEY (page_id, published_at, post_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX post_now_post ON post_now (post_id);
-- Figures at a stated age (basis: days); only posts that were observed at about that age.
CREATE TABLE post_aged (
    basis INTEGER NOT NULL,
    page_id TEXT NOT NULL,
    published_at TEXT NOT NULL,
    post_id TEXT NOT NULL,
    observed_at TEXT NOT NULL,
    likes INTEGER, reactions INTEGER, comments INTEGER, shares INTEGER, reach INTEGER, viewers INTEGER,
    PRIMARY KEY (basis, page_id, published_at, post_id)
) STRICT, WITHOUT ROWID;
-- Per page and month: sums, and the least and greatest figure, which say whether a list needs the month at all.
CREATE TABLE post_months (
    measure TEXT NOT NULL,
    page_id TEXT NOT NULL,
    month TEXT NOT NULL,
    posts INTEGER NOT NULL,
    total INTEGER,
    low REAL,
    high REAL,
    observed_to TEXT,
    PRIMARY KEY (measure, page_id, month)
) STRICT, WITHOUT ROWID;
-- The folded messages of a page's month one after another: a search reads nothing else.
CREATE TABLE post_texts (
    page_id TEXT NOT NULL,
    month TEXT NOT NULL,
    posts TEXT NOT NULL,
    messages BLOB NOT NULL,
    UNIQUE (page_id, month)
) STRICT;
-- Sums over all own pages, per month and per year (span); basis 0 is the newest figures. counted_pages are the pages
-- that they count.
CREATE TABLE counted_pages (page_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE post_groups (
    basis INTEGER NOT NULL,
    dimension TEXT NOT NULL,
    span TEXT NOT NULL,
    value TEXT NOT NULL,
    posts INTEGER NOT NULL,
    likes_posts INTEGER NOT NULL, likes INTEGER NOT NULL,
    reactions_posts INTEGER NOT NULL, reactions INTEGER NOT NULL,
    comments_posts INTEGER NOT NULL, comments INTEGER NOT NULL,
    shares_posts INTEGER NOT NULL, shares INTEGER NOT NULL,
    reach_posts INTEGER NOT NULL, reach INTEGER NOT NULL,
    viewers_posts INTEGER NOT NULL, viewers INTEGER NOT NULL,
    over_reach_posts INTEGER NOT NULL, over_reach_interactions INTEGER NOT NULL, over_reach INTEGER NOT NULL,
    over_viewers_posts INTEGER NOT NULL, over_viewers_interactions INTEGER NOT NULL, over_viewers INTEGER NOT NULL,
    PRIMARY KEY (basis, dimension, span, value)
) STRICT, WITHOUT ROWID;
CREATE TABLE post_values (
    basis INTEGER NOT NULL,
    measure TEXT NOT NULL,
    span TEXT NOT NULL,
    value INTEGER NOT NULL,
    posts INTEGER NOT NULL,
    PRIMARY KEY (basis, measure, span, value)
) STRICT, WITHOUT ROWID;
