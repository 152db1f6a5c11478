"""Tokens of pages: files of their own that only their owner reads, written whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from sqdash.errors import SettingsError
from sqdash.jobs import tokens
from sqdash.secret import Secret
from sqdash.settings import GraphSettings
from tests.making import is_one_sentence

TOKEN = "EAAcanary+7Qz/==x"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "sqdash.db"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_token_is_kept_beside_the_store_for_its_owner_alone(store: Path) -> None:
    path = tokens.keep(store, "100200300400", f"  {TOKEN}\n")
    assert path == store.parent / "sqdash.db.tokens" / "100200300400.token"
    assert path.read_text("ascii") == f"{TOKEN}\n"
    if os.name == "posix":
        assert (mode(path), mode(path.parent)) == (0o600, 0o700)
    assert tokens.token_of(store, "100200300400", GraphSettings()) == Secret(TOKEN)
    assert tokens.pages(store) == ("100200300400",)


def test_a_new_token_takes_the_place_of_the_old_one(store: Path) -> None:
    tokens.keep(store, "1", "old-token")
    (tokens.folder(store) / "1.new").write_text("left by a killed process")
    tokens.keep(store, "1", TOKEN)
    assert [path.name for path in tokens.folder(store).iterdir()] == ["1.token"]
    assert tokens.token_of(store, "1", GraphSettings()) == Secret(TOKEN)


@pytest.mark.parametrize("page_id", ["", "a", "1/2", "..", "１２", "1" * 41, "1\n"])
def test_a_page_is_a_number_and_never_a_path(store: Path, page_id: str) -> None:
    for call in (
        lambda: tokens.keep(store, page_id, TOKEN),
        lambda: tokens.forget(store, page_id),
        lambda: tokens.token_of(store, page_id, GraphSettings()),
    ):
        with pytest.raises(SettingsError) as caught:
            call()
        assert "全為數字" in str(caught.value)
    assert not tokens.folder(store).exists()


@pytest.mark.parametrize(
    "text", ["", "  ", "EAA 中文", "EAA two words", "EAA\ttab", "x" * 5000], ids=lambda text: text[:12]
)
def test_what_can_be_no_token_is_refused_and_not_quoted(store: Path, text: str) -> None:
    tokens.keep(store, "1", TOKEN)
    with pytest.raises(SettingsError) as caught:
        tokens.keep(store, "1", text)
    assert is_one_sentence(caught.value)
    assert not text.strip() or text.strip() not in str(caught.value)
    assert caught.value.__cause__ is None
    assert tokens.token_of(store, "1", GraphSettings()) == Secret(TOKEN)  # the old one still stands
    assert [path.name for path in tokens.folder(store).iterdir()] == ["1.token"]


def test_where_nothing_can_be_written_a_sentence_says_so(store: Path) -> None:
    tokens.folder(store).write_text("a file in the way")
    with pytest.raises(SettingsError) as caught:
        tokens.keep(store, "1", TOKEN)
    assert is_one_sentence(caught.value)
    assert TOKEN not in str(caught.value)


def test_forgetting_twice_is_no_error(store: Path) -> None:
    tokens.keep(store, "1", TOKEN)
    tokens.forget(store, "1")
    tokens.forget(store, "1")
    assert tokens.pages(store) == ()
    assert tokens.token_of(store, "1", GraphSettings()) is None


def test_a_file_comes_before_the_settings_and_the_settings_are_for_their_page_alone(store: Path) -> None:
    settings = GraphSettings(page_id="1", token_text=Secret("from-settings"))
    assert tokens.token_of(store, "1", settings) == Secret("from-settings")
    assert tokens.token_of(store, "2", settings) is None
    tokens.keep(store, "1", TOKEN)
    assert tokens.token_of(store, "1", settings) == Secret(TOKEN)


@pytest.mark.skipif(os.name != "posix", reason="rights of POSIX")
def test_a_file_that_others_may_read_is_refused(store: Path) -> None:
    path = tokens.keep(store, "1", TOKEN)
    path.chmod(0o640)
    with pytest.raises(SettingsError, match="chmod 600"):
        tokens.token_of(store, "1", GraphSettings())


def test_only_files_of_pages_are_pages(store: Path) -> None:
    tokens.keep(store, "2", TOKEN)
    tokens.keep(store, "10", TOKEN)
    for name in ("x.token", "3.new", "4.token.bak"):
        (tokens.folder(store) / name).write_text("x")
    assert tokens.pages(store) == ("10", "2")


def test_a_page_is_set_up_by_a_file_or_by_page_and_token_in_the_settings(store: Path) -> None:
    assert not tokens.configured(store, GraphSettings())
    assert not tokens.configured(store, GraphSettings(page_id="1"))
    assert not tokens.configured(store, GraphSettings(token_text=Secret("x")))
    assert tokens.configured(store, GraphSettings(page_id="1", token_text=Secret("x")))
    assert tokens.configured(store, GraphSettings(page_id="1", token_file=store))
    tokens.keep(store, "2", TOKEN)
    assert tokens.configured(store, GraphSettings())
