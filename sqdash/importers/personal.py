"""Columns that look like personal data are refused: the store keeps counts, not people."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from sqdash.errors import DataError
from sqdash.importers.headings import Head
from sqdash.patterns import later

_HEADING = later(
    r"身[分份]證|統一證號|護照|電話|手機|行動電話|e-?mail|電子郵件|電郵|通訊地址|住址|生日|出生"
    r"|(參加|參與|與會|學員|陳情|申訴|聯絡|留言)(人|者)?(的)?(姓名|名字|人$|者$)|^姓名$|^name$",
    re.IGNORECASE,
)
_COUNTED = later(r"(人次|件數|次數|得分|測試)(\((人|人次|件|次|分|%)\))?$")
"""How headings of counts and scores end, whatever they count: 電話測試人次, 電話禮貌得分."""
_TESTED = later(
    r"電話(服務|禮貌|接聽|測試)+(日期|時間|月份|次別|單位|對象單位|結果|情形|紀錄|項目|等第|成績|分數|評分)?(\((分|%)\))?"
)
"""Headings of the office's tests of how the telephone is answered: when, of which unit, how it went."""
_VALUES = (
    ("身分證字號", later(r"[A-Z][12589]\d{8}")),
    ("電子郵件", later(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")),
    (
        "電話",
        later(r"(\+886[- ]?|0)9\d{2}[- ]?\d{3}[- ]?\d{3}|(\(0\d{1,2}\) ?|0\d{1,2}[- ])\d{3,4}[- ]?\d{3,4}(#\d+)?"),
    ),
)
_SHARE = 0.5
_LONGEST = 30  # characters: no identity number and no telephone is longer
_LONGEST_ADDRESS = 320
_TELLING = later(r"[A-Z0+(]\d[-() \d]{6}")
"""How identity numbers and telephones begin, so that many texts are looked through at once: a look at each by itself
made reading posts take half as long again."""


def check(file: str, head: Head, rows: Sequence[tuple[int, list[str]]]) -> None:
    """:class:`DataError` naming the column when a heading, or half of a column's cells, look like a person's data."""
    for at, heading in enumerate(head.cells):
        plain = unicodedata.normalize("NFKC", heading).replace(" ", "")
        if _HEADING.search(plain) and not _COUNTED.search(plain) and not _TESTED.fullmatch(plain):
            raise _refused(file, heading, "是個人資料")
        tally = Tally()
        tally.meet(cells[at] for _, cells in rows)
        tally.check(file, heading or f"第 {at + 1} 欄")


class Tally:
    """How much of one column looks like a person's data, met some cells at a time."""

    def __init__(self) -> None:
        self.filled, self.hits = 0, Counter[str]()

    def meet(self, cells: Iterable[object]) -> None:
        """More cells of the column, of which None and blanks count for nothing."""
        filled = [bare for cell in cells if isinstance(cell, str) and (bare := cell.strip())]
        self.filled += len(filled)
        near = [text for text in filled if len(text) <= _LONGEST or _is_about_address(text)]
        together = unicodedata.normalize("NFKC", "\n".join(near))
        if "@" in together or _TELLING.search(together):
            self.hits.update(what for what in map(looks_like, near) if what)

    def check(self, file: str, heading: str) -> None:
        """:class:`DataError` naming the column when half of its cells look like it."""
        for what, hits in self.hits.most_common(1):
            if hits >= _SHARE * self.filled:
                raise _refused(file, heading, f"看起來是{what}")


def _is_about_address(text: str) -> bool:
    return len(text) <= _LONGEST_ADDRESS and ("@" in text or "＠" in text or "﹫" in text)


def looks_like(text: str) -> str | None:
    """What of a person the text is (an identity number, a mail address, a telephone); None for other texts."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return next((what for what, pattern in _VALUES if pattern.fullmatch(plain)), None)


def _refused(file: str, heading: str, why: str) -> DataError:
    return DataError(f"{file} 的「{heading[:40]}」欄{why}，本系統只存件數與人次，請刪去這一欄再上傳。")
