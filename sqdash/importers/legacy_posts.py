"""Page Insights' old export, post level: row 2 describes the columns, ids are ``<page>_<post>``.

There are no plain totals of likes, comments and shares: the "Stories by action type" family has them, and a column
exists only if somebody did it. Some headings stand twice, told apart only by row 2; none of those is used here.
"""

from __future__ import annotations

from typing import Any

from sqdash.errors import DataError
from sqdash.importers.base import Task
from sqdash.importers.headings import Head, fold
from sqdash.importers.post_rows import Chunk, PostHeadings, PostReader
from sqdash.importers.repeats import SAME_POST, Repeats, Said

_STORIES = "Lifetime Post Stories by action type - "
_HEADINGS = PostHeadings(
    id=(fold("Post ID"),),
    published=(fold("Posted"),),
    permalink=(fold("Permalink"),),
    type=(fold("Type"),),
    description=(fold("Post Message"),),
    measures={
        "likes": (fold(f"{_STORIES}like"),),
        "comments": (fold(f"{_STORIES}comment"),),
        "shares": (fold(f"{_STORIES}share"),),
        "reach": (fold("Lifetime Post Total Reach"),),
        "impressions": (fold("Lifetime Post Total Impressions"),),
        "clicks": (fold("Lifetime Post Consumptions"),),
    },
)
_DESCRIBES = ("lifetime:", "daily:")

name = "legacy_posts"
label = "舊版洞察報告（貼文）"
vocabulary: frozenset[str] = frozenset(
    (*_HEADINGS.id, *_HEADINGS.published, *_HEADINGS.permalink, *_HEADINGS.type, *_HEADINGS.description)
).union(*_HEADINGS.measures.values())


def claims(head: Head) -> bool:
    """See :class:`sqdash.importers.base.Format`."""
    known = head.known_as
    lifetime = any(word.startswith("lifetime") for word in known)
    return lifetime and not known.isdisjoint(_HEADINGS.id) and not known.isdisjoint(_HEADINGS.published)


def read(task: Task) -> None:
    """Posts and one snapshot each, at the moment of the export."""
    _LegacyReader(task, _HEADINGS, page_needed=False).run()


def describes(cells: list[str]) -> bool:
    """Whether this is row 2, which says in words what each column is."""
    return any(cell.strip().casefold().startswith(_DESCRIBES) for cell in cells)


class _LegacyReader(PostReader):
    def run(self) -> None:
        """Read everything; see :func:`read`."""
        self._refuse_repeated()
        self.repeats = Repeats(self.task)
        self.described = False
        self.say_missing(
            (("按讚", ("likes",)), ("留言", ("comments",)), ("分享", ("shares",)), ("觸及", ("reach",))),
            "舊版報告只在有人做過時才有這些欄",
        )
        self.each_chunk(self._chunk)
        self.say_cleaned()

    def _refuse_repeated(self) -> None:
        wanted = {fold(self.head.cells[at]) for at in self.places.values()}
        for cell in self.head.repeated():
            if fold(cell) in wanted:
                raise DataError(f"{self.task.file} 的欄名「{cell}」出現兩次，無法判斷用哪一欄，請刪去一欄。")

    def _chunk(self, chunk: Chunk) -> None:
        chunk = self._without_descriptions(chunk)
        ids, published, pages = self.ids(chunk), self.moments(chunk), self.pages(chunk)
        figures = [self.figures(chunk, measure) for measure in self.measures]
        values = list(zip(*figures, strict=True)) if figures else [()] * len(ids)
        texts, kinds = self.messages(chunk), self.types(chunk)
        links, raw = self.optional(chunk, "permalink"), self.texts(chunk, "published") or []
        heading = self.heading("id")
        posts: list[tuple[Any, ...]] = []
        shots: list[tuple[Any, ...]] = []
        for i, (number, _) in enumerate(chunk.rows):
            if i in chunk.bad or not (key := self._key(chunk, i, ids[i], pages[i])):
                continue
            mark = hash((published[i], kinds[i], texts[i], links[i], values[i]))
            if self.repeats.is_first(key, Said(number, mark, heading, self._written(chunk, i)), SAME_POST):
                page = key.partition("_")[0]
                posts.append((number, key, page, published[i], kinds[i], texts[i], links[i], raw[i]))
                shots.append((number, key, self.seen_at, *values[i]))
        if posts:
            self.name_pages([post[2] for post in posts], [""] * len(posts))
            self.add_posts(posts, shots)
            self.task.findings.days(min(post[3] for post in posts), max(post[3] for post in posts))

    def _without_descriptions(self, chunk: Chunk) -> Chunk:
        at = self.at["id"]
        if self.described or at is None:
            return chunk
        self.described = True
        number, cells = chunk.rows[0]
        if cells[at].strip()[:1].isdigit() or not describes(cells):
            return chunk
        self.task.note(f"第 {number} 列是各欄的說明，沒有讀取。")
        return Chunk(chunk.rows[1:])

    def _key(self, chunk: Chunk, i: int, post: str | None, page: str) -> str | None:
        """``<page>_<post>``; the permalink's number may differ and is no help for a damaged id."""
        if post is None:
            why = "須為「專頁_貼文」的編號，可能已被 Excel 改壞，請重新匯出。"
            self.refuse(chunk, i, self.heading("id"), self._written(chunk, i), "damaged_id", why)
            return None
        if "_" not in post and not page:
            why = "沒有寫是哪一個專頁的貼文，請指定專頁，或改用「專頁_貼文」的編號。"
            self.refuse(chunk, i, self.heading("id"), self._written(chunk, i), "no_page", why, "page")
            return None
        return post if "_" in post else f"{page}_{post}"

    def _written(self, chunk: Chunk, i: int) -> str:
        """The id as the file has it."""
        return chunk.rows[i][1][self.at["id"] or 0]
