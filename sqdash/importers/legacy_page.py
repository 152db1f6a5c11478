"""Page Insights' old export, page level: a row a day, up to 1,738 columns, of which a few have a place.

Columns are found by name. ``Weekly`` and ``28 Days`` columns are windows that slide from day to day and are never
used. Row 2 describes the columns. Dates are ISO as downloaded, ``1/1/2014`` after a save in Excel.
"""

from __future__ import annotations

from sqdash.errors import DataError
from sqdash.importers.base import Task, place
from sqdash.importers.columns import decide
from sqdash.importers.day_rows import DayRows, require_page
from sqdash.importers.headings import Head, fold, folded
from sqdash.importers.legacy_posts import describes

_DATE = folded("Date")
_POST = folded("Post ID")
_MEASURES = {
    fold("Lifetime Total Likes"): "fans",
    fold("Daily Total Reach"): "reach",
    fold("Daily Total Impressions"): "impressions",
}
_WITHOUT_PLACE = folded(
    "Daily New Likes", "Daily Unlikes", "Daily Page Engaged Users", "Daily Organic Reach", "Daily Paid Reach",
    "Daily Organic Impressions", "Daily Paid Impressions",
)  # fmt: skip
_SLIDING = (fold("Weekly "), fold("28 Days "))

name = "legacy_page"
label = "舊版洞察報告（專頁）"
vocabulary: frozenset[str] = _DATE | _WITHOUT_PLACE | frozenset(_MEASURES)


def claims(head: Head) -> bool:
    """See :class:`sqdash.importers.base.Format`."""
    known = head.known_as
    return (
        not known.isdisjoint(_DATE)
        and known.isdisjoint(_POST)
        and (not known.isdisjoint(_MEASURES) or not known.isdisjoint(_WITHOUT_PLACE))
    )


def read(task: Task) -> None:
    """Fans, reach and impressions of each day."""
    at, places = place(task, _DATE, "Date"), _places(task)
    rows = _data_rows(task, at)
    days = DayRows(task, require_page(task))
    reader = decide(task.head.cells[at], [texts[0] for _, texts in rows], "day", task)
    for number, (day_text, *figures) in rows:
        if day := days.day(number, task.head.cells[at], day_text, reader):
            headings = (task.head.cells[column] for column in places.values())
            cells = dict(zip(places, zip(headings, figures, strict=True), strict=True))
            days.add(number, (task.head.cells[at], day_text), day, cells)
    days.give()
    _say_unused(task, len(places))


def _places(task: Task) -> dict[str, int]:
    """Measure → its column; :class:`DataError` for none, and for one that stands twice."""
    places = {m: found for word, m in _MEASURES.items() if (found := task.head.at((word,))) is not None}
    if not places:
        raise DataError(f"{task.file} 沒有粉絲、觸及或曝光的欄，請匯出含 Lifetime Total Likes 的報告。")
    wanted = {fold(task.head.cells[column]) for column in places.values()}
    for cell in task.head.repeated():
        if fold(cell) in wanted:
            raise DataError(f"{task.file} 的欄名「{cell}」出現兩次，無法判斷用哪一欄，請刪去一欄。")
    return places


def _data_rows(task: Task, at: int) -> list[tuple[int, list[str]]]:
    """(row number, [day, a figure a measure]) without the row of descriptions; only our columns are kept."""
    columns = [at, *_places(task).values()]
    kept: list[tuple[int, list[str]]] = []
    first = True
    for chunk in task.chunks():
        for number, cells in chunk:
            if first and describes(cells):
                task.note(f"第 {number} 列是各欄的說明，沒有讀取。")
            else:
                kept.append((number, [cells[column] for column in columns]))
            first = False
    return kept


def _say_unused(task: Task, used: int) -> None:
    filled = [fold(cell) for cell in task.head.cells if cell]
    if other := len(filled) - used - 1:
        task.note(f"其餘 {other:,} 個欄位沒有用到。")
    if any(cell.startswith(_SLIDING) for cell in filled):
        task.note("Weekly 與 28 Days 的欄是逐日滑動的期間，不能使用，沒有讀取。")
