"""``status``: every indicator with its target and state."""

from __future__ import annotations

import argparse

from sqdash import periods
from sqdash.commands import common


def declare(sub: argparse.ArgumentParser) -> None:
    """Its options."""
    sub.add_argument("--year", type=common.year, metavar="年度", help="民國年，預設為已開始而最新有資料的年度")
    sub.add_argument("--as-of", type=common.day, metavar="日期", help="以哪一天的眼光判斷，例如 103/12/31，預設今天")
    sub.add_argument("--known-at", type=common.day, metavar="日期", help="資料庫在過去那一天結束時所知道的")


def run(options: argparse.Namespace) -> int:
    """Its work; the exit code."""
    from sqdash import formats, status_view, views
    from sqdash.indicators import INDICATORS
    from sqdash.store import wholeness

    wholeness.require(options.db)
    year = options.year or views.default_year(options.db, options.known_at)
    board = views.board(options.db, periods.year_period(year), options.as_of, options.known_at)
    if options.json:
        common.print_json(status_view.status(board))
        return 0
    print(f"{board.period.label}（以 {periods.roc_day(board.as_of)} 判斷，修訂 {board.revision}）")
    if board.lock:
        day = periods.roc_day(board.lock.day)
        print(f"{board.lock.year} 年度已於 {day} 鎖定，以鎖定時為準；與現在不同的另註「現在」。")
    for indicator in INDICATORS:
        result = board.results[indicator.key]
        figure = formats.figure_as_measured(result) + (f"（{result.note}）" if result.note else "")
        state = formats.state(result) + formats.unaimed(result)
        now = board.now.get(indicator.key)
        words = [indicator.label, figure, formats.target(indicator, result.applied), state]
        print("　".join([*words, *([formats.beside(result, now)] if now else [])]))
    return 0
