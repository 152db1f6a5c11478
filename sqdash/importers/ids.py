"""Ids of posts and pages, and how to tell those that Excel damaged.

Excel keeps 15 digits of a number: an id of 16 to 18 digits comes back as ``1.16883E+17`` or with zeros at the
end. A damaged id is no key. Knows no format.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_SCIENTIFIC = re.compile(r"\d(\.\d+)?[Ee]\+?\d+")
_NUMBER = re.compile(r"(\d{1,20}_)?\d{1,20}")
_KEPT = 15
_CERTAIN = 6  # so many zeros at the end do not come by chance
_UNLIKELY = 3  # a thousand to one over the whole column


def is_post_number(text: str) -> bool:
    """Whether the text is an id as Meta writes it: ASCII digits, or page and post joined by ``_``."""
    return bool(_NUMBER.fullmatch(text)) and text.isascii()


def damaged_column(texts: Sequence[str]) -> list[bool]:
    """For each id of a column whether Excel damaged it.

    Certain: E notation, or six zeros and more at the end of 16 digits and more. Otherwise the column
    decides: where every long id has only zeros beyond its 15th digit, and there are three such digits or more
    in all, they are no chance.
    """
    tails = [text.rpartition("_")[2][_KEPT:] for text in texts]
    long = [tail for tail in tails if tail]
    column = bool(long) and all(set(tail) == {"0"} for tail in long) and sum(map(len, long)) >= _UNLIKELY
    return [
        bool(_SCIENTIFIC.fullmatch(text)) or (bool(tail) and (column or len(text) - len(text.rstrip("0")) >= _CERTAIN))
        for text, tail in zip(texts, tails, strict=True)
    ]
