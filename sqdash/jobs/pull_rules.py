"""When a post is read again, and which of Meta's days are asked for: rules over dates, without store or network.

Posts: a young post's figures move by the hour, an old one's hardly. So the time until the next reading grows with
age (:data:`PACE`), with one reading as close as possible to 7 and to 28 days after publication, because posts are
compared at these ages. However many old posts a page has, a run reads at most :data:`OLD_POSTS` of them, the longest
due first: of 10,000 posts of ten years, those older than 28 days come to about 110 readings a day.

Lists: the posts of the last :data:`LISTED_BACK` are listed in each run; the whole list every :data:`LISTED_WHOLE`, so
that posts dated back are found.

Days: Meta revises its newest days, so each run asks again for the last :data:`LOOK_BACK` whole Pacific days of the
run before, however long ago that was, and for what came since. Days before them are asked for once, back to
:data:`HISTORY` (Meta keeps two years), in windows of at most :data:`WINDOW` days. Days after the last one filled come
first and oldest first, older ones newest first: what is filled is always one span, and a run that dies goes on at its
ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

PACE: tuple[tuple[timedelta, timedelta], ...] = (
    (timedelta(days=3), timedelta(0)),
    (timedelta(days=14), timedelta(hours=12)),
    (timedelta(days=60), timedelta(days=3)),
    (timedelta(days=365), timedelta(days=30)),
)
"""(up to this age, time until the next reading)."""
OLD_PACE = timedelta(days=180)
AGES = (timedelta(days=7), timedelta(days=28))
"""Ages at which posts are compared."""
OLD_POSTS = 100
LISTED_BACK = timedelta(days=28)
LISTED_WHOLE = timedelta(days=30)
BARRED = timedelta(days=1)
"""A post that cannot be read now is asked for again after so long, so that it keeps no other from its turn."""
TOKEN_CHECK = timedelta(days=1)
LOOK_BACK = 7
HISTORY = 730
WINDOW = 90


def due_again(published: datetime, read: datetime) -> datetime:
    """When a post that was read is to be read again."""
    age = read - published
    if age >= PACE[-1][0]:  # most posts of a page, and past every age
        return read + OLD_PACE
    pace = next(pace for up_to, pace in PACE if age < up_to)
    ripe = [published + at for at in AGES if published + at > read]
    return min([read + pace, *ripe])


def failed_again(whole: datetime, now: datetime) -> datetime:
    """When to ask again for a post whose figures failed: after as long as they have been missing, at most a day.

    ``whole`` is when they last came, or when they failed first: so the first failure is made good in the next run, and
    each further one doubles the wait.
    """
    return now + min(max(now - whole, timedelta(0)), BARRED)


@dataclass(frozen=True, slots=True)
class Filled:
    """The Pacific days of a metric that were asked for without a gap."""

    first: date
    last: date


def spans(filled: Filled | None, newest: date, earliest: date | None = None) -> Iterator[tuple[date, date]]:
    """The windows to ask for now, in the order in which each joins what is filled; ``newest`` is the last whole day.

    ``earliest``: nothing before it is asked (beyond :data:`HISTORY`).
    """
    floor = newest - timedelta(days=HISTORY - 1)
    floor = max(floor, earliest) if earliest else floor
    if filled is None or filled.last < floor or filled.first > newest:
        yield from _back(floor, newest)
        return
    start = max(floor, filled.first, min(filled.last, newest) - timedelta(days=LOOK_BACK - 1))
    while start <= newest:
        end = min(start + timedelta(days=WINDOW - 1), newest)
        yield start, end
        start = end + timedelta(days=1)
    yield from _back(floor, filled.first - timedelta(days=1))


def _back(floor: date, end: date) -> Iterator[tuple[date, date]]:
    while end >= floor:
        start = max(floor, end - timedelta(days=WINDOW - 1))
        yield start, end
        end = start - timedelta(days=1)


def joined(filled: Filled | None, first: date, last: date) -> Filled:
    """What is filled after the window was answered; a window apart from it begins anew."""
    day = timedelta(days=1)
    if filled is None or last < filled.first - day or first > filled.last + day:
        return Filled(first, last)
    return Filled(min(filled.first, first), max(filled.last, last))


def fed_by(fed: Sequence[tuple[str, str]], metric: str, first: date, last: date | None) -> list[tuple[str, str]]:
    """Which metric gives a measure from which day on (ISO), once ``metric`` gave the days from first to last; None: as
    far as any metric gave one, so that the one before does not go on after it."""
    if last is None:
        before = [one for one in fed if one[0] < first.isoformat()]
        return before if before and before[-1][1] == metric else [*before, (first.isoformat(), metric)]
    start, after = first.isoformat(), (last + timedelta(days=1)).isoformat()
    going_on = [name for day, name in fed if day <= after][-1:]
    kept = [one for one in fed if not start <= one[0] <= after]
    found: list[tuple[str, str]] = []
    for one in sorted([*kept, (start, metric), *((after, name) for name in going_on)]):
        if not found or found[-1][1] != one[1]:
            found.append(one)
    return found


def asked_together(plans: Mapping[str, Iterable[tuple[date, date]]]) -> list[tuple[tuple[date, date], tuple[str, ...]]]:
    """Windows with the metrics that want exactly them, so that one call serves many: the order of each is kept."""
    rounds: list[tuple[tuple[date, date], tuple[str, ...]]] = []
    queues = {name: list(plan) for name, plan in plans.items()}
    while any(queues.values()):
        heads: dict[tuple[date, date], list[str]] = {}
        for name, queue in queues.items():
            if queue:
                heads.setdefault(queue[0], []).append(name)
        window = max(heads, key=lambda one: (len(heads[one]), one))
        rounds.append((window, tuple(heads[window])))
        for name in heads[window]:
            queues[name].pop(0)
    return rounds
