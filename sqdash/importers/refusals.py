"""Files that are known and not taken: what they look like is said, rather than that they are unknown.

Instagram's exports, tables of ages and cities without any days, the published research data set of Facebook posts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqdash.errors import FileNotRecognised
from sqdash.importers import meta_posts, meta_series
from sqdash.importers.headings import Head, fold, folded
from sqdash.importers.specs import SPECS

_DEMOGRAPHIC = folded(
    "Age & gender", "Age and gender", "Top cities", "Top countries", "Top pages",
    "年齡和性別", "年齡與性別", "熱門城市", "熱門國家/地區", "熱門國家", "熱門粉絲專頁",
)  # fmt: skip
_SEXES = (folded("Women", "女性"), folded("Men", "男性"))
_RESEARCH = folded(
    "Page total likes", "Category", "Post Month", "Post Weekday", "Post Hour", "Paid", "Total Interactions"
)
_IG_TYPE, _IG_LINK = re.compile("IG "), re.compile(r"https?://(www\.)?instagram\.com/")
_ENOUGH = 4  # of the research form's headings
_FIGURES = frozenset().union(*meta_posts.HEADINGS.measures.values())

vocabulary: frozenset[str] = meta_posts.INSTAGRAM | _RESEARCH | folded("Women", "Men")


def check(file: str, head: Head) -> None:
    """:class:`FileNotRecognised`, without headings to assign, for a file that holds nothing of ours."""
    if _is_instagram(head):
        raise FileNotRecognised(f"{file} 是 Instagram 的匯出，本系統只收 Facebook 粉絲專頁，請改匯出粉絲專頁的內容。")
    if _is_demographic(head):
        raise FileNotRecognised(f"{file} 是受眾的年齡、性別或城市分布，沒有逐日數據可以匯入，請匯出每日結果。")
    if len(head.known_as & _RESEARCH) >= _ENOUGH and head.known_as.isdisjoint(meta_posts.HEADINGS.id):
        raise FileNotRecognised(f"{file} 是研究用的貼文資料，沒有貼文編號與日期，無法匯入，請改用 Meta 的內容匯出。")


def _is_instagram(head: Head) -> bool:
    """By headings of its own; else, where no page is named, by every post's type or link."""
    known = head.known_as
    if not known.isdisjoint(meta_posts.INSTAGRAM):
        return True
    if not known.isdisjoint(meta_posts.HEADINGS.page + meta_posts.HEADINGS.page_name):
        return False
    types = list(_sample(head, meta_posts.HEADINGS.type))
    links = list(_sample(head, meta_posts.HEADINGS.permalink))
    return _all(types, _IG_TYPE) or _all(links, _IG_LINK)


def _all(texts: list[str], pattern: re.Pattern[str]) -> bool:
    return bool(texts) and all(pattern.match(text) for text in texts)


def _sample(head: Head, names: tuple[str, ...]) -> Iterator[str]:
    at = head.at(names)
    for _, cells in head.sample:
        if at is not None and at < len(cells) and cells[at].strip():
            yield cells[at].strip()


def _is_demographic(head: Head) -> bool:
    if meta_series.claims(head):
        return False
    titles = {fold(cells[0]) for _, cells in (*head.above, *head.sample) if len(list(filter(str.strip, cells))) == 1}
    first = fold(head.cells[0]) if head.cells else ""
    sexes = all(not head.known_as.isdisjoint(words) for words in _SEXES) and not first
    return sexes or not _DEMOGRAPHIC.isdisjoint(titles | head.known_as)


def hint(head: Head) -> str:
    """What an unknown table looks like, as a clause for the middle of a sentence; "" for nothing."""
    known = head.known_as
    if not known.isdisjoint(meta_posts.HEADINGS.id) and not known.isdisjoint(_FIGURES):
        return "，看起來像 Meta 的內容匯出，但缺少發佈時間或粉絲專頁的欄"
    near = [
        (len([c for c in spec.table.names if not known.isdisjoint(spec.folded(c))]), spec)
        for spec in SPECS
        if not known.isdisjoint(folded(*spec.telling))
    ]
    if not near:
        return ""
    spec = max(near, key=lambda pair: pair[0])[1]
    missing = [c.label for c in spec.table.columns if c.name in spec.required and known.isdisjoint(spec.folded(c.name))]
    return f"，看起來像「{spec.label}」" + (
        f"，但缺少{'、'.join(f'「{word}」' for word in missing)}欄" if missing else ""
    )
