"""A file's bytes from a path or from memory, and its name made harmless to show."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqdash.errors import DataError
from sqdash.importers.sources import Bytes, shown_name

DATA = b"post_id,likes\n" * 50_000


@pytest.fixture(params=["path", "upload"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Bytes:
    """The same content, on disk and in memory."""
    path = tmp_path / "a.csv"
    path.write_bytes(DATA)
    return Bytes(path) if request.param == "path" else Bytes("a.csv", DATA)


def test_name_size_and_digest_do_not_depend_on_where_the_bytes_are(source: Bytes) -> None:
    assert (source.name, source.size) == ("a.csv", 700_000)
    assert source.sha256() == hashlib.sha256(DATA).hexdigest()


def test_every_opening_starts_at_the_first_byte(source: Bytes) -> None:
    for _ in range(2):
        with source.open() as stream:
            assert stream.read(7) == b"post_id"


def test_chunks_are_the_whole_file_in_pieces(source: Bytes) -> None:
    pieces = list(source.chunks(300_000))
    assert [len(piece) for piece in pieces] == [300_000, 300_000, 100_000]
    assert b"".join(pieces) == DATA


def test_only_a_file_on_disk_has_a_path(tmp_path: Path) -> None:
    assert Bytes(tmp_path / "a.csv").path == tmp_path / "a.csv"
    assert Bytes("a.csv", b"").path is None


def test_empty_upload_is_empty() -> None:
    assert (Bytes("a.csv", b"").size, list(Bytes("a.csv", b"").chunks())) == (0, [])


@pytest.mark.parametrize("what", ["missing", "directory", "pipe", "nul"])
def test_what_cannot_be_read_is_one_sentence_with_the_path(tmp_path: Path, what: str) -> None:
    path = tmp_path / (what if what != "nul" else "a\x00b")
    if what == "directory":
        path.mkdir()
    elif what == "pipe":
        if not hasattr(os, "mkfifo"):
            pytest.skip("no named pipes here")
        os.mkfifo(path)
    for act in (lambda: Bytes(path).size, Bytes(path).open, Bytes(path).sha256):
        with pytest.raises(DataError) as caught:
            act()
        assert str(caught.value) == f"無法讀取檔案「{str(path).replace(chr(0), '')}」，請檢查路徑與權限。"


# --- names


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("103年.csv", "103年.csv"),
        ("../../evil\u202evsc.exe", "evilvsc.exe"),
        ("C:\\Users\\a\\b.xlsx", "b.xlsx"),
        ("a\x1b[31m\n.csv", "a[31m.csv"),
        ("a\u200b\u2066b\ufeff.csv", "ab.csv"),
        ("a    b.csv", "a b.csv"),
        ("..", "未命名檔案"),
        ("", "未命名檔案"),
        ("\u202e", "未命名檔案"),
        ("folder/", "folder"),
    ],
)
def test_name_shows_no_path_and_no_control_or_direction_characters(name: str, shown: str) -> None:
    assert shown_name(name) == shown


def test_long_name_keeps_its_ending() -> None:
    shown = shown_name("長" * 300 + ".xlsx")
    assert shown == "長" * 114 + "….xlsx"
    assert len(shown) == 120


@given(st.text())
def test_any_name_is_short_visible_and_no_path(name: str) -> None:
    shown = shown_name(name)
    assert 0 < len(shown) <= 120
    assert not {"/", "\\"} & set(shown)
    assert shown not in (".", "..")
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in shown)
