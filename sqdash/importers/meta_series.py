"""Meta's "Results" export: a page's figure of each day, the metric named only in the line above ``Date,Primary``.

One file may stack several such blocks, also below tables of ages and cities; every block of days is read, the others
are left out and named. Days are US Pacific. Meta leaves out days, so a day that is not there is not known, never 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from sqdash.errors import DataError
from sqdash.importers.base import Task
from sqdash.importers.columns import decide
from sqdash.importers.day_rows import DayRows, require_page
from sqdash.importers.headings import Head, Numbered, fold, folded, named

_DATE = folded("Date", "日期", "Ngày")
_PRIMARY = fold("Primary")  # not translated, whatever the language of the rest
METRICS: dict[str, tuple[str, ...]] = {
    "views": ("Views", "瀏覽次數", "觀看次數"),
    "viewers": ("Viewers", "瀏覽人數"),
    "interactions": ("Content interactions", "互動次數", "內容互動次數", "內容互動"),
    "link_clicks": ("Facebook link clicks", "Link clicks", "連結點擊次數", "Facebook 連結點擊次數"),
    "page_visits": ("Facebook visits", "造訪", "造訪次數", "Facebook 造訪", "Facebook 造訪次數"),
    # A row a day: how many began to follow on that day. The number of all followers is another export.
    "new_followers": ("Facebook follows", "Follows", "追蹤", "追蹤次數", "Facebook 追蹤", "Facebook 追蹤次數"),
    "lost_followers": ("Facebook unfollows", "Unfollows", "取消追蹤", "取消追蹤次數"),
    "reach": ("Reach", "Facebook reach", "觸及人數", "Facebook 觸及人數"),
    "impressions": ("Impressions", "曝光次數"),
}
_METRICS = {fold(word): measure for measure, words in METRICS.items() for word in words}

name = "meta_series"
label = "Meta 專頁每日數據"
vocabulary: frozenset[str] = _DATE | {_PRIMARY}


@dataclass(slots=True)
class _Block:
    """The rows below one ``Date,Primary``: number, day and figure as they stand; ``title`` names the metric.

    ``heading`` is the word for the days.
    """

    title: str
    heading: str
    rows: list[tuple[int, str, str]] = field(default_factory=list)


def claims(head: Head) -> bool:
    """See :class:`sqdash.importers.base.Format`; tables of ages and cities may come before the days."""
    return any(_begins(cells) for cells in (head.cells, *(cells for _, cells in head.sample)))


def read(task: Task) -> None:
    """The figure of each day under the measure that the metric is."""
    rows = chain(task.head.above, [(task.head.number, list(task.head.cells))], task.rows)
    blocks, left = _blocks(task, rows)
    known = _known(task, blocks)
    texts = [day for block in known for _, day, _ in block.rows]
    days = DayRows(task, require_page(task))
    reader = decide(known[0].heading, texts, "day", task)
    for block in known:
        for number, day_text, figure in block.rows:
            if day := days.day(number, block.heading, day_text, reader):
                days.add(number, (block.heading, day_text), day, {_METRICS[fold(block.title)]: (block.title, figure)})
    days.give()
    task.note("檔案沒有列出的日子記為不知道，不當作 0。")
    if left:
        task.note(f"沒有讀取不是逐日數據的表：{named(left)}。")


def _begins(cells: Sequence[str]) -> bool:
    """Whether a block of days begins with this row."""
    filled = [cell for cell in cells if cell.strip()]
    return len(filled) == 2 and fold(filled[0]) in _DATE and fold(filled[1]) == _PRIMARY


def _blocks(task: Task, rows: Iterable[Numbered]) -> tuple[list[_Block], list[str]]:
    """The blocks of days, and the titles of the other tables."""
    blocks: list[_Block] = []
    left: dict[str, None] = {}
    titles: list[str] = []
    inside, below_title = False, False
    for number, cells in rows:
        filled = [cell.strip() for cell in cells if cell.strip()]
        if _begins(cells):
            blocks.append(_Block(titles[-1] if below_title else "", filled[0]))
            inside, below_title = True, False
        elif len(filled) == 1 and not filled[0][:1].isdigit():
            if not below_title:
                titles = []
            titles.append(filled[0])
            inside, below_title = False, True
        elif inside:
            blocks[-1].rows += _row(task, number, cells)
        else:
            left.update(dict.fromkeys(titles[:1]))
            below_title = False
    return blocks, list(left)


def _row(task: Task, number: int, cells: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    if any(cell.strip() for cell in cells[2:]):
        why = f"這一列有 {len(cells)} 欄，欄名只有 2 欄，請檢查逗號與引號。"
        task.reject(number, "（整列）", cells[-1], "wrong_width", why)
    else:
        yield number, cells[0], cells[1] if len(cells) > 1 else ""


def _known(task: Task, blocks: Sequence[_Block]) -> list[_Block]:
    """The blocks whose metric has a place; :class:`DataError` where none has, a warning for the others."""
    known = [block for block in blocks if fold(block.title) in _METRICS]
    unknown = named([block.title or "（沒有名稱）" for block in blocks if fold(block.title) not in _METRICS])
    if not known:
        names = "、".join(words[0] for words in METRICS.values())
        raise DataError(f"{task.file} 的指標是{unknown or '「（沒有名稱）」'}，沒有對應的數據，請匯出 {names} 之一。")
    if unknown:
        task.findings.warnings.append(f"指標{unknown}沒有對應的數據，這些列沒有讀取。")
    return known
