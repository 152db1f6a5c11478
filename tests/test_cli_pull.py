"""``pull``: what it prints for people and for programs, its exit codes, at intervals, and that it keeps its secret."""

from __future__ import annotations

import base64
import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from sqdash import cli, logs, periods
from sqdash.commands import common, pull
from sqdash.jobs import leader, pull_posts, schedule, sources, tokens
from sqdash.store.queries import pulls as queries
from tests.commanding import Run, runs
from tests.fake_graph import BENCHMARK_ID, PAGE_ID, FakeGraph, World
from tests.making import current, is_one_sentence, looking, put, row

Copy = Callable[[str], Path]
ROOT = Path(__file__).resolve().parents[1]
CANARY = "EAABcanary+token/0123456789=&x"
SECRET = "canary-app-secret+of/it="
AGAINST = "SQDASH_GRAPH_"


@pytest.fixture
def server() -> Iterator[FakeGraph]:
    with FakeGraph(World(posts=25, token=CANARY, app_secret=SECRET)) as made:
        yield made


@pytest.fixture(autouse=True)
def log_levels() -> Iterator[None]:
    """What pulling at intervals sets for its process holds for no other test."""
    root, network = logging.getLogger(), logging.getLogger("urllib3")
    kept = root.level, network.level
    yield
    root.setLevel(kept[0])
    network.setLevel(kept[1])


