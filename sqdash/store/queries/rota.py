"""The rota's slots with the figures of their posts, the review meetings with their decisions, and what to choose from.

A year's slots are some hundreds whatever the store's size; each is joined to its one post by key.
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from sqdash.contributions import Choice, Contribution, Decision, Meeting
from sqdash.periods import Period
from sqdash.store.queries import unit_rows
from sqdash.store.rollups import OWN

_BEFORE, _AFTER, _MOST = 14, 60, 200  # days about the day due in which its post is looked for; posts offered
_NUMBER = re.compile(r"(?:/(?:posts|videos|photos|reel)/(?:[^/?#]*/)*|[?&](?:story_fbid|fbid|v)=)(?:pfbid\w+|(\d+))")
_CONTRIBUTION = (
    "SELECT c.contribution_id, c.due_on, c.unit, c.state, c.title, c.role, c.submitted_on, c.post_id, c.note, "
    "substr(n.published_at, 1, 10), p.message, p.permalink, n.likes, n.reach, n.viewers FROM contributions c "
    "LEFT JOIN post_now n ON n.post_id = c.post_id "
    "LEFT JOIN posts p ON p.post_id = c.post_id AND p.closed_revision IS NULL WHERE c.closed_revision IS NULL "
)


def contributions(connection: sqlite3.Connection, period: Period) -> list[Contribution]:
    """The slots due in the period, in the order of their days and of the office's units."""
    found = connection.execute(
        _CONTRIBUTION + "AND c.due_on BETWEEN ? AND ? ORDER BY c.due_on, "  # noqa: S608
        "(SELECT min(u.position) FROM units u WHERE u.unit = c.unit AND u.closed_revision IS NULL), c.contribution_id",
        period.stored,
    )
    return [_contribution(row) for row in found]


def first_and_last(connection: sqlite3.Connection) -> tuple[str, str] | None:
    """The first and the last day due of any slot (ISO); None where there is none."""
    first, last = connection.execute(
        "SELECT min(due_on), max(due_on) FROM contributions WHERE closed_revision IS NULL"
    ).fetchone()
    return (first, last) if first else None


