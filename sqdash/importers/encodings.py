"""Which character set a text file is in: BOM, UTF-16 by its NUL bytes, UTF-8, CP950 with user-defined characters.

The decision is made on the whole file, in this order, and never by a guessing library: guessers call good Big5
Japanese or Johab, and decoders such as gb18030 or big5hkscs read other files' bytes as wrong characters without an
error. What is CP950 must also look like Chinese office text, otherwise the person is asked. The file is read in
pieces, so that memory does not grow with it. This module knows nothing of tables.
"""

from __future__ import annotations

import codecs
import re
from functools import cache
from itertools import islice
from typing import NamedTuple

from sqdash.errors import DataError
from sqdash.importers.decoding import BadByteError, nul, open_text, pieces
from sqdash.importers.sources import Bytes
from sqdash.patterns import later

NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8（含 BOM）",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "cp950": "CP950（Big5）",
    "cp1252": "西歐（Windows-1252）",
    "gbk": "GBK（簡體中文）",
}
"""Encoding → what a person reads."""

_ALIASES = {
    "utf8": "utf-8",
    "utf-8-bom": "utf-8-sig",
    "utf16": "utf-16",
    "big5": "cp950",
    "big-5": "cp950",
    "ms950": "cp950",
    "windows-950": "cp950",
    "windows-1252": "cp1252",
    "latin-1": "cp1252",  # as web pages do: what calls itself Latin-1 is mostly Windows-1252
    "latin1": "cp1252",
    "iso-8859-1": "cp1252",
    "gb2312": "gbk",
    "cp936": "gbk",
}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ASKED = ("cp950", "cp1252", "gbk")
_PLAUSIBLE, _FEWEST = 0.9, 5  # real CP950 files have 0.94 to 1.00, GBK read as CP950 0.50 to 0.82
_EXCERPT, _LEAD_IN, _LONGEST_LINE = 40, 10, 10_000

_HAN = later("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ue000-\uf8ff]+")  # user-defined ones are Han too
_PRIVATE_USE = later("[\ue000-\uf8ff]")
_NOT_ASCII = later("[^\x00-\x7f]+")
_WESTERN = later("[À-ÖØ-öø-ÿŠšŽžŒœŸ€‘’“”–—…·º°ª¿¡]+")


class Decision(NamedTuple):
    """The file's character set.

    ``user_defined`` counts CP950 characters of the writer's own making, which are kept as private-use code points.
    ``sure`` is False where a person must choose among ``candidates``, which all decode; the likeliest is first and
    is also ``encoding``.
    """

    encoding: str
    user_defined: int = 0
    sure: bool = True
    candidates: tuple[str, ...] = ()


class _Survey(NamedTuple):
    """A whole file decoded in one way: does it decode, and does it look like text of that kind?

    Of ``foreign`` characters (Han; for Western text all but ASCII) ``usual`` are frequent ones.
    """

    decodes: bool
    usual: int
    foreign: int
    user_defined: int

    @property
    def share(self) -> float:
        return self.usual / self.foreign if self.foreign else 0.0

    @property
    def looks_right(self) -> bool:
        return self.foreign >= _FEWEST and self.share >= _PLAUSIBLE


def decide(source: Bytes, encoding: str | None = None) -> Decision:
    """Decide on the whole file; ``encoding`` is a person's own answer and is obeyed, strictly.

    :class:`DataError`: an unknown ``encoding`` or one the file is not in, a damaged file, NUL bytes, or nothing fits.
    """
    with source.open() as stream:
        head = stream.read(4)
    marked = next((name for bom, name in _BOMS if head.startswith(bom)), None)
    wanted = _answered(encoding, marked) if encoding else marked
    if wanted is None:
        wanted = _utf16_by_its_nuls(source)
    if wanted is None:
        return _unmarked(source)
    if not _decodes(source, wanted):
        raise _damaged(source, wanted)
    return Decision(wanted, _survey(source, wanted).user_defined if wanted == "cp950" else 0)


def sample(source: Bytes, encoding: str, rows: int = 3) -> list[str]:
    """How the first ``rows`` lines with other than ASCII characters read, each cut to 40 characters around these.

    Plain ASCII lines read alike in every candidate and would not help to choose. ``encoding`` must decode the file.
    """
    with open_text(source, encoding) as stream:
        lines = iter(lambda: stream.readline(_LONGEST_LINE), "")
        return [_excerpt(line) for line in islice((line for line in lines if not line.isascii()), rows)]


def _excerpt(line: str) -> str:
    """User-defined, control and direction characters, which cannot be shown, are □."""
    found = _NOT_ASCII.search(line)
    start = max(0, found.start() - _LEAD_IN) if found else 0
    cut = " ".join(line[start : start + _EXCERPT].split())
    shown = "".join(character if character.isprintable() else "□" for character in cut)
    return ("…" if start else "") + shown + ("…" if len(line.rstrip()) > start + _EXCERPT else "")


