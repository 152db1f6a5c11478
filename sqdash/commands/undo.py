"""``undo``: take an import back."""

from __future__ import annotations

import argparse

from sqdash.commands import common
from sqdash.errors import DataError


def declare(sub: argparse.ArgumentParser) -> None:
    """Its options."""
    sub.add_argument("batch", type=int, metavar="批次", help="批次編號")
    sub.add_argument("--dry-run", action="store_true", help="只說明會影響哪些列，不還原")
    common.by(sub)


def run(options: argparse.Namespace) -> int:
    """Its work; the exit code."""
    from sqdash.jobs import upload

    outlook = upload.outlook(options.db, options.batch)
    behind = [{"table": name, "rows": rows} for name, rows in outlook.behind]
    if options.dry_run:
        if outlook.refused:
            raise DataError(outlook.refused)
        if options.json:
            later = [{"batch": b, "file": name, "rows": rows} for b, name, rows in outlook.later]
            counts = {"gone": outlook.gone, "returned": outlook.returned, "stays": outlook.stays}
            common.print_json({"batch": options.batch, **counts, "later": later, "behind": behind})
        else:
            print(outlook.sentence)
        return 0
    touched = upload.undo(options.db, options.batch, by=options.by)
    if options.json:
        common.print_json({"batch": options.batch, "touched": touched, "behind": behind})
    else:
        print(f"已還原批次 {options.batch}，影響 {sum(touched.values())} 列{outlook.named}")
    return 0
