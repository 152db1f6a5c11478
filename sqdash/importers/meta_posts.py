"""Meta Business Suite's content export: one row a post, lifetime figures as of the export.

Columns come and go and change order, so they are found by name (English or Chinese). Publish times are US
Pacific by all evidence (no statement by Meta); the raw text is kept beside the Taipei time. Figures keep the
names that Meta gave them: views, impressions, reach and viewers are four measures. A blank is "not given".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqdash.importers import numbers
from sqdash.importers.base import Task
from sqdash.importers.cells import CellError
from sqdash.importers.headings import Head, fold, folded, named
from sqdash.importers.post_rows import Chunk, PostHeadings, PostReader
from sqdash.importers.repeats import SAME_POST, Repeats, Said
from sqdash.periods import TAIPEI, first_whole_day


def _names(*names: str) -> tuple[str, ...]:
    return tuple(fold(name) for name in names)


HEADINGS = PostHeadings(
    id=_names("Post ID", "貼文編號"),
    page=_names("Page ID", "粉絲專頁編號"),
    page_name=_names("Page name", "粉絲專頁名稱"),
    published=_names("Publish time", "發佈時間", "發布時間"),
    permalink=_names("Permalink", "永久連結"),
    type=_names("Post type", "貼文類型"),
    title=_names("Title", "標題"),
    description=_names("Description", "說明"),
    measures={
        "reactions": _names("Reactions", "心情數", "心情"),
        "comments": _names("Comments", "留言數", "留言"),
        "shares": _names("Shares", "分享次數", "分享"),
        "reach": _names("Reach", "觸及人數"),
        "viewers": _names("Viewers", "瀏覽人數"),
        "impressions": _names("Impressions", "曝光次數"),
        "views": _names("Views", "瀏覽次數", "觀看次數"),
        "clicks": _names("Total clicks", "總點擊次數"),
    },
)
DATE = _names("Date", "日期")
LIFETIME = folded("Lifetime", "總期間", "Trọn đời")
INSTAGRAM = folded("Account username", "帳號用戶名稱", "IG username")
"""Headings that only Instagram's exports have."""
_SUM = _names("Reactions, Comments and Shares", "心情、留言和分享次數")
_BOOSTED = ("Views from Boosted posts", "Reach from Boosted posts")
# Meta's columns without a place in the store: named here so that they are not taken for unknown ones.
_WITHOUT_PLACE = folded(
    "Duration (sec)", "Caption type", "Is crosspost", "Is share", "Languages", "Custom labels",
    "Funded content status", "Data comment", "資料留言", "Other Clicks", "Link Clicks", "Seconds viewed",
    "Average Seconds viewed", "Saves", "儲存次數", "Interactions", "互動次數", "Distribution", "帳號名稱",
)  # fmt: skip
_FEW, _OFTEN = 6, 0.5
_DAY = r"([A-Z][a-z]{2})-(\d{1,2})-((?:19|20)\d{2})"
_WINDOW = re.compile(f"{_DAY}_{_DAY}")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

name = "meta_posts"
label = "Meta 內容匯出（每篇一列）"
vocabulary: frozenset[str] = _WITHOUT_PLACE.union(
    HEADINGS.id, HEADINGS.page, HEADINGS.page_name, HEADINGS.published, HEADINGS.permalink, HEADINGS.type,
    HEADINGS.title, HEADINGS.description, DATE, _SUM, *HEADINGS.measures.values(),
)  # fmt: skip


def is_export(head: Head) -> bool:
    """Whether the headings are those of a content export, whatever its shape."""
    known = head.known_as
    return (
        not known.isdisjoint(HEADINGS.id)
        and not known.isdisjoint(HEADINGS.published)
        and not known.isdisjoint(HEADINGS.page + HEADINGS.page_name + HEADINGS.permalink)
        and known.isdisjoint(INSTAGRAM)
    )


def is_daily(head: Head) -> bool:
    """Whether this is the shape with a row a post and day: ``Date`` holds days, or, without it, ids repeat.

    A good lifetime file repeats 4 ids in 1,000 rows, a daily one names each about 28 times (both measured).
    """
    at = head.at(DATE)
    if at is not None:
        given = [fold(cells[at]) for _, cells in head.sample if at < len(cells) and cells[at].strip()]
        if given:
            return any(text not in LIFETIME for text in given)
    at = head.at(HEADINGS.id)
    ids = [cells[at].strip() for _, cells in head.sample if at is not None and at < len(cells)]
    return len(ids) >= _FEW and len(set(ids)) / len(ids) < _OFTEN


def claims(head: Head) -> bool:
    """See :class:`sqdash.importers.base.Format`."""
    return is_export(head) and not is_daily(head)


def read(task: Task) -> None:
    """Posts and one snapshot each, at the moment of the export."""
    _LifetimeReader(task).run()


