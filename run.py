"""Set everything up on a fresh machine and open the dashboard, or run every check: the one command people need.

Standard library only, because it runs before anything is installed; it parses on any Python since 3.7, so that an old
one is answered with a sentence. It makes ``.venv``, installs the requirements, has ``python -m sqdash init`` look after
the store, and minds the server. Every problem reaches the person as one sentence on standard error.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import hashlib
import io
import ipaddress
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
import webbrowser
from collections.abc import Iterator, Mapping, Sequence
from http.client import HTTPException
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
IN_VENV = "Scripts/python.exe" if os.name == "nt" else "bin/python"
LOCK = "requirements.lock"
TO_RUN, TO_TEST = ("requirements.txt",), ("requirements.txt", "requirements-dev.txt")
TYPES = ("mypy",)
CHECKS = (("ruff", "format", "--check", "."), ("ruff", "check", "."), TYPES, ("pytest", "-n", "auto", "-q"))
COMPILING = ("pytest", "--collect-only", "-qq", "-p", "no:cacheprovider")
OLDEST = (3, 11)
HEALTHY_WITHIN, STOPPED_WITHIN = 60.0, 10.0  # seconds
PULLS_EVERY, BACKUPS_EVERY = "30m", "1h"
HELP = """用法：python3 run.py [--port N] [--host ADDR] [--allow-host NAME] [--demo] [--no-browser]
      python3 run.py test [pytest 的參數…]    執行全部檢查；有 pytest 參數時只執行 pytest
  --port N           連接埠，預設 8501
  --host ADDR        在哪個 IP 位址上提供服務，預設 127.0.0.1（只有本機）；其他位址要先有管理者帳號
  --allow-host NAME  同仁用來連線的主機名稱，可重複；也可用環境變數 SQDASH_ALLOWED_HOSTS（以逗號隔開）
  --demo             使用獨立的示範資料（data/demo.db）
  --no-browser       不自動開啟瀏覽器
"""
IN_CHINESE = {
    "unrecognized arguments: ": "沒有這個參數：",
    "expected one argument": "後面要有一個值",
    "ignored explicit argument ": "後面不能有值，請刪去 ",
    "argument ": "",
}


class Problem(Exception):
    """One sentence for the person and an exit code; no sentence where a child has already said it."""

    def __init__(self, sentence: str = "", code: int = 1) -> None:
        self.code = code if code > 0 else 1  # a child ended by a signal has a negative one
        super().__init__(sentence)


class Parser(argparse.ArgumentParser):
    """argparse speaks English, headings included: its help and its refusals are replaced here."""

    def format_help(self) -> str:
        """Say the help that stands at the top of this file."""
        return HELP

    def error(self, message: str) -> Any:
        """Refuse in Chinese, with where the usage is said."""
        for english, chinese in IN_CHINESE.items():
            message = message.replace(english, chinese)
        raise Problem(f"參數有誤：{message}；請執行 python3 run.py --help 查看用法。", code=2)


def port_number(text: str) -> int:
    """Read a port; 0 is refused because nobody could tell which port to open."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= 65535):
        raise argparse.ArgumentTypeError(f"連接埠須為 1 至 65535 的整數，收到「{text}」")
    return int(text)


def address_of(host: str) -> str:
    """Return the address to listen on; a name would be another one tomorrow, and the port is tried on one."""
    with contextlib.suppress(ValueError):
        address = ipaddress.ip_address("127.0.0.1" if host.lower() == "localhost" else host)
        if not getattr(address, "scope_id", None):
            return str(address)
    raise Problem(f"--host「{host}」不是 IP 位址，請填例如 127.0.0.1 或本機在區域網路上的位址。")


def is_loopback(host: str) -> bool:
    """Tell whether no other machine reaches that address; what is not clear is reached."""
    address = ipaddress.ip_address(host)
    return address == ipaddress.ip_address("::1") or (address.version == 4 and address.is_loopback)


def is_any(host: str) -> bool:
    """Tell whether it stands for every address of this machine, so that none of them is known."""
    return ipaddress.ip_address(host).is_unspecified


def host_name(text: str) -> str:
    """Read a name by which people reach the server."""
    name = text.strip().lower()
    if not re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*|[0-9a-f]*:[0-9a-f:.]+", name):
        raise argparse.ArgumentTypeError(f"主機名稱不含 http:// 與連接埠，收到「{text}」")
    return name


def names_of(host: str, allowed: Sequence[str]) -> list[str]:
    """The names that the server answers to, people's first; refuse to serve everywhere under none."""
    given = [
        *allowed,
        *(name.strip() for name in os.environ.get("SQDASH_ALLOWED_HOSTS", "").split(",") if name.strip()),
    ]
    if is_any(host) and not given:
        raise Problem(f"--host「{host}」會在所有網路位址上開放，請以 --allow-host 指定同仁用來連線的主機名稱。")
    return list(dict.fromkeys([*given, *(() if is_any(host) else (host,)), "localhost", "127.0.0.1"]))


