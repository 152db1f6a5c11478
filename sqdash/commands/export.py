"""``export``: the whole store as files."""

from __future__ import annotations

import argparse
from pathlib import Path

from sqdash.commands import common


def declare(sub: argparse.ArgumentParser) -> None:
    """Its options."""
    sub.add_argument("folder", type=Path, help="資料夾，不存在則建立")
    sub.add_argument("--format", choices=["csv", "xlsx", "ods"], default="csv", help="格式")


def run(options: argparse.Namespace) -> int:
    """Its work; the exit code."""
    from sqdash.jobs import export
    from sqdash.store import wholeness

    wholeness.require(options.db)
    if options.format == "csv":
        written = export.export(options.db, options.folder)
    else:
        written = export.workbook(options.db, options.folder, options.format)
    if options.json:
        common.print_json({"folder": str(options.folder), "files": written})
    else:
        print(f"已匯出 {len(written)} 個檔案、{sum(written.values()):,} 列到 {options.folder}")
    return 0
