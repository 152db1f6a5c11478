"""A store of 1,000,000 posts and 5,000,000 snapshots: 50 own pages, ten years with all their days, 2,000 posts a page
and year.

Made by bulk SQL, not by the importer; the roll-ups are those that any change keeps, the digests are laid at the end.
Kept under a digest of this file and of the schema, so that it is made once.
"""

from __future__ import annotations

import hashlib
import random
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench.posts_file import WORDS
from sqdash.jobs import setup
from sqdash.store import digests, rollups

PAGES, YEARS, A_YEAR = 50, range(2014, 2024), 2_000
DAYS = (1, 7, 28, 90, 365)
TYPES = ("photo", "video", "link", "status")
TOPICS = ("計量", "商品安全", "活動", "宣導", "公告", None)
UNITS = ("s1", "s2", "s3", "s4", "s5", "s6", None)
_SCHEMA = Path(rollups.__file__).parent


def path(folder: Path | None = None) -> Path:
    """The store in that folder, else in the temporary one; made where it is not there yet, which takes some minutes.

    One kept from an older version is brought up to date.
    """
    found = _file(folder)
    if not found.exists():
        making = found.with_suffix(".making")
        making.unlink(missing_ok=True)
        setup.init(making, empty=True)
        _fill(making)
        making.rename(found)
    setup.init(found, empty=True)
    return found


def stands(folder: Path | None = None) -> bool:
    """Whether it is there already."""
    return _file(folder).exists()


def _file(folder: Path | None) -> Path:
    recipe = hashlib.sha256()
    for file in (Path(__file__), _SCHEMA / "migrations" / "m005_posts.sql"):
        recipe.update(file.read_bytes())
    return (folder or Path(tempfile.gettempdir())) / f"sqdash-bench-{recipe.hexdigest()[:12]}.db"


def _fill(store: Path) -> None:
    with closing(sqlite3.connect(store, isolation_level=None)) as db:
        for pragma in ("synchronous = OFF", "journal_mode = OFF", "cache_size = -400000"):
            db.execute(f"PRAGMA {pragma}")
        db.execute("INSERT INTO revisions VALUES (1, '2026-01-01T00:00:00+00:00', 'x', 'x')")
        db.execute(
            "INSERT INTO imports (batch, kind, format, file_name, at, by, revision) "
            "VALUES (1, 'file', 'x', 'x', '2026-01-01T00:00:00+00:00', 'x', 1)"
        )
        rng = random.Random(103)  # noqa: S311 - made-up figures
        for number in range(PAGES):
            db.execute("BEGIN")
            page = f"{10**12 + number}"
            db.execute(
                "INSERT INTO pages (page_id, kind, label, batch, opened_revision) VALUES (?, 'own', ?, 1, 1)",
                (page, f"專頁 {number}"),
            )
            posts = list(_posts(rng, page))
            db.executemany(
                "INSERT INTO posts (post_id, page_id, published_at, type, message, permalink, topic, unit, batch, "
                "source_row, opened_revision) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, 2, 1)",
                posts,
            )
            db.executemany(
                "INSERT INTO snapshots (post_id, observed_at, likes, reactions, comments, shares, reach, batch, "
                "source_row, opened_revision) VALUES (?, ?, ?, ?, ?, ?, ?, 1, 2, 1)",
                (row for post, _, at, *_ in posts for row in _snapshots(rng, post, at)),
            )
            rollups.touch(db, ((post[0],) for post in posts))
            rollups.refresh_touched(db)
            db.execute("COMMIT")
        _days(db)
        digests.lay(db)
        db.execute("PRAGMA journal_mode = DELETE")


def _days(db: sqlite3.Connection) -> None:
    """Two measures of every page on every day of the ten years."""
    db.execute(
        "WITH RECURSIVE days(day) AS (VALUES ('2014-01-01') UNION ALL SELECT date(day, '+1 day') FROM days "
        "WHERE day < '2023-12-31') INSERT INTO page_days (page_id, day, day_zone, measure, value, batch, "
        "source_row, opened_revision) SELECT p.page_id, d.day, 'Asia/Taipei', m.value, "
        "10000 + CAST(julianday(d.day) - 2456658 AS INTEGER), 1, 2, 1 FROM pages p, days d, "
        """json_each('["fans", "followers"]') m"""
    )


def _posts(rng: random.Random, page: str) -> Iterator[tuple[Any, ...]]:
    """About 75 characters each, and one word in 500 that is rare."""
    for year in YEARS:
        first = datetime(year, 1, 1)
        for n in range(A_YEAR):
            at = first + timedelta(minutes=n * 262 + rng.randrange(262))
            text = "".join(rng.choices(WORDS, k=18)) + "，" + "".join(rng.choices(WORDS, k=14))
            text += "ＬＥＤ燈具" if rng.random() < 0.002 else ""
            post = f"{page}_{year}{n:06d}"
            link = f"https://www.facebook.com/{page}/posts/{n}"
            choice = (rng.choice(TYPES), text, link, rng.choice(TOPICS), rng.choice(UNITS))
            yield post, page, f"{at:%Y-%m-%dT%H:%M:%S}+08:00", *choice


def _snapshots(rng: random.Random, post: str, published: str) -> Iterator[tuple[Any, ...]]:
    reach = rng.lognormvariate(6.5, 0.5)
    at = datetime.fromisoformat(published)
    for days, share in zip(DAYS, (0.5, 0.8, 0.9, 0.97, 1), strict=True):
        seen = reach * share
        yield (
            post,
            (at + timedelta(days=days)).isoformat(),
            *(int(seen * part) for part in (0.07, 0.08, 0.004, 0.01, 1)),
        )
