"""``import``: files into the store."""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from sqdash.commands import common
from sqdash.errors import SqdashError

if TYPE_CHECKING:
    from sqdash.records import Rejected

_MOST_TOLD = 20


def declare(sub: argparse.ArgumentParser) -> None:
    """Its options."""
    sub.add_argument("files", nargs="+", type=Path, metavar="檔案", help="CSV、TSV、XLSX、ODS 或 XLS")
    sub.add_argument("--dry-run", action="store_true", help="只檢查與比對，不寫入")
    sub.add_argument("--skip-rejected", action="store_true", help="略過不能採用的列，匯入其餘；略過的列留在匯入紀錄")
    sub.add_argument("--format", metavar="格式", help="指定格式，例如 meta_posts、activities")
    sub.add_argument("--map", type=Path, metavar="檔案", help="欄位對應（JSON：format、columns、constants）")
    sub.add_argument("--encoding", metavar="編碼", help="文字編碼，例如 utf-8、cp950、cp1252")
    sub.add_argument("--sheet", metavar="名稱", help="試算表的工作表名稱，預設為第一張有內容的")
    sub.add_argument("--year", type=common.year, metavar="年度", help="沒有年份或有疑義的日期屬於哪一個民國年")
    sub.add_argument("--dates", choices=["roc", "western", "serial", "month_first", "day_first"], help="日期的寫法")
    sub.add_argument("--page", metavar="編號", help="檔案沒有寫明時，是哪一個專頁（專頁編號）")
    sub.add_argument(
        "--observed-at", type=common.moment, metavar="時間", help="累計數字的匯出時間，例如 2026-11-24T09:00"
    )
    sub.add_argument("--zone", metavar="時區", help="檔案時間的時區，預設 Meta 檔案為 America/Los_Angeles")
    sub.add_argument("--accept-wan", action="store_true", help="同意把 1.2萬、3K 照字面換算")
    common.by(sub)


def run(options: argparse.Namespace) -> int:
    """Its work; the exit code."""
    from sqdash.importers.sources import Bytes
    from sqdash.jobs import upload
    from sqdash.jobs.outcomes import Outcome

    answers = _answers(options)
    found: dict[Path, list[Outcome]] = defaultdict(list)
    for file in upload.in_order(options.files):
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
        found[file].append(outcome)
        if not options.json:
            _tell(outcome, dry=options.dry_run)
    outcomes = [found[file].pop(0) for file in options.files]  # told in the order given
    if options.json:
        common.print_json([outcome.as_dict() for outcome in outcomes])
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
        _tell_rejected(outcome.rejected, 1, sys.stderr)  # the sentence has the first
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
    _tell_rejected(outcome.rejected, 0, sys.stdout)


def _tell_rejected(rejected: Sequence[Rejected], begin: int, where: TextIO) -> None:
    """Each row that was not taken and why; of many the first ones, and that there are more."""
    for one in rejected[begin:_MOST_TOLD]:
        print(f"　第 {one.row} 列「{one.column}」「{one.value}」：{one.in_command}", file=where)
    if len(rejected) > _MOST_TOLD:
        print(f"　只列前 {_MOST_TOLD} 筆，共 {len(rejected):,} 筆；加上 --json 可看全部。", file=where)
