"""Settings come from the environment, then from the secrets file; a token comes from a file that nobody else reads."""

from __future__ import annotations

import dataclasses
import os
import traceback
from pathlib import Path

import pytest

from sqdash import settings
from sqdash.errors import SettingsError
from sqdash.secret import Secret

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


def test_backups_go_beside_the_store_unless_told_otherwise(tmp_path: Path) -> None:
    none = tmp_path / "none.toml"
    assert settings.load({"SQDASH_BACKUP_DIR": "  "}, none).backups == settings.BackupSettings(None, None)
    given = {"SQDASH_BACKUP_DIR": "/srv/backups", "SQDASH_BACKUP_COPY": "share"}
    wanted = settings.BackupSettings(Path("/srv/backups"), settings.ROOT / "share")
    assert settings.load(given, none).backups == wanted


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


# --- what Graph is asked with

TOKEN = "EAAcanary0123456789"
posix = pytest.mark.skipif(os.name != "posix", reason="rights of owner, group and others are POSIX's")


def graph(given: dict[str, str] | None = None) -> settings.GraphSettings:
    environment = {f"SQDASH_GRAPH_{name}": value for name, value in (given or {}).items()}
    return settings.load(environment, Path("none.toml")).graph


def token_file(folder: Path, content: bytes = TOKEN.encode() + b"\n", mode: int = 0o600) -> Path:
    path = folder / "page token"
    path.write_bytes(content)
    path.chmod(mode)
    return path


def refused_token(path: Path) -> str:
    with pytest.raises(SettingsError) as caught:
        settings.read_token(path)
    assert TOKEN not in "".join(traceback.format_exception(caught.value))
    return str(caught.value)


def test_graph_is_metas_unless_told_otherwise() -> None:
    found = graph()
    assert (found.base_url, found.version) == ("https://graph.facebook.com", "v25.0")
    assert (found.page_id, found.token, found.app_id, found.app_secret) == (None, None, None, None)


def test_every_setting_of_graph_is_read_and_blanks_around_it_are_no_part_of_it() -> None:
    address = {"BASE_URL": "http://127.0.0.1:9", "VERSION": " v26.0 ", "PAGE_ID": "12"}
    found = graph({**address, "TOKEN": f" {TOKEN}\n", "APP_ID": "34", "APP_SECRET": "s"})
    assert (found.base_url, found.version, found.page_id, found.app_id) == ("http://127.0.0.1:9", "v26.0", "12", "34")
    assert (found.token, found.app_secret) == (Secret(TOKEN), Secret("s"))


def test_blank_settings_of_graph_are_as_if_not_set() -> None:
    found = graph({"VERSION": " ", "PAGE_ID": "", "TOKEN": " ", "TOKEN_FILE": " ", "APP_SECRET": " "})
    assert found == graph()


def test_secrets_toml_may_hold_the_token(tmp_path: Path) -> None:
    path = secrets(tmp_path, f'SQDASH_GRAPH_TOKEN = "{TOKEN}"')
    assert settings.load({}, path).graph.token == Secret(TOKEN)


def test_settings_show_no_secret() -> None:
    assert TOKEN not in repr(settings.load({"SQDASH_GRAPH_TOKEN": TOKEN, "SQDASH_GRAPH_APP_SECRET": TOKEN}))


def test_a_file_holds_the_token(tmp_path: Path) -> None:
    assert graph({"TOKEN_FILE": str(token_file(tmp_path))}).token == Secret(TOKEN)


def test_a_token_given_comes_before_the_file(tmp_path: Path) -> None:
    assert graph({"TOKEN": "given", "TOKEN_FILE": str(tmp_path / "none")}).token == Secret("given")


def test_a_file_that_changes_is_read_anew(tmp_path: Path) -> None:
    found = graph({"TOKEN_FILE": str(token_file(tmp_path))})
    token_file(tmp_path, b"EAAnew")
    assert found.token == Secret("EAAnew")


def test_a_bad_token_file_keeps_nobody_from_the_other_settings(tmp_path: Path) -> None:
    assert graph({"TOKEN_FILE": str(tmp_path / "none"), "PAGE_ID": "12"}).page_id == "12"


def test_a_file_name_alone_is_beside_the_project() -> None:
    assert graph({"TOKEN_FILE": "page.token"}).token_file == settings.ROOT / "page.token"


def test_a_token_file_of_an_unknown_user_stops_pulls_only() -> None:
    found = graph({"TOKEN_FILE": "~nosuchuser/x", "PAGE_ID": "12"})
    assert found.page_id == "12"
    with pytest.raises(SettingsError) as caught:
        _ = found.token
    assert str(caught.value) == f"權杖檔「{settings.ROOT / '~nosuchuser/x'}」無法讀取，請檢查路徑與檔案權限。"


