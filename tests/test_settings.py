"""Settings come from the environment, then from the secrets file."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from sqdash import settings
from sqdash.errors import SettingsError

DEFAULT = settings.ROOT / "data" / "sqdash.db"


def secrets(folder: Path, text: str) -> Path:
    path = folder / "secrets.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refused(path: Path) -> str:
    with pytest.raises(SettingsError) as caught:
        settings.load({}, path)
    return str(caught.value)


def test_store_lies_in_data_unless_told_otherwise(tmp_path: Path) -> None:
    assert settings.load({}, tmp_path / "none.toml").db == DEFAULT


def test_environment_names_the_store(tmp_path: Path) -> None:
    assert settings.load({"SQDASH_DB": "/srv/a.db"}, tmp_path / "none.toml").db == Path("/srv/a.db")


def test_secrets_name_the_store(tmp_path: Path) -> None:
    assert settings.load({}, secrets(tmp_path, 'SQDASH_DB = "/srv/b.db"')).db == Path("/srv/b.db")


def test_environment_comes_before_secrets(tmp_path: Path) -> None:
    path = secrets(tmp_path, 'SQDASH_DB = "/srv/b.db"')
    assert settings.load({"SQDASH_DB": "/srv/a.db"}, path).db == Path("/srv/a.db")


def test_empty_variable_is_as_if_not_set(tmp_path: Path) -> None:
    assert settings.load({"SQDASH_DB": ""}, tmp_path / "none.toml").db == DEFAULT


def test_empty_variable_leaves_the_word_to_secrets(tmp_path: Path) -> None:
    path = secrets(tmp_path, 'SQDASH_DB = "/srv/b.db"')
    assert settings.load({"SQDASH_DB": ""}, path).db == Path("/srv/b.db")


def test_process_environment_is_read_when_none_is_given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SQDASH_DB", "/srv/c.db")
    assert settings.load(secrets=tmp_path / "none.toml").db == Path("/srv/c.db")


@pytest.mark.parametrize("text", ["SQDASH_DB = 5", '[SQDASH_DB]\npath = "x"', 'OTHER = "x"', ""])
def test_what_is_no_text_or_not_ours_is_passed_over(tmp_path: Path, text: str) -> None:
    assert settings.load({}, secrets(tmp_path, text)).db == DEFAULT


def test_secrets_that_are_no_toml_are_refused_in_one_sentence(tmp_path: Path) -> None:
    path = secrets(tmp_path, "SQDASH_GRAPH_TOKEN = very secret")
    assert refused(path) == "設定檔「secrets.toml」不是有效的 TOML，請檢查引號與等號。"


def test_secrets_that_are_not_utf_8_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "secrets.toml"
    path.write_bytes('SQDASH_DB = "資料.db"'.encode("big5"))
    assert refused(path) == "設定檔「secrets.toml」不是有效的 TOML，請檢查引號與等號。"


def test_directory_in_place_of_secrets_is_passed_over(tmp_path: Path) -> None:
    assert settings.load({}, tmp_path).db == DEFAULT


def test_settings_cannot_be_changed_afterwards(tmp_path: Path) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        settings.load({}, tmp_path).db = Path("x")  # type: ignore[misc]
