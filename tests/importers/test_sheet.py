"""What a file is by its first bytes, before anyone reads it."""

from __future__ import annotations

import pytest

from sqdash.importers.sheet import is_workbook


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
