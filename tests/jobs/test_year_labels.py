"""Texts of a plan with a year in them: shown old and new, changed only as a person says, and the old year stays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sqdash.errors import DataError
from sqdash.jobs import open_year, upload
from sqdash.jobs.year_labels import Changed, with_targets
from sqdash.tables import BY_NAME
from tests.making import current, put, revisions, row

BY = "研考"


def labels_of(store: Path, table: str, year: int) -> dict[str, str]:
    return {str(one[BY_NAME[table].key[1]]): one["label"] for one in current(store, table) if one["year"] == year}


def test_texts_that_name_a_year_are_proposed_old_and_new(store: Path) -> None:
    (found,) = open_year.look(store, 104).labels
    assert found.what == f"執行方法 {found.name.rpartition('/')[2]}"
    assert "預計 103 年粉絲專頁人數達到 13,000 人" in found.old
    assert found.new == found.old.replace("103 年", "104 年").replace("13,000", "16,000")
    (later,) = open_year.look(store, 106).labels
    assert later.new == found.old.replace("103 年", "106 年").replace("13,000", "16,000")


def test_a_text_that_names_a_target_is_proposed_with_the_one_proposed(store: Path) -> None:
    line = next(one for one in current(store, "methods") if (one["year"], one["method"]) == (103, "3.1.0.2"))
    put(
        store,
        "methods",
        row("methods", **line | {"label": "粉絲 13000 人、13,000人、１３，０００ 人；113,000 人、13,000 元"}),
    )
    (found,) = open_year.look(store, 104).labels
    assert found.new == "粉絲 16000 人、16,000人、１６，０００ 人；113,000 人、13,000 元"


def test_a_target_that_the_new_year_has_already_is_named_too(copy: Callable[[str], Path]) -> None:
    (label,) = (one for one in open_year.look(copy("demo"), 104).labels if one.what == "執行方法 3.1.0.2")
    assert "104 年粉絲專頁人數達到 18,000 人" in label.new


def test_a_method_says_nothing_of_the_targets_of_others(store: Path) -> None:
    line = next(one for one in current(store, "methods") if (one["year"], one["method"]) == (103, "1.1.1.1"))
    put(store, "methods", row("methods", **line | {"label": "服務 13,000 人"}))
    assert [one.name for one in open_year.look(store, 104).labels] == ["methods/label/3.1.0.2"]


@pytest.mark.parametrize(
    ("old", "new", "text", "told"),
    [
        (100, 1_200, "超過 100 人", "超過 1,200 人"),
        (1_200, 900, "超過 1200 人", "超過 900 人"),
        (90.8, 95, "達 90.8%", "達 95%"),
        (90.8, 95, "達 90.8 分", "達 90.8 分"),
        (13_000, 16_000, "達 13,000，人氣上升；１３，０００人", "達 13,000，人氣上升；１６，０００人"),
        (264, 300, "測試 264 人次", "測試 264 人次"),
    ],
)
def test_a_number_is_written_as_the_text_writes_them(old: float, new: float, text: str, told: str) -> None:
    assert with_targets(text, [Changed(old, new, "%" if old < 100 else "人")]) == told


def test_a_number_is_changed_once_where_one_target_takes_anothers_old_value() -> None:
    both = [Changed(100, 120, "人"), Changed(120, 150, "人")]
    assert with_targets("按讚 100 人、觸及 120 人", both) == "按讚 120 人、觸及 150 人"


def test_nothing_is_changed_that_nobody_was_shown(store: Path) -> None:
    open_year.open_year(store, 104, {}, title="104 年度", reason="新年度", by=BY)
    assert labels_of(store, "methods", 104) == labels_of(store, "methods", 103)


def test_a_text_is_what_the_person_made_of_it_and_the_old_year_stays(store: Path) -> None:
    (found,) = open_year.look(store, 104).labels
    before = labels_of(store, "methods", 103)
    code = found.name.rpartition("/")[2]
    labels = {found.name: "預計 104 年達到 16,000 人。", "methods/label/1.1.1.1": "沒有人問過的"}
    batch = open_year.open_year(store, 104, {}, title="104 年度", reason="新年度", by=BY, labels=labels)
    assert labels_of(store, "methods", 103) == before
    assert labels_of(store, "methods", 104) == before | {code: "預計 104 年達到 16,000 人。"}
    upload.undo(store, batch, by=BY, reason="再議")
    assert labels_of(store, "methods", 104) == {}


def test_words_of_every_level_are_looked_at_but_those_of_legal_bases(store: Path) -> None:
    for table in ("plan_years", "dimensions", "strategies", "plan_groups"):
        column = "goal" if table == "plan_years" else "label"
        line = next(one for one in current(store, table) if one["year"] == 103)
        put(store, table, row(table, **line | {column: "103-104 年自 103/06/10 起"}))
    found = {one.what: one.new for one in open_year.look(store, 104).labels}
    assert [what for what, new in found.items() if new == "104-105 年自 104/06/10 起"] == [
        "計畫目標",
        "構面 1",
        "執行策略 1.1",
        "項 1.1.1",
    ]
    assert len(found) == 5


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("  ", "新年度的標題是空的，請填寫。"),
        ("字" * 2_001, "新年度的標題有 2,001 字，最多 2,000 字，請縮短。"),
        ("104\u202e 年度", "新年度的標題裡有看不見的控制字元，請刪去。"),
    ],
)
def test_a_title_that_cannot_be_stored_is_refused_like_any_other_text(store: Path, title: str, told: str) -> None:
    before = revisions(store)
    with pytest.raises(DataError) as raised:
        open_year.open_year(store, 104, {}, title=title, reason="新年度", by=BY)
    assert str(raised.value) == told
    assert revisions(store) == before


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("  ", "是空的，請填寫，或改回原來的文字。"),
        ("字" * 2_001, "有 2,001 字，最多 2,000 字，請縮短。"),
        ("a\x07b", "裡有看不見的控制字元，請刪去。"),
    ],
)
def test_a_text_that_cannot_be_stored_is_refused_in_a_sentence(store: Path, text: str, told: str) -> None:
    (found,) = open_year.look(store, 104).labels
    before = revisions(store)
    with pytest.raises(DataError) as raised:
        open_year.open_year(store, 104, {}, title="104", reason="新年度", by=BY, labels={found.name: text})
    assert str(raised.value) == found.what + told
    assert revisions(store) == before