# --- the steps of the decision


def _answered(encoding: str, marked: str | None) -> str:
    """The name of a person's answer; a BOM of the same family decides between its variants."""
    name = encoding.strip().lower().replace("_", "-")
    name = _ALIASES.get(name, name)
    if name not in NAMES:
        raise DataError(f"不支援編碼「{encoding[:20]}」，請用 {'、'.join(NAMES)} 之一。")
    if marked and name[:5] == marked[:5]:
        return marked
    return {"utf-8-sig": "utf-8", "utf-16": "utf-16-le"}.get(name, name)


def _utf16_by_its_nuls(source: Bytes) -> str | None:
    """UTF-16 has a NUL byte beside every ASCII character, on one side; any other text has none at all."""
    even = odd = size = 0
    for chunk in source.chunks():  # of even length but the last, so that places keep their parity
        size += len(chunk)
        if b"\x00" in chunk:
            even, odd = even + chunk[0::2].count(0), odd + chunk[1::2].count(0)
    if not even and not odd:
        return None
    name = "utf-16-le" if odd > even else "utf-16-be"
    # One-sided, but not wholly: U+4E00 (一) has its NUL on the other side.
    if even + odd >= max(2, size // 20) and max(even, odd) >= 2 * min(even, odd) and _decodes(source, name):
        return name
    raise nul(source)


def _unmarked(source: Bytes) -> Decision:
    if _decodes(source, "utf-8"):
        return Decision("utf-8")
    if _survey(source, "utf-8").foreign >= _FEWEST:  # other character sets do not begin with five UTF-8 characters
        raise _damaged(source, "utf-8")
    cp950 = _survey(source, "cp950")
    if cp950.decodes and cp950.looks_right:
        return Decision("cp950", cp950.user_defined)
    surveys = {"cp950": cp950} | {name: _survey(source, name) for name in _ASKED[1:]}
    fitting = sorted((n for n in _ASKED if surveys[n].decodes), key=lambda n: -surveys[n].share)
    if cp950.looks_right and not any(surveys[name].looks_right for name in fitting):
        raise _damaged(source, "cp950")
    if not fitting:
        raise DataError(f"{source.name} 的文字編碼無法辨認，請在原程式另存為 UTF-8 的 CSV 再上傳。")
    return Decision(fitting[0], surveys[fitting[0]].user_defined, sure=False, candidates=tuple(fitting))


def _decodes(source: Bytes, encoding: str) -> bool:
    """Without counting, which costs four times as much."""
    try:
        for _ in pieces(source, encoding):
            pass
    except BadByteError:
        return False
    return True


def _survey(source: Bytes, encoding: str) -> _Survey:
    """Decode all of the file, or all before its first bad byte, and count."""
    foreign_ones, usual_ones = _kinds(encoding)
    usual = foreign = private = 0
    decodes = True
    try:
        for piece in pieces(source, encoding):
            found = "".join(foreign_ones.findall(piece))
            foreign += len(found)
            usual += _count(usual_ones, found)
            private += _count(_PRIVATE_USE, found)
    except BadByteError:
        decodes = False
    return _Survey(decodes, usual, foreign, private)


def _count(kind: re.Pattern[str], text: str) -> int:
    return len("".join(kind.findall(text)))


@cache
def _kinds(encoding: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What to count of text in this character set, and which of it is usual."""
    if encoding == "cp950":
        return _HAN, _level_1("cp950", 0xA4, 0xC6, (*range(0x40, 0x7F), *range(0xA1, 0xFF)), last=0xC67E)
    if encoding == "gbk":
        return _HAN, _level_1("gbk", 0xB0, 0xD7, range(0xA1, 0xFF), last=0xD7F9)
    return _NOT_ASCII, _WESTERN


def _level_1(encoding: str, first: int, final: int, trails: range | tuple[int, ...], last: int) -> re.Pattern[str]:
    """The frequent characters, which these standards have in a block of their own (Big5: A440–C67E)."""
    codes = (lead << 8 | trail for lead in range(first, final + 1) for trail in trails)
    frequent = b"".join(code.to_bytes(2, "big") for code in codes if code <= last)
    return re.compile(f"[{frequent.decode(encoding)}]+")


# --- what to say


def _damaged(source: Bytes, encoding: str) -> DataError:
    """Names the line with the first bad byte."""
    feeds = returns = 0
    try:
        for piece in pieces(source, encoding):
            feeds, returns = feeds + piece.count("\n"), returns + piece.count("\r")
    except BadByteError:
        pass
    line = (feeds or returns) + 1
    return DataError(f"{source.name} 第 {line} 行有文字無法以「{NAMES[encoding]}」解讀，請改選編碼或重新匯出。")
