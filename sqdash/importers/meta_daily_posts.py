"""Meta's content export with a row a post and day: only what may be added up is taken, one snapshot a post.

Reactions, comments, shares and clicks are events, so a post's days add up; reach and viewers are people, who come
back on other days, so theirs never do. Rows are never deduplicated by their id: that would keep one day's figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqdash.errors import DataError
from sqdash.importers import dates, meta_posts, numbers
from sqdash.importers.base import CHUNK, Task
from sqdash.importers.cells import CellError
from sqdash.importers.columns import ask_how
from sqdash.importers.headings import Head, fold
from sqdash.importers.post_rows import Chunk, PostReader
from sqdash.importers.repeats import DISPUTED, Repeats, Said

_ADDED = ("reactions", "comments", "shares", "clicks")
_HEADINGS = meta_posts.HEADINGS._replace(measures={m: meta_posts.HEADINGS.measures[m] for m in _ADDED})
_SAME_DAY = f"是同一篇貼文的同一天但數字不同{DISPUTED}"
_ADVICE = (
    "這是逐日匯出（每篇每日一列）：只把心情、留言、分享、點擊按貼文加總，且只含檔案裡的各日；"
    "觸及與瀏覽不能相加，沒有匯入，匯出時請選「總期間」（Lifetime），才有觸及。"
)

name = "meta_daily_posts"
label = "Meta 逐日匯出（每篇每日一列）"
vocabulary: frozenset[str] = meta_posts.vocabulary


def claims(head: Head) -> bool:
    """See :class:`sqdash.importers.base.Format`."""
    return meta_posts.is_export(head) and meta_posts.is_daily(head)


def read(task: Task) -> None:
    """Posts and one snapshot each, the sum of the days that the file has."""
    _DailyReader(task, _HEADINGS).run()


@dataclass(slots=True)
class _Post:
    """A post as its first row has it, its id as ``written`` there, and the sums so far."""

    row: int
    key: str
    written: str
    cells: tuple[Any, ...]
    sums: list[int | None]

    def add(self, values: Sequence[int | None]) -> None:
        """Count a day in; what is not given leaves the sum as it is."""
        for at, value in enumerate(values):
            if value is not None:
                self.sums[at] = (self.sums[at] or 0) + value


class _DailyReader(PostReader):
    def run(self) -> None:
        """Read everything; see :func:`read`."""
        self.posts: dict[tuple[str | None, ...], _Post] = {}
        self.spoiled: set[tuple[str | None, ...]] = set()
        self.repeats = Repeats(self.task)
        self.date = self._date()
        self.days: dates.Reader | None = None
        self.task.findings.partial = True
        self.task.findings.warnings.append(_ADVICE)
        self.each_chunk(self._chunk)
        good = [post for identity, post in self.posts.items() if self._is_whole(identity, post)]
        for start in range(0, len(good), CHUNK):
            self._give(good[start : start + CHUNK])
        self.say_cleaned()

    def _date(self) -> int:
        at = self.head.at(meta_posts.DATE)
        if at is None:  # rows of one post could be its days or copies
            raise DataError(
                f"{self.task.file} 的貼文各有好幾列卻沒有「日期」（Date）欄，無法分辨是逐日數據或重複的列，"
                "請從 Meta 重新匯出「總期間」的檔案。"
            )
        return at

    def _chunk(self, chunk: Chunk) -> None:
        ids, published = self.ids(chunk), self.moments(chunk)
        figures = [self.figures(chunk, measure) for measure in self.measures]
        values = list(zip(*figures, strict=True)) if figures else [()] * len(ids)
        pages, texts, kinds = self.pages(chunk), self.messages(chunk), self.types(chunk)
        links, raw, days = self.optional(chunk, "permalink"), self.texts(chunk, "published") or [], self._days(chunk)
        written, heading = self.texts(chunk, "id") or [], self.heading("id")
        for i, (number, _) in enumerate(chunk.rows):
            # A damaged id tells posts apart no longer; link and time do.
            identity = (pages[i], ids[i]) if ids[i] is not None else (pages[i], links[i], raw[i])
            if i in chunk.bad:
                self.spoiled.add(identity)
                continue
            post = self.posts.get(identity)
            if post is None:
                key = f"lost:{number}" if ids[i] is None else f"{pages[i]}_{str(ids[i]).rpartition('_')[2]}"
                cells = (pages[i], published[i], kinds[i], texts[i], links[i], raw[i])
                post = self.posts[identity] = _Post(number, key, written[i], cells, [None] * len(self.measures))
            day, said = (post.row, days[i]), Said(number, hash(values[i]), heading, written[i])
            if self.repeats.is_first(day, said, _SAME_DAY):
                post.add(values[i])
            elif self.repeats.disputed(day):
                self.spoiled.add(identity)

    def _days(self, chunk: Chunk) -> list[str]:
        """The day of each row; "" where it cannot be taken."""
        texts, heading = chunk.column(self.date), self.head.cells[self.date]
        if self.days is None:  # Meta writes the month first; a person may say otherwise
            given = [text for text in texts if fold(text) not in meta_posts.LIFETIME and not numbers.not_given(text)]
            answers = self.task.answers
            try:
                self.days = dates.decide(given, "day", year=answers.year, order=answers.dates or "month_first")
            except dates.Undecided as error:
                ask_how(heading, error, self.task)
        return [self._day(chunk, i, heading, text, self.days) for i, text in enumerate(texts)]

    def _day(self, chunk: Chunk, i: int, heading: str, text: str, days: dates.Reader) -> str:
        if not text.strip():
            self.refuse(chunk, i, heading, text, "required", "逐日匯出的這一欄必填，請補上日期。")
        elif fold(text) in meta_posts.LIFETIME:
            why = "這一列是總期間的數據，和逐日的列混在一起，請重新匯出「總期間」的檔案。"
            self.refuse(chunk, i, heading, text, "lifetime_row", why)
        else:
            try:
                return days.read(text)
            except CellError as error:
                self.refuse(chunk, i, heading, text, error.code, str(error))
        return ""

    def _is_whole(self, identity: tuple[str | None, ...], post: _Post) -> bool:
        """A sum without one of its days would be too low, and nothing would show it."""
        if identity not in self.spoiled:
            return True
        why = "這篇貼文有逐日的列不能採用，加總會少算，整篇不採用，請修正那些列後重傳。"
        self.task.reject(post.row, self.heading("id"), post.written, "incomplete", why)
        return False

    def _give(self, posts: Iterable[_Post]) -> None:
        posts = list(posts)
        shots = [(post.row, post.key, self.seen_at, *post.sums) for post in posts]
        self.add_posts([(post.row, post.key, *post.cells) for post in posts], shots)
        self.task.findings.lost_ids |= {post.row: post.written for post in posts if post.key.startswith("lost:")}
        moments = [post.cells[1] for post in posts]
        self.task.findings.days(min(moments), max(moments))
