"""A store whose every text is hostile, made as people make one: by files, entries and pulls."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqdash import quoting
from sqdash.errors import SqdashError
from sqdash.importers.base import Answers, Layout
from sqdash.importers.sources import Bytes
from sqdash.jobs import entries, setup, sources, upload
from sqdash.store import database
from sqdash.store.queries import rows
from sqdash.tables import BY_NAME, TABLES, Column, Table
from tests import pulled
from tests.attack.strings import FORMULAS, STRINGS, UNSEEN
from tests.fake_graph import PAGE_ID, FakeGraph, HandClock, World, posts

BY = "測試員"
MOST = 40  # rows of a table that are made hostile
NEW_KEYS = {"topic_rules", "units", "activities", "surveys", "contributions"}
"""Tables with keys that people choose freely."""

_BY_OBSERVATION = {"posts", "page_days"}
"""Of these a file states what it has a column for."""

Refused = Mapping[tuple[str, str], str]


def make(path: Path) -> Refused:
    """A demonstration with hostile texts in every column that takes them; what was refused, and why."""
    setup.init(path, demonstration=True)
    refused = {}
    for table in TABLES:
        for column in table.columns:
            free = column.type == "text" and not column.choices and (not column.key or table.name in NEW_KEYS)
            if free and (said := _fill(path, table, column)):
                refused[table.name, column.name] = said
    for name, more in _ENTERED.items():
        entries.enter(path, BY_NAME[name], more, reason=" ".join(STRINGS[:9]), by=BY)
    _layout(path)
    return refused


def _layout(path: Path) -> None:
    """An assignment of columns whose headings are hostile, remembered for the next file."""
    day, title, count, *_ = STRINGS
    layout = Layout("activities", {day: "held_on", title: "title", count: "attendees"}, {"kind": "training"})
    body = as_csv([day, title, count], [{day: "113/06/10", title: " ".join(STRINGS), count: "5"}])
    upload.import_file(path, Bytes(f"{STRINGS[2]}.csv", body), by=BY, answers=Answers(layout=layout))


def pull(path: Path) -> None:
    """A store of year 103 into which a page was pulled whose name and posts are hostile."""
    setup.init(path)
    clock = HandClock(datetime.now(UTC).replace(microsecond=0) - timedelta(days=2))
    said = cycle((*STRINGS, *FORMULAS, *UNSEEN))
    with patch.object(posts, "message", lambda rng: next(said)):
        world = World(3, posts=60, clock=clock, app_secret=pulled.SECRET)
    world.pages[PAGE_ID].name = " ".join(STRINGS[:4])
    with FakeGraph(world) as server:
        sources.pull_all(path, pulled.settings(server), by=BY, clock=clock)


_ENTERED = {
    "holidays": {"day": "2026-10-09", "label": STRINGS[0], "working": "0"},
    "figure_notes": {
        "indicator": "fans",
        "period_from": "2014-01-01",
        "period_to": "2014-12-31",
        "text": "\n".join(STRINGS),
    },
}


def _fill(path: Path, table: Table, column: Column) -> str:
    """Import the table's rows with hostile texts in one column; the sentence with which that was refused."""
    with database.reading(path) as connection:
        stand = list(islice(rows.current(connection, table), MOST))
    if not stand:
        return "no rows"
    least = {one.name for one in table.columns if one.key or one.required or one is column}
    names = [name for name in table.names if name in least or table.name not in _BY_OBSERVATION]
    changed = [row | {column.name: text} for row, text in zip(stand, texts(len(stand)), strict=True)]
    answers = Answers(format=table.name, observed_at=datetime(2026, 11, 1, tzinfo=UTC), zone="Asia/Taipei")
    try:
        taken = upload.import_file(
            path, Bytes(f"{STRINGS[0]}.csv", as_csv(names, changed)), by=BY, answers=answers, skip_rejected=True
        )
    except SqdashError as error:
        return str(error)
    return "" if taken.added + taken.changed else (taken.rejected[0].reason if taken.rejected else "no change")


def texts(count: int) -> Iterator[str]:
    """All hostile texts over as many cells; every other one begins as a formula does."""
    for number in range(count):
        share = " ".join(STRINGS[number::count]) or STRINGS[number % len(STRINGS)]
        yield f"{FORMULAS[number // 2 % len(FORMULAS)].strip()} {share}" if number % 2 else share


def as_csv(names: Sequence[str], body: Sequence[Mapping[str, Any]]) -> bytes:
    """The rows as a file of ours: text cells guarded."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(names)
    for row in body:
        writer.writerow(["" if row[n] is None else quoting.guard(str(row[n])) for n in names])
    return out.getvalue().encode("utf-8-sig")
