"""``python -m sqdash …``: parse, call a job or a view, print.

Exit codes: 0 done, 1 refused or not wholly done (one sentence on standard error), 2 wrong usage.
Results go to standard output.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqdash import formats, periods, settings, views
from sqdash.errors import SqdashError
from sqdash.indicators import INDICATORS

Command = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    options = _parser().parse_args(arguments)
    try:
        options.db = options.db or settings.load().db
        command: Command = options.command
        code = command(options)
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except SqdashError as error:
        if options.json:
            _print({"error": str(error)})
        print(error, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sqdash", description="臺南分局服務品質儀表板的命令。")
    commands = parser.add_subparsers(required=True, metavar="命令")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--db", type=Path, help="資料庫檔案（預設取自 SQDASH_DB，否則 data/sqdash.db）")
    common.add_argument("--json", action="store_true", help="以 JSON 輸出")

    def add(name: str, command: Command, text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text, parents=[common])
        sub.set_defaults(command=command)
        return sub

    init = add("init", _init, "建立資料庫，載入 103 年度資料；已存在則只升級結構")
    content = init.add_mutually_exclusive_group()
    content.add_argument("--empty", action="store_true", help="不載入任何資料")
    content.add_argument("--demo", action="store_true", help="另加產生的示範資料（只能是獨立的示範資料庫）")
    status = add("status", _status, "列出每個指標的值、目標與狀態")
    status.add_argument("--year", type=_year, help="民國年，預設為最新有資料的年度")
    status.add_argument("--as-of", type=_day, help="以哪一天的眼光判斷，例如 103/12/31，預設今天")
    report = add("report", _report, "輸出年度成果報告")
    report.add_argument("--year", type=_year, required=True, help="民國年")
    report.add_argument("--format", choices=["json"], default="json", help="格式")
    report.add_argument("-o", "--output", type=Path, help="輸出檔案，預設為標準輸出")
    export = add("export", _export, "每張資料表匯出為一個 CSV")
    export.add_argument("folder", type=Path, help="資料夾，不存在則建立")
    export.add_argument("--format", choices=["csv"], default="csv", help="格式")
    add("check", _check, "檢查資料庫是否健全")
    undo = add("undo", _undo, "還原一個匯入批次")
    undo.add_argument("batch", type=int, help="批次編號")
    undo.add_argument("--by", default="命令列", help="由誰執行")
    return parser


def _year(text: str) -> int:
    try:
        return periods.year_period(int(text)).roc_year
    except (ValueError, SqdashError):
        raise argparse.ArgumentTypeError(f"「{text}」不是民國年，請輸入例如 103") from None


def _day(text: str) -> Any:
    try:
        return periods.parse_day(text)
    except SqdashError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _print(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


def _init(options: argparse.Namespace) -> int:
    from sqdash.jobs import setup  # loads the importers: only this command needs them

    made = setup.init(options.db, empty=options.empty, demonstration=options.demo)
    if options.json:
        _print({"db": str(options.db), "made": made})
    else:
        print(f"已建立資料庫 {options.db}" if made else f"資料庫 {options.db} 已就緒")
    return 0


def _status(options: argparse.Namespace) -> int:
    year = options.year or views.default_year(options.db)
    board = views.board(options.db, periods.year_period(year), options.as_of)
    if options.json:
        _print(views.status(board))
        return 0
    print(f"{board.period.label}（以 {periods.roc_day(board.as_of)} 判斷，修訂 {board.revision}）")
    for indicator in INDICATORS:
        result = board.results[indicator.key]
        words = [indicator.label, formats.figure_with_unit(result), formats.target(indicator, result.applied)]
        print("　".join([*words, formats.state(result)]))
    return 0


def _report(options: argparse.Namespace) -> int:
    from sqdash.report import as_json

    written = json.dumps(as_json.write(views.report(options.db, options.year)), ensure_ascii=False, indent=2)
    if options.output is None:
        print(written)
        return 0
    try:
        options.output.write_text(written + "\n", encoding="utf-8")
    except OSError as error:
        raise SqdashError(f"無法寫入「{options.output}」，請檢查路徑與權限。") from error
    if options.json:
        _print({"year": options.year, "file": str(options.output)})
    else:
        print(f"已寫出 {options.year} 年度報告：{options.output}")
    return 0


def _export(options: argparse.Namespace) -> int:
    from sqdash.jobs import export

    written = export.export(options.db, options.folder)
    if options.json:
        _print({"folder": str(options.folder), "files": written})
    else:
        print(f"已匯出 {len(written)} 個檔案、{sum(written.values()):,} 列到 {options.folder}")
    return 0


def _check(options: argparse.Namespace) -> int:
    from sqdash.jobs import health

    findings = health.check(options.db)
    if options.json:
        _print({"good": all(f.good for f in findings), "findings": [f.as_dict() for f in findings]})
    else:
        for finding in findings:
            remedy = f" → {finding.remedy}" if finding.remedy else ""
            print(f"{'正常' if finding.good else '異常'}　{finding.name}：{finding.found}{remedy}")
    return 0 if all(f.good for f in findings) else 1


def _undo(options: argparse.Namespace) -> int:
    from sqdash.jobs import upload

    touched = upload.undo(options.db, options.batch, by=options.by)
    if options.json:
        _print({"batch": options.batch, "touched": touched})
    else:
        print(f"已還原批次 {options.batch}，影響 {sum(touched.values())} 列")
    return 0