def require_admin(host: str, env: Mapping[str, str]) -> None:
    """Refuse an address that others reach as long as nobody could sign in there."""
    done = call("-m", "sqdash", "user", "list", "--json", env=env, capture_output=True)
    if done.returncode != 0:
        raise Problem(f"無法確認是否已有管理者帳號（{gist(done.stderr)}），因此未在「{host}」開放。")
    if not any(one.get("role") == "admin" and not one.get("disabled") for one in accounts_in(done.stdout)):
        first = f"{VENV.name}/{IN_VENV} -m sqdash user add 名稱 --role admin".replace("/", os.sep)
        raise Problem(f"--host「{host}」其他電腦連得到，但還沒有可用的管理者帳號，請先執行 {first} 建立。")


def accounts_in(text: str) -> list[Mapping[str, Any]]:
    """The accounts that the command listed; none where it says something else."""
    with contextlib.suppress(ValueError):
        found = json.loads(text)
        return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    return []


def url_of(host: str, port: int) -> str:
    """The address to open; without brackets a colon in an IPv6 host would read as the port."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def check_port(host: str, port: int) -> None:
    """Find out before minutes of installing whether the server can listen, by binding just as it will."""
    option = getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR)  # reuse would share the port on Windows
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as trial:
            trial.setsockopt(socket.SOL_SOCKET, option, 1)
            trial.bind((host, port))
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:  # no port would help
            raise Problem(f"--host「{host}」不是這台電腦的位址，請填這台電腦在區域網路上的位址。") from None
        known = {errno.EADDRINUSE: "已有其他程式在使用", errno.EACCES: "不准這個帳號使用"}
        why = known.get(error.errno or 0, f"無法使用（{error.strerror}）")
        raise Problem(f"{host} 的連接埠 {port} {why}，請以 --port 另外指定，例如 --port {port % 65535 + 1}。") from None


def child_env(demo: bool = False) -> dict[str, str]:
    """What children inherit: UTF-8, nothing that makes Python look elsewhere; a demonstration never real figures."""
    env = {key: value for key, value in os.environ.items() if key not in ("PYTHONHOME", "PYTHONPATH", "PYTHONSAFEPATH")}
    return {**env, "PYTHONUTF8": "1", "PIP_USER": "0", **({"SQDASH_DB": str(ROOT / "data/demo.db")} if demo else {})}


def call(*arguments: str, env: Mapping[str, str] | None = None, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run the environment's Python in the repository root, to the end."""
    options = {"env": env or child_env(), "encoding": "utf-8", "errors": "replace", "check": False, **options}
    return subprocess.run([str(VENV / IN_VENV), *arguments], cwd=ROOT, **options)  # noqa: S603 - built in here


def gist(text: str | None) -> str:
    """The line of a tool's complaint that a sentence can quote: its first error, or else what it said last."""
    lines = [line.strip() for line in (text or "").splitlines() if line.strip()]
    return next((line for line in lines if line.startswith("ERROR")), lines[-1] if lines else "未說明原因")[:200]


def env_version() -> str:
    """Python version of the environment, or nothing when it is missing, broken, half made or too old."""
    apart = "sys.prefix != sys.base_prefix"  # false where pyvenv.cfg is lost: pip would write into the system
    probe = f"import sys, pip; v = sys.version_info[:2]; print(v if {apart} and v >= {OLDEST} else '')"
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        done = call("-c", probe, capture_output=True, timeout=60)
        return str(done.stdout.strip()) if done.returncode == 0 else ""
    return ""


def make_env() -> str:
    """Create ``.venv`` afresh and return its Python version; whatever breaks it off, no half-made one is left."""
    with contextlib.ExitStack() as undo:
        undo.callback(shutil.rmtree, VENV, ignore_errors=True)
        try:
            import ensurepip  # noqa: F401 - Debian keeps it in a package of its own
            import venv

            venv.EnvBuilder(clear=True, symlinks=os.name != "nt").create(VENV)
            why = gist(call("-m", "ensurepip", "--default-pip", capture_output=True).stderr)
        except (ImportError, OSError, ValueError, subprocess.SubprocessError) as error:
            why = str(error)
        version = env_version()
        if not version:
            raise Problem(f"無法建立虛擬環境 .venv（{why}），Debian、Ubuntu 請先執行 sudo apt install python3-venv。")
        undo.pop_all()
        return version


