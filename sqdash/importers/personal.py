"""Columns that look like personal data are refused: the store keeps counts, not people."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

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
_VALUES = (
    ("身分證字號", later(r"[A-Z][12589]\d{8}")),
    ("電子郵件", later(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")),
    (
        "電話",
        later(r"(\+886[- ]?|0)9\d{2}[- ]?\d{3}[- ]?\d{3}|(\(0\d{1,2}\) ?|0\d{1,2}[- ])\d{3,4}[- ]?\d{3,4}(#\d+)?"),
    ),
)
_SHARE = 0.5


def check(file: str, head: Head, rows: Sequence[tuple[int, list[str]]]) -> None:
    """:class:`DataError` naming the column when a heading, or half of a column's cells, look like a person's data."""
    for at, heading in enumerate(head.cells):
        plain = unicodedata.normalize("NFKC", heading).replace(" ", "")
        if _HEADING.search(plain) and not _COUNTED.search(plain):
            raise _refused(file, heading, "是個人資料")
        filled = [unicodedata.normalize("NFKC", cells[at]).strip() for _, cells in rows if cells[at].strip()]
        for what, pattern in _VALUES:
            hits = sum(bool(pattern.fullmatch(cell)) for cell in filled)
            if hits and hits >= _SHARE * len(filled):
                raise _refused(file, heading or f"第 {at + 1} 欄", f"看起來是{what}")


def looks_like(text: str) -> str | None:
    """What of a person the text is (an identity number, a mail address, a telephone); None for other texts."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return next((what for what, pattern in _VALUES if pattern.fullmatch(plain)), None)


def _refused(file: str, heading: str, why: str) -> DataError:
    return DataError(f"{file} 的「{heading[:40]}」欄{why}，本系統只存件數與人次，請刪去這一欄再上傳。")
