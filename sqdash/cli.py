"""``python -m sqdash …``: parse, call a job or a view, print.

Exit codes: 0 done, 1 refused or not wholly done (one sentence on standard error), 2 wrong usage, 75 another process
leads.
Results go to standard output.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqdash import periods, settings
from sqdash.errors import AnotherLeads, SqdashError

if TYPE_CHECKING:
    import threading

ANOTHER_LEADS = 75  # EX_TEMPFAIL of sysexits.h
_LOOK_EVERY = 5.0  # seconds between two looks at whether a page has been set up
Command = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    given = sys.argv[1:] if arguments is None else list(arguments)
    options = _parser(given[0] if given else None).parse_args(given)
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
            _print({"error": error.in_command})
        print(error.in_command, file=sys.stderr)
        return ANOTHER_LEADS if isinstance(error, AnotherLeads) else 1


def _parser(first: str | None = None) -> argparse.ArgumentParser:
    """The parser of every command; of one alone where ``first`` names it: declaring all takes a while."""
    parser = argparse.ArgumentParser(prog="python -m sqdash", description="臺南分局服務品質儀表板的命令。")
    commands = parser.add_subparsers(required=True, metavar="命令")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--db", type=Path, help="資料庫檔案（預設取自 SQDASH_DB，否則 data/sqdash.db）")
    common.add_argument("--json", action="store_true", help="以 JSON 輸出")

    chosen = [command for command in COMMANDS if command[0] == first] or COMMANDS
    for name, command, text, declare in chosen:
        sub = commands.add_parser(name, help=text, description=text, parents=[common])
        sub.set_defaults(command=command)
        declare(sub)
    return parser


def _init_options(sub: argparse.ArgumentParser) -> None:
    content = sub.add_mutually_exclusive_group()
    content.add_argument("--empty", action="store_true", help="不載入任何資料")
    content.add_argument("--demo", action="store_true", help="另加產生的示範資料（只能是獨立的示範資料庫）")


def _status_options(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--year", type=_year, help="民國年，預設為最新有資料的年度")
    sub.add_argument("--as-of", type=_day, help="以哪一天的眼光判斷，例如 103/12/31，預設今天")
    sub.add_argument("--known-at", type=_day, metavar="日期", help="資料庫在過去那一天結束時所知道的")


def _report_options(sub: argparse.ArgumentParser) -> None:
    of = sub.add_mutually_exclusive_group(required=True)
    of.add_argument("--year", type=_year, help="民國年")
    of.add_argument("--period", type=_period, metavar="期間", help="年、半年、季或月，例如 103H1、103Q3、103-06")
    sub.add_argument("--format", choices=["odt", "docx", "html", "json"], default="json", help="格式")
    sub.add_argument("--summary", action="store_true", help="改為主管會議用的一頁摘要（odt、docx、html）")
    sub.add_argument("--known-at", type=_day, metavar="日期", help="資料庫在過去那一天結束時所知道的")
    sub.add_argument("--check", action="store_true", help="不輸出報告，只列出付印前還缺什麼；有缺時結束代碼為 1")
    sub.add_argument("-o", "--output", type=Path, help="輸出檔案，預設為標準輸出")


def _export_options(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("folder", type=Path, help="資料夾，不存在則建立")
    sub.add_argument("--format", choices=["csv", "xlsx", "ods"], default="csv", help="格式")


def _pull_options(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--every", type=_interval, metavar="間隔", help="每隔多久擷取一次，例如 30m、2h，直到被停止")
    sub.add_argument("--wait", action="store_true", help="尚未設定專頁與權杖時不結束，等到設定好（與 --every 同用）")
    sub.add_argument("--since", type=_day, metavar="日期", help="只列出這一天以後發布的貼文，例如 103/1/1")
    sub.add_argument("--page", metavar="編號", help="只擷取這一個專頁")
    sub.add_argument("--by", default="命令列", help="由誰執行")


def _alerts_options(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--send", action="store_true", help="該發送時發出今天的摘要（每天每個管道最多一次，避開靜音時段）")


def _undo_options(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("batch", type=int, help="批次編號")
    sub.add_argument("--dry-run", action="store_true", help="只說明會影響哪些列，不還原")
    sub.add_argument("--by", default="命令列", help="由誰執行")


def _no_options(sub: argparse.ArgumentParser) -> None:
    pass


def _import_options(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("files", nargs="+", type=Path, metavar="檔案", help="CSV、TSV、XLSX、ODS 或 XLS")
    sub.add_argument("--dry-run", action="store_true", help="只檢查與比對，不寫入")
    sub.add_argument("--skip-rejected", action="store_true", help="略過不能採用的列，匯入其餘；略過的列留在匯入紀錄")
    sub.add_argument("--format", help="指定格式，例如 meta_posts、activities")
    sub.add_argument("--map", type=Path, metavar="檔案", help="欄位對應（JSON：format、columns、constants）")
    sub.add_argument("--encoding", help="文字編碼，例如 utf-8、cp950、cp1252")
    sub.add_argument("--sheet", help="試算表的工作表名稱，預設為第一張有內容的")
    sub.add_argument("--year", type=_year, help="沒有年份或有疑義的日期屬於哪一個民國年")
    sub.add_argument("--dates", choices=["roc", "western", "serial", "month_first", "day_first"], help="日期的寫法")
    sub.add_argument("--page", help="檔案沒有寫明時，是哪一個專頁（專頁編號）")
    sub.add_argument("--observed-at", type=_moment, metavar="時間", help="累計數字的匯出時間，例如 2026-11-24T09:00")
    sub.add_argument("--zone", help="檔案時間的時區，預設 Meta 檔案為 America/Los_Angeles")
    sub.add_argument("--accept-wan", action="store_true", help="同意把 1.2萬、3K 照字面換算")
    sub.add_argument("--by", default="命令列", help="由誰執行")


def _year(text: str) -> int:
    try:
        return periods.year_period(int(text)).roc_year
    except (ValueError, SqdashError):
        raise argparse.ArgumentTypeError(f"「{text}」不是民國年，請輸入例如 103") from None


def _period(text: str) -> Any:
    try:
        return periods.parse_period(text)
    except SqdashError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _day(text: str) -> Any:
    try:
        return periods.parse_day(text)
    except SqdashError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _moment(text: str) -> datetime:
    """A moment; without an offset it is Taipei's."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"「{text}」不是時間，請輸入例如 2026-11-24T09:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=periods.TAIPEI)


