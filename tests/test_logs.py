"""Logs: no secret in any line, one line a message, a code that leads to the traceback."""

from __future__ import annotations

import base64
import logging
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqdash import logs
from sqdash.errors import SettingsError
from sqdash.secret import Secret

CANARY = "canary/7+secret=值"


@pytest.fixture
def cleaning() -> logs.Cleaning:
    return logs.Cleaning(lambda: [Secret(CANARY)])


@pytest.fixture
def own_root(monkeypatch: pytest.MonkeyPatch) -> Iterator[logging.Logger]:
    """The root logger as it is at the start of a process."""
    root = logging.getLogger()
    before, level = list(root.handlers), logging.getLogger("sqdash").level
    formatters = {handler: handler.formatter for handler in before}
    root.handlers[:] = []
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    yield root
    for handler in root.handlers:
        handler.close()
    root.handlers[:] = before
    logging.getLogger("sqdash").setLevel(level)
    for handler, formatter in formatters.items():
        handler.setFormatter(formatter)


@pytest.mark.parametrize(
    "text",
    [
        f"value {CANARY} here",
        f"https://x/y?z={quote(CANARY, safe='')}&q=1",
        base64.b64encode(CANARY.encode()).decode(),
        repr(CANARY),
    ],
)
def test_a_configured_secret_is_hidden_in_every_form(cleaning: logs.Cleaning, text: str) -> None:
    cleaned = cleaning.clean(text)
    assert logs.HIDDEN in cleaned
    for part in (CANARY, quote(CANARY, safe=""), base64.b64encode(CANARY.encode()).decode()[:12]):
        assert part not in cleaned


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Authorization: Bearer abc.def-1", "Authorization: Bearer …"),
        ("authorization: Basic dXNlcjpwdw==", "authorization: Basic …"),
        ("GET /v25.0/me?access_token=abc123&fields=id", "GET /v25.0/me?access_token=…&fields=id"),
        ("{'password': 'hunter2 ', 'name': 'a'}", "{'password': '… ', 'name': 'a'}"),
        ('{"new_password": "hunter2"}', '{"new_password": "…"}'),
        ("Cookie: sqdash_session=abc", "Cookie: …"),
        ("密碼：一二三四", "密碼：…"),
        ("token EAABwzLixnjYBO0123456789 was", "token … was"),
        ("tokens are read, password rules hold", "tokens are read, password rules hold"),
        ("修訂 23：匯入 12 列", "修訂 23：匯入 12 列"),
    ],
)
def test_what_looks_like_a_secret_is_hidden_and_the_rest_stays(
    cleaning: logs.Cleaning, text: str, cleaned: str
) -> None:
    assert cleaning.clean(text) == cleaned


def test_a_new_secret_is_known_within_a_minute() -> None:
    seconds, held = [0.0], ["first-secret-word"]
    cleaning = logs.Cleaning(lambda: [Secret(held[0])], clock=lambda: seconds[0])
    assert cleaning.clean("first-secret-word") == logs.HIDDEN
    held[0] = "second-secret-word"
    seconds[0] = 59.0
    assert cleaning.clean("second-secret-word") == "second-secret-word"
    seconds[0] = 60.0
    assert cleaning.clean("second-secret-word") == logs.HIDDEN


def test_settings_that_cannot_be_read_leave_the_known_secrets_hidden() -> None:
    seconds, broken = [0.0], [False]

    def load() -> list[Secret | None]:
        if broken[0]:
            raise SettingsError("設定檔不對，請改正。")
        return [Secret("first-secret-word")]

    cleaning = logs.Cleaning(load, clock=lambda: seconds[0])
    assert cleaning.clean("first-secret-word") == logs.HIDDEN
    broken[0], seconds[0] = True, 60.0
    assert cleaning.clean("first-secret-word") == logs.HIDDEN


def record(message: str, error: BaseException | None = None) -> logging.LogRecord:
    info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("sqdash.x", logging.ERROR, "f.py", 1, "%s", (message,), info)


def written(message: str, error: BaseException | None = None) -> str:
    return logs.Clean(logging.Formatter("%(levelname)s %(message)s"), logs.Cleaning(list)).format(
        record(message, error)
    )


