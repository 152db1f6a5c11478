"""Ids of posts and pages, and how to tell those that Excel damaged.

Excel keeps 15 digits of a number: an id of 16 to 18 digits comes back as ``1.16883E+17`` or with zeros from its 16th
digit on, and a program that takes ids for floating numbers writes ``122100000000000128.0``. A damaged id is no key.

Some of this shows in one id: E notation, a float of more than 15 digits, six zeros at the end (a millionth of all
ids). Zeros beyond the 15th digit alone do not: of intact ids of 16 digits a tenth end so, of 17 a hundredth, of 18 a
thousandth, so each such zero makes chance ten times less likely. Therefore the ids of the whole file decide, those
of posts and pages together, each counted once:

- *a stretch*: ids next to each other that all end in zeros, as Excel leaves a file or a part that was pasted into
  one. With ``z`` such zeros in all, chance gives a stretch like it ``(ids - ids in it + 1) / 10**z`` times a file.
  At a thousandth and below its ids are damaged: one id of 18 digits alone in its file, three of 16, nine of 16
  among as many as a file may have.
- *scattered*, as after sorting: chance gives ``e`` ids with zeros, the sum of ``1 / 10**digits beyond the 15th``.
  Where as many as there are come by chance in fewer than one file of 100,000 (Poisson), all of them are damaged,
  intact ones among them included, since nobody can tell them apart.
- Otherwise they are kept as keys: most files of hundreds of ids have some. They are doubtful, and a person is told,
  where chance gives less than a quarter of one, or gives as many or a stretch like theirs in fewer than one file of
  twenty.

Knows no format.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from sqdash.importers.folding import folded
from sqdash.patterns import later

_LARGE = later(r"[0-9](?:\.[0-9]+)?[Ee]\+?[0-9]+|[0-9]{16,}\.0+")
_EXACT_FLOAT = later(r"([0-9]{1,15})\.0+")
_NUMBER = later(r"(\d{1,20}_)?\d{1,20}")
_KEPT = 15
_LONGEST = 20
_CERTAIN = 6  # zeros at the end that do not come by chance
_DECISIVE = 9  # zeros of a stretch that are no chance among the ids of the largest file
_STRETCH, _SCATTERED = 1e-3, 1e-5
_FEW, _RARE = 1 / 4, 1 / 20
_SLOTS = 2_097_143  # a prime, many times the rows of a file: few ids share a slot, and one that does is not counted
_POISSON = 30  # expected number above which the normal distribution is as good


def is_post_number(text: str) -> bool:
    """Whether the text is an id as Meta writes it: ASCII digits, or page and post joined by ``_``."""
    return bool(_NUMBER.fullmatch(text)) and text.isascii()


def is_damaged(text: str) -> bool:
    """Whether the id shows by itself that it is no key; a pair, if either part does."""
    return any(_shown_zeros(part) >= _CERTAIN for part in text.split("_"))


def cut(text: str) -> str:
    """What Excel makes of an id once it shows all its digits."""
    return text[:_KEPT] + "0" * len(text[_KEPT:])


def doubt(heading: str, rows: str, example: str) -> str:
    """The warning of :meth:`Ids.is_doubtful`; ``rows`` says where, or is empty."""
    where = f"{rows}的編號（例如「{example}」）" if rows else f"編號「{example}」"
    return (
        f"「{heading}」{where}從第 16 位起都是 0，可能被 Excel 改過，請與 Meta 上的編號核對，不符就從 Meta 重新匯出。"
    )


def cleaned(text: str) -> str:
    """The id without what programs put around it: blanks, marks of forced text, ``.0`` where no digit is lost."""
    if text.isdigit() and text.isascii():
        return text
    plain = folded(text)
    found = _EXACT_FLOAT.fullmatch(plain)
    return found[1] if found else plain


@dataclass(slots=True, eq=False)
class _Stretch:
    """Ids next to each other that end in zeros: how many, and how many zeros beyond the 15th digit in all."""

    ids: int = 0
    zeros: int = 0


class Ids:
    """The ids of one file, which are met in its order, and what becomes of each. :meth:`close` after the last.

    The verdict depends on the file alone, not on how it is cut into chunks. Memory is a table of fixed size and an
    entry for each id that ends in zeros.
    """

    def __init__(self) -> None:
        self._stretches: dict[str, _Stretch] = {}
        self._last: _Stretch | None = None
        self._seen = bytearray()
        self._long = 0  # distinct ids that tell something
        self._expected = 0.0  # intact ones of them that end in zeros
        self._closed = self._are_scattered = self._are_doubtful = False

    def meet(self, texts: Iterable[str]) -> None:
        """The next ids of the file; of ``page_post`` the post. Those of 15 digits and fewer tell nothing."""
        for text in texts:
            number = text.rpartition("_")[2]
            zeros = _zeros(number)
            if zeros is None:
                self._meet_intact(number)
            elif zeros and number not in self._stretches:
                self._last = self._last or _Stretch()
                self._last.ids += 1
                self._last.zeros += zeros
                self._stretches[number] = self._last
                self._long += 1

    def _meet_intact(self, number: str) -> None:
        self._last = None
        self._seen = self._seen or bytearray(_SLOTS)
        slot = int(number) % _SLOTS
        if not self._seen[slot]:
            self._seen[slot] = 1
            self._long += 1
            self._expected += _chance(number)

    def close(self) -> None:
        """There are no more ids."""
        self._closed = True
        left = [number for number in self._stretches if not self.is_damaged(number)]
        expected = self._expected + sum(map(_chance, left))
        rarity = _at_least(len(left), expected)
        self._are_scattered = rarity <= _SCATTERED
        self._are_doubtful = expected < _FEW or rarity <= _RARE

    def is_damaged(self, text: str) -> bool:
        """Whether the id is no key, as far as the file has been met; a pair is none if either part is none."""
        if not text.endswith("0") and text.isdecimal():
            return False  # nearly all of them
        return is_damaged(text) or self._is_cut(text.rpartition("_")[2])

    def is_cut(self, text: str) -> bool:
        """Whether only the other ids of the file show that the id is damaged."""
        return self._is_cut(text.rpartition("_")[2]) and not is_damaged(text)

    def _is_cut(self, number: str) -> bool:
        stretch = self._stretches.get(number)
        if stretch is None:
            return False
        if not self._closed:
            return stretch.zeros >= _DECISIVE
        return self._are_scattered or self._rarity(stretch) <= _STRETCH

    def _rarity(self, stretch: _Stretch) -> float:
        """How many stretches like it chance gives in a file of so many ids."""
        return (self._long - stretch.ids + 1) * 10.0**-stretch.zeros

    def is_open(self, text: str) -> bool:
        """Whether only the rest of the file can tell about the id."""
        return not self._closed and text.rpartition("_")[2] in self._stretches and not self.is_damaged(text)

    def is_doubtful(self, text: str) -> bool:
        """Whether a key may be damaged, by what the whole file shows, so that a person should look at it."""
        stretch = self._stretches.get(text.rpartition("_")[2])
        if stretch is None or not self._closed or self.is_damaged(text):
            return False
        return self._are_doubtful or self._rarity(stretch) <= _RARE


def _zeros(number: str) -> int | None:
    """How many zeros tell of damage: 0 where the number cannot tell, None where it is intact."""
    tail = number[_KEPT:]
    if number.isdecimal() and len(number) <= _LONGEST and tail.strip("0"):
        return None
    return _shown_zeros(number)


def _shown_zeros(number: str) -> int:
    if not number.isdecimal():
        return _CERTAIN if _LARGE.fullmatch(number) else 0
    tail = number[_KEPT:]
    if len(number) > _LONGEST or tail.strip("0"):
        return 0
    at_end = len(number) - len(number.rstrip("0"))
    return at_end if tail and at_end >= _CERTAIN else len(tail)


def _chance(number: str) -> float:
    """How often an intact id of this length ends in zeros from its 16th digit on."""
    return 10.0 ** (_KEPT - len(number))


def _at_least(count: int, expected: float) -> float:
    """The probability of that many or more where so many are expected; 1 for none."""
    if expected > _POISSON:
        from statistics import NormalDist  # many rows only, and slow to load

        return 1 - NormalDist(expected, math.sqrt(expected)).cdf(count - 0.5)
    term = fewer = 0.0
    for i in range(count):
        term = math.exp(-expected) if i == 0 else term * expected / i
        fewer += term
    return max(0.0, 1 - fewer)
