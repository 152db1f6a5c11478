"""``report``: the annual report, its summary, what it still lacks."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sqdash import periods
from sqdash.commands import common

FORMATS = ["odt", "docx", "html", "json", "pptx"]
_OTHERS = (".csv", ".doc", ".htm", ".ods", ".ppt", ".rtf", ".xls", ".xlsx")
"""Endings of other documents: JSON under such a name would open as nothing that its name says."""


def declare(sub: argparse.ArgumentParser) -> None:
    """Its options."""
    of = sub.add_mutually_exclusive_group(required=True)
    of.add_argument("--year", type=common.year, metavar="年度", help="民國年")
    of.add_argument("--period", type=common.period, metavar="期間", help="年、半年、季或月，例如 103H1、103Q3、103-06")
    sub.add_argument("--format", choices=FORMATS, help="格式，預設依輸出檔案的副檔名，否則 json")
    sub.add_argument("--summary", action="store_true", help="改為主管會議用的一頁摘要（odt、docx、html、pptx）")
    sub.add_argument("--known-at", type=common.day, metavar="日期", help="資料庫在過去那一天結束時所知道的")
    sub.add_argument("--check", action="store_true", help="不輸出報告，只列出付印前還缺什麼；有缺時結束代碼為 1")
    sub.add_argument("-o", "--output", type=Path, metavar="檔案", help="輸出檔案，預設為標準輸出")


def run(options: argparse.Namespace) -> int:
    """Its work; the exit code."""
    from sqdash import plan_views
    from sqdash.jobs import whole_files
    from sqdash.report import writers
    from sqdash.store import wholeness

    if wrong := _wrong(options):
        print(wrong, file=sys.stderr)
        return 2
    wholeness.require(options.db, whole=True)
    options.format = options.format or _named(options.output)
    period = options.period or periods.year_period(options.year)
    if options.check:
        return _check(options, period.roc_year)
    if options.summary and options.format == "json":
        print("摘要只有 odt、docx、html、pptx，請以 --format 指定其中之一。", file=sys.stderr)
        return 2
    if options.format == "pptx" and not options.summary:
        print("投影片只有摘要，請加上 --summary，或改用其他格式。", file=sys.stderr)
        return 2
    if options.output is None and options.format in writers.BINARY and sys.stdout.isatty():
        print(f"{options.format} 檔不能顯示在畫面上，請以 -o 指定輸出檔案。", file=sys.stderr)
        return 2
    material = plan_views.material(options.db, period, known=options.known_at)
    written = writers.write(material, options.format, summary=options.summary)
    if options.output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(written)
        return 0
    whole_files.write(options.output, written)
    if options.json:
        common.print_json({"year": period.roc_year, "file": str(options.output)})
    else:
        print(
            f"已寫出 {period.code} 年度報告：{options.output}"
            if options.year
            else f"已寫出 {period.label}報告：{options.output}"
        )
    return 0


def _wrong(options: argparse.Namespace) -> str:
    """Why nothing is done, where one option would be passed over for another, or a name for what nobody can write."""
    from sqdash import plan_views

    if options.check and (options.summary or options.format or options.output):
        return "--check 只列出付印前還缺什麼，不輸出檔案，請刪去 --summary、--format 與 -o，或刪去 --check。"
    if options.period and (why := plan_views.no_report(options.period, " --period ")):
        return why
    ending = options.output.suffix.lower() if options.output else ""
    if options.format is None and ending == ".pdf":
        return "報告不能直接寫成 PDF，請輸出 html，以瀏覽器開啟後列印成 PDF。"
    if options.format is None and ending in _OTHERS:
        return f"報告沒有「{ending}」這種格式，請改用 odt、docx、html 或 json。"
    return ""


def _named(file: Path | None) -> str:
    """The format that the file's name tells: nothing opens a document of that name with JSON in it."""
    ending = file.suffix.lower()[1:] if file else ""
    return ending if ending in FORMATS else "json"


def _check(options: argparse.Namespace, year: int) -> int:
    from dataclasses import asdict

    from sqdash import plan_views
    from sqdash.analysis.completeness import KINDS

    found = plan_views.completeness(options.db, year, known=options.known_at)
    if options.json:
        listed = [asdict(one) | {"unit_codes": sorted(one.unit_codes)} for one in found.findings]
        common.print_json({"year": found.year, "complete": found.complete, "counts": found.counts, "findings": listed})
    else:
        print(
            f"{found.year} 年度：{found.methods} 項執行方法，已有成果 {found.filled} 項，待補 {len(found.findings)} 件"
        )
        for one in found.findings:
            print("　".join((KINDS[one.kind], one.text, "、".join(one.units))).rstrip("　"))
    return 0 if found.complete else 1
