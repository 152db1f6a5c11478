"""Rows that are each about one post: ids, pages, times, captions and figures, a chunk of rows at a time.

What Meta's exports of posts have in common, whatever their shape. A format says which headings its columns have and
what becomes of a row; this module knows no format.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, NamedTuple

from sqdash.errors import DataError
from sqdash.importers import moments, numbers
from sqdash.importers.base import CHUNK, Task, ask_about_wan, observation_question, observed_at, page_question
from sqdash.importers.cells import CellError
from sqdash.importers.data_rows import listed
from sqdash.importers.headings import Numbered, fold
from sqdash.importers.ids import Ids, cleaned, cut, doubt, is_damaged, is_post_number
from sqdash.importers.rules import EARLIEST, TOO_EARLY
from sqdash.periods import PACIFIC, stored
from sqdash.unseen import CONTROL

COLUMNS = ("post_id", "page_id", "published_at", "type", "message", "permalink", "published_text")
"""The columns of a post that an export can give, in the order in which a format hands them over."""
_NEEDS = {"type": ("type",), "message": ("title", "description"), "permalink": ("permalink",)}
"""Columns that are given only where the file has one of these headings: without, what is stored stays."""
TYPES = {
    fold(word): kind
    for kind, words in {
        "相片": ("Photos", "Photo", "相片"),
        "影片": ("Videos", "Video", "影片", "SharedVideo"),
        "連續短片": ("Reels", "Reel", "連續短片"),
        "連結": ("Links", "Link", "連結"),
        "文字": ("Text", "Status", "文字"),
        "直播": ("Live", "直播"),
    }.items()
    for word in words
}
"""Meta's word for a post's type → ours; another word stays as it is."""
Names = tuple[str, ...]


class PostHeadings(NamedTuple):
    """The folded headings of each column, the preferred first; ``measures`` by the store's names."""

    id: Names
    published: Names
    measures: Mapping[str, Names]
    page: Names = ()
    page_name: Names = ()
    permalink: Names = ()
    type: Names = ()
    title: Names = ()
    description: Names = ()


@dataclass(slots=True)
class Chunk:
    """Some rows, and the places of those that were refused."""

    rows: list[Numbered]
    bad: set[int] = field(default_factory=set)

    def column(self, at: int) -> list[str]:
        """The cells of one column."""
        return [cells[at] for _, cells in self.rows]


