"""``backup``: make one, make them at intervals, list them, test the newest."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from sqdash import periods
from sqdash.commands import common

if TYPE_CHECKING:
    from sqdash.jobs.backup_folder import Backup


def declare(sub: argparse.ArgumentParser) -> None:
    """Its options."""
    what = sub.add_mutually_exclusive_group()
    what.add_argument(
        "--every", type=common.interval, metavar="間隔", help="每隔多久在有變更時備份一次，例如 1h，直到被停止"
    )
    what.add_argument("--list", action="store_true", help="列出現有的備份")
    what.add_argument("--test", action="store_true", help="把最新的備份還原到暫存資料夾，檢查並比對指標結果")
    common.by(sub)


def run(options: argparse.Namespace) -> int:
    """Its work; the exit code."""
    if options.every:
        return _at_intervals(options)
    if options.list:
        return _list(options)
    return _test(options) if options.test else _make(options)


def _make(options: argparse.Namespace) -> int:
    from sqdash.jobs import backup

    made = backup.make(options.db, why="hand", by=options.by)
    if options.json:
        common.print_json({**_about(made.backup), "second_error": made.second})
    else:
        print(f"已備份到 {made.backup.file}（修訂 {made.backup.manifest.revision}）")
    if made.second:
        print(f"第二份沒有完成：{made.second}", file=sys.stderr)
    return 1 if made.second else 0


def _list(options: argparse.Namespace) -> int:
    from sqdash.jobs import backup_folder, backup_manifest

    folder = backup_folder.places(options.db).first
    found, broken = backup_folder.listed(folder), backup_folder.broken(folder)
    if options.json:
        common.print_json({"folder": str(folder), "backups": [_about(one) for one in found], "broken": broken})
        return 0
    for one in found:
        m = one.manifest
        why = backup_manifest.WHYS[m.why]
        print(f"{periods.roc_moment(m.moment)}　{why}　修訂 {m.revision}　{m.size / 1e6:,.1f} MB　{one.file}")
    for name in broken:
        print(f"不完整，不能還原：{folder / name}")
    if not found:
        print(f"「{folder}」裡還沒有備份")
    return 0


def _test(options: argparse.Namespace) -> int:
    from sqdash.jobs import restore_test

    tested = restore_test.run(options.db)
    if options.json:
        at = periods.noted(tested.at)
        common.print_json({"backup": tested.backup, "at": at, "good": tested.good, "found": tested.found})
    else:
        print(f"{tested.backup}：{tested.found}", file=sys.stdout if tested.good else sys.stderr)
    return 0 if tested.good else 1


def _at_intervals(options: argparse.Namespace) -> int:
    """Back up until a signal asks to end; a backup in the middle ends at once and leaves nothing that counts."""
    from sqdash import logs
    from sqdash.graph.clock import SystemClock
    from sqdash.jobs import backup_watch, leader

    logs.set_up(options.db, "backup")
    stop = common.ending()
    try:
        with leader.leading(options.db, options.every.total_seconds(), "backup"):
            backup_watch.every(options.db, options.every, clock=SystemClock(), stop=stop.is_set)
    except KeyboardInterrupt:
        return 0
    return 0


def _about(one: Backup) -> dict[str, Any]:
    m = one.manifest
    return {
        "file": str(one.file),
        "folder": str(one.folder),
        "made_at": m.made_at,
        "why": m.why,
        "by": m.by,
        "revision": m.revision,
        "schema": m.schema,
        "size": m.size,
        "sha256": m.sha256,
        "counts": dict(m.counts),
        "originals": len(m.originals),
        "originals_not_kept": len(m.not_kept),
    }