def _alerts(options: argparse.Namespace) -> int:
    """Exit 1 where a channel that is set could not be used; several open alerts are no failure."""
    from sqdash.analysis.alerts import LABELS, SEVERITIES
    from sqdash.jobs import alert_digest, alerts

    given = settings.load()
    alerts.evaluate(options.db, given.graph)
    standing = alerts.standing(options.db)
    sent = alert_digest.send_due(options.db, given.alerts) if options.send else []
    if options.json:
        channels = [{"channel": one.channel, "sent": one.sent, "outcome": one.sentence} for one in sent]
        _print({"alerts": [alert_digest.as_dict(one) for one in standing], "digests": channels})
    else:
        for one in standing:
            print(f"{SEVERITIES[one.said.severity]}　{LABELS[one.said.rule]}　{one.said.text}")
        if not standing:
            print("沒有未解除的提醒")
        for outcome in sent:
            print(outcome.sentence, file=sys.stdout if outcome.sent else sys.stderr)
        if options.send and not sent:
            print("這次沒有要發送的摘要")
    return int(any(not outcome.sent for outcome in sent))


def _interval(text: str) -> timedelta:
    """A time such as 30m, 2h or 90s, of five minutes at least and a day at most."""
    found = re.fullmatch(r"([0-9]{1,5})([smh])", text)
    interval = timedelta(seconds=int(found[1]) * {"s": 1, "m": 60, "h": 3600}[found[2]]) if found else timedelta(0)
    if not timedelta(minutes=5) <= interval <= timedelta(days=1):
        raise argparse.ArgumentTypeError(f"「{text}」不是 5 分鐘到 1 天的間隔，請輸入例如 30m 或 2h")
    return interval


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
    from sqdash import formats, views
    from sqdash.indicators import INDICATORS

    year = options.year or views.default_year(options.db)
    board = views.board(options.db, periods.year_period(year), options.as_of, options.known_at)
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
    from sqdash import views
    from sqdash.report import writers

    period = options.period or periods.year_period(options.year)
    if options.check:
        return _report_check(options, period.roc_year)
    if options.summary and options.format == "json":
        print("摘要只有 odt、docx、html，請以 --format 指定其中之一。", file=sys.stderr)
        return 2
    if options.output is None and options.format in writers.BINARY and sys.stdout.isatty():
        print(f"{options.format} 檔不能顯示在畫面上，請以 -o 指定輸出檔案。", file=sys.stderr)
        return 2
    material = views.material(options.db, period, known=options.known_at)
    written = writers.write(material, options.format, summary=options.summary)
    if options.output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(written)
        return 0
    try:
        options.output.write_bytes(written)
    except OSError as error:
        raise SqdashError(f"無法寫入「{options.output}」，請檢查路徑與權限。") from error
    if options.json:
        _print({"year": period.roc_year, "file": str(options.output)})
    else:
        print(
            f"已寫出 {period.code} 年度報告：{options.output}"
            if options.year
            else f"已寫出 {period.label}報告：{options.output}"
        )
    return 0


