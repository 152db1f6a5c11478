"""The rota from the last quarter of 103 through 104: slots of the sections, their posts, what meetings decided."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from sqdash.demo.material import LEADS, PLACE, RDEC, Cells
from sqdash.periods import month_period

_FIRST = "2014-10"
_MONTHS = tuple(f"{year}-{month:02d}" for year in (2014, 2015) for month in range(1, 13))
_SLOT_DAYS = (3, 5, 10, 12, 17, 19, 24, 26)
_ROLES = ("FB 工作小組", "課室撰稿", "上稿小組")
_STILL_OPEN = ("meeting", "meeting", "first_review", "first_review", "submitted", "submitted", "planned", "planned")
"""Where the slots of the last month stand, in the order of their days."""
_SUBJECTS = ("選購重點圖解", "檢定小常識", "節慶安全提醒", "活動預告", "常見問答", "新制說明")
_DECISIONS = (
    ("下月起每篇文章附一張圖解", RDEC),
    ("標題以十五字為限", RDEC),
    ("請各課室於供稿日前一週提出主題", None),
    ("活動貼文改於晚間發布，觀察觸及變化", RDEC),
    ("增加問答型貼文一篇", "section-6"),
    ("度量衡主題以實物照片呈現", "section-4"),
)


_Post = tuple[date, str, str]
"""The day, the id and the topic ("" for one that has none yet)."""


def contributions(rng: random.Random, posts: Sequence[Cells]) -> Iterator[Cells]:
    """Eight slots a month, a section each; those that were published are posts of the section in that time."""
    written: dict[str, list[_Post]] = defaultdict(list)
    for post_id, _, published_at, _, _, _, topic, unit, *_ in posts:
        written[str(unit)].append((date.fromisoformat(str(published_at)[:10]), str(post_id), str(topic or "")))
    for month in _MONTHS[_MONTHS.index(_FIRST) :]:
        for turn, (day, unit) in enumerate(zip(_days(month), LEADS, strict=True)):
            due_on = date.fromisoformat(day)
            left = _STILL_OPEN[turn] if month == _MONTHS[-1] else None
            yield _slot(rng, f"demo-{month}-{turn + 1}", due_on, unit, written[unit], left)


def _days(month: str) -> list[str]:
    """Eight workdays of the month: a slot on a week's end moves to the Monday after."""
    days = [date.fromisoformat(f"{month}-{day:02d}") for day in _SLOT_DAYS]
    return [(day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)).isoformat() for day in days]


def _slot(rng: random.Random, name: str, due_on: date, unit: str, written: list[_Post], left: str | None) -> Cells:
    role = rng.choice(_ROLES)
    submitted_on = due_on + timedelta(days=rng.choice((-4, -3, -2, -1, -1, 0, 0, 0, 2, 5)))
    post = next((p for p in written if submitted_on < p[0] <= submitted_on + timedelta(days=40)), None)
    if left or post is None:
        state = left or ("planned" if rng.random() < 0.4 else "meeting")
        known = None if state == "planned" else submitted_on.isoformat()
        return name, due_on.isoformat(), unit, rng.choice(_SUBJECTS), role, state, None, None, PLACE, known
    written.remove(post)
    title = "：".join(filter(None, (post[2], rng.choice(_SUBJECTS))))
    return name, due_on.isoformat(), unit, title, role, "published", post[1], None, PLACE, submitted_on.isoformat()


def decisions(rng: random.Random, activities: Sequence[Cells]) -> Iterator[Cells]:
    """Two decisions of each review meeting in the rota's time; most are done within the month."""
    held = {str(row[2])[:7]: row for row in activities if row[1] == "review_meeting"}
    for month in _MONTHS[_MONTHS.index(_FIRST) :]:
        meeting, held_on = str(held[month][0]), date.fromisoformat(str(held[month][2]))
        due_on = month_period(f"{held_on + timedelta(days=28):%Y-%m}").end
        for number, (text, unit) in enumerate(rng.sample(_DECISIONS, 2), 1):
            done = rng.random() < 0.8 and month < _MONTHS[-1]
            done_on = (held_on + timedelta(days=rng.randint(5, 28))).isoformat() if done else None
            yield meeting, number, text, None, unit, due_on.isoformat(), done_on, PLACE
