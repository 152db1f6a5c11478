"""Bytes to characters in pieces: the same as at once, and user-defined CP950 characters as Windows keeps them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sqdash.errors import DataError
from sqdash.importers.decoding import BadByteError, open_text, pieces
from sqdash.importers.sources import Bytes

HANDLER = "sqdash.cp950-user-defined"
TRAILS = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
LEADS = (*range(0x81, 0xA1), *range(0xFA, 0xFF))

user_defined = st.builds(lambda lead, trail: bytes((lead, trail)), st.sampled_from(LEADS), st.sampled_from(TRAILS))
ordinary = st.sampled_from('臺南分局場次,1\n"').map(lambda c: c.encode("cp950"))
cp950_bytes = st.lists(ordinary | user_defined).map(b"".join)


class InPieces(Bytes):
    """The same file, read a few bytes at a time."""

    def __init__(self, data: bytes, size: int) -> None:
        super().__init__("a.csv", data)
        self.piece = size

    def chunks(self, size: int = 0) -> Iterator[bytes]:
        return super().chunks(self.piece)


def outcome(source: Bytes, encoding: str) -> tuple[str, bool]:
    """All that decodes, and whether that is the whole file."""
    found = ""
    try:
        for piece in pieces(source, encoding):
            found += piece
    except BadByteError:
        return found, False
    return found, True


@pytest.mark.parametrize(
    ("code", "character"),
    [
        (b"\xfa\x40", "\ue000"),
        (b"\xfa\x7e", "\ue03e"),
        (b"\xfa\xa1", "\ue03f"),
        (b"\xfe\xfe", "\ue310"),
        (b"\x8e\x40", "\ue311"),
        (b"\xa0\xfe", "\ueeb7"),
        (b"\x81\x40", "\ueeb8"),
        (b"\x8d\xfe", "\uf6b0"),
    ],
)
def test_user_defined_code_is_the_private_use_character_of_windows(code: bytes, character: str) -> None:
    assert outcome(Bytes("a.csv", code), "cp950") == (character, True)


def test_user_defined_codes_and_private_use_characters_match_one_to_one() -> None:
    codes = b"".join(bytes((lead, trail)) for lead in LEADS for trail in TRAILS)
    text, whole = outcome(Bytes("a.csv", codes), "cp950")
    assert whole
    assert sorted(text) == [chr(c) for c in range(0xE000, 0xF6B1)]


@pytest.mark.parametrize("bad", [b"\x80", b"\xff", b"\xfa", b"\xfa,", b"\xfa\x80", b"\xc8\xa1"])
def test_any_other_bad_byte_is_not_cp950(bad: bytes) -> None:
    assert outcome(Bytes("a.csv", "課".encode("cp950") + bad), "cp950") == ("課", False)


@given(cp950_bytes, st.integers(1, 5))
def test_a_code_split_at_the_border_of_a_piece_reads_as_in_one_piece(data: bytes, size: int) -> None:
    assert outcome(InPieces(data, size), "cp950") == (data.decode("cp950", HANDLER), True)


@pytest.mark.parametrize("cut", [b"\xef", b"\xef\xbb"])
def test_a_mark_that_is_cut_off_is_no_text(cut: bytes) -> None:
    assert outcome(Bytes("a.csv", cut), "utf-8-sig") == ("", False)


@settings(max_examples=300)
@given(
    st.binary(max_size=40).map(lambda data: data.replace(b"\x00", b"")),
    st.integers(1, 5),
    st.sampled_from(["utf-8", "utf-8-sig", "cp950", "cp1252", "gbk"]),
)
def test_any_bytes_read_in_pieces_as_at_once(data: bytes, size: int, encoding: str) -> None:
    try:
        at_once = data.decode(encoding, HANDLER if encoding == "cp950" else "strict")
    except UnicodeDecodeError:
        assert not outcome(InPieces(data, size), encoding)[1]
    else:
        assert outcome(InPieces(data, size), encoding) == (at_once, True)


@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])), st.integers(1, 5))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-16"])
def test_unicode_reads_back_in_any_pieces(encoding: str, text: str, size: int) -> None:
    text = text.lstrip("\ufeff")
    assert outcome(InPieces(text.encode(encoding), size), encoding) == (text, True)


def test_everything_before_a_bad_byte_comes_first() -> None:
    assert outcome(InPieces("臺南".encode() + b"\xff" + b"abc", 4), "utf-8") == ("臺南", False)


def test_nul_characters_are_refused() -> None:
    with pytest.raises(DataError) as caught:
        list(pieces(Bytes("a.csv", b"a\x00"), "utf-8"))
    assert str(caught.value) == "a.csv 含有 NUL 位元組，不是文字檔，請重新匯出。"


def test_text_has_line_feeds_only_and_keeps_user_defined_characters() -> None:
    with open_text(Bytes("a.csv", b"a\r\nb\rc\n\xfa\x40"), "cp950") as stream:
        assert stream.read() == "a\nb\nc\n\ue000"
