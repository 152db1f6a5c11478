"""The floor of an import: ``csv`` and ``executemany`` into the same tables, nothing checked, nothing compared."""

from __future__ import annotations

import csv
import sqlite3
import sys
from collections import Counter

MEASURES = ("likes", "reactions", "comments", "shares", "reach", "viewers", "impressions", "views", "clicks")
KEPT = ("reactions", "reach")
SEEN = "2026-11-01T08:00:00+08:00"


Rows = list[tuple[object, ...]]
Totals = dict[tuple[str, str], Counter[int]]
"""Month and measure → how many posts have each value."""


def main(store: str, path: str) -> None:
    """Read the file and put its posts, figures and month sums into the store."""
    db = sqlite3.connect(store, isolation_level=None)
    db.execute("PRAGMA cache_size = -204800")
    db.execute("PRAGMA synchronous = FULL")
    put(db, *read(path))
    db.close()


def read(path: str) -> tuple[Rows, Rows, Rows, Totals]:
    """Its posts, their figures, those as the newest, and the sums."""
    posts, shots, now = Rows(), Rows(), Rows()
    totals: Totals = {}
    with open(path, encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        head = next(reader)
        at = {name: head.index(name) for name in head}
        columns = [at[n] for n in ("Reactions", "Comments", "Shares", "Reach", "Views", "Total clicks")]
        for number, row in enumerate(reader, 2):
            if not row:
                continue
            page, raw = row[at["Page ID"]], row[at["Publish time"]]
            moment = f"{raw[6:10]}-{raw[:2]}-{raw[3:5]}T{raw[11:]}:00+08:00"  # no zone is worked out
            post = f"{page}_{row[0]}"
            reactions, comments, shares, reach, views, clicks = (int(row[c]) for c in columns)
            figures = (None, reactions, comments, shares, reach, None, None, views, clicks)
            posts.append(
                (post, page, moment, row[at["Post type"]], row[at["Title"]], row[at["Permalink"]], raw, number)
            )
            shots.append((post, SEEN, *figures, number))
            now.append((page, moment, post, moment[:7], row[at["Post type"]], SEEN, SEEN, *figures))
            for name, value in zip(MEASURES, figures, strict=True):
                if value is not None:
                    totals.setdefault((moment[:7], name), Counter())[value] += 1
    return posts, shots, now, totals


def put(db: sqlite3.Connection, posts: Rows, shots: Rows, now: Rows, totals: Totals) -> None:
    """All of it as one batch."""
    db.execute("BEGIN IMMEDIATE")
    db.execute("INSERT INTO revisions (at, by, reason) VALUES ('2026-11-24T00:00:00.000+00:00', 'bare', 'bare')")
    revision = db.execute("SELECT max(revision) FROM revisions").fetchone()[0]
    db.execute(
        "INSERT INTO imports (kind, format, file_name, at, by, revision) VALUES ('file', 'bare', 'bare', '', '', ?)",
        (revision,),
    )
    batch = db.execute("SELECT max(batch) FROM imports").fetchone()[0]
    db.executemany(
        "INSERT INTO posts (post_id, page_id, published_at, type, message, permalink, published_text, source_row, "  # noqa: S608
        f"batch, opened_revision) VALUES (?, ?, ?, ?, ?, ?, ?, ?, {batch}, {revision})",
        posts,
    )
    db.executemany(
        f"INSERT INTO snapshots (post_id, observed_at, {', '.join(MEASURES)}, source_row, batch, opened_revision) "  # noqa: S608
        f"VALUES ({', '.join('?' * 12)}, {batch}, {revision})",
        shots,
    )
    db.executemany(
        "INSERT INTO post_now (page_id, published_at, post_id, month, type, first_at, observed_at, "  # noqa: S608
        f"{', '.join(MEASURES)}, batch) VALUES ({', '.join('?' * 16)}, {batch})",
        now,
    )
    page = posts[0][1]
    db.executemany(
        "INSERT INTO post_months (page_id, month, measure, posts, total, observed_to) VALUES (?, ?, ?, ?, ?, ?)",
        [(page, m, n, c.total(), sum(v * k for v, k in c.items()), SEEN) for (m, n), c in totals.items()],
    )
    db.executemany(
        "INSERT INTO post_values VALUES (0, ?, ?, ?, ?)",
        [(n, m, v, k) for (m, n), c in totals.items() if n in KEPT for v, k in c.items()],
    )
    db.execute("COMMIT")


if __name__ == "__main__":
    main(*sys.argv[1:])
