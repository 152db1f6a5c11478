"""What pulls did, what is known of metrics and tokens, which posts are due, how fresh each source is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from sqdash.store.pulls import MetricState
from sqdash.store.queries import base

_STATE = ", ".join(MetricState.__slots__)
RUN = (
    "pull",
    "page_id",
    "by",
    "started_at",
    "ended_at",
    "state",
    "batch",
    "calls",
    "retries",
    "waited",
    "resume_at",
    "kind",
    "error",
    "asked_version",
    "answered_version",
)
READ = (
    "listed_at",
    "all_listed_at",
    "token_checked_at",
    "token_valid",
    "token_expires_at",
    "token_access_until",
    "token_missing",
    "token_note",
)


def states(connection: sqlite3.Connection, page_id: str) -> list[MetricState]:
    """What is known of the page's metrics."""
    return [
        MetricState(*row)
        for row in connection.execute(
            f"SELECT {_STATE} FROM metric_states WHERE page_id = ? ORDER BY measure, metric",  # noqa: S608
            (page_id,),
        )
    ]


def feeds(connection: sqlite3.Connection, page_id: str) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """(period, measure) → (first day, metric) of what gave it, in the order of time."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for period, measure, day, metric in connection.execute(
        "SELECT period, measure, day, metric FROM measure_breaks WHERE page_id = ? ORDER BY period, measure, day",
        (page_id,),
    ):
        found.setdefault((period, measure), []).append((day, metric))
    return found


def page_read(connection: sqlite3.Connection, page_id: str) -> dict[str, Any]:
    """When the page's posts were listed and what is known of its token; all None before the first pull."""
    found = connection.execute(f"SELECT {', '.join(READ)} FROM page_reads WHERE page_id = ?", (page_id,)).fetchone()  # noqa: S608
    return dict(zip(READ, found or [None] * len(READ), strict=True))


def runs(connection: sqlite3.Connection, page_id: str, limit: int) -> list[dict[str, Any]]:
    """The page's last runs, newest first, each with its ``parts``."""
    found = [
        dict(zip(RUN, row, strict=True))
        for row in connection.execute(
            f"SELECT {', '.join(RUN)} FROM pulls WHERE page_id = ? ORDER BY pull DESC LIMIT ?",  # noqa: S608
            (page_id, limit),
        )
    ]
    for run in found:
        run["parts"] = parts(connection, run["pull"])
    return found


def last_started(connection: sqlite3.Connection) -> str | None:
    """When the last run of any page began that was not broken off (ISO, UTC)."""
    found = connection.execute("SELECT max(started_at) FROM pulls WHERE state NOT IN ('running', 'broken')").fetchone()[
        0
    ]
    return str(found) if found else None


def parts(connection: sqlite3.Connection, pull: int) -> list[dict[str, Any]]:
    """The finished parts of a run in their order."""
    names = ("part", "state", "added", "changed", "unchanged", "detail", "at")
    return [
        dict(zip(names, row, strict=True))
        for row in connection.execute(
            f"SELECT {', '.join(names)} FROM pull_parts WHERE pull = ? ORDER BY ordinal",  # noqa: S608
            (pull,),
        )
    ]


def said_since_read(connection: sqlite3.Connection, page_id: str, part: str, detail: str, now: str) -> int:
    """How many runs said exactly this of a part since a post that is not gone was last read; a reading to come was
    noted by a clock that was ahead."""
    found = connection.execute(
        "SELECT count(DISTINCT p.pull) FROM pulls p JOIN pull_parts q ON q.pull = p.pull WHERE p.page_id = ?1 "
        "AND q.part = ?2 AND q.detail = ?3 AND p.started_at < ?4 AND p.started_at > ifnull((SELECT max(read_at) "
        "FROM post_reads WHERE page_id = ?1 AND gone_at IS NULL AND read_at <= ?4), '')",
        (page_id, part, detail, now),
    ).fetchone()
    return int(found[0])