@given(st.text())
def test_a_message_is_one_line_whatever_is_in_it(text: str) -> None:
    line = written(text)
    assert line.startswith("ERROR ")
    assert len(line.splitlines()) == 1
    assert "\x1b" not in line


@given(st.text())
def test_no_line_of_a_traceback_can_pass_for_a_message(text: str) -> None:
    first, *below = written("failed", ValueError(text)).split("\n")
    assert first == "ERROR failed"
    assert below
    assert all(line.startswith("    ") for line in below)


def test_a_process_logs_into_its_file_which_nobody_else_may_read(tmp_path: Path, own_root: logging.Logger) -> None:
    logs.set_up(tmp_path / "sqdash.db", "pull", screen=False)
    logs.set_up(tmp_path / "sqdash.db", "pull", screen=False)
    logging.getLogger("sqdash.pull").info("擷取 %s", "完成\n2026-01-01 forged")
    (path,) = (tmp_path / "logs").iterdir()
    assert path == logs.file_of(tmp_path / "sqdash.db", "pull")
    (line,) = path.read_text("utf-8").splitlines()
    assert line.endswith("INFO sqdash.pull 擷取 完成 2026-01-01 forged")
    assert path.stat().st_mode & 0o077 == 0
    assert own_root.handlers


def test_a_file_that_is_large_is_turned_over_and_ten_are_kept(
    tmp_path: Path, own_root: logging.Logger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "LARGEST", 200)
    logs.set_up(tmp_path / "sqdash.db", "pull", screen=False)
    for number in range(40):
        logging.getLogger("sqdash").info("%s", f"{number} " + "x" * 100)
    names = sorted(path.name for path in (tmp_path / "logs").iterdir())
    assert names == sorted(["pull.log", *(f"pull.log.{n}" for n in range(1, logs.KEPT + 1))])
    assert "39 x" in (tmp_path / "logs" / "pull.log").read_text("utf-8")
    assert own_root.handlers


def test_where_nothing_can_be_written_there_is_standard_error(
    tmp_path: Path, own_root: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "logs").write_text("a file where the folder should be", "utf-8")
    logs.set_up(tmp_path / "sqdash.db", "pull")
    logging.getLogger("sqdash").error("access_token=abc")
    assert capsys.readouterr().err.endswith("ERROR sqdash access_token=…\n")
    assert own_root.handlers


def test_handlers_of_others_are_cleaned_too(tmp_path: Path, own_root: logging.Logger) -> None:
    said: list[str] = []

    class Keeps(logging.Handler):
        def emit(self, one: logging.LogRecord) -> None:
            said.append(self.format(one))

    foreign = logging.getLogger("of.somebody.else")
    foreign.propagate = False
    foreign.addHandler(Keeps())
    logs.set_up(tmp_path / "sqdash.db", "dashboard", screen=False)
    foreign.error("Authorization: Bearer abcdef")
    (line,) = said
    assert line.endswith("ERROR of.somebody.else Authorization: Bearer …")
    foreign.handlers.clear()
    assert own_root.handlers


def test_the_code_leads_to_the_traceback(tmp_path: Path, own_root: logging.Logger) -> None:
    logs.set_up(tmp_path / "sqdash.db", "command", screen=False)
    try:
        raise ValueError("password=hunter2")
    except ValueError as error:
        code = logs.unforeseen(error, "command")
    text = logs.file_of(tmp_path / "sqdash.db", "command").read_text("utf-8")
    assert re.fullmatch("[0-9a-f]{8}", code)
    assert f"unforeseen error {code} (command)" in text
    assert "    ValueError: password=…" in text
    assert "hunter2" not in text
    assert own_root.handlers


def test_what_ends_a_thread_is_logged(tmp_path: Path, own_root: logging.Logger) -> None:
    logs.set_up(tmp_path / "sqdash.db", "dashboard", screen=False)
    thread = threading.Thread(target=lambda: 1 / 0, name="look-through")
    thread.start()
    thread.join()
    text = logs.file_of(tmp_path / "sqdash.db", "dashboard").read_text("utf-8")
    assert "(look-through)" in text
    assert "    ZeroDivisionError: division by zero" in text
    assert own_root.handlers
