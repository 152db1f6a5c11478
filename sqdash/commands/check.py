"""``check``: the health of the store, its sources and settings."""

from __future__ import annotations

import argparse

from sqdash.commands import common


def declare(sub: argparse.ArgumentParser) -> None:
    """Its options."""


def run(options: argparse.Namespace) -> int:
    """Its work; the exit code."""
    from sqdash.jobs import health

    findings = health.check(options.db)
    if options.json:
        common.print_json({"good": all(f.good for f in findings), "findings": [f.as_dict() for f in findings]})
    else:
        for finding in findings:
            remedy = f" → {finding.remedy}" if finding.remedy else ""
            print(f"{'正常' if finding.good else '異常'}　{finding.name}：{finding.found}{remedy}")
    return 0 if all(f.good for f in findings) else 1
