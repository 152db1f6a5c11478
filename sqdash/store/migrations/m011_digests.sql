-- SQLite has no checksums: each stored row counts in a digest, so that a value that changed on the disk is found.

-- The sum of the row digests of a part of a table: the rows that a revision opened or ended, those of a batch, or all
-- (part 0). What rolls posts up is left out, since it can be worked out anew from them.
CREATE TABLE digests (
    table_name TEXT NOT NULL,
    what TEXT NOT NULL CHECK (what IN ('rows', 'ends')),
    part INTEGER NOT NULL,
    rows INTEGER NOT NULL,
    digest INTEGER NOT NULL,
    PRIMARY KEY (table_name, what, part)
) STRICT, WITHOUT ROWID;
