"""Files that nobody would make on purpose: a real one, spoilt once or more in a way drawn by luck.

The same luck gives the same file, so that an offender can be made again by its number.
"""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from sqdash.importers.base import Answers
from tests.faults.originals import OLD, PACKED, TEXT, Original, all_of_them

Luck = random.Random
Mutation = Callable[[bytes, Luck], bytes]
MOST = 20_000_000
"""Bytes of a file at most; larger ones are refused by their size alone."""
CELLS = (
    *("=1+1", '=HYPERLINK("http://x.example","x")', "+1|cmd", "@SUM(A1)", "-", "NULL", "None", "nan", "inf", "-1"),
    *("1e400", "9" * 40, "１２３", "1,234", "1_000", "1.22E+17", "0x10", "民國114年2月30日", "114/02/30", "2014-02-31"),
    *(
        "99999-01-01",
        "上午 25:61",
        "\x00",
        "\x1b[31m",
        "\u202e甲",
        "\ud83d".encode("utf-8", "surrogatepass").decode("latin-1"),
    ),
    *(
        "A123456789",
        "0912-345-678",
        "x@example.tw",
        "'; DROP TABLE posts; --",
        "<script>",
        "甲" * 5_000,
        '"',
        '""',
        "\r",
    ),
)
ENCODINGS = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp950", "big5hkscs", "gb18030", "latin-1", "utf-7", "cp437")


@dataclass(frozen=True)
class Spoilt:
    """A spoilt file, what is answered where it is asked, and what was done to which original."""

    name: str
    data: bytes
    answers: Answers
    about: str


def file(number: int) -> Spoilt:
    """The file of that number; one of five is brought without any answer."""
    luck = random.Random(number)  # noqa: S311 - files, no secrets
    one = luck.choice(all_of_them())
    data, done = one.data, []
    for _ in range(luck.choice((1, 1, 1, 2, 3))):
        mutation = luck.choice(_WAYS[one.kind] + _ANY)
        data = mutation(data, luck)[:MOST]
        done.append(mutation.__name__.strip("_"))
    said = one.answers if luck.random() < 0.8 else Answers()
    return Spoilt(_named(one, luck), data, said, f"{number} ({one.name}: {', '.join(done)})")


def _named(one: Original, luck: Luck) -> str:
    """Mostly its own name; now and then that of another kind of file."""
    return luck.choice((one.name,) * 9 + (luck.choice(("x.csv", "x.xlsx", "x.ods", "x.xls", "x.txt", "", "../x")),))


# --- any bytes


def _cut(data: bytes, luck: Luck) -> bytes:
    return data[: luck.randrange(len(data) + 1)]


def _cut_out(data: bytes, luck: Luck) -> bytes:
    begin, end = sorted(luck.randrange(len(data) + 1) for _ in range(2))
    return data[:begin] + data[end:]


def _flip(data: bytes, luck: Luck) -> bytes:
    spoilt = bytearray(data)
    for _ in range(luck.choice((1, 3, 50)) if data else 0):
        spoilt[luck.randrange(len(spoilt))] = luck.randrange(256)
    return bytes(spoilt)


def _splice(data: bytes, luck: Luck) -> bytes:
    other = luck.choice(all_of_them()).data
    return data[: luck.randrange(len(data) + 1)] + other[luck.randrange(len(other) + 1) :]


def _twice(data: bytes, luck: Luck) -> bytes:
    return data * luck.choice((2, 3, 20))


def _noise(data: bytes, luck: Luck) -> bytes:
    at = luck.randrange(len(data) + 1)
    return data[:at] + luck.randbytes(luck.choice((1, 100, 10_000))) + data[at:]


def _nulls(data: bytes, luck: Luck) -> bytes:
    at = luck.randrange(len(data) + 1)
    return data[:at] + bytes(luck.choice((1, 4_096))) + data[at:]


# --- text


def _text(change: Callable[[str, Luck], str]) -> Mutation:
    def changed(data: bytes, luck: Luck) -> bytes:
        return change(data.decode("utf-8-sig", "replace"), luck).encode("utf-8", "replace")

    changed.__name__ = change.__name__
    return changed