@pytest.fixture
def store(copy: Copy, server: FakeGraph, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty store; the settings name the fake's page."""
    for name in [name for name in os.environ if name.startswith(AGAINST)]:
        monkeypatch.delenv(name)
    for name, value in settings(server).items():
        monkeypatch.setenv(name, value)
    return copy("empty")


def settings(server: FakeGraph) -> Mapping[str, str]:
    told = {"BASE_URL": server.base_url, "PAGE_ID": PAGE_ID, "TOKEN": CANARY, "APP_ID": server.world.app_id}
    return {f"{AGAINST}{name}": value for name, value in {**told, "APP_SECRET": SECRET, "VERSION": "v25.0"}.items()}


@pytest.fixture
def run(store: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """``pull`` in this process."""

    return runs(capsys, "pull", "--db", store)


# --- once


def test_a_pull_says_in_one_line_what_it_did(run: Run, store: Path) -> None:
    done = run()
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"專頁 {PAGE_ID} 完成（新增 ")
    assert is_one_sentence(done.out.strip())
    assert len(current(store, "posts")) == 25


def test_as_json_it_is_a_list_of_runs(run: Run, server: FakeGraph) -> None:
    (told,) = run("--json").json
    assert (told["page"], told["state"], told["error"]) == (PAGE_ID, "done", None)
    assert told["calls"] == server.calls
    assert told["parts"][0] == {
        "part": "page", "state": "done", "added": 3, "changed": 0, "unchanged": 0, "detail": None,
    }  # fmt: skip


def test_what_meta_says_of_the_token_is_kept(run: Run, store: Path, server: FakeGraph) -> None:
    server.world.tokens[CANARY].scopes.discard("pages_show_list")
    run()
    with looking(store) as connection:
        read = queries.page_read(connection, PAGE_ID)
    assert (read["token_valid"], read["token_expires_at"], read["token_missing"]) == (1, None, "pages_show_list")
    assert read["token_access_until"] is not None


@pytest.mark.parametrize(
    ("scenario", "state", "words"),
    [("token_expired", "failed", "過期"), ("page_limit", "limited", "上限"), ("bare_503", "failed", "暫時異常")],
)
def test_what_went_wrong_is_said_with_exit_code_1(
    run: Run, server: FakeGraph, monkeypatch: pytest.MonkeyPatch, scenario: str, state: str, words: str
) -> None:
    monkeypatch.setattr("sqdash.graph.clock.SystemClock.sleep", lambda *_: None)
    server.scenarios.on(scenario)
    done = run()
    assert done.code == 1
    assert words in done.out
    assert is_one_sentence(done.out.strip())
    told = run("--json")
    assert (told.code, told.json[0]["state"]) == (1, state)


def test_one_page_of_several(run: Run, store: Path, server: FakeGraph) -> None:
    put(store, "pages", row("pages", page_id=BENCHMARK_ID, kind="benchmark", label="標竿"))
    assert [one["page"] for one in run("--json", "--page", BENCHMARK_ID).json] == [BENCHMARK_ID]
    assert current(store, "posts") == []
    assert [one["page"] for one in run("--json").json] == [PAGE_ID, BENCHMARK_ID]


def test_since_takes_a_roc_day(run: Run, store: Path) -> None:
    assert run("--since", "yesterday").code == 2
    assert run("--since", "115/6/1").code == 0
    assert 0 < len(current(store, "posts")) < 25


def test_since_a_day_to_come_there_is_nothing_to_ask_for(run: Run) -> None:
    tomorrow = periods.today() + timedelta(days=1)
    done = run("--since", tomorrow.isoformat())
    assert (done.code, f"{periods.roc_day(tomorrow)} 還沒到，請改正" in done.err) == (2, True)


@pytest.mark.parametrize("interval", ["", "5", "4m", "299s", "25h", "1d", "５m", "1e3s"])
def test_an_interval_is_of_five_minutes_to_a_day(run: Run, interval: str) -> None:
    done = run("--every", interval)
    assert done.code == 2
    assert "5 分鐘到 1 天" in done.err


@pytest.mark.parametrize(
    ("text", "seconds"), [("5m", 300), ("300s", 300), ("30m", 1800), ("2h", 7200), ("24h", 86400), ("1440m", 86400)]
)
def test_intervals_as_they_are_written(text: str, seconds: int) -> None:
    assert common.interval(text).total_seconds() == seconds


def test_what_meta_left_out_is_printed_below_the_run_that_otherwise_looks_whole(run: Run, server: FakeGraph) -> None:
    server.scenarios.on("reactions_refused")
    server.scenarios.on("older_version", version="v22.0")
    done = run()
    assert done.code == 0
    whole, fields, version = done.out.splitlines()
    assert "完成" in whole
    assert fields.startswith(
        "Meta 沒有提供心情（reactions）、按讚（like）：存取權杖缺少權限「pages_read_user_content」"
    )
    assert "v22.0" in version


def test_what_is_not_set_up_is_said_and_nothing_is_locked(
    run: Run, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(f"{AGAINST}TOKEN")
    done = run("--json")
    assert done.code == 1
    assert is_one_sentence(done.json["error"])
    assert done.err.strip() == done.json["error"]
    assert not Path(f"{store}.pull.lock").exists()


def test_a_second_one_says_who_leads_and_exits_75(run: Run, store: Path, server: FakeGraph) -> None:
    with leader.leading(store, 1800.0):
        done = run()
        assert done.code == 75
        assert f"程序 {os.getpid()}" in done.err
        assert is_one_sentence(done.err.strip())
        assert run("--json").json == {"error": done.err.strip()}
    assert server.calls == 0


# --- at intervals, as a process


@contextmanager
def start(store: Path, *more: str, env: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    own = {**os.environ, **env, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "sqdash", "pull", "--db", str(store), *more]
    with log.open("wb") as errors, subprocess.Popen(command, cwd=ROOT, env=own, stderr=errors) as child:
        try:
            yield child
        finally:
            child.kill()


def waited_for(condition: Callable[[], bool], seconds: float = 30.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def ended(store: Path) -> int:
    with looking(store) as connection:
        return int(connection.execute("SELECT count(*) FROM pulls WHERE state = 'done'").fetchone()[0])


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_at_intervals_it_pulls_is_asked_to_pull_and_ends_when_told(
    store: Path, server: FakeGraph, tmp_path: Path
) -> None:
    log, other = tmp_path / "log", tmp_path / "other"

    def logged() -> int:
        return log.read_text("utf-8").count("done")

    with start(store, "--every", "30m", env=settings(server), log=log) as child:
        assert waited_for(lambda: logged() == 1)
        assert ended(store) == 1
        leads = leader.current(store)
        assert leads is not None
        assert (leads.pid, leads.every) == (child.pid, 1800.0)
        with start(store, "--every", "30m", env=settings(server), log=other) as second:
            assert second.wait(20) == 75
        assert f"程序 {child.pid}" in other.read_text("utf-8")
        leader.wish(store)
        assert waited_for(lambda: logged() == 2)
        assert ended(store) == 2
        child.send_signal(signal.SIGTERM)
        assert child.wait(20) == 0
    assert "Traceback" not in log.read_text("utf-8")
    assert leader.current(store) is None
    assert not shows(log.read_bytes())


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_with_wait_it_begins_once_a_page_is_set_up(store: Path, server: FakeGraph, tmp_path: Path) -> None:
    env = {**settings(server), f"{AGAINST}PAGE_ID": "", f"{AGAINST}TOKEN": ""}
    with start(store, "--every", "30m", "--wait", env=env, log=tmp_path / "log") as child:
        time.sleep(1)
        assert child.poll() is None
        assert server.calls == 0
        tokens.keep(store, PAGE_ID, CANARY)
        assert waited_for(lambda: ended(store) == 1)
        child.send_signal(signal.SIGTERM)
        assert child.wait(20) == 0


# --- the canary


def forms(secret: str) -> Iterator[bytes]:
    """What a secret may look like; base64 without the characters that its neighbours share."""
    quoted = quote(secret, safe="")
    plain = [secret, quote(secret), quoted, quote_plus(secret), quote(quoted, safe=""), repr(secret)[1:-1]]
    plain += [json.dumps(secret)[1:-1], json.dumps(secret)[1:-1].replace("/", "\\/"), secret.encode().hex()]
    for before in range(3):
        core = base64.b64encode(b"\0" * before + secret.encode()).decode()[4:-4]
        plain += [core, core.translate(str.maketrans("+/", "-_"))]
    yield from (text.encode() for text in plain)


def shows(content: bytes) -> bool:
    return any(form in content for secret in (CANARY, SECRET) for form in forms(secret))


FAILING = (
    None, "token_expired", "token_quoted", "page_limit", "proof_wrong", "server_error", "bad_gateway", "cut_body",
    "foreign_next", "metric_dead", "permission_200", "bad_path", "reset", "html_200", "redirect",
)  # fmt: skip


def test_the_canary_would_be_found() -> None:
    coded = base64.b64encode(f"ab{CANARY}".encode()).decode()
    for text in (CANARY, quote(CANARY, safe=""), json.dumps({"t": SECRET}), coded):
        assert shows(f"before {text} after".encode())
    assert not shows(b"nothing of the kind")


@pytest.mark.parametrize("scenario", FAILING)
@pytest.mark.parametrize("after", [0, 4])
def test_the_token_is_nowhere(
    run: Run,
    store: Path,
    server: FakeGraph,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    scenario: str | None,
    after: int,
) -> None:
    monkeypatch.setattr("sqdash.graph.clock.SystemClock.sleep", lambda *_: None)
    for name in (None, "urllib3"):
        caplog.set_level(logging.DEBUG, name)
    if scenario is not None:
        server.scenarios.on(scenario, after=after)
    said = [run("--json"), run()]
    assert cli.main(["export", "--db", str(store), str(tmp_path / "out")]) == 0
    for done in said:
        assert not shows((done.out + done.err).encode())
    assert any(record.name.startswith("urllib3") for record in caplog.records)
    logged = [f"{record.getMessage()} {record.args} {record.exc_text}" for record in caplog.records]
    assert not shows("".join(logged).encode())
    for path in (*store.parent.glob(f"{store.name}*"), *(tmp_path / "out").iterdir()):
        assert path.is_dir() or not shows(path.read_bytes()), path
    assert server.tokens_in_urls() == []


def test_a_crash_in_the_middle_shows_no_token(run: Run, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(record: Any, *_: object) -> None:
        for _nodes in record.client.posts(PAGE_ID):
            raise RuntimeError(f"boom {record!r} {record.client!r} {vars(record)} {vars(record.client)}")

    monkeypatch.setattr(pull_posts, "listed", crash)
    done = run()
    assert (done.code, done.out) == (1, "")
    assert is_one_sentence(done.err.strip())
    assert not shows(done.err.encode())
    logged = logs.file_of(store, "command").read_bytes()
    assert b"boom" in logged
    assert not shows(logged)
    assert not shows(store.read_bytes())
    with looking(store) as connection:
        assert queries.runs(connection, PAGE_ID, 1)[0]["state"] == "broken"


def test_waiting_without_an_interval_is_a_wrong_command(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["pull", "--db", str(store), "--wait"]) == 2
    assert capsys.readouterr().err == "--wait 要與 --every 同用，請加上例如 --every 30m。\n"


def test_who_waits_leads_once_a_single_pull_is_done(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who presses 立即更新 just after setting the page up must not end the pulling at intervals."""
    single = leader.leading(store)
    single.__enter__()
    done: list[float] = []

    def look(event: threading.Event, seconds: float) -> bool:
        single.__exit__(None, None, None)
        return False

    monkeypatch.setattr(pull, "_configured", lambda path: True)
    monkeypatch.setattr(threading.Event, "wait", look)
    monkeypatch.setattr(schedule, "every", lambda path, interval, *_, **__: done.append(interval.total_seconds()))
    assert cli.main(["pull", "--every", "30m", "--wait", "--db", str(store)]) == 0
    assert done == [1800]


def test_who_waits_gives_way_to_another_that_pulls_at_intervals(
    store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pull, "_configured", lambda path: True)
    with leader.leading(store, 1800):
        assert cli.main(["pull", "--every", "30m", "--wait", "--db", str(store)]) == 75
    assert "正在擷取這個資料庫" in capsys.readouterr().err


def test_who_is_asked_to_end_pulls_no_further_page(
    store: Path, server: FakeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One run and no more, so that a run that is not told to end fails instead of waiting for the next one."""
    told: list[bool] = []

    def pull_all(*_: object, stop: Callable[[], bool], **__: object) -> list[Any]:
        told.append(stop())
        handler = signal.getsignal(signal.SIGTERM)
        assert callable(handler)
        with suppress(KeyboardInterrupt):
            handler(signal.SIGTERM, None)
        told.append(stop())
        return []

    monkeypatch.setattr(sources, "pull_all", pull_all)
    monkeypatch.setattr(schedule, "every", lambda path, interval, pull, **_: pull())
    kept = {name: signal.getsignal(name) for name in (signal.SIGTERM, signal.SIGINT)}
    try:
        assert cli.main(["pull", "--every", "30m", "--db", str(store)]) == 0
    finally:
        for name, handler in kept.items():
            signal.signal(name, handler)
    assert told == [False, True]