def stamp_of(files: Sequence[str], version: str) -> str:
    """What an installation depends on, in one line: the requirements, the lock and the Python version."""
    parts = [hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in (*files, LOCK)]
    return hashlib.sha256(" ".join([version, *parts]).encode()).hexdigest()


def set_up(files: Sequence[str], steps: int) -> None:
    """The first two steps of every command: the environment, and in it the requirements unless the stamp has them."""
    print(f"[1/{steps}] 準備虛擬環境…", flush=True)
    version, stamp = env_version() or make_env(), VENV / "sqdash-stamp"
    if stamp.is_file() and stamp_of(files, version) in stamp.read_text("utf-8").split():
        print(f"[2/{steps}] 套件已齊備", flush=True)
        return
    print(f"[2/{steps}] 安裝套件（約 1 至 3 分鐘）…", flush=True)
    stamp.unlink(missing_ok=True)  # a pip that fails leaves a mixture of old and new
    shown = ("--progress-bar", "on") if sys.stdout.isatty() else ("--quiet",)
    wanted = [word for name in files for word in ("-r", name)]
    # Of the eight thousand modules that pip would compile, in two fifths of its time, few are ever imported.
    pip = ("-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--no-compile", *shown)
    done = call(*pip, *wanted, "-c", LOCK, stderr=subprocess.PIPE)
    if done.returncode != 0:
        why = "連不上套件來源" if "Retrying" in done.stderr else gist(done.stderr)  # pip then blames the versions
        raise Problem(f"套件未能安裝完成（{why}），請確認網路可用、磁碟未滿後再執行一次。")
    stamp.write_text("\n".join(stamp_of(each, version) for each in (TO_RUN, files)), "utf-8")  # tests need both


