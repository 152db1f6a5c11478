"""Alerts kept up to date: everything that is judged is gathered, the log follows, and a digest goes when it is due.

A quiet evaluation reads only. Nothing here may end the process that it runs in: :func:`keep_up` logs what went wrong.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqdash import freshness, periods, views
from sqdash.analysis import alerts as rules
from sqdash.analysis.alerts import Facts, Late, LeftOut, Overdue, Page, Rule, Year
from sqdash.errors import SqdashError
from sqdash.freshness import Freshness
from sqdash.graph.clock import Clock
from sqdash.jobs import leader, page_state, token_state
from sqdash.settings import GraphSettings, Settings
from sqdash.store import alerts as log_of
from sqdash.store import database, gate, notes, wholeness
from sqdash.store.alerts import Moves
from sqdash.store.queries import alerts as queries
from sqdash.store.queries import base, page_sources, plan
from sqdash.store.queries import rows as row_queries
from sqdash.store.queries.alerts import Standing
from sqdash.tables import BY_NAME

BY = "提醒"
"""Who writes the log."""
EVERY = timedelta(hours=1)
"""Alerts are evaluated at least so often, since days pass without any change in the store."""
LEAST = timedelta(minutes=1)
"""Time between two evaluations, however often the store changes."""
SUBJECT = "alerts"
"""The note that says when alerts were last evaluated."""
_FAILED = ("failed", "broken")
_log = logging.getLogger("sqdash.alerts")


def evaluate(store: Path, graph: GraphSettings, now: datetime | None = None) -> Moves:
    """Bring the log of alerts to how things stand; what moved. Writes nothing to the store where nothing moved."""
    wholeness.require(store)
    moment = now or periods.now()
    found = rules.found(gathered(store, graph, moment), in_force(store))
    with database.reading(store) as connection:
        moved = log_of.moves(queries.standing(connection), found)
    if moved:
        with gate.write(store, by=BY, reason="提醒更新") as change:
            moved = log_of.put(change, found, moment.isoformat(timespec="seconds"))
    _note(store, moment)
    return moved


def _note(store: Path, at: datetime, error: str = "") -> None:
    """When alerts were evaluated, and why that failed."""
    notes.put(store, SUBJECT, {"at": periods.noted(at), "error": error})


def in_force(store: Path) -> dict[str, Rule]:
    """The rules as they are set."""
    with database.reading(store) as connection:
        return rules.in_force(row_queries.current(connection, BY_NAME["alert_rules"]))


def standing(store: Path) -> list[Standing]:
    """The open alerts, the most important first."""
    with database.reading(store) as connection:
        return queries.standing(connection)


def gathered(store: Path, graph: GraphSettings, now: datetime) -> Facts:
    """All that is judged, as of now."""
    today = now.astimezone(periods.TAIPEI).date()
    with database.reading(store) as connection:
        judged = rules.judged_years(base.years(connection), today)
        demonstration = base.kind(connection) == "demonstration"
        names = plan.units_called(connection, today.isoformat())
        since = (today - timedelta(days=rules.OVERDUE_DAYS)).isoformat()
        late = queries.overdue(connection, since, today.isoformat())
        left_out = queries.rejected(connection, since)
    return Facts(
        today,
        tuple(_year(store, year, now) for year in judged),
        () if demonstration else tuple(_pages(store, graph, now)),
        tuple(
            Overdue(key, periods.parse_day(due), names.get(unit, unit), title or "") for key, due, unit, title in late
        ),
        tuple(
            LeftOut(batch, name, rows, (now - datetime.fromisoformat(at)).days) for batch, name, rows, at in left_out
        ),
    )


def _year(store: Path, roc_year: int, now: datetime) -> Year:
    board = views.board(store, periods.year_period(roc_year), now.astimezone(periods.TAIPEI).date())
    return Year(board.period, board.attention, board.results)


def _pages(store: Path, graph: GraphSettings, now: datetime) -> Iterator[Page]:
    """The pages that are pulled: those with a token, and benchmark pages that were pulled before."""
    leads = leader.current(store)
    every = timedelta(seconds=leads.every) if leads and leads.every else page_state.USUAL
    for page, name in page_state.pages(store, graph).items():
        known = page_state.facts(store, page, rules.RUNS)
        token = token_state.facts(store, page, graph, known["read"], known["runs"])
        benchmark = known["kind"] == "benchmark"
        ended = [run for run in known["runs"] if run["state"] != "running"]
        if not (token.there or (benchmark and ended)):
            continue
        failures, error = _failures(ended)
        yield Page(
            page,
            name,
            tuple(_late(store, page, known, every, now, public=benchmark)) if ended else (),
            failures,
            error,
            token.word if token.level == "stale" and token.left is None else None,
            token.left.days if token.left is not None else None,
        )


def _failures(ended: Sequence[Mapping[str, Any]]) -> tuple[int, str]:
    """How many of the last runs failed in a row, and why the last did; a token's failure is told as the token's."""
    count = next((n for n, run in enumerate(ended) if run["state"] not in _FAILED), len(ended))
    if not count or ended[0]["kind"] in token_state.OF_TOKEN:
        return 0, ""
    return count, str(ended[0]["error"] or "")


def _late(
    store: Path, page: str, known: Mapping[str, Any], every: timedelta, now: datetime, *, public: bool
) -> Iterator[Late]:
    """The page's sources that are stale by their own rules; what Meta no longer gives is not waited for."""
    with database.reading(store) as connection:
        newest = page_sources.newest(connection, page)
    groups = [("counts", "粉絲與追蹤人數", page_state.counts(newest, now, pulled=True))]
    if not public:
        ended = page_state.given_up(known["states"], now)
        days = [line for line in page_state.meta_days(newest, known["states"], now) if line.label not in ended]
        groups.append(("days", "每日數據", days))
    for source, what, lines in groups:
        stale = [line for line in lines if line.fresh.level == "stale"]
        if stale:
            yield Late(source, what, freshness.worst([line.fresh for line in stale]).word, stale[0].newest)
    listed: Freshness = page_state.listed(known["read"], every, now)
    if not public and listed.level == "stale":
        at = periods.roc_moment(datetime.fromisoformat(known["read"]["listed_at"]))
        yield Late("posts", "貼文清單", "超過兩次擷取的間隔未讀", at)