def _report_check(options: argparse.Namespace, year: int) -> int:
    from dataclasses import asdict

    from sqdash import views
    from sqdash.analysis.completeness import KINDS

    found = views.completeness(options.db, year)
    if options.json:
        listed = [asdict(one) | {"unit_codes": sorted(one.unit_codes)} for one in found.findings]
        _print({"year": found.year, "complete": found.complete, "counts": found.counts, "findings": listed})
    else:
        print(
            f"{found.year} 年度：{found.methods} 項執行方法，已有成果 {found.filled} 項，待補 {len(found.findings)} 件"
        )
        for one in found.findings:
            print("　".join((KINDS[one.kind], one.text, "、".join(one.units))).rstrip("　"))
    return 0 if found.complete else 1


def _export(options: argparse.Namespace) -> int:
    from sqdash.jobs import export

    if options.format == "csv":
        written = export.export(options.db, options.folder)
    else:
        written = export.workbook(options.db, options.folder, options.format)
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


def _import(options: argparse.Namespace) -> int:
    from sqdash.importers.sources import Bytes
    from sqdash.jobs import upload

    answers = _answers(options)
    outcomes = []
    for file in options.files:
        source = Bytes(file)
        try:
            if options.dry_run:
                preview = upload.look(options.db, source, answers)
                outcome = preview.outcome
                upload.require_accepted(outcome, skip_rejected=options.skip_rejected)
                upload.require_open(preview)
            else:
                skip = options.skip_rejected
                outcome = upload.import_file(options.db, source, by=options.by, answers=answers, skip_rejected=skip)
        except SqdashError as error:  # one file's fault is told as its own, whatever became of the others
            outcome = upload.refused(source, error)
        outcomes.append(outcome)
        if not options.json:
            _tell(outcome, dry=options.dry_run)
    if options.json:
        _print([outcome.as_dict() for outcome in outcomes])
        for outcome in outcomes:
            if outcome.error:
                print(outcome.error, file=sys.stderr)
    return 1 if any(outcome.error for outcome in outcomes) else 0


def _answers(options: argparse.Namespace) -> Any:
    from sqdash.importers.base import Answers

    return Answers(
        format=options.format,
        layout=_layout(options.map) if options.map else None,
        encoding=options.encoding,
        sheet=options.sheet,
        year=options.year,
        page=options.page,
        observed_at=options.observed_at,
        zone=options.zone,
        dates=options.dates,
        wan=options.accept_wan,
    )


def _layout(file: Path) -> Any:
    from sqdash.jobs import layouts

    try:
        return layouts.from_json(json.loads(file.read_text(encoding="utf-8-sig")))
    except OSError as error:
        raise SqdashError(f"無法讀取欄位對應「{file}」，請檢查路徑與權限。") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SqdashError(
            f'欄位對應「{file}」須為 JSON，例如 {{"format": "activities", "columns": {{"辦理日期": "held_on"}}}}。'
        ) from error


def _tell(outcome: Any, *, dry: bool) -> None:
    if outcome.error:
        print(outcome.error, file=sys.stderr)
        for rejected in outcome.rejected[1:20]:
            where = f"第 {rejected.row} 列「{rejected.column}」「{rejected.value}」"
            print(f"　{where}：{rejected.in_command}", file=sys.stderr)
        return
    if outcome.again:
        print(f"{outcome.file}：已匯入（批次 {outcome.batch}），沒有變更；要換讀法或補略過的列，請先還原該批次")
        return
    where = f"批次 {outcome.batch}" if outcome.batch else "只檢查，未寫入" if dry else "沒有資料列"
    counts = f"新增 {outcome.added:,}、變更 {outcome.changed:,}、未變 {outcome.unchanged:,}"
    left = f"、略過 {len({r.row for r in outcome.rejected}):,}" if outcome.rejected else ""
    print(f"{outcome.file}（{outcome.format}，{outcome.encoding}）：{counts}{left}（{where}）")
    for sentence in (*outcome.warnings, *outcome.notes):
        print(f"　{sentence}")


