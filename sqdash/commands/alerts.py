"""``alerts``: what is open, and today's digests."""

from __future__ import annotations

import argparse
import sys

from sqdash import settings
from sqdash.commands import common


def declare(sub: argparse.ArgumentParser) -> None:
    """Its options."""
    sub.add_argument("--send", action="store_true", help="該發送時發出今天的摘要（每天每個管道最多一次，避開靜音時段）")


def run(options: argparse.Namespace) -> int:
    """Exit 1 where a channel that is set could not be used; several open alerts are no failure."""
    from sqdash.analysis.alerts import LABELS, SEVERITIES
    from sqdash.jobs import alert_digest, alerts

    given = settings.load()
    alerts.evaluate(options.db, given.graph)
    standing = alerts.standing(options.db)
    sent = alert_digest.send_due(options.db, given.alerts) if options.send else []
    if options.json:
        channels = [{"channel": one.channel, "sent": one.sent, "outcome": one.sentence} for one in sent]
        common.print_json({"alerts": [alert_digest.as_dict(one) for one in standing], "digests": channels})
    else:
        for one in standing:
            print(f"{SEVERITIES[one.said.severity]}　{LABELS[one.said.rule]}　{one.said.text}")
        if not standing:
            print("沒有未解除的提醒")
        for outcome in sent:
            print(outcome.sentence, file=sys.stdout if outcome.sent else sys.stderr)
        if options.send and not sent:
            print(f"這次沒有要發送的摘要：{alert_digest.none_due(options.db, given.alerts)}")
    return int(any(not outcome.sent for outcome in sent))