def keep_up(store: Path, load: Callable[[], Settings], *, send: bool = True) -> None:
    """Evaluate and send what is due; whatever goes wrong is logged, and the next time tries again."""
    try:
        given = load()
        moved = evaluate(store, given.graph)
        if moved.arose or moved.went:
            _log.info("提醒：新增 %d 則，解除 %d 則", len(moved.arose), len(moved.went))
        if send:
            from sqdash.jobs import alert_digest  # what can send loads slowly, and most looks send nothing

            for outcome in alert_digest.send_due(store, given.alerts):
                _log.log(logging.INFO if outcome.sent else logging.ERROR, "%s", outcome.sentence)
    except SqdashError as raised:
        _note(store, periods.now(), str(raised))
        _log.error("提醒沒有更新：%s", raised)
    except Exception as raised:  # the pulls must go on; a traceback could quote what was being sent
        _note(store, periods.now(), f"發生未預期的錯誤（{type(raised).__name__}）。")
        _log.error("提醒發生未預期的錯誤（%s），下次會再試", type(raised).__name__)


class Watch:
    """Evaluates when told to, when the store changed, and at least every hour; cheap to ask every second."""

    def __init__(self, store: Path, load: Callable[[], Settings], clock: Clock) -> None:
        self._store, self._load, self._clock = store, load, clock
        self._at: float | None = None
        self._looked = 0.0
        self._state = ""

    def __call__(self, *, now: bool = False) -> None:
        """Look whether it is time; ``now``: it is."""
        seconds = self._clock.monotonic()
        if not now and not self._due(seconds):
            return
        keep_up(self._store, self._load)
        self._at = self._looked = seconds
        self._state = self._read()

    def _due(self, seconds: float) -> bool:
        if self._at is None or seconds - self._at >= EVERY.total_seconds():
            return True
        if seconds - self._looked < LEAST.total_seconds():
            return False
        self._looked = seconds
        return self._read() != self._state

    def _read(self) -> str:
        try:
            with database.reading(self._store) as connection:
                return base.state(connection)
        except SqdashError:
            return ""
