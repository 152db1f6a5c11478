"""Rows as files have them to the store's tables: a post with its figures is two rows, a day with its figures many."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sqdash.importers.base import Task, observed_at
from sqdash.importers.specs import Spec
from sqdash.periods import TAIPEI
from sqdash.records import Value
from sqdash.tables import BY_NAME, MEASURES, POST_MEASURES

_POST = BY_NAME["posts"].names
_MEASURES = tuple(name for name, _ in POST_MEASURES)
_DAYS = ("held_on", "checked_on", "due_on", "day", "month", "held_from", "period_from", "published_at")
_ENDS = ("ended_on", "period_to")
Columns = Mapping[str, Sequence[Value]]
Written = Callable[[int, str], tuple[str, str]]
"""Place of a row and column → the heading and the cell as the file has them."""


def rows(task: Task, spec: Spec, numbers: Sequence[int], columns: Columns, written: Written) -> None:
    """Give the rows to the task's sink; ``columns`` has a value a row for every column that the file has."""
    if not numbers:
        return
    _period(task, columns)
    if spec.name == "posts_file":
        _posts(task, numbers, columns)
    elif spec.name == "fan_days":
        _days(task, numbers, columns, written)
    else:
        names = tuple(columns)
        task.sink.add(spec.table.name, names, zip(numbers, *columns.values(), strict=True))


def _period(task: Task, columns: Columns) -> None:
    for name in _DAYS:
        if given := [str(value) for value in columns.get(name, ()) if value]:
            ends = [str(value) for end in _ENDS for value in columns.get(end, ()) if value]
            task.findings.days(min(given), max(given + ends))
            return


def post_keys(columns: Columns) -> list[Value]:
    """``<page>_<post>`` of each row, whether the file has that or the number alone; None where one is missing."""
    pairs = zip(columns["post_id"], columns["page_id"], strict=True)
    return [_post_key(str(post), str(page)) if post and page else None for post, page in pairs]


def _post_key(post: str, page: str) -> str:
    return post if post.startswith(f"{page}_") else f"{page}_{post}"


def _posts(task: Task, numbers: Sequence[int], columns: Columns) -> None:
    """Posts, and a snapshot for each that has a time of observation."""
    keys = list(columns["post_id"])
    seen = list(columns.get("observed_at") or [None] * len(numbers))
    measures = [name for name in _MEASURES if name in columns]
    figures = [any(columns[name][i] is not None for name in measures) for i in range(len(numbers))]
    if any(has and at is None for has, at in zip(figures, seen, strict=True)):
        asked = observed_at(task)
        seen = [at or (asked if has else None) for has, at in zip(figures, seen, strict=True)]
    names = [name for name in _POST if name in columns]
    task.sink.add("posts", names, zip(numbers, *(columns[name] for name in names), strict=True))
    task.sink.add(
        "snapshots",
        ["post_id", "observed_at", *measures],
        (
            (numbers[i], keys[i], seen[i], *(columns[name][i] for name in measures))
            for i in range(len(numbers))
            if seen[i]
        ),
    )


def day_pages(task: Task, columns: Columns) -> list[Value]:
    """The page of each day, from its column or from the person's answer; None where neither says it."""
    given = columns.get("page_id") or [None] * len(columns["day"])
    return [page or task.answers.page for page in given]


def _days(task: Task, numbers: Sequence[int], columns: Columns, written: Written) -> None:
    """One row a day and measure; what is not given has no row. A day of the office is a Taipei day."""
    zone = task.zone(TAIPEI).key
    found: list[tuple[Value, ...]] = []
    for i, (number, page) in enumerate(zip(numbers, columns["page_id"], strict=True)):
        if page is None:
            task.reject(number, *written(i, "page_id"), "no_page", "這一列沒有專頁編號，請補上或指定專頁。", "page")
            continue
        found += [
            (number, page, columns["day"][i], zone, name, columns[name][i])
            for name, _ in MEASURES
            if name in columns and columns[name][i] is not None
        ]
    task.sink.add("page_days", ("page_id", "day", "day_zone", "measure", "value"), found)