def _undo(options: argparse.Namespace) -> int:
    from sqdash.jobs import upload

    if options.dry_run:
        outlook = upload.outlook(options.db, options.batch)
        if options.json:
            later = [{"batch": b, "file": name, "rows": rows} for b, name, rows in outlook.later]
            counts = {"gone": outlook.gone, "returned": outlook.returned, "stays": outlook.stays}
            _print({"batch": options.batch, **counts, "later": later})
        else:
            print(outlook.sentence)
        return 0
    touched = upload.undo(options.db, options.batch, by=options.by)
    if options.json:
        _print({"batch": options.batch, "touched": touched})
    else:
        print(f"已還原批次 {options.batch}，影響 {sum(touched.values())} 列")
    return 0


def _pull(options: argparse.Namespace) -> int:
    if options.every:
        return _pull_at_intervals(options)
    if options.wait:
        print("--wait 要與 --every 同用，請加上例如 --every 30m。", file=sys.stderr)
        return 2
    from sqdash.jobs import alerts, leader, sources  # only this command talks to the network

    graph = settings.load().graph
    sources.targets(options.db, graph, options.page)  # what is not set up is refused before anything is locked
    with leader.leading(options.db):
        done = sources.pull_all(options.db, graph, by=options.by, page_id=options.page, since=options.since)
    alerts.keep_up(options.db, settings.load, send=False)
    if options.json:
        _print([one.as_json for one in done])
    else:
        for one in done:
            print(sources.sentence(one))
    return int(any(one.state != "done" for one in done))


def _pull_at_intervals(options: argparse.Namespace) -> int:
    """Pull until a signal asks to end; a run in the middle ends at once, and what it committed stays."""
    import logging
    import signal
    import threading

    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("urllib3").setLevel(logging.WARNING)
    stop = threading.Event()

    def end(*_: object) -> None:
        stop.set()
        raise KeyboardInterrupt

    for name in {"SIGTERM", "SIGBREAK", "SIGINT"} & set(dir(signal)):
        signal.signal(getattr(signal, name), end)
    try:
        return _lead(options, stop)
    except KeyboardInterrupt:
        return 0


def _lead(options: argparse.Namespace, stop: threading.Event) -> int:
    from sqdash.graph.clock import SystemClock
    from sqdash.jobs import alerts

    clock = SystemClock()
    watch = alerts.Watch(options.db, settings.load, clock)
    if options.wait:
        while not _configured(options.db):
            watch()
            stop.wait(_LOOK_EVERY)
    from sqdash.jobs import leader, schedule, sources

    if not options.wait:
        sources.targets(options.db, settings.load().graph, options.page)

    def once() -> list[Any]:
        # The settings are read each time: a new token needs no restart.
        graph = settings.load().graph
        return sources.pull_all(
            options.db, graph, by=options.by, page_id=options.page, since=options.since, stop=stop.is_set
        )

    while True:
        try:
            with leader.leading(options.db, options.every.total_seconds()):
                schedule.every(options.db, options.every, once, clock=clock, stop=stop.is_set, beat=watch)
            return 0
        except AnotherLeads:
            other = leader.current(options.db)
            if not options.wait or (other and other.every is not None):
                raise
            stop.wait(_LOOK_EVERY)  # a single pull leads, and will be done soon


def _configured(store: Path) -> bool:
    from sqdash.jobs import tokens  # light: what speaks to the network is loaded once there is a page

    return tokens.configured(store, settings.load().graph)


Declare = Callable[[argparse.ArgumentParser], None]
COMMANDS: tuple[tuple[str, Command, str, Declare], ...] = (
    ("init", _init, "建立資料庫，載入 103 年度資料；已存在則只升級結構", _init_options),
    ("status", _status, "列出每個指標的值、目標與狀態", _status_options),
    ("report", _report, "輸出年度成果報告", _report_options),
    ("export", _export, "每張資料表匯出為一個 CSV，或全部匯出為一個活頁簿", _export_options),
    ("check", _check, "檢查資料庫是否健全", _no_options),
    ("import", _import, "匯入檔案；每個檔案一個批次，有列不能採用就整檔拒收", _import_options),
    ("pull", _pull, "從 Meta 的 Graph API 擷取粉絲專頁的數據", _pull_options),
    ("alerts", _alerts, "檢查並列出未解除的提醒", _alerts_options),
    ("undo", _undo, "還原一個匯入批次", _undo_options),
)
"""Name, what runs, what it is for, its options."""