class _LifetimeReader(PostReader):
    def __init__(self, task: Task) -> None:
        super().__init__(task, HEADINGS)
        self.date, self.sum = self.head.at(DATE), self.head.at(_SUM)
        self.boosted = [at for n in _BOOSTED if (at := self.head.at((fold(n),))) is not None]
        self.repeats = Repeats(task)
        self.unequal = 0

    def run(self) -> None:
        """Read everything; see :func:`read`."""
        self.say_missing(
            (
                ("心情", ("reactions",)),
                ("留言", ("comments",)),
                ("分享", ("shares",)),
                ("觸及或瀏覽人數", ("reach", "viewers")),
            ),
            "匯出時若勾選「收益」，其後的欄會消失",
        )
        self._say_unknown()
        self.each_chunk(self._chunk)
        self._cover()
        self.say_cleaned()
        if self.unequal:
            self.task.note(f"{self.unequal:,} 篇的「心情、留言和分享」與三者之和不同，保留 Meta 的數字，未作修正。")

    def _say_unknown(self) -> None:
        known = vocabulary | folded(*_BOOSTED)
        columns = zip(self.head.cells, self.head.names, strict=True)
        unknown = [cell for cell, names in columns if cell and known.isdisjoint(names)]
        if unknown:
            self.task.note(f"{len(unknown):,} 個欄位沒有用到：{named(unknown)}。")

    def _chunk(self, chunk: Chunk) -> None:
        chunk = self._lifetime_rows(chunk)
        ids, published = self.ids(chunk), self.moments(chunk)
        figures = [self.figures(chunk, measure) for measure in self.measures]
        self._compare_sum(chunk, figures)
        values = list(zip(*figures, strict=True)) if figures else [()] * len(ids)
        pages, texts, kinds = self.pages(chunk), self.messages(chunk), self.types(chunk)
        links, raw = self.optional(chunk, "permalink"), self.texts(chunk, "published") or []
        boosted, written, heading = self._boosted(chunk), self.texts(chunk, "id") or [], self.heading("id")
        posts: list[tuple[Any, ...]] = []
        shots: list[tuple[Any, ...]] = []
        for i, (number, _) in enumerate(chunk.rows):
            if i in chunk.bad:
                continue
            key = self._key(number, ids[i], pages[i], written[i])
            mark = hash((published[i], kinds[i], texts[i], links[i], boosted[i], values[i]))
            if self.repeats.is_first(key, Said(number, mark, heading, written[i]), SAME_POST):
                posts.append((number, key, pages[i], published[i], kinds[i], texts[i], links[i], raw[i], *boosted[i]))
                shots.append((number, key, self.seen_at, *values[i]))
        self._add(posts, shots)

    def _key(self, number: int, post: str | None, page: str, written: str) -> str:
        if post is not None:
            return f"{page}_{post.rpartition('_')[2]}"
        self.task.findings.lost_ids[number] = written
        return f"lost:{number}"

    def _add(self, posts: list[tuple[Any, ...]], shots: list[tuple[Any, ...]]) -> None:
        if posts:
            self.add_posts(posts, shots, *(("boosted",) if self.boosted else ()))
            moments = [post[3] for post in posts]
            self.task.findings.days(min(moments), max(moments))

    def _lifetime_rows(self, chunk: Chunk) -> Chunk:
        """Without rows of single days that somebody put among those of the whole time."""
        at = self.date
        if at is None or set(chunk.column(at)) <= {"Lifetime", "總期間"}:
            return chunk
        kept = []
        for number, cells in chunk.rows:
            if not cells[at].strip() or fold(cells[at]) in LIFETIME:
                kept.append((number, cells))
            else:
                why = "這一列是逐日數據，和總期間的列混在一起，請重新匯出「總期間」的檔案。"
                self.task.reject(number, self.head.cells[at], cells[at], "daily_row", why)
        return Chunk(kept)

    def _compare_sum(self, chunk: Chunk, figures: Sequence[list[int | None]]) -> None:
        parts = [figures[self.measures.index(m)] for m in ("reactions", "comments", "shares") if m in self.measures]
        if self.sum is None or len(parts) < 3:
            return
        for total, *three in zip(_counts(chunk.column(self.sum)), *parts, strict=True):
            if total is not None and None not in three and total != sum(x for x in three if x is not None):
                self.unequal += 1

    def _boosted(self, chunk: Chunk) -> list[tuple[int | None, ...]]:
        """1 where a boosted view or reach was counted, 0 where all such columns say none."""
        if not self.boosted:
            return [()] * len(chunk.rows)
        columns = [_counts(chunk.column(at)) for at in self.boosted]
        return [(_any_above_zero(values),) for values in zip(*columns, strict=True)]

    def _cover(self) -> None:
        """The file's name says which days of its zone it covers: the Taipei days that lie wholly within.

        A Pacific day begins in the afternoon of the Taipei day, one of Tokyo ends an hour before it.
        """
        window = window_of(self.task.file)
        if window is None:
            return
        begin, end = (datetime.combine(day, time(), self.zone) for day in (window[0], window[1] + timedelta(days=1)))
        first, last = first_whole_day(begin), end.astimezone(TAIPEI).date() - timedelta(days=1)
        if first <= last and last.isoformat() < self.seen_at[:10]:
            for page in self.task.findings.pages:
                self.task.findings.coverage.append((page, first.isoformat(), last.isoformat()))


def window_of(file: str) -> tuple[date, date] | None:
    """First and last day in the name of a content export, ``Sep-01-2025_Sep-30-2025_…csv``; None without them."""
    found = _WINDOW.search(file)
    if not found or found[1] not in _MONTHS or found[4] not in _MONTHS:
        return None
    try:
        first = date(int(found[3]), _MONTHS.index(found[1]) + 1, int(found[2]))
        last = date(int(found[6]), _MONTHS.index(found[4]) + 1, int(found[5]))
    except ValueError:
        return None
    return (first, last) if first <= last else None


def _counts(texts: Sequence[str]) -> list[int | None]:
    """Figures that only tell of a row what it is: one that cannot be read says nothing and refuses no row."""
    quick = numbers.whole_column(texts)
    return quick if quick is not None else [_count(text) for text in texts]


def _count(text: str) -> int | None:
    try:
        return numbers.whole(text, wan=True)
    except CellError:
        return None


def _any_above_zero(values: Iterable[int | None]) -> int | None:
    given = [value for value in values if value is not None]
    return int(any(given)) if given else None
