"""Book-keeping of pulls: runs, their parts, the state of metrics, when posts are read again, what a token can do.

None of this is data of the report, so it takes no revision: only rows that a pull brings do.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from sqdash.store import digests, many
from sqdash.store.gate import Change

_EPOCH = "1970-01-01T00:00:00+00:00"
"""Due before everything else, whatever a clock said when a post was read."""
_TOKEN = ("token_checked_at", "token_valid", "token_expires_at", "token_access_until", "token_missing", "token_note")


@dataclass(frozen=True, slots=True)
class MetricState:
    """What is known of one of Meta's names for a page; times are UTC, days Pacific, all ISO.

    ``since``: since when the status is this one. ``filled_from``, ``filled_to``: the days that need not be asked for,
    up to the newest that came with a value.
    """

    metric: str
    period: str
    measure: str
    status: str
    since: str
    checked_at: str
    ok_at: str | None = None
    filled_from: str | None = None
    filled_to: str | None = None
    detail: str | None = None


def begin(change: Change, page_id: str, at: str, asked_version: str) -> int:
    """Note that a run begins; its number. A run that was never ended was broken off."""
    change.note()
    running = "SELECT pull FROM pulls WHERE state = 'running' AND page_id = ?"
    for pull in change.connection.execute(running, (page_id,)).fetchall():
        with digests.altering(change.connection, "pulls", "pull = ?", pull):
            change.connection.execute(
                "UPDATE pulls SET state = 'broken', ended_at = max(started_at, ?) "  # the clock may have been set back
                "WHERE pull = ?",
                (at, *pull),
            )
    made = change.connection.execute(
        "INSERT INTO pulls (page_id, by, started_at, state, asked_version) VALUES (?, ?, ?, 'running', ?)",
        (page_id, change.by, at, asked_version),
    )
    return int(made.lastrowid or 0)


def note_part(
    change: Change, pull: int, part: str, state: str, at: str, counts: Sequence[int] = (0, 0, 0), detail: str = ""
) -> None:
    """Note a finished part: rows added, changed and unchanged, or why it failed."""
    change.note()
    with digests.altering(change.connection, "pull_parts", "pull = ?", (pull,)):
        change.connection.execute(
            "INSERT INTO pull_parts SELECT ?, 1 + ifnull(max(ordinal), 0), ?, ?, ?, ?, ?, ?, ? FROM pull_parts "
            "WHERE pull = ?",
            (pull, part, state, *counts, detail or None, at, pull),
        )


def note_cost(change: Change, pull: int, **facts: Any) -> None:
    """Set facts of a run: batch, calls, retries, waited, state, ended_at, resume_at, kind, error, answered_version."""
    change.note()
    names = ", ".join(f"{name} = ?" for name in facts)
    with digests.altering(change.connection, "pulls", "pull = ?", (pull,)):
        change.connection.execute(f"UPDATE pulls SET {names} WHERE pull = ?", (*facts.values(), pull))  # noqa: S608


def put_states(change: Change, page_id: str, states: Iterable[MetricState]) -> None:
    """Keep what was learnt of metrics."""
    change.note()
    names = MetricState.__slots__
    change.connection.executemany(
        f"INSERT OR REPLACE INTO metric_states (page_id, {', '.join(names)}) "  # noqa: S608
        f"VALUES (?, {', '.join('?' * len(names))})",
        ((page_id, *(getattr(state, name) for name in names)) for state in states),
    )


def put_breaks(change: Change, page_id: str, period: str, measure: str, fed: Iterable[tuple[str, str]]) -> None:
    """Keep from which days on (ISO) which metric gives the measure, in place of what was kept before."""
    change.note()
    key = (page_id, period, measure)
    change.connection.execute(
        "DELETE FROM measure_breaks WHERE page_id = ? AND period = ? AND measure = ?",
        key,
    )
    change.connection.executemany(
        "INSERT INTO measure_breaks (page_id, period, measure, day, metric) VALUES (?, ?, ?, ?, ?)",
        ((*key, day, metric) for day, metric in fed),
    )


def put_reads(change: Change, page_id: str, reads: Iterable[tuple[str, str, str, str]]) -> None:
    """Note (post, published, read, due again) of posts that Facebook has."""
    change.note()
    rows = [(post, page_id, *times) for post, *times in reads]
    with _reads(change, [row[0] for row in rows]):
        many.insert(
            change.connection,
            "INSERT OR REPLACE INTO post_reads (post_id, page_id, published_at, read_at, due_at)",
            5,
            rows,
        )


def _reads(change: Change, posts: Iterable[str]) -> AbstractContextManager[None]:
    """What is noted of these posts changes."""
    named = (json.dumps(list(posts)),)
    return digests.altering(change.connection, "post_reads", "post_id IN (SELECT value FROM json_each(?))", named)


def mark_gone(change: Change, posts: Iterable[str], at: str) -> None:
    """Note posts that Facebook no longer has; their rows stay."""
    change.note()
    gone = list(posts)
    with _reads(change, gone):
        change.connection.executemany(
            "UPDATE post_reads SET gone_at = ?, read_at = ? WHERE post_id = ? AND gone_at IS NULL",
            ((at, at, post) for post in gone),
        )


def ask_again(change: Change, posts: Iterable[str], at: str) -> None:
    """Let posts be due at once."""
    change.note()
    due = list(posts)
    with _reads(change, due):
        change.connection.executemany(
            "UPDATE post_reads SET due_at = ? WHERE post_id = ?", ((at, post) for post in due)
        )


def note_listed(change: Change, page_id: str, at: str, *, whole: bool) -> None:
    """Note that the page's posts were listed to the end, from the first one if ``whole``."""
    change.note()
    change.connection.execute(
        "INSERT INTO page_reads (page_id, listed_at, all_listed_at) VALUES (?, ?, ?) ON CONFLICT (page_id) "
        "DO UPDATE SET listed_at = excluded.listed_at, "
        "all_listed_at = ifnull(excluded.all_listed_at, all_listed_at)",
        (page_id, at, at if whole else None),
    )


