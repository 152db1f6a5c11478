"""Texts that know their value stay texts in every way, and never carry a value that they do not write."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import UTC, date, datetime

import pytest

from sqdash import formats, periods
from sqdash.figures import Interval
from sqdash.written import Written, like, value_of

DAY = date(2014, 11, 22)


@pytest.mark.parametrize(
    ("text", "reads", "value"),
    [
        (formats.number(67.28, 1), "67.3", 67.28),
        (formats.number(16_300), "16,300", 16_300),
        (formats.percent(2 / 3), "67%", 2 / 3 * 100),
        (formats.with_unit(formats.number(90.8, 1), "%"), "90.8%", 90.8),
        (formats.interval(Interval(16_000, qualifier="逾")), "逾 16,000", 16_000),
        (formats.interval(Interval(low=30, high=50, qualifier="約")), "約 30–50", (30, 50)),
        (formats.interval(Interval(low=30)), "至少 30", (30, None)),
        (formats.interval(Interval(high=50)), "至多 50", (None, 50)),
        (periods.roc_day(DAY), "103/11/22", DAY),
        (
            periods.roc_moment(datetime(2014, 11, 22, 1, 5, 30, tzinfo=UTC)),
            "103/11/22 09:05",
            datetime(2014, 11, 22, 1, 5, 30, tzinfo=UTC),
        ),
    ],
)
def test_what_is_written_remembers_the_exact_value(text: str, reads: str, value: object) -> None:
    assert (text, value_of(text)) == (reads, value)


@pytest.mark.parametrize("text", ["未陳報", formats.interval(Interval()), f"{formats.number(5)} 篇", 5, None])
def test_words_and_joined_texts_have_none(text: object) -> None:
    assert value_of(text) is None


def test_a_text_made_of_another_has_its_value_and_of_words_none() -> None:
    assert value_of(like("約 5 人", formats.number(5))) == 5
    assert value_of(like("未填", "")) is None


def test_it_is_a_text_wherever_texts_go() -> None:
    text = Written("5", 5)
    for again in (copy.copy(text), copy.deepcopy(text), pickle.loads(pickle.dumps(text))):  # noqa: S301 - made here
        assert (again, value_of(again)) == ("5", 5)
    assert (json.dumps([text]), {text: 1}["5"], f"{text}", text + "人") == ('["5"]', 1, "5", "5人")
