"""What several commands share: how their options are read, how they print."""

from __future__ import annotations

import argparse
import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqdash import periods
from sqdash.commands import usage
from sqdash.errors import SqdashError
from sqdash.unseen import is_text

if TYPE_CHECKING:
    import threading


def shared(*, inner: bool = False) -> usage.Parser:
    """The options of every command. ``inner``: for the commands of a command, which must not set again what stands
    before them."""
    found = usage.Parser(add_help=False, argument_default=argparse.SUPPRESS if inner else None)
    found.add_argument("--db", type=Path, metavar="檔案", help="資料庫檔案（預設取自 SQDASH_DB，否則 data/sqdash.db）")
    if inner:
        found.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="以 JSON 輸出")
    else:
        found.add_argument("--json", action="store_true", help="以 JSON 輸出")
    return found


def by(sub: argparse.ArgumentParser) -> None:
    """The option that says who asks for it."""
    sub.add_argument("--by", type=person, default="命令列", metavar="姓名", help="由誰執行")


def person(text: str) -> str:
    """Who asks for it, as records name them: on one line, and of signs that one can read."""
    return _line(text, "是空的，請寫由誰執行，或不寫 --by")


def reason(text: str) -> str:
    """Why, on one line."""
    return _line(text, "是空的，請寫原因")


def _line(text: str, empty: str) -> str:
    found = " ".join(text.split())
    if not is_text(found):
        raise argparse.ArgumentTypeError("含有這個環境讀不出來的字，請重新輸入")
    if not found.isprintable():
        raise argparse.ArgumentTypeError("含有看不見的控制字元，請重新輸入")
    if not found:
        raise argparse.ArgumentTypeError(empty)
    return found


def folder(text: str) -> Path:
    """A folder; an empty text, such as of a variable that is not set, is not the present one."""
    if not text.strip():
        raise argparse.ArgumentTypeError("沒有寫，請補上，要用目前的資料夾請寫「.」")
    return Path(text)


def year(text: str) -> int:
    """A ROC year, as argparse reads an option."""
    try:
        return periods.year_period(int(text)).roc_year
    except (ValueError, SqdashError):
        raise argparse.ArgumentTypeError(f"「{text}」不是民國年，請輸入例如 103") from None


def period(text: str) -> Any:
    """A year, half-year, quarter or month."""
    try:
        return periods.parse_period(text)
    except SqdashError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def day(text: str) -> Any:
    """A ROC or Western day."""
    try:
        return periods.parse_day(text)
    except SqdashError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def past_day(text: str) -> Any:
    """A ROC or Western day that is not still to come."""
    found = day(text)
    if found > periods.today():
        raise argparse.ArgumentTypeError(f"{periods.roc_day(found)} 還沒到，請改正")
    return found


def moment(text: str) -> datetime:
    """A moment; without an offset it is Taipei's."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"「{text}」不是時間，請輸入例如 2026-11-24T09:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=periods.TAIPEI)


def interval(text: str) -> timedelta:
    """A time such as 30m, 2h or 90s, of five minutes at least and a day at most."""
    found = re.fullmatch(r"([0-9]{1,5})([smh])", text)
    interval = timedelta(seconds=int(found[1]) * {"s": 1, "m": 60, "h": 3600}[found[2]]) if found else timedelta(0)
    if not timedelta(minutes=5) <= interval <= timedelta(days=1):
        raise argparse.ArgumentTypeError(f"「{text}」不是 5 分鐘到 1 天的間隔，請輸入例如 30m 或 2h")
    return interval


def ending() -> threading.Event:
    """Set once a signal asks this process to end, which also breaks off what it is doing (KeyboardInterrupt)."""
    import signal
    import threading

    stop = threading.Event()

    def end(*_: object) -> None:
        stop.set()
        raise KeyboardInterrupt

    for name in {"SIGTERM", "SIGBREAK", "SIGINT"} & set(dir(signal)):
        signal.signal(getattr(signal, name), end)
    return stop


def print_json(value: Any) -> None:
    """Print it as a program reads it."""
    print(json.dumps(value, ensure_ascii=False, indent=2))
