"""``pull``: the fan page from the Graph API, once or at intervals."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqdash import settings
from sqdash.commands import common
from sqdash.errors import AnotherLeads

if TYPE_CHECKING:
    import threading

_LOOK_EVERY = 5.0  # seconds between two looks at whether a page has been set up


def declare(sub: argparse.ArgumentParser) -> None:
    """Its options."""
    sub.add_argument("--every", type=common.interval, metavar="間隔", help="每隔多久擷取一次，例如 30m、2h，直到被停止")
    sub.add_argument("--wait", action="store_true", help="尚未設定專頁與權杖時不結束，等到設定好（與 --every 同用）")
    sub.add_argument("--since", type=common.past_day, metavar="日期", help="只列出這一天以後發布的貼文，例如 103/1/1")
    sub.add_argument("--page", metavar="編號", help="只擷取這一個專頁")
    common.by(sub)


def run(options: argparse.Namespace) -> int:
    """Its work; the exit code."""
    if options.every:
        return _pull_at_intervals(options)
    if options.wait:
        print("--wait 要與 --every 同用，請加上例如 --every 30m。", file=sys.stderr)
        return 2
    from sqdash.jobs import alerts, leader, sources  # only this command talks to the network

    graph = settings.load().graph
    sources.targets(options.db, graph, options.page)  # what is not set up is refused before anything is locked
    with leader.leading(options.db):
        done = sources.pull_all(options.db, graph, by=options.by, page_id=options.page, since=options.since)
    alerts.keep_up(options.db, settings.load, send=False)
    if options.json:
        common.print_json([one.as_json for one in done])
    else:
        for one in done:
            print(sources.sentence(one), *one.notes, sep="\n")
    return int(any(one.state != "done" for one in done))


def _pull_at_intervals(options: argparse.Namespace) -> int:
    """Pull until a signal asks to end; a run in the middle ends at once, and what it committed stays."""
    from sqdash import logs

    logs.set_up(options.db, "pull")
    try:
        return _lead(options, common.ending())
    except KeyboardInterrupt:
        return 0


def _lead(options: argparse.Namespace, stop: threading.Event) -> int:
    from sqdash.graph.clock import SystemClock
    from sqdash.jobs import alerts

    clock = SystemClock()
    watch = alerts.Watch(options.db, settings.load, clock)
    if options.wait:
        while not _configured(options.db):
            watch()
            stop.wait(_LOOK_EVERY)
    from sqdash.jobs import leader, schedule, sources

    if not options.wait:
        sources.targets(options.db, settings.load().graph, options.page)

    def once() -> list[Any]:
        # The settings are read each time: a new token needs no restart.
        graph = settings.load().graph
        return sources.pull_all(
            options.db, graph, by=options.by, page_id=options.page, since=options.since, stop=stop.is_set
        )

    while True:
        try:
            with leader.leading(options.db, options.every.total_seconds()):
                schedule.every(options.db, options.every, once, clock=clock, stop=stop.is_set, beat=watch)
            return 0
        except AnotherLeads:
            other = leader.current(options.db)
            if not options.wait or (other and other.every is not None):
                raise
            stop.wait(_LOOK_EVERY)  # a single pull leads, and will be done soon


def _configured(store: Path) -> bool:
    from sqdash.jobs import tokens  # light: what speaks to the network is loaded once there is a page

    return tokens.configured(store, settings.load().graph)