def _encoded(data: bytes, luck: Luck) -> bytes:
    return data.decode("utf-8-sig", "replace").encode(luck.choice(ENCODINGS), "replace")


def _mixed(data: bytes, luck: Luck) -> bytes:
    """One half in one encoding, one in another."""
    text = data.decode("utf-8-sig", "replace")
    half = len(text) // 2
    return text[:half].encode(luck.choice(ENCODINGS), "replace") + text[half:].encode("utf-8", "replace")


@_text
def _cells(text: str, luck: Luck) -> str:
    """Some cells hold something else."""
    lines = text.split("\n")
    for _ in range(luck.choice((1, 5, 50))):
        number = luck.randrange(len(lines))
        cells = lines[number].split(",")
        cells[luck.randrange(len(cells))] = luck.choice(CELLS)
        lines[number] = ",".join(cells)
    return "\n".join(lines)


@_text
def _quotes(text: str, luck: Luck) -> str:
    at = luck.randrange(len(text) + 1)
    return text[:at] + luck.choice(('"', '""', '"\n', '","', "'")) + text[at:]


@_text
def _delimited(text: str, luck: Luck) -> str:
    return text.replace(",", luck.choice((";", "\t", "|", "，", ",,", " ")))


@_text
def _ended(text: str, luck: Luck) -> str:
    return text.replace("\n", luck.choice(("\r", "\r\r\n", "\x0b", "\u2028", "\n\n", "\n,\n")))


@_text
def _headings(text: str, luck: Luck) -> str:
    """Headings doubled, lost, moved or of another file."""
    head, _, rest = text.partition("\n")
    cells = head.split(",")
    way = luck.randrange(4)
    if way == 0:
        cells += cells[: luck.randrange(len(cells) + 1)]
    elif way == 1:
        del cells[luck.randrange(len(cells))]
    elif way == 2:
        luck.shuffle(cells)
    else:
        other = luck.choice([one for one in all_of_them() if one.kind == TEXT])
        cells = other.data.decode("utf-8-sig", "replace").split("\n")[0].split(",")
    return ",".join(cells) + "\n" + rest


@_text
def _wide(text: str, luck: Luck) -> str:
    more = "," * luck.choice((50, 3_000, 200_000))
    return "\n".join(line + more for line in text.split("\n")[:5])


@_text
def _long(text: str, luck: Luck) -> str:
    lines = text.split("\n")
    return "\n".join([*lines, *lines[1:] * luck.choice((10, 200, 2_000))])


@_text
def _huge(text: str, luck: Luck) -> str:
    at = luck.randrange(len(text) + 1)
    return text[:at] + luck.choice(("長", "x", " ", "=", '"a",')) * luck.choice((70_000, 1_000_000)) + text[at:]


@_text
def _nested(text: str, luck: Luck) -> str:
    """Brackets in brackets, as JSON or a formula has them."""
    depth = luck.choice((100, 20_000))
    return luck.choice(("[", '{"a":', "(", "<a>", '"(')) * depth + text


# --- workbooks


def _parts(change: Callable[[dict[str, bytes], Luck], None]) -> Mutation:
    def changed(data: bytes, luck: Luck) -> bytes:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                parts = {name: archive.read(name) for name in archive.namelist()}
        except Exception:  # spoilt before
            return _flip(data, luck)
        change(parts, luck)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", luck.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))) as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        return out.getvalue()

    changed.__name__ = change.__name__
    return changed


def _main(parts: dict[str, bytes], luck: Luck) -> str:
    """The part that has the cells, mostly."""
    sheets = [name for name in parts if "sheet1.xml" in name or name == "content.xml"]
    return sheets[0] if sheets and luck.random() < 0.7 else luck.choice(list(parts))


@_parts
def _part_lost(parts: dict[str, bytes], luck: Luck) -> None:
    del parts[luck.choice(list(parts))]


