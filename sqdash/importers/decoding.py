"""A text file's bytes as characters, strictly and in pieces; CP950 with user-defined characters kept.

Offices in Taiwan make characters of their own for names that Big5 lacks. Their codes have no meaning outside, so
they become private-use code points, as in Windows, and never other characters. Which character set a file is in is
not decided here.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator

from sqdash.errors import DataError
from sqdash.importers.sources import Bytes

_USER_DEFINED = "sqdash.cp950-user-defined"
_RANGES = ((0xFA, 0xFE, 0xE000), (0x8E, 0xA0, 0xE311), (0x81, 0x8D, 0xEEB8))
"""First and last lead byte, first code point: owiki.org "Code page 1370", bugs.python.org issue 28693."""


class BadByteError(Exception):
    """A byte that the character set does not have."""


def open_text(source: Bytes, encoding: str) -> io.TextIOWrapper:
    """The file as text with every line end turned into LF; the caller closes it."""
    return io.TextIOWrapper(source.open(), encoding, errors=_errors(encoding), newline=None)


def pieces(source: Bytes, encoding: str) -> Iterator[str]:
    """The text in pieces as far as it decodes; :class:`BadByteError` comes after the last character before a bad byte.

    :class:`DataError` for NUL characters, which no text file has.
    """
    decoder = codecs.getincrementaldecoder(encoding)(_errors(encoding))
    for chunk, final in _with_end(source):
        state = decoder.getstate()
        try:
            piece = decoder.decode(chunk, final)
        except UnicodeDecodeError as error:
            decoder.setstate(state)
            yield decoder.decode(error.object[len(state[0]) : error.start])
            raise BadByteError from error
        if "\x00" in piece:
            raise nul(source)
        yield piece
    if decoder.getstate()[0]:  # Python's utf-8-sig keeps the beginning of a mark to itself, even at the end
        raise BadByteError


def nul(source: Bytes) -> DataError:
    """What to say of a file with NUL bytes."""
    return DataError(f"{source.name} 含有 NUL 位元組，不是文字檔，請重新匯出。")


def _with_end(source: Bytes) -> Iterator[tuple[bytes, bool]]:
    for chunk in source.chunks():
        yield chunk, False
    yield b"", True


def _errors(encoding: str) -> str:
    return _USER_DEFINED if encoding == "cp950" else "strict"


def _user_defined(error: UnicodeError) -> tuple[str, int]:
    """One user-defined code as its private-use character; any other bad byte stays an error."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    pair = error.object[error.start : error.start + 2]
    if len(pair) < 2:
        raise error
    lead, trail = pair
    if not (0x40 <= trail <= 0x7E or 0xA1 <= trail <= 0xFE):
        raise error
    place = trail - 0x40 if trail < 0x80 else trail - 0x62
    for first, last, base in _RANGES:
        if first <= lead <= last:
            return chr(base + 157 * (lead - first) + place), error.start + 2
    raise error


codecs.register_error(_USER_DEFINED, _user_defined)
