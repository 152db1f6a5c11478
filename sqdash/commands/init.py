"""``init``: make the store, or bring it up to date."""

from __future__ import annotations

import argparse

from sqdash.commands import common


def declare(sub: argparse.ArgumentParser) -> None:
    """Its options."""
    content = sub.add_mutually_exclusive_group()
    content.add_argument("--empty", action="store_true", help="不載入任何資料")
    content.add_argument("--demo", action="store_true", help="另加產生的示範資料（只能是獨立的示範資料庫）")


def run(options: argparse.Namespace) -> int:
    """Its work; the exit code."""
    from sqdash.jobs import setup  # loads the importers: only this command needs them

    made = setup.init(options.db, empty=options.empty, demonstration=options.demo)
    if options.json:
        common.print_json({"db": str(options.db), "made": made})
    else:
        print(f"已建立資料庫 {options.db}" if made else f"資料庫 {options.db} 已就緒")
    return 0