@_parts
def _part_renamed(parts: dict[str, bytes], luck: Luck) -> None:
    name = luck.choice(list(parts))
    parts[luck.choice(("../../x", "/etc/x", name.upper(), "xl/worksheets/sheet1.xml", "a" * 300))] = parts.pop(name)


@_parts
def _part_spoilt(parts: dict[str, bytes], luck: Luck) -> None:
    name = _main(parts, luck)
    parts[name] = luck.choice((_cut, _flip, _noise, _nulls, _cut_out))(parts[name], luck)


@_parts
def _part_emptied(parts: dict[str, bytes], luck: Luck) -> None:
    parts[_main(parts, luck)] = luck.choice((b"", b"<a/>", b"<?xml version='1.0'?>", b"\xff\xfe"))


@_parts
def _part_nested(parts: dict[str, bytes], luck: Luck) -> None:
    depth = luck.choice((100, 5_000, 100_000))
    name = _main(parts, luck)
    at = max(0, parts[name].rfind(b"<"))
    parts[name] = parts[name][:at] + b"<a>" * depth + b"</a>" * luck.choice((0, depth)) + parts[name][at:]


@_parts
def _part_entities(parts: dict[str, bytes], luck: Luck) -> None:
    """Entities that grow, or name a file."""
    grow = "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 20 if n else 'x' * 20}'>" for n in range(luck.choice((2, 8))))
    declared = luck.choice((grow, "<!ENTITY e1 SYSTEM 'file:///etc/passwd'>")).encode()
    name = _main(parts, luck)
    _, mark, rest = parts[name].partition(b"?>")
    parts[name] = b"<?xml version='1.0'?><!DOCTYPE a [" + declared + b"]>" + (rest if mark else parts[name])
    parts[name] = parts[name].replace(b"</", b"&e1;</", 3)


@_parts
def _part_swollen(parts: dict[str, bytes], luck: Luck) -> None:
    name = _main(parts, luck)
    at = max(0, parts[name].rfind(b"<"))
    parts[name] = parts[name][:at] + luck.choice((b" ", b"<row/>", b"<a/>")) * 3_000_000 + parts[name][at:]


@_parts
def _part_repeated(parts: dict[str, bytes], luck: Luck) -> None:
    """Rows or cells that say they stand there a thousand million times."""
    name = _main(parts, luck)
    many = luck.choice((b"70000", b"1048576", b"999999999", b"-1", b"x"))
    parts[name] = (
        parts[name]
        .replace(b"<table:table-row", b'<table:table-row table:number-rows-repeated="' + many + b'"', 3)
        .replace(b"<table:table-cell", b'<table:table-cell table:number-columns-repeated="' + many + b'"', 2)
        .replace(b'r="A2"', b'r="XFD' + many + b'"', 1)
    )


@_parts
def _part_worded(parts: dict[str, bytes], luck: Luck) -> None:
    """Numbers and references in the XML are others."""
    name = _main(parts, luck)
    for old in (b'"0"', b'"1"', b'"2"', b't="s"', b"<v>", b"office:value-type="):
        if luck.random() < 0.4:
            new = luck.choice((b'"-1"', b'"99999999999"', b'""', b't="e"', b"<v>1e999", b't="inlineStr"'))
            parts[name] = parts[name].replace(old, new, luck.choice((1, 10)))


_ANY: tuple[Mutation, ...] = (_cut, _cut_out, _flip, _splice, _noise, _nulls)
_OF_TEXT: tuple[Mutation, ...] = (
    *(_encoded, _mixed, _cells, _cells, _cells, _quotes, _delimited, _ended, _headings, _headings, _wide, _long),
    *(_huge, _nested, _twice),
)
_OF_PACKED: tuple[Mutation, ...] = (
    *(_part_lost, _part_renamed, _part_spoilt, _part_spoilt, _part_emptied, _part_nested, _part_entities),
    *(_part_swollen, _part_repeated, _part_worded, _part_worded),
)
_WAYS: dict[str, tuple[Mutation, ...]] = {TEXT: _OF_TEXT, PACKED: _OF_PACKED, OLD: (_flip, _flip, _cut_out)}