def wait_until_healthy(child: subprocess.Popen[bytes], url: str) -> None:
    """Announce nothing before it works; the server itself is asked, never a proxy."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    give_up = time.monotonic() + HEALTHY_WITHIN
    while child.poll() is None:
        with contextlib.suppress(OSError, HTTPException), opener.open(f"{url}/healthz", timeout=2) as answer:
            if answer.status == 200:
                return
        if time.monotonic() > give_up:
            raise Problem(f"儀表板在 {HEALTHY_WITHIN:g} 秒內沒有回應 {url}/healthz，已停止，請看上方訊息後再試。")
        time.sleep(0.05)
    raise Problem(f"儀表板未能啟動（結束代碼 {child.returncode}），請依上方訊息處理後再執行一次。")


def stop(child: subprocess.Popen[bytes]) -> None:
    """Ask the server to end, so that it can close what is open; insist when it takes too long or is asked again."""
    try:
        if child.poll() is None:
            child.send_signal(getattr(signal, "CTRL_BREAK_EVENT", signal.SIGTERM))
            child.wait(STOPPED_WITHIN)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        child.kill()
        child.wait()


def heed_signals() -> None:
    """Make every request to end look like Ctrl-C, also in a background job, where shells switch Ctrl-C off."""
    for name in {"SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP"} & set(dir(signal)):
        if name != "SIGHUP" or signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup is meant
            signal.signal(getattr(signal, name), signal.default_int_handler)


def child_of(command: Sequence[str], env: Mapping[str, str], out: int | None = None) -> subprocess.Popen[bytes]:
    """Start a child in a process group of its own, so that Ctrl-C reaches only this program, which then ends it."""
    own: Any = {"start_new_session": True, "creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
    return subprocess.Popen(  # noqa: S603 - ours
        list(command), cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out, **own
    )


def serve(
    command: Sequence[str],
    url: str,
    env: Mapping[str, str],
    browser: bool,
    beside: Sequence[Sequence[str]] = (),
    asked_at: str = "",
) -> int:
    """Mind the server and, once it serves, the programs ``beside`` it; the server goes on where those end.

    ``url`` is what people open; the server is asked ``asked_at`` that address, where it is another.
    """
    child, others = child_of(command, env), contextlib.ExitStack()
    try:
        wait_until_healthy(child, asked_at or url)
        for other in beside:
            others.callback(stop, child_of(other, env))
        print(f"已開啟：{url}（按 Ctrl-C 結束）", flush=True)
        screen = os.name == "nt" or sys.platform == "darwin" or {"DISPLAY", "WAYLAND_DISPLAY", "BROWSER"} & env.keys()
        if browser and screen:  # without a screen a text browser would take the terminal
            threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
        while child.poll() is None:
            time.sleep(0.2)  # not child.wait(): on Windows Ctrl-C could not break it off
    except KeyboardInterrupt:
        print("正在結束…", flush=True)
        return 0
    finally:
        try:
            others.close()
        finally:
            stop(child)
    raise Problem(f"儀表板已自行結束（結束代碼 {child.returncode}），請依上方訊息處理後再執行一次。")


def start(argv: Sequence[str]) -> int:
    """Set up what is missing and serve; what must be refused is refused before anything is installed."""
    parser = Parser(allow_abbrev=False)
    parser.add_argument("--port", type=port_number, default=8501)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--allow-host", type=host_name, action="append", default=[])
    parser.add_argument("--demo", action="store_true")
    parser.add_argument("--no-browser", action="store_true")
    given = parser.parse_args(argv)
    host, env = address_of(given.host), child_env(given.demo)
    names = names_of(host, given.allow_host)
    check_port(host, given.port)
    set_up(TO_RUN, 4)
    print("[3/4] 準備資料庫…", flush=True)
    code = call("-m", "sqdash", "init", *(["--demo"] if given.demo else []), env=env).returncode
    if code != 0:
        raise Problem(code=code)
    if not is_loopback(host):
        require_admin(host, env)
    print("[4/4] 啟動儀表板…", flush=True)
    command = [str(VENV / IN_VENV), "-m", "streamlit", "run", "dashboard.py", "--server.address", host]
    command += ["--server.port", str(given.port), "--server.headless", "true"]
    for name in names:  # other names in a request are somebody else's (DNS rebinding)
        command += ["--server.allowedHosts", name]
    if given.allow_host:  # also for what asks for the names that people use, without the machine's own
        env["SQDASH_ALLOWED_HOSTS"] = ",".join(name for name in names if name not in ("localhost", "127.0.0.1"))
    # A demonstration never holds real figures: nothing is pulled into it, and it can be made again.
    beside = [] if given.demo else [["pull", "--every", PULLS_EVERY, "--wait"], ["backup", "--every", BACKUPS_EVERY]]
    programs = [[str(VENV / IN_VENV), "-m", "sqdash", *arguments] for arguments in beside]
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - no address to ask at  # nosec B104
    shown = names[0] if not is_loopback(host) else host
    return serve(command, url_of(shown, given.port), env, not given.no_browser, programs, url_of(here, given.port))


@contextlib.contextmanager
def compiling() -> Iterator[None]:
    """Beside a check that has one processor, compile what pytest imports, and the tests as it rewrites them: begun
    together, each of its processes would do all of that. What goes wrong is left to pytest to tell."""
    command = [str(VENV / IN_VENV), "-m", *COMPILING]
    child = child_of(command, child_env(), subprocess.DEVNULL)
    try:
        yield
        while child.poll() is None:
            time.sleep(0.2)  # as for the server
    finally:
        stop(child)


def run_tests(arguments: Sequence[str]) -> int:
    """Run the checks, the quick ones first, up to the first that fails; with pytest arguments only pytest."""
    checks = [(*CHECKS[-1], *arguments)] if arguments else CHECKS
    set_up(TO_TEST, 2 + len(checks))
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # hundreds of processes would each compile the program anew
    for number, check in enumerate(checks, 3):
        print(f"[{number}/{2 + len(checks)}] {' '.join(check)}", flush=True)
        with compiling() if check == TYPES else contextlib.nullcontext():
            code = call("-m", *check).returncode
            if code != 0:  # within, so that what is compiled for the tests is not waited for
                raise Problem(f"「{' '.join(check)}」未通過（結束代碼 {code}），請依上方訊息修正後再執行一次。", code)
    return 0


def has_chinese(encoding: str) -> bool:
    """Tell whether Chinese can be written in it. Where it cannot (LANG=C) the terminal nearly always reads UTF-8."""
    with contextlib.suppress(UnicodeError, LookupError):
        return bool("中文".encode(encoding))
    return False


def main(argv: Sequence[str]) -> int:
    """Turn whatever happens into an exit code and at most one sentence."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            own = os.name != "nt" and has_chinese(stream.encoding)
            stream.reconfigure(encoding=None if own else "utf-8", errors="replace")
    try:
        if sys.version_info[:2] < OLDEST:
            raise Problem(f"Python {sys.version.split()[0]} 太舊，請安裝 Python 3.11 以上的版本後再執行一次。")
        return run_tests(argv[1:]) if argv[:1] == ["test"] else start(argv)
    except Problem as problem:
        sentence, code = str(problem), problem.code
    except OSError as error:
        sentence, code = f"無法讀寫 {error.filename or ROOT}（{error.strerror}），請確認它存在且有權限。", 1
    except KeyboardInterrupt:
        sentence, code = "已中止，尚未完成；再執行一次即可繼續。", 130
    if sentence:
        print(sentence, file=sys.stderr, flush=True)
    return code


if __name__ == "__main__":
    heed_signals()
    sys.exit(main(sys.argv[1:]))
