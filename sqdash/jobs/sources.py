"""Which pages are pulled, with what access; and pulling all of them once.

The settings name the default page; other pages of our own are those with a token file; benchmark pages are those that
the store calls so and that have a number, of which only public counts are read, with their own token or the default
page's.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from sqdash import periods
from sqdash.errors import GraphSetup, SettingsError
from sqdash.graph.access import Access
from sqdash.graph.client import Client
from sqdash.graph.clock import Clock, SystemClock
from sqdash.jobs import leader, pull, tokens
from sqdash.jobs.pull_record import Done, Progress
from sqdash.secret import Secret
from sqdash.settings import GraphSettings
from sqdash.store import database, wholeness
from sqdash.store.queries import base
from sqdash.store.queries import pulls as queries

NOT_SET_UP = "尚未設定粉絲專頁與權杖，請到「資料來源」頁面設定，或設定 SQDASH_GRAPH_PAGE_ID 與 SQDASH_GRAPH_TOKEN。"


@dataclass(frozen=True, slots=True)
class Target:
    """A page to pull. ``kind`` is what it becomes where the store does not know it; ``public``: public counts only;
    ``trouble`` is why its token cannot be used."""

    page_id: str
    kind: str
    public: bool
    token: Secret
    trouble: SettingsError | None = None


def targets(store: Path, settings: GraphSettings, page_id: str | None = None) -> list[Target]:
    """The pages that can be pulled now (``page_id``: that one only), the default page first.

    :class:`SettingsError` where none is set up, where a wanted one has no token, or where no token can be used; of one
    token among others that can be used it is the target's ``trouble``.
    """
    return _wanted(_all(store, settings), page_id)


def _all(store: Path, settings: GraphSettings) -> list[Target]:
    with database.reading(store) as connection:
        kinds = {page: kind for page, kind, _ in queries.pages(connection)}
        if base.kind(connection) == "demonstration":
            raise SettingsError("示範資料庫不擷取真實數據，請改用正式的資料庫。")
    wanted = list(dict.fromkeys([*([settings.page_id] if settings.page_id else []), *tokens.pages(store)]))
    found: list[Target] = []
    for page in wanted:
        kind = kinds.get(page, "own" if page == settings.page_id or not found else "unassigned")
        try:
            if token := tokens.token_of(store, page, settings):
                found.append(Target(page, kind, kind == "benchmark", token))
        except SettingsError as error:
            found.append(Target(page, kind, kind == "benchmark", Secret(""), error))
    default = next((target.token for target in found if not target.public and not target.trouble), None)
    for page, kind in kinds.items():
        if kind == "benchmark" and page not in wanted and default:
            found.append(Target(page, kind, True, default))
    return found


def _wanted(found: list[Target], page_id: str | None) -> list[Target]:
    if page_id is not None:
        found = [target for target in found if target.page_id == page_id]
        if not found:
            raise SettingsError(f"專頁「{tokens.shown(page_id)}」沒有可用的權杖，請到「資料來源」頁面設定。")
    if not found:
        raise SettingsError(NOT_SET_UP)
    if found[0].trouble and all(target.trouble for target in found):
        raise found[0].trouble
    return found


def access(target: Target, settings: GraphSettings) -> Access:
    """The access with which a page is read; ``GraphSetup`` where an address or version is not allowed."""
    return Access(settings.base_url, settings.version, target.token, settings.app_id, settings.app_secret)


def pull_all(
    store: Path,
    settings: GraphSettings,
    *,
    by: str,
    page_id: str | None = None,
    since: date | None = None,
    clock: Clock | None = None,
    progress: Progress | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> list[Done]:
    """Pull every page once. Where a limit is reached, the pages with that token are left alone until Meta's time is
    over; a page whose access cannot be used has failed, and the others are pulled. For a damaged store Meta is not
    asked at all."""
    wholeness.require(store)
    watch = clock or SystemClock()
    start = datetime.combine(since, time(), periods.TAIPEI).astimezone(UTC) if since else None
    done = []
    everything = _all(store, settings)
    for target in _wanted(everything, page_id):
        if stop():
            break
        if target.trouble:
            shown = tokens.shown(target.page_id)
            done.append(Done(shown, "failed", error=str(target.trouble), kind=type(target.trouble).__name__))
            continue
        alike = [other.page_id for other in everything if other.token == target.token]
        if resume := _limited_until(store, alike, watch.now()):
            done.append(_limited(target.page_id, resume))
            continue
        try:
            reach = access(target, settings)
        except GraphSetup as error:
            done.append(Done(target.page_id, "failed", error=str(error), kind=type(error).__name__))
            continue
        with Client(reach, clock=watch, rng=random.Random()) as client:  # noqa: S311 - jitter
            done.append(
                pull.run(
                    store,
                    client,
                    target.page_id,
                    clock=watch,
                    by=by,
                    version=settings.version,
                    kind=target.kind,
                    public=target.public,
                    since=start,
                    progress=progress,
                )
            )
    return done


def _limited_until(store: Path, pages: Sequence[str], now: datetime) -> datetime | None:
    """The latest moment until which the last run of one of the pages must be waited for."""
    with database.reading(store) as connection:
        lasts = [run for page in pages for run in queries.runs(connection, page, 1) if run["resume_at"]]
    moments = [  # a run that began in the future was noted by a clock that was ahead
        datetime.fromisoformat(run["resume_at"]) for run in lasts if datetime.fromisoformat(run["started_at"]) <= now
    ]
    return max((moment for moment in moments if moment > now), default=None)


def _limited(page_id: str, resume: datetime) -> Done:
    at = periods.roc_moment(resume)
    return Done(
        page_id,
        "limited",
        error=f"Meta 的用量上限尚未解除，{at}以後才會再擷取。",
        kind="LimitReached",
        resume_at=periods.noted(resume),
    )


STATES = {
    "running": "擷取中",
    "done": "完成",
    "partly": "部分完成",
    "failed": "未能擷取",
    "limited": "用量已達上限",
    "broken": "中途中斷",
}
"""States of a run, as people read them."""


def broken_off(store: Path, page_id: str) -> bool:
    """Whether the page's newest run was broken off without a word."""

    def running() -> bool:
        with database.reading(store) as connection:
            return any(run["state"] == "running" for run in queries.runs(connection, page_id, 1))

    return leader.broken_off(store, running)


def sentence(done: Done) -> str:
    """What a run did, in one sentence."""
    rows = f"新增 {done.added:,} 列、變更 {done.changed:,} 列、相同 {done.unchanged:,} 列"
    why = f"：{done.error.rstrip('。')}" if done.error else ""
    return f"專頁 {done.page} {STATES[done.state]}（{rows}，呼叫 Meta {done.calls:,} 次）{why}。"
