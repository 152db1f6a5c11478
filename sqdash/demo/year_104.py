"""Targets, readings and words of year 104, and which ledgers are complete in both years."""

from __future__ import annotations

from collections.abc import Iterator

from sqdash.demo.material import NOTE, PLACE, RDEC, YEARS, Cells
from sqdash.indicators import INDICATORS

# The means of 103 stay as the report states them, as intervals, with the posts beside them.
_ONLY_104 = (
    *("likes_per_post", "reach_per_post", "review_meetings"),
    *("satisfaction_branch", "satisfaction_counter", "satisfaction_taxi_meter"),
)
# Of innovation items there is none, and a complete ledger without a row would say so with a nought.
COMPLETE_104 = tuple(i.key for i in INDICATORS if i.ledger and i.ledger.table != "innovation_items")
COMPLETE = tuple(key for key in COMPLETE_104 if key not in _ONLY_104)

_YEAR_104 = ("2015-01-01", "2015-12-31")


def targets() -> Iterator[Cells]:
    """Targets and norms of 104."""
    for indicator, kind, comparator, *rest in (
        ("fans", "target", ">=", 18_000.0, None, None, None),
        ("likes_per_post", "target", ">", 100.0, None, None, None),
        ("reach_per_post", "target", ">", 1_000.0, None, None, None),
        ("training_sessions", "target", ">=", 56.0, None, None, None),
        ("phone_tests", "target", ">=", 3.0, 4, None, "每 4 個月至少 1 次"),
        ("six_s_audits", "norm", ">=", 6.0, 2, None, "每 2 個月 1 次"),
        ("wifi_checks", "norm", ">=", 365.0, None, 1, "每日測試"),
        ("web_review_rounds", "norm", ">=", 6.0, 2, None, "每 2 個月 1 次"),
        ("review_meetings", "norm", ">=", 12.0, 1, None, "每月 1 次"),
    ):
        yield indicator, kind, 1, *_YEAR_104, comparator, *rest, NOTE, PLACE


def readings() -> Iterator[Cells]:
    """What 104 states without a ledger."""
    for indicator, value, qualifier in (
        ("fans_gained_events", 1_200.0, "約"),
        ("wifi_hotspots", 6.0, None),
        ("disclosure_items", 14.0, None),
        ("forum_categories", 11.0, None),
        ("youtube_videos", 9.0, None),
        ("participation_channels", 2.0, None),
    ):
        yield indicator, *_YEAR_104, "result", 1, value, None, None, qualifier, None, None, "reported", None, PLACE


def explanations() -> Iterator[Cells]:
    """A reason and a next step for the likes of 104."""
    for kind, text in (
        ("reason", "上半年圖文仍以轉貼為主，互動貼文到第四季才增加。"),
        ("next_step", "每月排定兩篇互動貼文，由審稿會議檢討成效。"),
    ):
        yield "likes_per_post", *_YEAR_104, kind, 1, text, RDEC, PLACE


def marks() -> Iterator[Cells]:
    """Which ledgers are complete, by year."""
    for year in YEARS:
        for indicator in COMPLETE_104 if year == 2015 else COMPLETE:
            yield indicator, f"{year}-01-01", f"{year}-12-31", "complete", RDEC, NOTE