class PostReader:
    """Reads the columns of a chunk; bad cells are told and their rows put into ``chunk.bad``."""

    def __init__(self, task: Task, headings: PostHeadings, *, page_needed: bool = True) -> None:
        self.task, self.head, self.headings = task, task.head, headings
        self.at = {
            key: self.head.at(getattr(headings, key))
            for key in ("id", "published", "page", "page_name", "permalink", "type", "title", "description")
        }
        if self.at["id"] is None or self.at["published"] is None:
            raise DataError(
                f"{task.file} 沒有貼文編號或發佈時間的欄，不能用這種格式讀取，請改用別的格式。", option="format"
            )
        self._ask(page_needed=page_needed)
        self.seen_at = observed_at(task)
        self.zone = task.zone(PACIFIC)
        self.now = stored(task.known.now)
        self.places = {m: at for m, names in headings.measures.items() if (at := self.head.at(names)) is not None}
        self.measures = list(self.places)
        self.given = [name for name in COLUMNS if any(self.at[k] is not None for k in _NEEDS.get(name, ("id",)))]
        self.cache: dict[str, str] = {}
        self.cleaned = 0
        self.judge = Ids()
        self.pages_met: set[str] = set()
        task.findings.thin = True
        task.findings.headings["post_id"] = self.heading("id")

    def _ask(self, *, page_needed: bool) -> None:
        """Everything that is missing, in one question to the person."""
        questions = []
        if page_needed and self.at["page"] is None and not self.task.answers.page:
            questions.append(page_question(self.task.known, "貼文"))
        if self.task.answers.observed_at is None:
            questions.append(observation_question())
        if questions:
            self.task.ask(*questions)

    def heading(self, key: str) -> str:
        """The heading of a column as the file has it."""
        at = self.at[key]
        return self.head.cells[at] if at is not None else ""

    def refuse(
        self, chunk: Chunk, i: int, heading: str, value: str, code: str, why: str, option: str | None = None
    ) -> None:
        """Leave out the chunk's row ``i``."""
        self.task.reject(chunk.rows[i][0], heading, value, code, why, option)
        chunk.bad.add(i)

    def texts(self, chunk: Chunk, key: str) -> list[str] | None:
        """The cells of a column; None where the file has no such column."""
        at = self.at[key]
        return None if at is None else chunk.column(at)

    def optional(self, chunk: Chunk, key: str) -> list[str | None]:
        """The cells of a column, None for empty ones and for a column that is not there."""
        return [text.strip() or None for text in self.texts(chunk, key) or [""] * len(chunk.rows)]

    def each_chunk(self, take: Callable[[Chunk], None]) -> None:
        """Hand over all rows, chunk by chunk; those whose id only the whole file can judge come last.

        So few are held back that memory stays flat: intact ids seldom end in zeros, and damaged ones are soon known.
        """
        held: list[Numbered] = []
        for rows in self.task.chunks():
            self._meet(rows)
            ready: list[Numbered] = []
            for row in rows:
                (held if self.judge.is_open(self._id(row)) else ready).append(row)
            if ready:
                take(Chunk(ready))
        self.judge.close()
        self._check_pages()
        for start in range(0, len(held), CHUNK):
            take(Chunk(held[start : start + CHUNK]))
        self._say_doubtful(held)

    def _id(self, row: Numbered) -> str:
        return cleaned(row[1][self.at["id"] or 0])

    def _meet(self, rows: Sequence[Numbered]) -> None:
        """Let the judge see the ids of posts and, once each, those of pages that nobody knows yet."""
        at, met = self.at["page"], []
        for row in rows:
            if at is not None and (page := cleaned(row[1][at])) not in self.pages_met:
                self.pages_met.add(page)
                met += [page] if page not in self.task.known.pages else []
            met.append(self._id(row))
        self.judge.meet(met)
        self._check_pages()

    def _check_pages(self) -> None:
        """A page's id that was taken for intact until the file showed what became of its ids: a person says which."""
        answered = self.task.answers.page
        for page in sorted(self.pages_met):
            if not self.judge.is_cut(page) or self._is_answered(page):
                continue
            if answered:
                why = f"專頁編號「{page}」已被 Excel 改壞，也不是指定的專頁「{answered[:30]}」，請從 Meta 重新匯出。"
                raise DataError(f"{self.task.file} 的{why}")
            question = page_question(self.task.known, "貼文")
            text = f"檔案裡的專頁編號「{page}」已被 Excel 改壞，這是哪一個專頁的貼文"
            self.task.ask(question._replace(text=text))

    def _say_doubtful(self, held: Sequence[Numbered]) -> None:
        rows = [row for row in held if self.judge.is_doubtful(self._id(row))]
        if rows:
            self.task.findings.warnings.append(
                doubt(self.heading("id"), listed([number for number, _ in rows]), self._id(rows[0]))
            )
        for page in sorted(self.pages_met):
            if self.judge.is_doubtful(page) and not self._is_answered(page):
                self.task.findings.warnings.append(doubt(self.heading("page"), "", page))

    def ids(self, chunk: Chunk) -> list[str | None]:
        """Ids as the file has them; None for one that Excel damaged, to be found again by permalink and time."""
        found: list[str | None] = []
        for i, text in enumerate(map(cleaned, self.texts(chunk, "id") or [])):
            damaged = self.judge.is_damaged(text)
            found.append(None if damaged else text)
            if not damaged and not is_post_number(text):
                why = "須為數字的貼文編號，請從 Meta 重新匯出。" if text else "這一欄必填，請補上。"
                self.refuse(chunk, i, self.heading("id"), text, "bad_id" if text else "required", why)
        return found

    def pages(self, chunk: Chunk) -> list[str]:
        """The page's id of each row, from its column or from the person's answer; names are noted."""
        answered = self.task.answers.page
        given = self.texts(chunk, "page")
        pages = [answered or ""] * len(chunk.rows) if given is None else list(map(cleaned, given))
        if lost := {page for page in set(pages) if not self._is_page(page)} if given is not None else None:
            for i, page in enumerate(pages):
                if page not in lost:
                    continue
                if answered:
                    pages[i] = answered
                else:
                    why = "專頁編號已被 Excel 改壞或空白，請指定專頁，或從 Meta 重新匯出。"
                    self.refuse(chunk, i, self.heading("page"), page, "damaged_id", why, "page")
        self.name_pages(pages, self.texts(chunk, "page_name") or [""] * len(pages))
        return pages

    def _is_page(self, page: str) -> bool:
        return is_post_number(page) and "_" not in page and not is_damaged(page) and not self._is_answered(page)

    def _is_answered(self, page: str) -> bool:
        """Whether it is what Excel makes of the page that a person named."""
        return page == cut(self.task.answers.page or "")

    def name_pages(self, pages: Sequence[str], names: Sequence[str]) -> None:
        """Keep what the file calls its pages."""
        for page, title in set(zip(pages, names, strict=True)):
            if page and not self.task.findings.pages.get(page):
                self.task.findings.pages[page] = " ".join(title.split())

    def moments(self, chunk: Chunk) -> list[str]:
        """When each post was published, in Taipei; "" for a time that cannot be."""
        found: list[str] = []
        for i, text in enumerate(self.texts(chunk, "published") or []):
            try:
                moment = moments.taipei(text, self.zone, self.cache)
            except CellError as error:
                self.refuse(chunk, i, self.heading("published"), text, error.code, str(error))
                found.append("")
                continue
            found.append(moment)
            if not EARLIEST <= moment <= self.now or moment > self.seen_at:
                self.refuse(chunk, i, self.heading("published"), text, *self._impossible(moment))
        return found

    def _impossible(self, moment: str) -> tuple[str, str]:
        if moment < EARLIEST:
            return "before_facebook", TOO_EARLY
        if moment > self.now:
            return "future", "是還沒到的時間，請檢查。"
        return "after_observation", "晚於填寫的匯出時間，請檢查匯出時間。"

    def figures(self, chunk: Chunk, measure: str) -> list[int | None]:
        """The counts of one measure; None where nothing is given."""
        texts = chunk.column(self.places[measure])
        quick = numbers.whole_column(texts)
        if quick is not None:
            return quick
        found: list[int | None] = []
        for i, text in enumerate(texts):
            try:
                found.append(numbers.whole(text, wan=self.task.answers.wan))
            except CellError as error:
                if error.code == "abbreviation":
                    ask_about_wan(self.task, text)
                self.refuse(chunk, i, self.head.cells[self.places[measure]], text, error.code, str(error))
                found.append(None)
        return found

    def messages(self, chunk: Chunk) -> list[str | None]:
        """The caption stands in the title, the description or both: the longer one."""
        titles = self.texts(chunk, "title") or [""] * len(chunk.rows)
        bodies = self.texts(chunk, "description") or [""] * len(chunk.rows)
        texts = [body if len(body) >= len(title) else title for title, body in zip(titles, bodies, strict=True)]
        if CONTROL.search("".join(texts)):
            self.cleaned += sum(bool(CONTROL.search(text)) for text in texts)
            texts = [CONTROL.sub(" ", text) for text in texts]
        return [text if text.strip() else None for text in texts]

    def types(self, chunk: Chunk) -> list[str | None]:
        """The post's type in our words; a row of Instagram is refused."""
        found = self.optional(chunk, "type")
        known = {text: TYPES.get(fold(text), text) for text in set(found) if text}
        if any(text.startswith("IG ") for text in known):
            for i, text in enumerate(found):
                if text and text.startswith("IG "):
                    why = "是 Instagram 的內容，不是粉絲專頁的貼文，請刪去這一列。"
                    self.refuse(chunk, i, self.heading("type"), text, "instagram_row", why)
        return [known[text] if text else None for text in found]

    def add_posts(self, posts: Sequence[tuple[Any, ...]], shots: Sequence[tuple[Any, ...]], *more: str) -> None:
        """Hand over posts, each (row, a value per :data:`COLUMNS` and ``more``), and their snapshots."""
        columns = (*COLUMNS, *more)
        given = [*self.given, *more]
        if len(given) < len(columns):
            pick = itemgetter(0, *(columns.index(name) + 1 for name in given))
            posts = [pick(post) for post in posts]
        self.task.sink.add("posts", given, posts)
        self.task.sink.add("snapshots", ["post_id", "observed_at", *self.measures], shots)

    def say_missing(self, wanted: Sequence[tuple[str, tuple[str, ...]]], because: str) -> None:
        """Warn of measures that the file has no column for: (word, measures of which one would do)."""
        if missing := [word for word, measures in wanted if not set(measures) & set(self.measures)]:
            self.task.findings.warnings.append(f"檔案沒有{'、'.join(missing)}的欄，這些數字記為未填；{because}。")

    def say_cleaned(self) -> None:
        """Tell of captions that were not kept to the letter."""
        if self.cleaned:
            self.task.note(f"{self.cleaned:,} 篇貼文的內容含控制字元，已以空白代替。")