@pytest.mark.parametrize("name", ["a\0b", "a\ud800b"], ids=ascii)
def test_a_token_file_that_no_disk_can_hold_is_said_so(name: str) -> None:
    sentence = refused_token(Path(name))
    assert sentence.endswith("無法讀取，請檢查路徑與檔案權限。")
    assert sentence.encode()


@posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o602, 0o620])
def test_a_token_file_open_to_others_is_refused_with_the_command_that_mends_it(tmp_path: Path, mode: int) -> None:
    path = token_file(tmp_path, mode=mode)
    assert refused_token(path) == f"權杖檔「{path}」其他使用者也能讀取，請執行 chmod 600 '{path}' 後再試。"


@posix
@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_token_file_of_its_owner_alone_is_read(tmp_path: Path, mode: int) -> None:
    assert settings.read_token(token_file(tmp_path, mode=mode)) == Secret(TOKEN)


def test_a_missing_token_file_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "none"
    assert refused_token(path) == f"權杖檔「{path}」無法讀取，請檢查路徑與檔案權限。"
    assert refused_token(tmp_path) == f"權杖檔「{tmp_path}」無法讀取，請檢查路徑與檔案權限。"


@pytest.mark.parametrize("content", [b"", b" \n", f"{TOKEN}權杖".encode(), TOKEN.encode() + b"\xff", b"x" * 5000])
def test_a_file_without_a_token_is_said_so_without_quoting_it(tmp_path: Path, content: bytes) -> None:
    path = token_file(tmp_path, content)
    assert refused_token(path) == f"權杖檔「{path}」裡沒有可用的權杖，請放入一行權杖文字。"


def test_where_alerts_go_is_read_and_its_secrets_do_not_show_themselves(tmp_path: Path) -> None:
    given = {
        "SQDASH_SMTP_HOST": " mail.example.tw ",
        "SQDASH_SMTP_PASSWORD": "canary-1",
        "SQDASH_WEBHOOK_URL": "https://example.tw/canary-2",
        "SQDASH_SMTP_USER": " ",
    }
    found = settings.load(given, tmp_path / "none.toml").alerts
    assert (found.host, found.user, found.quiet_hours) == ("mail.example.tw", None, None)
    assert found.password is not None
    assert found.password.reveal() == "canary-1"
    assert "canary" not in repr(found)


def test_the_mail_password_may_stand_in_a_file_of_its_owners(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("canary-3\n", "utf-8")
    file.chmod(0o600)
    found = settings.load({"SQDASH_SMTP_PASSWORD_FILE": str(file)}, tmp_path / "none.toml").alerts
    assert found.password is not None
    assert found.password.reveal() == "canary-3"
    file.write_text("", "utf-8")
    with pytest.raises(SettingsError, match="郵件密碼檔"):
        _ = found.password


# --- who gets in


def people(**given: str) -> settings.PeopleSettings:
    return settings.load({f"SQDASH_{name}": value for name, value in given.items()}, Path("none.toml")).people


def test_a_desk_asks_nobody_and_lets_nobody_else_look() -> None:
    assert people() == settings.PeopleSettings(False, False, (), 30, None, False)
    assert people(SIGN_IN=" ", IDLE_MINUTES="", ALLOWED_HOSTS=" , ") == people()


def test_every_setting_of_who_gets_in_is_read() -> None:
    found = people(
        SIGN_IN="1",
        PUBLIC_VIEWING="1",
        ALLOWED_HOSTS="Dash.Example.gov.tw, 192.0.2.7,[2001:db8::1], dash.example.gov.tw.",
        IDLE_MINUTES="480",
        TRUSTED_USER_HEADER="X-Remote-User",
        HTTPS="1",
    )
    hosts = ("dash.example.gov.tw", "192.0.2.7", "2001:db8::1")
    assert found == settings.PeopleSettings(True, True, hosts, 480, "x-remote-user", True)
    assert people(SIGN_IN="0", HTTPS="0") == people()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, value) for name in ("SIGN_IN", "PUBLIC_VIEWING", "HTTPS") for value in ("yes", "true", "2", "１")),
        *(("IDLE_MINUTES", value) for value in ("0", "481", "-5", "30m", "３０", "9" * 5000)),
        *(("ALLOWED_HOSTS", value) for value in ("http://a.tw", "a.tw:80", "a.tw/x", "*", "*.a.tw", "a b", "-a", "局")),
        *(
            ("TRUSTED_USER_HEADER", value)
            for value in ("Cookie", "host", "X-Forwarded-For", "X-Real-IP", "Accept-Language", "Sec-Fetch-Site", "a b")
        ),
    ],
)
def test_a_slip_that_could_open_the_door_is_refused_in_one_sentence(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        people(**{name: value})
    assert f"SQDASH_{name}" in str(caught.value)
    assert str(caught.value).count("。") == 1
