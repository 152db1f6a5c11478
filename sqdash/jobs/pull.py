"""Pull pages from the Graph API, part by part: what came before an error stays, and the next run goes on there."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from sqdash import periods
from sqdash.errors import GraphError, GraphSetup, LimitReached, PermissionMissing, SqdashError, TokenError
from sqdash.graph.client import Client
from sqdash.graph.clock import Clock
from sqdash.jobs import pull_days, pull_page, pull_posts
from sqdash.jobs.pull_record import Done, Progress, Record

_EVERYTHING = (TokenError, GraphSetup, LimitReached)
"""Errors that concern every part."""


def run(
    store: Path,
    client: Client,
    page_id: str,
    *,
    clock: Clock,
    by: str,
    version: str,
    kind: str = "own",
    public: bool = False,
    since: datetime | None = None,
    progress: Progress | None = None,
) -> Done:
    """One pull of one page. ``public``: only the counts that anyone sees (benchmark pages); ``since`` bounds posts;
    ``kind`` is what a page that the store does not know becomes. Errors of Graph or the network end in the result."""
    record = Record(store, client, page_id, clock=clock, by=by, version=version, progress=progress)
    try:
        _parts(record, kind, public=public, since=since)
    except GraphError as error:
        return _ended_by(record, error)
    except BaseException:
        with suppress(SqdashError):  # what comes first is what counts; the next run marks this one
            record.end("broken")
        raise
    whole = all(part["state"] == "done" for part in record.done.parts)
    return record.end("done" if whole else "partly")


def _parts(record: Record, kind: str, *, public: bool, since: datetime | None) -> None:
    pull_page.counts(record, kind)
    if public:
        return
    parts: tuple[tuple[str, Callable[[], None]], ...] = (
        ("token", lambda: pull_page.token(record)),
        ("days", lambda: pull_days.days(record)),
        ("posts", lambda: pull_posts.listed(record, since)),
        ("figures", lambda: pull_posts.figures(record)),
    )
    trouble: GraphError | None = None
    for name, work in parts:
        try:
            work()
        except _EVERYTHING:
            raise
        except PermissionMissing as error:
            record.failed(name, "not_permitted", str(error))
        except GraphError as error:  # an edge that stays away does not keep the others away
            record.failed(name, "error", str(error))
            trouble = trouble or error
    if trouble:
        raise trouble


def _ended_by(record: Record, error: GraphError) -> Done:
    record.done.error, record.done.kind = str(error), type(error).__name__
    if isinstance(error, LimitReached):
        record.done.resume_at = periods.noted(error.resume_at)
        return record.end("limited")
    return record.end("failed" if isinstance(error, _EVERYTHING) or not record.done.parts else "partly")
