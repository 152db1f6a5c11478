"""What a file is by its first bytes, before anyone reads it."""

from __future__ import annotations

import pytest

from sqdash.importers.sheet import is_workbook, was_workbook


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (b"PK\x03\x04rest", True),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", True),
        (b"\xd0\xcf\x11\xe0", False),
        (b"PK", False),
        (b"<html>", False),
        (b"", False),
    ],
)
def test_a_workbook_is_told_by_its_first_bytes(start: bytes, expected: bool) -> None:
    assert is_workbook(start) is expected


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ([b"lost", b"PK\x01\x02rest"], True),
        ([b"lost PK", b"\x05\x06"], True),
        ([b"R", b"\x00o\x00o\x00", b"t\x00 \x00E\x00n\x00t\x00r\x00y\x00"], True),
        ([b"PK,Root Entry,PK", "月份".encode()], False),
        ([], False),
    ],
)
def test_what_is_left_of_a_workbook_is_told_wherever_its_pieces_end(pieces: list[bytes], expected: bool) -> None:
    assert was_workbook(pieces) is expected
