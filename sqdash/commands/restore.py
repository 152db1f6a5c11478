"""``restore``: put a backup in the store's place, or on an empty machine."""

from __future__ import annotations

import argparse
from pathlib import Path

from sqdash.commands import common


def declare(sub: argparse.ArgumentParser) -> None:
    """Its options."""
    sub.add_argument("file", type=Path, metavar="備份", help="備份的資料夾，或其中的 store.db")
    sub.add_argument("--dry-run", action="store_true", help="只檢查備份能否還原，不變更資料庫")
    sub.add_argument("--reason", type=common.reason, default="由命令列還原", metavar="原因", help="原因，留在稽核紀錄")
    common.by(sub)


def run(options: argparse.Namespace) -> int:
    """Its work; the exit code."""
    from sqdash.jobs import restoring

    done = restoring.restore(options.db, options.file, by=options.by, reason=options.reason, dry_run=options.dry_run)
    if options.json:
        common.print_json(
            {
                "db": str(options.db),
                "file": str(done.file),
                "restored": done.revision is not None,
                "revision": done.revision,
                "backup_revision": done.facts.revision,
                "counts": done.facts.counts,
                "before": str(done.kept) if done.kept else None,
                "set_aside": str(done.aside) if done.aside else None,
                "originals_missing": done.missing,
                "notes": list(done.notes),
            }
        )
        return 0
    print(done.sentence)
    if done.kept:
        print(f"還原前的資料庫已備份在 {done.kept}")
    for note in done.notes:
        print(note)
    return 0