def pages(connection: sqlite3.Connection) -> list[tuple[str, str, str]]:
    """(id, kind, name) of the pages that Facebook can know: those with a number for an id."""
    return connection.execute(
        "SELECT page_id, kind, label FROM pages WHERE closed_revision IS NULL AND page_id NOT GLOB '*[^0-9]*' "
        "ORDER BY kind <> 'own', page_id"
    ).fetchall()


def reads_of(connection: sqlite3.Connection, posts: Iterable[str]) -> dict[str, tuple[str, str | None, str]]:
    """Post → (due again, gone since, read) of those that were read before."""
    wanted = tuple(posts)
    marks = ", ".join("?" * len(wanted))
    return {
        post: (due, gone, read)
        for post, due, gone, read in connection.execute(
            f"SELECT post_id, due_at, gone_at, read_at FROM post_reads WHERE post_id IN ({marks})",  # noqa: S608
            wanted,
        )
    }


def any_read(connection: sqlite3.Connection, page_id: str) -> bool:
    """Whether any post of the page was ever read."""
    found = connection.execute("SELECT 1 FROM post_reads WHERE page_id = ? LIMIT 1", (page_id,)).fetchone()
    return found is not None


def due(connection: sqlite3.Connection, page_id: str, now: str, limit: int) -> list[str]:
    """Posts to read again that were not read just now, the longest due first; one that was read in the future, by a
    clock that was ahead, is due too."""
    return [
        post
        for (post,) in connection.execute(
            "SELECT post_id FROM post_reads WHERE page_id = ? AND gone_at IS NULL AND (due_at <= ? OR read_at > ?) "
            "AND read_at <> ? ORDER BY due_at LIMIT ?",
            (page_id, now, now, now, limit),
        )
    ]


def read_before(connection: sqlite3.Connection, page_id: str, since: str) -> list[str]:
    """Posts published since then (ISO, Taipei) that were read and not found gone."""
    return [
        post
        for (post,) in connection.execute(
            "SELECT post_id FROM post_reads WHERE page_id = ? AND published_at >= ? AND gone_at IS NULL",
            (page_id, since),
        )
    ]


def stored(connection: sqlite3.Connection, columns: Sequence[str], posts: Iterable[str]) -> dict[str, tuple[Any, ...]]:
    """Post → these columns of its current row."""
    wanted = tuple(posts)
    return {
        row[0]: row[1:]
        for row in connection.execute(
            f"SELECT post_id, {', '.join(columns)} FROM posts WHERE closed_revision IS NULL "  # noqa: S608
            f"AND post_id IN ({', '.join('?' * len(wanted))})",
            wanted,
        )
    }


def covered_to(connection: sqlite3.Connection, page_id: str, since: str) -> str | None:
    """The last day of the spans without a gap, from that day on, whose posts standing pulls state whole."""
    last = None
    for first, to in connection.execute(
        "SELECT c.day_from, c.day_to FROM coverage c JOIN imports i ON i.batch = c.batch AND i.kind = 'pull' "
        "AND i.undone_revision IS NULL WHERE c.page_id = ? AND c.day_to >= ? ORDER BY c.day_from",
        (page_id, since),
    ):
        if first > (since if last is None else connection.execute("SELECT date(?, '+1 day')", (last,)).fetchone()[0]):
            break
        last = max(last or to, to)
    return last


def gone(connection: sqlite3.Connection, page_id: str, limit: int) -> list[tuple[str, str | None, str | None]]:
    """(gone since, text, link) of posts that Facebook no longer has, the last first."""
    return connection.execute(
        "SELECT r.gone_at, p.message, p.permalink FROM post_reads r LEFT JOIN posts p ON p.post_id = r.post_id "
        "AND p.closed_revision IS NULL WHERE r.page_id = ? AND r.gone_at IS NOT NULL ORDER BY r.gone_at DESC LIMIT ?",
        (page_id, limit),
    ).fetchall()


def gone_since(connection: sqlite3.Connection, post_id: str) -> str | None:
    """When it was found that Facebook no longer has the post (ISO, UTC); None for one that it has, or never had."""
    found = connection.execute("SELECT gone_at FROM post_reads WHERE post_id = ?", (post_id,)).fetchone()
    return found[0] if found else None


