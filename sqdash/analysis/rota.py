"""The rota judged: what is overdue, who submits in time, what the posts did, and what to plan next.

All days are Taipei's. A slot that was cancelled is not there. Rules, each tested:

* Overdue: the day due has passed and nothing was submitted (state planned). A day due today is not overdue yet.
* Stuck: submitted, not published, and more than :data:`STUCK_DAYS` days past the day due. The plan states no such
  number; this one is assumed, and said on the screen.
* Timeliness of a unit = slots submitted on or before the day due ÷ slots whose day due has passed. Slots that were
  submitted on a day that nobody wrote down are in neither, and are counted beside it. No slot due gives no value.
* Results of a unit: mean of the newest likes (and reach) over its linked posts that have that figure, with their
  number. Viewers have another definition than reach: they have a mean beside it, never one together, and neither
  is ever added up.

Knows no store and no screen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean
from typing import Any, Literal, NamedTuple

from sqdash.contributions import Contribution
from sqdash.periods import Period, days_between

STUCK_DAYS = 30
"""Days after the day due by which a submitted contribution should be out; assumed."""

Lateness = Literal["overdue", "stuck"]


def lateness(slot: Contribution, today: date) -> Lateness | None:
    """What is wrong with a slot's time today; None for nothing."""
    if slot.state == "planned":
        return "overdue" if slot.due_on < today else None
    late = slot.state != "published" and today > slot.due_on + timedelta(days=STUCK_DAYS)
    return "stuck" if late else None


class Timeliness(NamedTuple):
    """Slots of a unit whose day due has passed: ``due`` = ``on_time`` + ``late`` + ``missing`` + ``unknown``.

    ``late`` were submitted after the day due, ``missing`` not at all, ``unknown`` on a day that is not stated.
    """

    due: int = 0
    on_time: int = 0
    late: int = 0
    missing: int = 0
    unknown: int = 0

    @property
    def judged(self) -> int:
        """The denominator: slots due of which it is known."""
        return self.due - self.unknown

    @property
    def rate(self) -> float | None:
        """Submitted on or before the day due ÷ due so far (0–1); None where nothing can be judged."""
        return self.on_time / self.judged if self.judged else None


def timeliness(slots: Iterable[Contribution], today: date) -> Timeliness:
    """Of these slots together; ratios of several units are total over total."""
    counts = {"on_time": 0, "late": 0, "missing": 0, "unknown": 0}
    for slot in slots:
        if slot.due_on < today:
            counts[_when(slot)] += 1
    return Timeliness(sum(counts.values()), **counts)


def _when(slot: Contribution) -> str:
    if slot.state == "planned":
        return "missing"
    if slot.submitted_on is None:
        return "unknown"
    return "on_time" if slot.submitted_on <= slot.due_on else "late"


class Mean(NamedTuple):
    """A mean and over how many posts."""

    value: float
    n: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a unit's contributions came to: ``linked`` of the ``published`` have a post; means over those with a figure,
    each measure by itself. ``viewers_only`` posts have viewers and no reach."""

    published: int
    linked: int
    likes: Mean | None
    reach: Mean | None
    viewers_only: int
    viewers: Mean | None


def outcome(slots: Iterable[Contribution]) -> Outcome:
    """Of these slots together: a post that several slots link counts once."""
    published = [slot for slot in slots if slot.state == "published"]
    posts = list({slot.post_id: slot for slot in published if slot.post_id}.values())
    return Outcome(
        len(published),
        sum(slot.post_id is not None for slot in published),
        _mean(post.likes for post in posts),
        _mean(post.reach for post in posts),
        sum(post.reach is None and post.viewers is not None for post in posts),
        _mean(post.viewers for post in posts),
    )


def _mean(values: Iterable[int | None]) -> Mean | None:
    known = [value for value in values if value is not None]
    return Mean(fmean(known), len(known)) if known else None


def to_do_first(slots: Iterable[Contribution]) -> list[Contribution]:
    """Slots in the order of their days as somebody works on them: what is still to be published, then what was
    published, the latest first."""
    slots = list(slots)
    out = [slot for slot in slots if slot.state == "published"]
    return [slot for slot in slots if slot.state != "published"] + out[::-1]


def by_unit(slots: Iterable[Contribution]) -> dict[str, list[Contribution]]:
    """Unit → its slots, units as they come."""
    found: dict[str, list[Contribution]] = {}
    for slot in slots:
        found.setdefault(slot.unit, []).append(slot)
    return found


def weeks(month: Period) -> list[tuple[date, ...]]:
    """The weeks (Monday to Sunday) that touch the month, whole."""
    monday = month.start - timedelta(days=month.start.weekday())
    days = list(days_between(monday, month.end + timedelta(days=6 - month.end.weekday())))
    return [tuple(days[at : at + 7]) for at in range(0, len(days), 7)]


def days_of(month: Period, weekdays: AbstractSet[int], off: Mapping[date, bool]) -> list[date]:
    """The month's days on these weekdays (0 is Monday) but for holidays: ``off`` has day → whether it is worked on."""
    return [day for day in days_between(month.start, month.end) if day.weekday() in weekdays and off.get(day, True)]


def ring(slots: Iterable[Contribution]) -> list[str]:
    """The units that take turns, as the latest slots tell; none before a unit has had its second turn: until then
    nobody can tell who is left out from who is still to come."""
    units = [slot.unit for slot in slots]
    whole = list(dict.fromkeys(units))
    return whole if len(whole) < len(units) else []


def propose(days: Sequence[date], units: Sequence[str], last: str | None) -> list[tuple[date, str]]:
    """Each day the next unit in turn, after the one that had the last slot before; none without units."""
    if not units:
        return []
    first = units.index(last) + 1 if last in units else 0
    return [(day, units[(first + at) % len(units)]) for at, day in enumerate(days)]


class Move(NamedTuple):
    """One change of a contribution: ``at`` ISO in UTC, ``before`` and ``after`` states (None: not there)."""

    at: str
    by: str
    before: str | None
    after: str | None
    reason: str


def moves(history: Sequence[Mapping[str, Any]]) -> list[Move]:
    """What happened to a row, oldest first, from its versions (newest first, as the store's history gives them)."""
    found: list[Move] = []
    before: str | None = None
    for version in reversed(history):
        found.append(
            Move(version["opened_at"], version["opened_by"], before, version["state"], version["opened_reason"])
        )
        before = version["state"]
        if version["closed_as"] in ("struck", "undone"):
            found.append(Move(version["closed_at"], version["closed_by"], before, None, version["closed_reason"] or ""))
            before = None
    return found