def put_token(change: Change, page_id: str, state: Mapping[str, Any]) -> None:
    """Keep what is known of a page's token: ``state`` has the columns that begin with ``token_``."""
    change.note()
    names = ", ".join(_TOKEN)
    sets = ", ".join(f"{name} = excluded.{name}" for name in _TOKEN)
    change.connection.execute(
        f"INSERT INTO page_reads (page_id, {names}) VALUES (?, {', '.join('?' * len(_TOKEN))}) "  # noqa: S608
        f"ON CONFLICT (page_id) DO UPDATE SET {sets}",
        (page_id, *(state.get(name) for name in _TOKEN)),
    )


def forget(change: Change, batch: int) -> None:
    """Let what a batch brought be asked for again, because it was taken back: the days, its posts, the whole list."""
    page = "page_id IN (SELECT page_id FROM pulls WHERE batch = ?)"
    posts = "SELECT post_id FROM posts WHERE batch = ?"
    c = change.connection
    c.execute(f"UPDATE metric_states SET filled_from = NULL, filled_to = NULL WHERE {page}", (batch,))  # noqa: S608
    c.execute(f"UPDATE page_reads SET all_listed_at = NULL WHERE {page} AND EXISTS ({posts})", (batch,) * 2)  # noqa: S608
    its = f"{page} AND (post_id IN ({posts}) OR post_id IN (SELECT post_id FROM snapshots WHERE batch = ?))"  # noqa: S608
    with digests.altering(c, "post_reads", its, (batch,) * 3):
        c.execute(f"UPDATE post_reads SET due_at = '{_EPOCH}' WHERE {its}", (batch,) * 3)  # noqa: S608
