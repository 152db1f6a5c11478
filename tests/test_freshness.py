"""How new something is, in words: each rule at its edges."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from sqdash import freshness
from sqdash.freshness import ICONS, Freshness

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ago", "late", "level", "word"),
    [
        (0, 7, "fresh", "今天更新"),
        (1, 7, "fresh", "昨天更新"),
        (3, 7, "aging", "3 天前更新"),
        (7, 7, "aging", "7 天前更新"),
        (8, 7, "stale", "已 8 天未更新"),
        (4000, 7, "stale", "已 4,000 天未更新"),
        (-2, 7, "fresh", "今天更新"),
        (0, 1, "fresh", "今天更新"),
        (1, 1, "aging", "昨天更新"),
        (2, 1, "stale", "已 2 天未更新"),
    ],
)
def test_a_day_is_as_old_as_its_distance_from_today(ago: int, late: int, level: str, word: str) -> None:
    found = freshness.of_day(TODAY - timedelta(days=ago), TODAY, late)
    assert (found.level, found.word) == (level, word)


@pytest.mark.parametrize(
    ("newest", "level", "word"),
    [
        (date(2026, 11, 23), "fresh", "已到最新一日"),
        (date(2026, 11, 24), "fresh", "已到最新一日"),
        (date(2026, 11, 21), "fresh", "落後 2 天，屬正常"),
        (date(2026, 11, 20), "stale", "已落後 3 天"),
    ],
)
def test_metas_newest_day_is_yesterday_and_two_days_behind_are_normal(newest: date, level: str, word: str) -> None:
    found = freshness.of_meta_day(newest, TODAY)
    assert (found.level, found.word) == (level, word)


@pytest.mark.parametrize(
    ("age", "level", "word"),
    [
        (timedelta(seconds=-30), "fresh", "剛剛更新"),
        (timedelta(seconds=59), "fresh", "剛剛更新"),
        (timedelta(minutes=1), "fresh", "1 分鐘前更新"),
        (timedelta(minutes=60), "fresh", "1 小時前更新"),
        (timedelta(minutes=60, seconds=1), "stale", "已 1 小時未更新"),
        (timedelta(hours=47), "stale", "已 47 小時未更新"),
        (timedelta(days=12), "stale", "已 12 天未更新"),
    ],
)
def test_a_moment_is_late_after_its_rule(age: timedelta, level: str, word: str) -> None:
    found = freshness.of_moment(NOW - age, NOW, timedelta(hours=1))
    assert (found.level, found.word) == (level, word)


def test_what_never_came_is_neither_new_nor_old() -> None:
    assert freshness.of_day(None, TODAY, 7) == freshness.NOTHING
    assert freshness.of_meta_day(None, TODAY) == freshness.NOTHING
    assert freshness.of_moment(None, NOW, timedelta(hours=1)) == freshness.NOTHING


def test_every_level_has_an_icon_of_its_own() -> None:
    assert len(set(ICONS.values())) == len(ICONS) == 4
    assert Freshness("stale", "已 9 天未更新").text == "⚠ 已 9 天未更新"


def test_the_worst_of_several_is_what_needs_looking_at() -> None:
    fresh, aging, stale = (Freshness(level, level) for level in ("fresh", "aging", "stale"))
    assert freshness.worst([fresh, stale, aging]) == stale
    assert freshness.worst([fresh, freshness.NOTHING]) == fresh
    assert freshness.worst([]) == freshness.NOTHING
