"""``check``: the health of the store, its sources and settings."""

from __future__ import annotations

import argparse

from sqdash.commands import common


def declare(sub: argparse.ArgumentParser) -> None:
    """Its options."""


def run(options: argparse.Namespace) -> int:
    """Its work; the exit code: 1 where something is bad."""
    from sqdash.jobs import health

    findings = health.check(options.db)
    good = all(one.good for one in findings)
    if options.json:
        common.print_json({"good": good, "findings": [one.as_dict() for one in findings]})
    else:
        for one in findings:
            remedy = f" → {one.remedy}" if one.remedy else ""
            print(f"{health.WORDS[one.level]}　{one.name}：{one.found}{remedy}")
    return 0 if good else 1