def _contribution(row: tuple[Any, ...]) -> Contribution:
    key, due_on, unit, state, title, role, submitted_on, post_id, note, published_on, *rest = row
    return Contribution(
        key, date.fromisoformat(due_on), unit, state, title, role, _day(submitted_on), post_id, note,
        _day(published_on), *rest,
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def meetings(connection: sqlite3.Connection, period: Period) -> list[Meeting]:
    """The review meetings of the period with their decisions, the newest first."""
    return _meetings(connection, "a.held_on BETWEEN ? AND ?", period.stored)


def left_over(connection: sqlite3.Connection, period: Period) -> list[Meeting]:
    """The review meetings before the period of whose decisions some are not done yet, the newest first, with those
    alone: a decision stays until it is done, whatever year has begun."""
    start, _ = period.stored
    found = _meetings(connection, "a.held_on < ?", (start,), "AND d.done_on IS NULL")
    return [meeting for meeting in found if meeting.decisions]


def _meetings(connection: sqlite3.Connection, held: str, days: tuple[str, ...], which: str = "") -> list[Meeting]:
    decided: dict[str, list[Decision]] = defaultdict(list)
    review = f"a.closed_revision IS NULL AND a.kind = 'review_meeting' AND {held}"
    for meeting, number, text, about, unit, due_on, done_on in connection.execute(
        "SELECT d.meeting, d.number, d.decision, d.contribution_id, d.unit, d.due_on, d.done_on FROM activities a "  # noqa: S608
        f"JOIN meeting_decisions d ON d.meeting = a.activity_id AND d.closed_revision IS NULL {which} "
        f"WHERE {review} ORDER BY d.meeting, d.number",
        days,
    ):
        decided[meeting].append(Decision(meeting, number, text, about, unit, _day(due_on), _day(done_on)))
    return [
        Meeting(key, date.fromisoformat(held_on), title, attendees, tuple(decided[key]))
        for key, held_on, title, attendees in connection.execute(
            "SELECT a.activity_id, a.held_on, a.title, a.attendees FROM activities a "  # noqa: S608
            f"WHERE {review} ORDER BY a.held_on DESC, a.activity_id",
            days,
        )
    ]


def last_decision(connection: sqlite3.Connection, meeting: str) -> int:
    """The highest number that a decision of the meeting ever had; 0 for none, so that no number comes twice."""
    found = connection.execute(
        "SELECT max(number) FROM (SELECT number FROM meeting_decisions WHERE meeting = ?1 AND closed_revision IS NULL "
        "UNION ALL SELECT number FROM meeting_decisions WHERE meeting = ?1 AND closed_revision IS NOT NULL)",
        (meeting,),
    ).fetchone()
    return int(found[0] or 0)


def choices(connection: sqlite3.Connection, due_on: date) -> list[Choice]:
    """Own pages' posts of the days about the day due, the newest first, at most 200."""
    start, end = due_on - timedelta(days=_BEFORE), due_on + timedelta(days=_AFTER + 1)
    return [
        Choice(post_id, date.fromisoformat(day), message, unit, bool(linked))
        for post_id, day, message, unit, linked in connection.execute(
            "SELECT n.post_id, substr(n.published_at, 1, 10), p.message, p.unit, EXISTS (SELECT 1 FROM contributions c "
            "WHERE c.closed_revision IS NULL AND c.post_id = n.post_id AND c.due_on BETWEEN ? AND ?) FROM post_now n "
            "JOIN posts p ON p.post_id = n.post_id AND p.closed_revision IS NULL WHERE n.page_id IN "
            "(SELECT page_id FROM pages WHERE kind = 'own' AND closed_revision IS NULL) "
            "AND n.published_at >= ? AND n.published_at < ? ORDER BY n.published_at DESC, n.post_id LIMIT ?",
            (
                (start - timedelta(days=_AFTER)).isoformat(),
                (end + timedelta(days=_BEFORE)).isoformat(),
                start.isoformat(),
                end.isoformat(),
                _MOST,
            ),
        )
    ]


def post_named(connection: sqlite3.Connection, text: str) -> str | None:
    """The id of our own pages' post with this id, this address, or the number in this address."""
    number = _NUMBER.search(text)
    found = connection.execute(
        f"SELECT post_id FROM posts WHERE closed_revision IS NULL AND page_id IN ({OWN}) "  # noqa: S608
        f"AND post_id IN (SELECT ?1 UNION ALL SELECT page_id || '_' || ?2 FROM ({OWN})) LIMIT 1",
        (text, number[1] if number else None),
    ).fetchone()
    if not found and "/" in text:  # no index has addresses: only what a person pasted is looked for, and last
        link = re.split(r"[?#]", text)[0].rstrip("/")
        found = connection.execute(
            f"SELECT post_id FROM posts WHERE closed_revision IS NULL AND page_id IN ({OWN}) "  # noqa: S608
            "AND permalink IN (?1, ?2, ?2 || '/') LIMIT 1",
            (text, link),
        ).fetchone()
    return str(found[0]) if found else None


def units_in_turn(connection: sqlite3.Connection, day: str) -> dict[str, str]:
    """Code → name of the units that take turns, in the office's order as named on that ISO day."""
    return dict(
        connection.execute(
            f"SELECT unit, label FROM units WHERE {unit_rows.holds('?1')} "  # noqa: S608
            "AND implementing = 1 AND kind = 'unit' ORDER BY position",
            (day,),
        ).fetchall()
    )


def days_off(connection: sqlite3.Connection, period: Period) -> dict[date, bool]:
    """The holidays of the period → whether it is a day that is worked on instead of another."""
    found = connection.execute(
        "SELECT day, working FROM holidays WHERE closed_revision IS NULL AND day BETWEEN ? AND ?", period.stored
    )
    return {date.fromisoformat(day): bool(working) for day, working in found}
