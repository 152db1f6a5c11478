"""Generated rows for a demonstration store: years 103 and 104, the same for the same seed.

They agree with what the year-103 report states and stand beside its rows (two agreements, two association
meetings, the fair of November, three surveys): totals here leave room for those. Nothing in them is a fact.
Every row is a tuple in the catalogue's column order.
"""

from __future__ import annotations

import random
from collections.abc import Iterable

from sqdash.demo import fan_page, ledgers, rota, year_104
from sqdash.demo.material import BENCHMARK, PAGE, PLACE, Cells
from sqdash.records import Row

__all__ = ["generate"]


def generate(seed: int = 103) -> dict[str, list[Row]]:
    """Rows by table name, numbered as in a file under its heading; the same seed gives the same rows."""
    rng = random.Random(seed)  # noqa: S311 - made-up figures, nothing secret
    posts, snapshots = fan_page.posts(rng)
    turns = random.Random(seed + 1)  # noqa: S311 - its own, so that the rota moves no other figure
    made: dict[str, Iterable[Cells]] = {
        "targets": year_104.targets(),
        "readings": year_104.readings(),
        "explanations": year_104.explanations(),
        "activities": (activities := list(ledgers.activities(rng))),
        "surveys": ledgers.surveys(),
        "petitions": ledgers.petitions(rng),
        "checks": ledgers.checks(rng),
        "ledger_marks": year_104.marks(),
        "pages": (
            (PAGE, "own", "小安心（示範）", None, None, PLACE),
            (BENCHMARK, "benchmark", "標竿專頁（示範）", None, None, PLACE),
        ),
        "posts": posts,
        "snapshots": snapshots,
        "page_days": fan_page.page_days(rng),
        "contributions": rota.contributions(turns, posts),
        "meeting_decisions": rota.decisions(turns, activities),
        "topic_rules": fan_page.topic_rules(),
    }
    return {table: [Row(number, cells) for number, cells in enumerate(rows, 2)] for table, rows in made.items()}
