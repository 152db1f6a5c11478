"""``export``: the whole store as files."""

from __future__ import annotations

import argparse
import sys

from sqdash.commands import common
from sqdash.errors import SqdashError, StoreBusy, StoreReadOnly


def declare(sub: argparse.ArgumentParser) -> None:
    """Its options."""
    sub.add_argument("folder", type=common.folder, metavar="資料夾", help="資料夾，不存在則建立")
    sub.add_argument("--format", choices=["csv", "xlsx", "ods"], default="csv", help="格式，預設 csv")
    common.by(sub)


def run(options: argparse.Namespace) -> int:
    """Its work; the exit code."""
    from sqdash.jobs import export
    from sqdash.store import wholeness

    wholeness.require(options.db)
    _note(options)  # before, so that nothing leaves unsaid where this process ends on the way
    try:
        if options.format == "csv":
            written = export.export(options.db, options.folder)
        else:
            written = export.workbook(options.db, options.folder, options.format)
    except SqdashError as error:
        _note(options, f"，沒有完成：{error}")
        raise
    if options.json:
        common.print_json({"folder": str(options.folder), "files": written})
    else:
        print(f"已匯出 {len(written)} 個檔案、{sum(written.values()):,} 列到 {options.folder}")
    return 0


def _note(options: argparse.Namespace, outcome: str = "") -> None:
    """Say in the audit log that data leaves, and where it did not; where nothing can be written, the person is told
    that the log does not say so."""
    from sqdash.jobs import audit

    try:
        audit.note(options.db, options.by, "export", str(options.folder), f"{options.format}{outcome}")
    except (StoreBusy, StoreReadOnly) as error:
        print(f"這次匯出沒有記入稽核紀錄：{error}", file=sys.stderr)
