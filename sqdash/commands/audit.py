"""``audit``: who did what to what, when and from where."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from sqdash.commands import common

if TYPE_CHECKING:
    from sqdash.jobs.audit import Line


def declare(sub: argparse.ArgumentParser) -> None:
    """Its options."""
    sub.add_argument("--since", type=common.day, metavar="日期", help="從這一天起（臺北）")
    sub.add_argument("--until", type=common.day, metavar="日期", help="到這一天為止（臺北）")
    sub.add_argument("--by", metavar="誰", help="由誰，如紀錄所示")
    sub.add_argument("--action", metavar="動作", help="做了什麼，例如 登入失敗 或 sign-in failed")
    sub.add_argument("--text", default="", metavar="字詞", help="對象或說明裡的字詞")


def run(options: argparse.Namespace) -> int:
    """Newest first."""
    from sqdash.jobs import audit

    wanted = audit.Wanted(
        first=options.since,
        last=options.until,
        by=options.by,
        action=audit.action(options.action) if options.action else None,
        text=options.text,
    )
    found = audit.every(options.db, wanted)
    if options.json:
        common.print_json([_as_dict(line) for line in found])
        return 0
    for line in found:
        print("　".join([line.taipei, line.by, line.origin, audit.word(line.action), audit.said(line)]))
    if not found:
        print("沒有符合的紀錄")
    return 0


def _as_dict(line: Line) -> dict[str, Any]:
    names = ("id", "by", "address", "action", "subject", "detail", "revision", "batch", "file")
    return {"utc": line.utc, "taipei": line.taipei} | {name: getattr(line, name) for name in names}
