"""The launcher: what it refuses, when it installs, and how it minds the server. No network, no real environment."""

from __future__ import annotations

import ast
import errno
import importlib.util
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

SOURCE = Path(__file__).resolve().parent.parent / "run.py"
POSIX = pytest.mark.skipif(os.name == "nt", reason="a console Ctrl-C cannot be sent to one process on Windows")

FAKE_SERVER = """
import http.server, os, pathlib, sys
port, pid_file = int(sys.argv[1]), pathlib.Path(sys.argv[2])
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/healthz" else 404)
        self.end_headers()
    def log_message(self, *_):
        pass
pid_file.write_text(str(os.getpid()))
http.server.HTTPServer(("127.0.0.1", port), Handler).serve_forever()
"""

MINDER = """
import importlib.util, os, sys
spec = importlib.util.spec_from_file_location("run", sys.argv[1])
run = importlib.util.module_from_spec(spec)
spec.loader.exec_module(run)
run.start = lambda argv: run.serve(argv[1:], argv[0], dict(os.environ), browser=False)
run.heed_signals()
sys.exit(run.main(sys.argv[2:]))
"""


@pytest.fixture
def run() -> ModuleType:
    """A fresh copy of the launcher, so that no test changes it for another."""
    spec = importlib.util.spec_from_file_location("run_under_test", SOURCE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def house(run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of its own with an environment that answers; ``calls.txt`` lists what pip was asked."""
    for name in ("requirements.txt", "requirements-dev.txt", "requirements.lock"):
        (tmp_path / name).write_text(f"{name}==1\n", "utf-8")
    (tmp_path / ".venv").mkdir()
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(run, "env_version", lambda: "(3, 11)")
    return tmp_path


class Calls(list[tuple[str, ...]]):
    """Stands in for ``run.call``: remembers the commands, answers with ``code`` and ``stderr``."""

    code = 0
    stderr = ""

    def __call__(self, *arguments: str, **_: Any) -> subprocess.CompletedProcess[str]:
        self.append(arguments)
        return subprocess.CompletedProcess(arguments, self.code, "", self.stderr)


class Beside:
    """Stands in for a child that runs beside a command: remembers when it began and was seen to have ended."""

    def __init__(self, calls: Calls) -> None:
        self.calls, self.looks = calls, 0
        calls.append(("begun beside",))

    def poll(self) -> int | None:
        self.looks += 1
        if self.looks == 2:
            self.calls.append(("ended beside",))
        return None if self.looks == 1 else 0

    def send_signal(self, _: int) -> None:
        self.calls.append(("asked to end beside",))

    def wait(self, _: float) -> None:
        assert self.calls[-1] == ("asked to end beside",)


@pytest.fixture
def calls(run: ModuleType, house: Path, monkeypatch: pytest.MonkeyPatch) -> Calls:
    """The commands that would have been run in the environment."""
    recorded = Calls()
    monkeypatch.setattr(run, "call", recorded)
    monkeypatch.setattr(run, "child_of", lambda command, env, out: Beside(recorded))
    return recorded


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port of 127.0.0.1 on which something listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def free_port() -> int:
    """A port of 127.0.0.1 on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def one_sentence(capsys: pytest.CaptureFixture[str]) -> str:
    """What standard error holds, which must be exactly one Chinese sentence."""
    text = capsys.readouterr().err
    assert text.count("\n") == 1, text
    assert text.endswith("。\n"), text
    assert text.count("。") == 1, text
    assert re.search(r"[\u4e00-\u9fff]", text), text
    return text.strip()


# --- what it is made of -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [(3, 7), (3, 8), (3, 11)])
def test_parses_on_old_pythons_so_that_they_are_answered_with_a_sentence(version: tuple[int, int]) -> None:
    assert ast.parse(SOURCE.read_text("utf-8"), feature_version=version).body


def test_needs_the_standard_library_only() -> None:
    names = set()
    for node in ast.walk(ast.parse(SOURCE.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names.add(str(node.module).split(".")[0])
    assert names <= sys.stdlib_module_names


def test_old_python_gets_one_sentence_and_nothing_is_begun(
    run: ModuleType, calls: Calls, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sys, "version_info", (3, 10, 4, "final", 0))
        code = run.main([])
    assert code == 1
    assert "3.11" in one_sentence(capsys)
    assert calls == []


@POSIX
@pytest.mark.parametrize(
    ("encoding", "written"), [("ascii", "utf-8"), ("latin-1", "utf-8"), ("utf-8", "utf-8"), ("cp950", "cp950")]
)
def test_its_sentences_are_chinese_on_a_terminal_that_claims_to_know_no_chinese(encoding: str, written: str) -> None:
    env = {**os.environ, "PYTHONIOENCODING": encoding}
    command = [sys.executable, str(SOURCE), "--nothing"]
    done = subprocess.run(command, env=env, capture_output=True, check=False)
    told = "參數有誤：沒有這個參數：--nothing；請執行 python3 run.py --help 查看用法。\n"
    assert (done.returncode, done.stderr.decode(written)) == (2, told)


# --- arguments --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "listens_on"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.0.0.2", "127.0.0.2"),
        ("127.255.255.254", "127.255.255.254"),
        ("::1", "::1"),
        ("0:0:0:0:0:0:0:1", "::1"),
        ("localhost", "127.0.0.1"),
        ("LocalHost", "127.0.0.1"),
    ],
)
def test_loopback_hosts_are_taken(run: ModuleType, given: str, listens_on: str) -> None:
    assert run.address_of(given) == listens_on
    assert run.is_loopback(listens_on)


@pytest.mark.parametrize("host", ["192.168.1.5", "10.0.0.1", "0.0.0.0", "::", "fe80::1", "::ffff:127.0.0.1"])  # noqa: S104
def test_an_address_that_others_reach_is_known_for_one(run: ModuleType, host: str) -> None:
    assert not run.is_loopback(run.address_of(host))


@pytest.mark.parametrize(
    "host",
    ["::1%1", "example.org", "localhost.example.org", "127.0.0.1.example.org", "127.1", "127.0.0.1 ", ""],
)
def test_what_is_no_address_is_refused(
    run: ModuleType, calls: Calls, capsys: pytest.CaptureFixture[str], host: str
) -> None:
    assert run.main(["--host", host]) == 1
    assert f"「{host}」" in one_sentence(capsys)
    assert calls == []


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])  # noqa: S104
def test_every_address_at_once_needs_a_name_before_anything_is_begun(
    run: ModuleType, calls: Calls, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.delenv("SQDASH_ALLOWED_HOSTS", raising=False)
    assert run.main(["--host", host]) == 1
    assert "--allow-host" in one_sentence(capsys)
    assert calls == []


@pytest.mark.parametrize("name", ["http://a.example", "a.example:8501", "a.example/x", "a b", "", "*"])
def test_a_name_that_is_none_is_wrong_usage(
    run: ModuleType, calls: Calls, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert run.main(["--allow-host", name]) == 2
    assert f"「{name}」" in one_sentence(capsys)
    assert calls == []


def test_the_server_answers_to_the_names_given_and_set_and_to_this_machines_own(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SQDASH_ALLOWED_HOSTS", "b.example, c.example,")
    names = ["a.example", "b.example", "c.example", "localhost", "127.0.0.1"]
    assert run.names_of("0.0.0.0", ["a.example"]) == names  # noqa: S104
    assert run.names_of("10.0.0.1", [])[:3] == ["b.example", "c.example", "10.0.0.1"]
    monkeypatch.delenv("SQDASH_ALLOWED_HOSTS")
    assert run.names_of("127.0.0.1", []) == ["127.0.0.1", "localhost"]


ADMIN = {"name": "a", "role": "admin", "disabled": None}


@pytest.mark.parametrize(
    ("listed", "code", "said"),
    [
        ([], 0, "user add 名稱 --role admin"),
        ([ADMIN | {"role": "reviewer"}], 0, "user add 名稱 --role admin"),
        ([ADMIN | {"disabled": "離職"}], 0, "user add 名稱 --role admin"),
        ("not json", 0, "user add 名稱 --role admin"),
        ([ADMIN], 1, "無法確認"),
    ],
)
def test_an_address_that_others_reach_is_refused_until_somebody_can_sign_in(
    run: ModuleType,
    calls: Calls,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    listed: object,
    code: int,
    said: str,
) -> None:
    def call(*command: str, **_: Any) -> subprocess.CompletedProcess[str]:
        asked = command[:4] == ("-m", "sqdash", "user", "list")
        text = listed if isinstance(listed, str) else json.dumps(listed)
        return subprocess.CompletedProcess(command, code if asked else 0, text if asked else "", "")

    monkeypatch.setattr(run, "call", call)
    monkeypatch.setattr(run, "check_port", lambda host, port: None)
    monkeypatch.setattr(run, "serve", lambda *_: pytest.fail("it was opened to everybody"))
    assert run.main(["--host", "192.0.2.7"]) == 1
    sentence = one_sentence(capsys)
    assert said in sentence
    assert "192.0.2.7" in sentence


def test_with_an_admin_it_serves_others_under_the_names_they_use(
    run: ModuleType, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    def call(*command: str, **_: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 0, json.dumps([ADMIN]), "")

    served: list[Any] = []
    monkeypatch.delenv("SQDASH_ALLOWED_HOSTS", raising=False)
    monkeypatch.setattr(run, "call", call)
    monkeypatch.setattr(run, "check_port", lambda host, port: None)
    monkeypatch.setattr(run, "serve", lambda *given: served.append(given) or 0)
    assert run.main(["--host", "0.0.0.0", "--allow-host", "Dash.example", "--port", "8600"]) == 0  # noqa: S104
    ((command, url, env, _, _, asked_at),) = served
    assert command[command.index("--server.address") + 1] == "0.0.0.0"  # noqa: S104
    hosts = [command[at + 1] for at, word in enumerate(command) if word == "--server.allowedHosts"]
    assert hosts == ["dash.example", "localhost", "127.0.0.1"]
    assert (url, asked_at) == ("http://dash.example:8600", "http://127.0.0.1:8600")
    assert env["SQDASH_ALLOWED_HOSTS"] == "dash.example"


@pytest.mark.parametrize(
    "arguments",
    [
        ["--port", "0"],
        ["--port", "65536"],
        ["--port", "-1"],
        ["--port", "８５０１"],
        ["--port", "http"],
        ["--port", "9" * 5000],
        ["--port"],
        ["--prot", "8501"],
        ["--no-brow"],
        ["--demo=1"],
        ["tests"],
    ],
    ids=lambda arguments: " ".join(arguments)[:20],
)
def test_wrong_usage_is_one_sentence_and_exit_code_2(
    run: ModuleType, calls: Calls, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert run.main(arguments) == 2
    sentence = one_sentence(capsys)
    assert "--help" in sentence
    assert not re.search(r"argument|ignored|explicit|expected|unrecognized", sentence)
    assert calls == []


def test_help_is_in_chinese_and_names_every_option(run: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        run.main(["--help"])
    text = capsys.readouterr().out
    options = set(re.findall(r'add_argument\("(--[\w-]+)"', SOURCE.read_text("utf-8")))
    assert end.value.code == 0
    assert options
    assert options <= set(re.findall(r"--[\w-]+", text))
    assert text.startswith("用法：")
    assert not re.search(r"usage|options|show this", text)


@pytest.mark.parametrize(
    ("host", "port", "url"),
    [("127.0.0.1", 8501, "http://127.0.0.1:8501"), ("::1", 9000, "http://[::1]:9000")],
)
def test_an_ipv6_host_stands_in_brackets(run: ModuleType, host: str, port: int, url: str) -> None:
    assert run.url_of(host, port) == url


def test_taken_port_is_refused_before_anything_is_installed(
    run: ModuleType, calls: Calls, taken_port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run.main(["--port", str(taken_port)]) == 1
    sentence = one_sentence(capsys)
    assert str(taken_port) in sentence
    assert "--port" in sentence
    assert "已有其他程式在使用" in sentence
    assert calls == []


def test_an_address_of_another_machine_is_said_to_be_one(run: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    """Another port would not help, and the system's own words are English. 192.0.2.0/24 is nobody's (RFC 5737)."""
    assert run.main(["--host", "192.0.2.1"]) == 1
    assert one_sentence(capsys) == "--host「192.0.2.1」不是這台電腦的位址，請填這台電腦在區域網路上的位址。"


def test_a_port_that_the_account_may_not_use_is_said_to_be_one(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(run.socket, "socket", refuse)
    assert run.main(["--port", "80"]) == 1
    sentence = one_sentence(capsys)
    assert sentence.startswith("127.0.0.1 的連接埠 80 不准這個帳號使用，")
    assert "--port" in sentence


def test_free_port_is_taken_also_right_after_a_connection_on_it(run: ModuleType, free_port: int) -> None:
    with socket.create_server(("127.0.0.1", free_port)) as server:
        client = socket.create_connection(("127.0.0.1", free_port))
        accepted, _ = server.accept()
        accepted.close()  # the side that closes first keeps the port in TIME_WAIT
        client.close()
    run.check_port("127.0.0.1", free_port)


# --- environment ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_missing_module_names_the_package_to_install(
    run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    monkeypatch.setattr(run, "VENV", tmp_path / ".venv")
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(run.Problem, match="sudo apt install python3-venv"):
        run.make_env()
    assert not (tmp_path / ".venv").exists()


@pytest.mark.parametrize("failure", [OSError("disk full"), KeyboardInterrupt()], ids=["failing", "interrupted"])
def test_half_made_environment_is_removed(
    run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: BaseException
) -> None:
    def half(_: object, directory: Path) -> None:
        (directory / "bin").mkdir(parents=True)
        raise failure

    monkeypatch.setattr(run, "VENV", tmp_path / ".venv")
    monkeypatch.setattr("venv.EnvBuilder.create", half)
    with pytest.raises((run.Problem, KeyboardInterrupt)):
        run.make_env()
    assert not (tmp_path / ".venv").exists()


def test_python_that_does_not_start_or_has_no_pip_counts_as_no_environment(
    run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "VENV", tmp_path)
    assert run.env_version() == ""
    target = tmp_path / run.IN_VENV
    target.parent.mkdir()
    target.write_text("not a program", "utf-8")
    target.chmod(0o755)
    assert run.env_version() == ""


def test_broken_environment_is_rebuilt(run: ModuleType, calls: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "env_version", lambda: "")
    monkeypatch.setattr(run, "make_env", lambda: "(3, 12)")
    run.set_up(run.TO_RUN, 4)
    assert (run.VENV / "sqdash-stamp").read_text("utf-8").split()[0] == run.stamp_of(run.TO_RUN, "(3, 12)")


def test_second_start_does_not_call_pip(run: ModuleType, calls: Calls) -> None:
    run.set_up(run.TO_RUN, 4)
    assert len(calls) == 1
    assert calls[0][:3] == ("-m", "pip", "install")
    assert calls[0][-4:] == ("-r", "requirements.txt", "-c", "requirements.lock")
    run.set_up(run.TO_RUN, 4)
    assert len(calls) == 1


@pytest.mark.parametrize("changed", ["requirements.txt", "requirements.lock"])
def test_changed_requirements_call_pip_again(run: ModuleType, calls: Calls, house: Path, changed: str) -> None:
    run.set_up(run.TO_RUN, 4)
    (house / changed).write_text("other==2\n", "utf-8")
    run.set_up(run.TO_RUN, 4)
    assert len(calls) == 2


def test_other_python_version_calls_pip_again(run: ModuleType, calls: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    run.set_up(run.TO_RUN, 4)
    monkeypatch.setattr(run, "env_version", lambda: "(3, 13)")
    run.set_up(run.TO_RUN, 4)
    assert len(calls) == 2


def test_tests_have_a_stamp_of_their_own_which_holds_for_the_dashboard_too(run: ModuleType, calls: Calls) -> None:
    run.set_up(run.TO_RUN, 4)
    run.set_up(run.TO_TEST, 6)
    assert "requirements-dev.txt" in calls[1]
    run.set_up(run.TO_TEST, 6)
    run.set_up(run.TO_RUN, 4)
    assert len(calls) == 2


@pytest.mark.parametrize(
    ("stderr", "reason"),
    [
        ("ERROR: no such package\nERROR: see elsewhere\n[notice] new pip\n", "（ERROR: no such package）"),
        ("WARNING: Retrying (Retry(total=4)) …\nERROR: conflicting dependencies\n", "（連不上套件來源）"),
        ("Killed\n", "（Killed）"),
        ("", "（未說明原因）"),
    ],
)
def test_failed_pip_is_one_sentence_and_leaves_no_stamp(
    run: ModuleType,
    calls: Calls,
    house: Path,
    free_port: int,
    capsys: pytest.CaptureFixture[str],
    stderr: str,
    reason: str,
) -> None:
    run.set_up(run.TO_RUN, 4)
    (house / "requirements.lock").write_text("other==2\n", "utf-8")
    calls.code, calls.stderr = 1, stderr
    assert run.main(["--port", str(free_port)]) == 1
    sentence = one_sentence(capsys)
    assert "網路" in sentence
    assert reason in sentence
    assert not (house / ".venv" / "sqdash-stamp").exists()


def test_missing_requirements_file_is_one_sentence(
    run: ModuleType, calls: Calls, house: Path, free_port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    run.set_up(run.TO_RUN, 4)
    (house / "requirements.lock").unlink()
    assert run.main(["--port", str(free_port)]) == 1
    assert "requirements.lock" in one_sentence(capsys)


def test_children_do_not_look_outside_the_environment(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    monkeypatch.setenv("PYTHONHOME", "elsewhere")
    env = run.child_env()
    assert not {"PYTHONPATH", "PYTHONHOME"} & env.keys()
    assert env["PYTHONUTF8"] == "1"


# --- start ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("arguments", "demo"), [([], False), (["--demo"], True)])
def test_start_makes_the_store_and_then_serves_with_the_same_database(
    run: ModuleType, house: Path, monkeypatch: pytest.MonkeyPatch, free_port: int, arguments: list[str], demo: bool
) -> None:
    seen: list[tuple[tuple[str, ...], str]] = []

    def call(*command: str, env: dict[str, str] | None = None, **_: Any) -> subprocess.CompletedProcess[str]:
        seen.append((command, (env or {}).get("SQDASH_DB", "")))
        return subprocess.CompletedProcess(command, 0, "", "")

    def serve(
        command: list[str], url: str, env: dict[str, str], browser: bool, beside: list[list[str]], asked_at: str
    ) -> int:
        assert browser is False
        # What is demonstrated never mixes with real figures.
        pulls, backups = ["pull", "--every", "30m", "--wait"], ["backup", "--every", "1h"]
        assert [program[3:] for program in beside] == ([] if demo else [pulls, backups])
        assert all(program[1:3] == ["-m", "sqdash"] for program in beside)
        seen.append((tuple(command[1:]), env["SQDASH_DB"]))
        assert url == asked_at == f"http://127.0.0.1:{free_port}"
        return 0

    monkeypatch.setenv("SQDASH_DB", "mine.db")
    monkeypatch.setattr(run, "call", call)
    monkeypatch.setattr(run, "serve", serve)
    assert run.main([*arguments, "--no-browser", "--port", str(free_port)]) == 0
    database = str(house / "data" / "demo.db") if demo else "mine.db"
    assert seen[1] == (("-m", "sqdash", "init", *arguments), database)
    assert seen[2][0][:4] == ("-m", "streamlit", "run", "dashboard.py")
    assert seen[2][0][4:] == (
        *("--server.address", "127.0.0.1", "--server.port", str(free_port)),
        *("--server.headless", "true"),
        *("--server.allowedHosts", "127.0.0.1", "--server.allowedHosts", "localhost"),
    )
    assert seen[2][1] == database


def test_refused_store_passes_its_exit_code_on_without_a_second_sentence(
    run: ModuleType, calls: Calls, free_port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    run.set_up(run.TO_RUN, 4)
    calls.code = 75
    assert run.main(["--port", str(free_port)]) == 75
    assert capsys.readouterr().err == ""


def test_server_that_ends_before_it_answers_is_one_sentence(
    run: ModuleType, free_port: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command, url = [sys.executable, "-c", "raise SystemExit(3)"], f"http://127.0.0.1:{free_port}"
    monkeypatch.setattr(run, "start", lambda argv: run.serve(command, url, dict(os.environ), False))
    assert run.main([]) == 1
    assert "結束代碼 3" in one_sentence(capsys)


def test_server_that_never_answers_is_stopped(
    run: ModuleType, free_port: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command, url = [sys.executable, "-c", "import time; time.sleep(60)"], f"http://127.0.0.1:{free_port}"
    monkeypatch.setattr(run, "HEALTHY_WITHIN", 0.1)
    monkeypatch.setattr(run, "start", lambda argv: run.serve(command, url, dict(os.environ), False))
    assert run.main([]) == 1
    assert "/healthz" in one_sentence(capsys)


def test_server_that_will_not_end_is_killed(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    stubborn = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); signal.pause()"
    monkeypatch.setattr(run, "STOPPED_WITHIN", 0.1)
    with subprocess.Popen([sys.executable, "-c", stubborn], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        run.stop(child)
        assert child.returncode is not None


@pytest.fixture
def minded(free_port: int, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str, Path]]:
    """The launcher in a process of its own, minding a small server that is up."""
    url, pid_file = f"http://127.0.0.1:{free_port}", tmp_path / "pid"
    server = [sys.executable, "-c", FAKE_SERVER, str(free_port), str(pid_file)]
    env = {**os.environ, "http_proxy": "http://127.0.0.1:9", "PYTHONUTF8": "1"}  # a proxy must not be asked
    command = [sys.executable, "-c", MINDER, str(SOURCE), url, *server]
    pipes: Any = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8"}
    with subprocess.Popen(command, env=env, **pipes) as process:
        try:
            yield process, url, pid_file
        finally:
            process.terminate()


@POSIX
@pytest.mark.parametrize(
    ("browser", "screen", "opened"), [(True, True, True), (True, False, False), (False, True, False)]
)
def test_browser_opens_only_when_wanted_and_where_there_is_a_screen(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, browser: bool, screen: bool, opened: bool
) -> None:
    urls: list[str] = []
    command = [sys.executable, "-c", "import time; time.sleep(0.3)"]
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(run, "wait_until_healthy", lambda child, url: None)
    monkeypatch.setattr(run.webbrowser, "open", urls.append)
    with pytest.raises(run.Problem, match="自行結束"):
        run.serve(command, "http://127.0.0.1:1", {"DISPLAY": ":0"} if screen else {}, browser)
    assert urls == (["http://127.0.0.1:1"] if opened else [])


@POSIX
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])
def test_asked_to_end_it_stops_the_server_and_exits_0_without_a_traceback(
    minded: tuple[subprocess.Popen[str], str, Path], number: signal.Signals
) -> None:
    process, url, pid_file = minded
    assert process.stdout is not None
    assert process.stdout.readline() == f"已開啟：{url}（按 Ctrl-C 結束）\n"
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (0, "")
    assert out == "正在結束…\n"
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid_file.read_text()), 0)


@POSIX
def test_server_that_dies_later_is_one_sentence_and_exit_code_1(
    minded: tuple[subprocess.Popen[str], str, Path],
) -> None:
    process, _, pid_file = minded
    assert process.stdout is not None
    process.stdout.readline()
    os.kill(int(pid_file.read_text()), signal.SIGKILL)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 1
    assert err.count("\n") == 1
    assert "自行結束" in err


# --- test -------------------------------------------------------------------------------------------------------------


def test_checks_run_in_order_and_the_first_failure_gives_the_exit_code(
    run: ModuleType, calls: Calls, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seen: list[str] = []

    def call(*command: str, **_: Any) -> subprocess.CompletedProcess[str]:
        seen.append(" ".join(command[1:]))
        return subprocess.CompletedProcess(command, 4 if "mypy" in command else 0, "", "")

    monkeypatch.setattr(run, "call", call)
    assert run.main(["test"]) == 4
    assert seen[1:] == ["ruff format --check .", "ruff check .", "mypy"]
    assert ("begun beside",) in calls
    assert calls[-1] == ("asked to end beside",)  # nothing will need what it compiles
    assert "「mypy」" in one_sentence(capsys)


def test_all_checks_end_with_pytest(run: ModuleType, calls: Calls) -> None:
    assert run.main(["test"]) == 0
    assert calls[-1] == ("-m", "pytest", "-n", "auto", "-q")
    assert [" ".join(call[1:3]) or call[0] for call in calls[1:]] == [
        *("ruff format", "ruff check"),
        *("begun beside", "mypy", "ended beside"),  # it compiles what each process of pytest would compile anew
        "pytest -n",
    ]


def test_pytest_arguments_run_only_pytest(run: ModuleType, calls: Calls) -> None:
    assert run.main(["test", "tests/test_run.py", "-k", "host", "--port"]) == 0
    assert [call[1] for call in calls] == ["pip", "pytest"]
    assert calls[1] == ("-m", "pytest", "-n", "auto", "-q", "tests/test_run.py", "-k", "host", "--port")


# --- the program beside the server

MINDING = 0.2
"""Seconds between two looks at the server."""
pause = time.sleep
BESIDE = """
import os, pathlib, signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: (pathlib.Path(sys.argv[2]).write_text("ended"), os._exit(0)))
pathlib.Path(sys.argv[1]).write_text(str(os.getpid()))
time.sleep(60)
"""


@POSIX
def test_the_programs_beside_the_server_start_once_it_serves_and_end_with_it(
    run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free_port: int
) -> None:
    port, begun, ended = free_port, tmp_path / "begun.txt", tmp_path / "ended.txt"
    server = [sys.executable, "-c", FAKE_SERVER, str(port), str(tmp_path / "server.txt")]
    ended_too = tmp_path / "ended too.txt"
    first = [sys.executable, "-c", BESIDE, str(tmp_path / "begun first.txt"), str(ended_too)]
    second = [sys.executable, "-c", BESIDE, str(begun), str(ended)]
    beside = [first, second]
    waited = run.wait_until_healthy

    def healthy(child: subprocess.Popen[bytes], url: str) -> None:
        waited(child, url)
        assert not begun.exists()

    def interrupt(seconds: float) -> None:
        up = (begun, tmp_path / "begun first.txt")
        if seconds == MINDING and all(file.exists() and file.read_text() for file in up):
            raise KeyboardInterrupt
        pause(min(seconds, 0.05))

    monkeypatch.setattr(run, "wait_until_healthy", healthy)
    monkeypatch.setattr(run.time, "sleep", interrupt)
    assert run.serve(server, f"http://127.0.0.1:{port}", dict(os.environ), browser=False, beside=beside) == 0
    assert (ended.read_text(), ended_too.read_text()) == ("ended", "ended")
    for pid in (begun.read_text(), (tmp_path / "server.txt").read_text()):
        assert not Path(f"/proc/{pid}/cmdline").exists() or not Path(f"/proc/{pid}/cmdline").read_bytes()


@POSIX
def test_the_server_goes_on_where_the_program_beside_it_ends(
    run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free_port: int
) -> None:
    port = free_port
    rounds: list[float] = []
    server = [sys.executable, "-c", FAKE_SERVER, str(port), str(tmp_path / "server.txt")]

    def interrupt(seconds: float) -> None:
        rounds.extend([seconds] if seconds == MINDING else [])
        if len(rounds) > 3:
            raise KeyboardInterrupt
        pause(min(seconds, 0.05))

    monkeypatch.setattr(run.time, "sleep", interrupt)
    beside = [[sys.executable, "-c", "raise SystemExit(75)"]]
    assert run.serve(server, f"http://127.0.0.1:{port}", dict(os.environ), browser=False, beside=beside) == 0
    assert len(rounds) == 4