def freshness(connection: sqlite3.Connection) -> tuple[int, str | None, str | None]:
    """(revision, when a pull last ended well, the state of the last run): what open screens ask every few seconds."""
    ended = connection.execute(
        "SELECT ended_at FROM pulls WHERE state IN ('done', 'partly') ORDER BY pull DESC LIMIT 1"
    ).fetchone()
    last = connection.execute("SELECT state FROM pulls ORDER BY pull DESC LIMIT 1").fetchone()
    return base.revision(connection), ended[0] if ended else None, last[0] if last else None


def days_of(connection: sqlite3.Connection, page_id: str, measure: str, zone: str, since: str) -> set[str]:
    """The days since then that have a value."""
    return {
        day
        for (day,) in connection.execute(
            "SELECT day FROM page_days WHERE page_id = ? AND measure = ? AND day_zone = ? AND day >= ? "
            "AND closed_revision IS NULL",
            (page_id, measure, zone, since),
        )
    }


_AGREED = (
    "confirmations c JOIN imports k ON k.batch = c.batch AND k.undone_revision IS NULL "
    "WHERE c.table_name = 'page_days' AND c.version_id = t.version_id"
)
"""Batches that stand and say the same as the row ``t`` of page days."""


def says_anew(connection: sqlite3.Connection) -> bool:
    """Whether the staged and compared days of a pull, which change no row, say of a day for which somebody else's
    figure counts what no pull said last."""
    last = (
        "SELECT value FROM (SELECT o.value, o.batch FROM main.page_days o JOIN imports j ON j.batch = o.batch "  # noqa: S608
        "AND j.kind = 'pull' AND j.undone_revision IS NULL WHERE o.page_id = t.page_id AND o.day = t.day "
        "AND o.day_zone = t.day_zone AND o.measure = t.measure AND o.closed_revision IS NOT NULL "
        "AND o.closed_as = 'replaced' "
        f"UNION ALL SELECT t.value, c.batch FROM {_AGREED} AND k.kind = 'pull') ORDER BY batch DESC LIMIT 1"
    )
    return bool(
        connection.execute(
            "SELECT 1 FROM temp.compared_page_days d JOIN temp.staged_page_days s ON s.rowid = d.r "  # noqa: S608
            "JOIN main.page_days t ON t.version_id = d.standing JOIN imports i ON i.batch = t.batch "
            f"AND i.kind <> 'pull' WHERE s.value IS NOT ({last}) LIMIT 1"
        ).fetchone()
    )


def disagreements(connection: sqlite3.Connection, page_id: str, limit: int) -> list[dict[str, Any]]:
    """Days of which a person's file or entry and a pull say different things: the figure that counts and the other.

    The other is the last standing statement of the other kind; see :mod:`sqdash.store.stated` for which counts.
    """
    names = ("measure", "day", "day_zone", "counts", "counts_from", "other", "other_from")
    return [
        dict(zip(names, row, strict=True))
        for row in connection.execute(
            "SELECT t.measure, t.day, t.day_zone, t.value, i.file_name, o.value, j.file_name FROM page_days o "  # noqa: S608
            "JOIN imports j ON j.batch = o.batch AND j.undone_revision IS NULL "
            "JOIN page_days t ON t.page_id = o.page_id AND t.day = o.day AND t.day_zone = o.day_zone "
            "AND t.measure = o.measure AND t.closed_revision IS NULL "
            "JOIN imports i ON i.batch = t.batch AND (i.kind = 'pull') <> (j.kind = 'pull') "
            "WHERE o.page_id = ? AND o.closed_revision IS NOT NULL AND o.closed_as = 'replaced' AND o.value <> t.value "
            f"AND NOT EXISTS (SELECT 1 FROM {_AGREED} AND (k.kind = 'pull') = (j.kind = 'pull') AND c.batch > o.batch) "
            "GROUP BY t.version_id HAVING o.version_id = max(o.version_id) ORDER BY t.day DESC LIMIT ?",
            (page_id, limit),
        )
    ]
