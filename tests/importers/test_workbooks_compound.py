"""A stream out of an old compound file: put together from sectors, or not at all."""

from __future__ import annotations

import struct
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sqdash.importers.sheet import XLS_MAGIC
from sqdash.importers.workbooks_compound import Unreadable, stream
from tests.importers import workbook_files as files

END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
SIZE = 512


def entry(
    name: str, kind: int, start: int = 0, size: int = 0, left: int = FREE, right: int = FREE, child: int = FREE
) -> bytes:
    written = name.encode("utf-16-le")
    head = written.ljust(64, b"\x00") + struct.pack("<HBB", len(written) + 2, kind, 1)
    return head + struct.pack("<III", left, right, child) + bytes(36) + struct.pack("<IQ", start, size)


def sectors(data: bytes) -> list[bytes]:
    return [data[at : at + SIZE].ljust(SIZE, b"\x00") for at in range(0, max(len(data), 1), SIZE)]


def compound(body: list[bytes], follows: list[int], *, directory: int, mini: int = END) -> bytes:
    """A file of these sectors with what follows each, the sectors of the FAT behind them; beyond 109, their list."""
    tables = next(t for t in range(1, 1_000) if len(body) + t + (t > 109) <= 128 * t)
    at = range(len(body), len(body) + tables)
    fat = struct.pack(f"<{len(follows) + tables}I", *follows, *[FAT] * tables).ljust(SIZE * tables, b"\xff")
    more = struct.pack(f"<{len(at[109:])}I", *at[109:]).ljust(SIZE - 4, b"\xff") + struct.pack("<I", END)
    difat, extra = (at[-1] + 1, more) if tables > 109 else (END, b"")
    header = XLS_MAGIC + bytes(22) + struct.pack("<HH", 9, 6) + bytes(10) + struct.pack("<II", tables, directory)
    header += bytes(4) + struct.pack("<IIIII", 4_096, mini, 1, difat, 1) + struct.pack(f"<{len(at[:109])}I", *at[:109])
    return header.ljust(SIZE, b"\xff") + b"".join(body) + fat + extra


def large(data: bytes, order: list[int] | None = None) -> bytes:
    """A file whose Workbook stream stands in sectors 1 and on, in this order."""
    parts = sectors(data)
    order = order or list(range(1, len(parts) + 1))
    root = entry("Root Entry", 5, END, 0, child=1) + entry("Workbook", 2, order[0], len(data))
    body = [*sectors(root), *(parts[order.index(at)] for at in range(1, len(parts) + 1))]
    follows = dict(zip(order, [*order[1:], END], strict=True))
    return compound(body, [END, *(follows[at] for at in range(1, len(parts) + 1))], directory=0)


DATA = bytes(range(256)) * 20


def test_a_stream_is_read_in_the_order_of_its_chain() -> None:
    assert stream(large(DATA), "Workbook") == DATA
    assert stream(large(DATA, [3, 1, 2, 10, 9, 8, 7, 6, 5, 4]), "WORKBOOK") == DATA


def test_a_file_whose_table_is_too_long_for_the_header() -> None:
    data = DATA * 1_500
    made = large(data)
    assert made[68:72] != struct.pack("<I", END)
    assert stream(made, "Workbook") == data


def test_a_stream_of_a_workbook_that_xlwt_wrote() -> None:
    made = files.xls(lambda book: book.add_sheet("T").write(0, 0, "a"))
    found = stream(made, "Workbook")
    assert (found[:4], len(found)) == (b"\x09\x08\x10\x00", 4_096)


def test_a_small_stream_stands_in_the_root_s_own() -> None:
    text = b"abc" * 50
    holder = (text[64:128] + text[:64] + text[128:]).ljust(SIZE, b"\x00")
    root = entry("Root Entry", 5, 1, SIZE, child=1) + entry("Workbook", 2, 1, len(text))
    mini = struct.pack("<III", 2, 0, END).ljust(SIZE, b"\xff")
    assert stream(compound([*sectors(root), holder, mini], [END, END, END], directory=0, mini=2), "Workbook") == text


def test_what_is_embedded_deeper_is_not_taken() -> None:
    inner = entry("Workbook", 2, 1, 4_096)
    folder = entry("MBD0001", 1, child=2)
    root = entry("Root Entry", 5, END, child=1)
    made = compound([*sectors(root + folder + inner), *sectors(bytes(4_096))], [END, *range(2, 9), END], directory=0)
    with pytest.raises(Unreadable):
        stream(made, "Workbook")


def test_siblings_are_looked_through() -> None:
    names = entry("B", 2, left=2, right=3) + entry("A", 2) + entry("Workbook", 2, 1, 4_096, left=1)
    made = compound(
        [*sectors(entry("Root Entry", 5, END, child=1) + names), *sectors(bytes(4_096))],
        [END, *range(2, 9), END],
        directory=0,
    )
    assert stream(made, "Workbook") == bytes(4_096)


def test_a_stream_that_is_not_there_or_shorter_than_said_is_unreadable() -> None:
    for data, name in (
        (large(DATA), "Book"),
        (large(DATA).replace(struct.pack("<Q", len(DATA)), struct.pack("<Q", 99_999)), "Workbook"),
    ):
        with pytest.raises(Unreadable):
            stream(data, name)


@pytest.mark.parametrize("following", [1, 3, 9_999, FREE, FAT])
def test_a_chain_that_goes_in_circles_or_nowhere_is_unreadable(following: int) -> None:
    made = large(DATA)
    at = made.rindex(struct.pack("<II", 3, 4)) + 4
    with pytest.raises(Unreadable):
        stream(made[:at] + struct.pack("<I", following) + made[at + 4 :], "Workbook")


@pytest.mark.parametrize(("at", "value"), [(30, 0), (30, 31), (44, 10**9), (48, 10**9), (48, END), (68, 0), (60, 1)])
def test_a_header_that_lies_is_unreadable_in_no_time(at: int, value: int) -> None:
    made = large(DATA)
    width = 2 if at == 30 else 4
    lie = made[:at] + value.to_bytes(width, "little") + made[at + width :]
    if at == 68:  # the FAT is said to go on
        lie = lie[:44] + struct.pack("<I", 9) + lie[48:]
    began = time.monotonic()
    with pytest.raises(Unreadable):
        stream(lie, "Workbook")
    assert time.monotonic() - began < 2


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6_656), st.binary(min_size=1, max_size=8)), min_size=1, max_size=6))
def test_whatever_is_broken_it_is_bytes_or_unreadable(changes: list[tuple[int, bytes]]) -> None:
    made = bytearray(large(DATA))
    for at, new in changes:
        made[at : at + len(new)] = new
    try:
        assert isinstance(stream(bytes(made), "Workbook"), bytes)
    except Unreadable as error:
        assert str(error) == ""  # noqa: PT017 - bytes are as good


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", XLS_MAGIC, XLS_MAGIC.ljust(512, b"\x00"), XLS_MAGIC.ljust(2_000, b"\xff")]
)
def test_what_is_no_compound_file_is_unreadable(data: bytes) -> None:
    with pytest.raises(Unreadable):
        stream(data, "Workbook")
