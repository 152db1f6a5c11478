"""Packed XML: parts in order, dated alike, replaced or left out by name."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

import pytest

from sqdash import packed


def archive() -> io.BytesIO:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as new:
        for name in ("mimetype", "b/one", "a"):
            new.writestr(name, name)
    return made


def test_parts_keep_their_order_and_get_one_date() -> None:
    data = packed.repacked(archive(), datetime(2015, 1, 5, 1, 2, 4), without=("b/",), instead={"a": b"other"})
    with zipfile.ZipFile(io.BytesIO(data)) as found:
        assert [(part.filename, part.date_time) for part in found.infolist()] == [
            ("mimetype", (2015, 1, 5, 1, 2, 4)),
            ("a", (2015, 1, 5, 1, 2, 4)),
        ]
        assert (found.read("mimetype"), found.read("a")) == (b"mimetype", b"other")
    assert packed.repacked(archive()) == packed.repacked(archive())


@pytest.mark.parametrize("moment", [datetime(1970, 1, 1), packed.EARLIEST])
def test_a_date_before_the_first_is_the_first(moment: datetime) -> None:
    with zipfile.ZipFile(io.BytesIO(packed.repacked(archive(), moment))) as found:
        assert {part.date_time for part in found.infolist()} == {(1980, 1, 1, 0, 0, 0)}
