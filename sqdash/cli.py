"""``python -m sqdash …``: find the command, parse, run it, turn errors into a sentence and an exit code.

Exit codes: 0 done, 1 refused or not wholly done (one sentence on standard error), 2 wrong usage, 75 another process
leads.
Results go to standard output.
"""

from __future__ import annotations

import argparse
import codecs
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from sqdash.commands import common, usage
from sqdash.errors import AnotherLeads, SqdashError, StoreError
from sqdash.store import damage
from sqdash.unseen import is_text

_UNREAD = "命令後面有這個環境讀不出來的字，請改正後再執行；中文讀不出來時，請設定 PYTHONUTF8=1。"
ANOTHER_LEADS = 75  # EX_TEMPFAIL of sysexits.h
_NAMES = "sqdash-names"
"""How standard output and error write what is no text; nothing that a person named may end in a traceback."""
COMMANDS: tuple[tuple[str, str, str], ...] = (
    ("init", "init", "建立資料庫，載入 103 年度資料；已存在則只升級結構"),
    ("status", "status", "列出每個指標的值、目標與狀態"),
    ("report", "report", "輸出年度成果報告"),
    ("export", "export", "每張資料表匯出為一個 CSV，或全部匯出為一個活頁簿"),
    ("check", "check", "檢查資料庫是否健全"),
    ("import", "import_files", "匯入檔案；每個檔案一個批次，有列不能採用就整檔拒收"),
    ("pull", "pull", "從 Meta 的 Graph API 擷取粉絲專頁的數據"),
    ("alerts", "alerts", "檢查並列出未解除的提醒"),
    ("undo", "undo", "還原一個匯入批次"),
    ("user", "user", "列出、新增、變更、停用帳號"),
    ("audit", "audit", "列出稽核紀錄：誰在何時從哪裡做了什麼"),
    ("backup", "backup", "備份資料庫與原始檔，一次或定時；列出或測試備份"),
    ("restore", "restore", "還原一個備份；先備份現有的資料庫"),
)
"""Name, its module in :mod:`sqdash.commands`, what it is for."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors=_NAMES)
    given = sys.argv[1:] if arguments is None else list(arguments)
    options = argparse.Namespace(json=False, db=None)
    try:
        options = parser(given[0] if given else None).parse_args(given)
        options.db = _as_text(options.db or _store())
        damage.ways_out[:] = [_way_out]
        command: Callable[[argparse.Namespace], int] = options.command
        code = command(options)
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("已中止；寫到一半的變更不會留下，再執行一次即可。", file=sys.stderr)
        return 1
    except SqdashError as error:
        if options.json:
            common.print_json({"error": error.in_command})
        print(error.in_command, file=sys.stderr)
        return ANOTHER_LEADS if isinstance(error, AnotherLeads) else 1
    except Exception as error:
        unread = isinstance(error, UnicodeEncodeError) and any(not is_text(one) for one in given)
        sentence = _UNREAD if unread else _unforeseen(options, error)
        if options.json:
            common.print_json({"error": sentence})
        print(sentence, file=sys.stderr)
        return 1


def _said(error: UnicodeError) -> tuple[bytes, int]:
    """What is written of a name's bytes that the locale could not read: the signs of UTF-8, where they are that."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lost = [ord(one) for one in error.object[error.start : error.end]]
    raw = bytes(one & 0xFF if 0xDC80 <= one <= 0xDCFF else ord("?") for one in lost)
    return raw.decode("utf-8", "replace").encode(), error.end


codecs.register_error(_NAMES, _said)


def _as_text(store: Path) -> Path:
    """The store's path; refused where it has bytes that are no text, for SQLite could make no backup there."""
    if not is_text(str(store)):
        what = f"資料庫路徑「{store}」有這個環境讀不出來的字"
        raise StoreError(f"{what}，請改用別的路徑，或設定 PYTHONUTF8=1 再執行。")
    return store


def _way_out(store: Path) -> str:
    from sqdash.jobs import way_out  # only where a store is damaged

    return way_out.words(store)


def _unforeseen(options: argparse.Namespace, error: Exception) -> str:
    """What a person is told of an error that nobody foresaw; the traceback goes into the log only."""
    from sqdash import logs, settings

    store = options.db or settings.STORE
    logs.set_up(store, "command", screen=False)
    code = logs.unforeseen(error, "command")
    file = logs.file_of(store, "command")
    where = f"詳情在「{file}」" if file.is_file() else f"紀錄檔「{file}」無法寫入"
    return f"發生未預期的問題（代碼 {code}，{type(error).__name__}），{where}，請把代碼交給維護人員。"


def parser(first: str | None = None) -> argparse.ArgumentParser:
    """The parser of every command; of one alone where ``first`` names it: loading and declaring all takes a while."""
    found = usage.Parser(prog="python -m sqdash", description="臺南分局服務品質儀表板的命令。")
    commands = found.add_subparsers(required=True, metavar="命令")
    for name, module, text in [one for one in COMMANDS if one[0] == first] or COMMANDS:
        command = import_module(f"sqdash.commands.{module}")
        sub = commands.add_parser(name, help=text, description=text, parents=[common.shared()])
        sub.set_defaults(command=command.run)
        command.declare(sub)
    return found


def _store() -> Path:
    from sqdash import settings  # not where the store is named

    return settings.load().db
