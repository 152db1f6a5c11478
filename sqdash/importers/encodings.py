"""Which character set a text file is in: BOM, UTF-16 by its NUL bytes, UTF-8, CP950 with user-defined characters.

The decision is made on the whole file, in this order, and never by a guessing library: guessers call good Big5
Japanese or Johab, and decoders such as gb18030 or big5hkscs read other files' bytes as wrong characters
without an error. CP950 must look like Chinese office text, otherwise the person is asked.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from sqdash.errors import DataError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8（含 BOM）",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "cp950": "CP950（Big5）",
    "cp1252": "西歐（Windows-1252）",
}
_PLAUSIBLE, _FEWEST_HAN = 0.9, 5
_USER_DEFINED = "sqdash.cp950-user-defined"


@dataclass(frozen=True, slots=True)
class Decoded:
    """The file's text.

    ``unreadable`` counts CP950 user-defined characters, which are kept as private-use code points. ``sure`` is
    False where the person must choose among ``candidates`` (encoding names) by looking at the first rows.
    """

    text: str
    encoding: str
    unreadable: int = 0
    sure: bool = True
    candidates: tuple[str, ...] = ()


def decode(data: bytes, encoding: str | None = None) -> Decoded:
    """Decide and decode; ``encoding`` is the person's own answer. :class:`DataError` when nothing fits."""
    if encoding:
        return _as(data, encoding)
    for bom, name in _BOMS:
        if data.startswith(bom):
            return _as(data, name)
    if utf16 := _utf16_without_bom(data):
        return _as(data, utf16)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _cp950_or_ask(data)


def _as(data: bytes, encoding: str) -> Decoded:
    name = encoding.lower().replace("_", "-")
    name = {"big5": "cp950", "utf8": "utf-8", "windows-1252": "cp1252", "utf-8": "utf-8-sig"}.get(name, name)
    if name not in NAMES:
        raise DataError(f"不支援編碼「{encoding[:20]}」，請用 {'、'.join(NAMES)} 之一。")
    shown = "utf-8" if name == "utf-8-sig" and not data.startswith(codecs.BOM_UTF8) else name
    try:
        text = data.decode(name, _USER_DEFINED if name == "cp950" else "strict")
    except UnicodeDecodeError as error:
        raise DataError(
            f"檔案不是 {NAMES[name]}：第 {error.start + 1} 個位元組無法解讀，請改選編碼或重新匯出。"
        ) from error
    return Decoded(text, shown, _private_use(text) if name == "cp950" else 0)


def _utf16_without_bom(data: bytes) -> str | None:
    """UTF-16 has a NUL byte beside every ASCII character, always on the same side; other text files have none."""
    even, odd = data[0:4096:2].count(0), data[1:4096:2].count(0)
    if odd >= 2 and odd > 10 * even:
        return "utf-16-le"
    return "utf-16-be" if even >= 2 and even > 10 * odd else None


def _cp950_or_ask(data: bytes) -> Decoded:
    try:
        text = data.decode("cp950", _USER_DEFINED)
    except UnicodeDecodeError:
        text = None
    if text is not None and _looks_like_office_chinese(data):
        return Decoded(text, "cp950", _private_use(text))
    if text is not None:
        return Decoded(text, "cp950", _private_use(text), sure=False, candidates=("cp950", "cp1252"))
    try:
        return Decoded(data.decode("cp1252"), "cp1252", sure=False, candidates=("cp1252",))
    except UnicodeDecodeError:
        raise DataError("檔案的文字編碼無法辨認，請在原程式另存為 UTF-8 的 CSV 再上傳。") from None


def _looks_like_office_chinese(data: bytes) -> bool:
    """Nine in ten Han characters lie in Big5 level 1 (A440–C67E), and there are at least five of them."""
    frequent = han = at = 0
    while at < len(data):
        lead = data[at]
        if lead < 0x81 or at + 1 >= len(data):
            at += 1
            continue
        code = lead << 8 | data[at + 1]
        if code >= 0xA440 or lead < 0xA1:  # above the symbols, or the user-defined area below them
            han += 1
            frequent += 0xA440 <= code <= 0xC67E
        at += 2
    return han >= _FEWEST_HAN and frequent / han >= _PLAUSIBLE


def _private_use(text: str) -> int:
    return sum(0xE000 <= ord(character) <= 0xF8FF for character in text)


def _user_defined(error: UnicodeError) -> tuple[str, int]:
    """Map a user-defined CP950 code to the private use area as Windows does; any other bad byte is an error."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    pair = error.object[error.start : error.start + 2]
    if len(pair) < 2:
        raise error
    lead, trail = pair
    if not (0x40 <= trail <= 0x7E or 0xA1 <= trail <= 0xFE):
        raise error
    t = trail - 0x40 if trail < 0x80 else trail - 0x62
    for first, last, base in ((0xFA, 0xFE, 0xE000), (0x8E, 0xA0, 0xE311), (0x81, 0x8D, 0xEEB8)):
        if first <= lead <= last:
            return chr(base + 157 * (lead - first) + t), error.start + 2
    raise error


codecs.register_error(_USER_DEFINED, _user_defined)
