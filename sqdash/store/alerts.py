"""Book-keeping of alerts: which cause stands since when, which digest went out and what it told of.

A cause that arises or goes takes a revision, so that open screens follow; new wording and digests take none.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from sqdash.records import Alert
from sqdash.store import digests
from sqdash.store.gate import Change
from sqdash.store.queries import alerts as queries


@dataclass(frozen=True, slots=True)
class Moves:
    """What is to be written: causes that arose, alerts (by number) that went, and those that read differently now."""

    arose: tuple[Alert, ...]
    went: tuple[int, ...]
    reworded: tuple[tuple[int, Alert], ...]

    def __bool__(self) -> bool:
        return bool(self.arose or self.went or self.reworded)


def moves(standing: Iterable[queries.Standing], found: Iterable[Alert]) -> Moves:
    """The difference between what stands in the log and what was found; of a cause found twice the first counts."""
    now: dict[str, Alert] = {}
    for alert in found:
        now.setdefault(alert.cause, alert)
    before = {one.said.cause: one for one in standing}
    return Moves(
        tuple(alert for cause, alert in now.items() if cause not in before),
        tuple(one.alert for cause, one in before.items() if cause not in now),
        tuple((one.alert, now[cause]) for cause, one in before.items() if cause in now and now[cause] != one.said),
    )


def put(change: Change, found: Iterable[Alert], at: str) -> Moves:
    """Bring the log to what was found at that moment (ISO, UTC)."""
    moved = moves(queries.standing(change.connection), found)
    if moved:
        change.note()
    c, numbers = change.connection, [*moved.went, *(number for number, _ in moved.reworded)]
    with digests.altering(c, "alerts", "alert IN (SELECT value FROM json_each(?))", (json.dumps(numbers),)):
        c.executemany("UPDATE alerts SET cleared_at = ? WHERE alert = ?", ((at, one) for one in moved.went))
        c.executemany(
            "UPDATE alerts SET rule = ?, severity = ?, text = ?, page = ?, last_at = ? WHERE alert = ?",
            ((a.rule, a.severity, a.text, a.page, at, number) for number, a in moved.reworded),
        )
    if moved.arose or moved.went:
        revision = change.revision
        change.connection.executemany(
            "INSERT INTO alerts (cause, rule, severity, text, page, first_at, last_at, revision) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            ((a.cause, a.rule, a.severity, a.text, a.page, at, at, revision) for a in moved.arose),
        )
    return moved


def begin_digest(change: Change, day: str, channel: str, count: int, at: str) -> bool:
    """Claim the day's digest on that channel; False where it went out, or another process is sending it."""
    found = queries.digest(change.connection, day, channel)
    if found and found["state"] != "failed":
        return False
    change.note()
    change.connection.execute(
        "INSERT INTO alert_digests (day, channel, at, state, count, attempts) VALUES (?, ?, ?, 'sending', ?, 1) "
        "ON CONFLICT (day, channel) DO UPDATE SET at = excluded.at, state = 'sending', count = excluded.count, "
        "attempts = attempts + 1",
        (day, channel, at, count),
    )
    return True


def end_digest(
    change: Change, day: str, channel: str, told: Iterable[queries.Standing], *, sent: bool, outcome: str
) -> None:
    """Note how sending ended, and of which alerts the channel has told, so that it never does again.

    Where a backup was restored while the digest was on its way, an alert's number may be nobody's now, or another's.
    """
    change.note()
    change.connection.execute(
        "UPDATE alert_digests SET state = ?, outcome = ? WHERE day = ? AND channel = ?",
        ("sent" if sent else "failed", outcome, day, channel),
    )
    if sent:
        change.connection.executemany(
            "INSERT OR IGNORE INTO alert_sent (alert, channel, day) "
            "SELECT alert, ?, ? FROM alerts WHERE alert = ? AND cause = ? AND first_at = ?",
            ((channel, day, one.alert, one.said.cause, one.first_at) for one in told),
        )


def take_over(change: Change, gone_out: Iterable[queries.Digest]) -> None:
    """Have the digests of the store that this one replaces: what went out stays so, whatever goes back."""
    change.note()
    change.connection.executemany(
        f"INSERT INTO alert_digests ({', '.join(queries.DIGEST)}) VALUES (:{', :'.join(queries.DIGEST)}) "  # noqa: S608
        "ON CONFLICT (day, channel) DO UPDATE SET at = excluded.at, state = excluded.state, count = excluded.count, "
        "attempts = excluded.attempts, outcome = excluded.outcome WHERE state <> 'sent'",
        gone_out,
    )
