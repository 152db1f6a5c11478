"""A new year from the last: one batch with the tree, units, bases, links and targets; nothing of an old year moves."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest
from odfdo import Document as Text

from sqdash import cli, periods, plan_views, views
from sqdash.errors import DataError
from sqdash.jobs import open_year, plan_texts, upload, year_lock
from sqdash.report.tree import NO_TEXT
from tests.making import current, last_import, put, revisions, row

BY = "研考"


def begin(store: Path, year: int = 104, **values: float | None) -> int:
    return open_year.open_year(store, year, values, title=f"{year} 年度", reason="新年度", by=BY)


def rows_of(store: Path, table: str, year: int) -> list[dict[str, object]]:
    return [
        {name: value for name, value in row.items() if name not in ("year", "source_place", "title")}
        for row in current(store, table)
        if row["year"] == year
    ]


def test_the_tree_units_bases_and_links_are_carried_on_in_one_batch(store: Path) -> None:
    before = revisions(store)
    batch = begin(store, fans=17_000)
    assert revisions(store) == before + 1
    for table in open_year.COPIED:
        assert rows_of(store, table, 104) == rows_of(store, table, 103) != [], table
    assert last_import(store, "batch", "kind", "file_name", "by", "note") == (
        batch,
        "entry",
        "開立 104 年度（沿用 103 年度）",
        BY,
        "新年度",
    )
    assert rows_of(store, "result_texts", 104) == rows_of(store, "facts", 104) == []
    tree = plan_views.report(store, 104)
    assert (tree.title, len(tree.methods)) == ("104 年度", 48)
    assert {method.result for method in tree.methods} == {NO_TEXT}


def test_targets_are_those_that_the_person_set(store: Path) -> None:
    begin(store, fans=17_000, review_meetings=None)
    found = {
        (row["indicator"], row["kind"], row["valid_to"], row["comparator"], row["value"], row["every_months"])
        for row in current(store, "targets")
        if row["valid_from"] == "2015-01-01"
    }
    assert found == {
        ("fans", "target", "2015-12-31", ">=", 17_000, None),
        ("review_meetings", "norm", "2015-12-31", ">=", None, 1),
    }


def test_a_target_that_changed_in_the_year_is_carried_on_as_it_last_was_and_each_definition_has_its_own(
    store: Path,
) -> None:
    later = {"indicator": "fans", "kind": "target", "definition": 1, "comparator": ">=", "valid_to": "2014-12-31"}
    put(store, "targets", row("targets", **later, valid_from="2014-07-01", value=14_000))
    second = later | {"indicator": "likes_per_post", "definition": 2, "comparator": ">"}
    put(store, "targets", row("targets", **second, valid_from="2014-01-01", value=120))
    proposed = {one.name: one.value for one in open_year.look(store, 104).proposals}
    assert len(proposed) == 9
    assert [proposed[name] for name in ("fans", "likes_per_post", "likes_per_post.target.2")] == [16_000, 100, 120]
    open_year.open_year(store, 104, proposed, title="104 年度", reason="新年度", by=BY)
    found = [
        (line["definition"], line["value"])
        for line in current(store, "targets")
        if line["valid_from"] == "2015-01-01" and line["indicator"] in ("fans", "likes_per_post")
    ]
    assert sorted(found) == [(1, 100), (1, 16_000), (2, 120)]


def test_the_words_of_a_target_move_with_its_year_where_the_person_says_so(store: Path) -> None:
    later = {"indicator": "fans", "kind": "target", "definition": 1, "comparator": ">=", "valid_to": "2014-12-31"}
    put(store, "targets", row("targets", **later, valid_from="2014-01-01", value=13_000, words="103 年底前達成"))
    (label,) = (one for one in open_year.look(store, 104).labels if one.name.startswith("targets/"))
    assert (label.what, label.old, label.new) == ("粉絲人數目標的說法", "103 年底前達成", "104 年底前達成")
    values = {"fans": 17_000.0, "six_s_audits": 6.0}
    open_year.open_year(store, 104, values, title="104 年度", reason="新年度", by=BY, labels={label.name: "年底前"})
    found = {t["indicator"]: t["words"] for t in current(store, "targets") if t["valid_from"] == "2015-01-01"}
    assert found == {"fans": "年底前", "six_s_audits": "每 2 個月 1 次"}


@pytest.mark.parametrize("value", [math.nan, math.inf, -1.0])
def test_a_target_that_is_no_number_of_nought_or_more_is_refused(store: Path, value: float) -> None:
    before = revisions(store)
    with pytest.raises(DataError) as raised:
        begin(store, fans=value)
    assert str(raised.value) == "粉絲人數的目標須為 0 以上的數字，請改正。"
    assert revisions(store) == before


def test_what_a_rhythm_expects_is_that_of_the_new_year_and_no_other_number(store: Path) -> None:
    proposed = {one.name: one.value for one in open_year.look(store, 105).proposals}
    assert (proposed["wifi_checks"], proposed["six_s_audits"], proposed["review_meetings"]) == (366, 6, None)
    before = revisions(store)
    with pytest.raises(DataError) as raised:
        open_year.open_year(store, 105, proposed | {"six_s_audits": 12}, title="105", reason="新年度", by=BY)
    assert str(raised.value) == (
        "6S 稽核的 12 次與規律不合，每 2 個月 1 次在 105 年度是 6 次，請改回 6；要改規律請開立後到設定變更。"
    )
    assert revisions(store) == before
    open_year.open_year(store, 105, proposed | {"review_meetings": 12}, title="105", reason="新年度", by=BY)
    results = views.board(store, periods.year_period(105)).results
    for name, value in (("wifi_checks", 366), ("six_s_audits", 6), ("review_meetings", 12)):
        applied = results[name].applied
        assert applied is not None
        assert applied.value == value


def test_undoing_the_batch_takes_the_year_away_and_the_old_year_stays(store: Path) -> None:
    old = {table: current(store, table) for table in (*open_year.COPIED, "targets")}
    upload.undo(store, begin(store, fans=17_000), by=BY, reason="再議")
    assert {table: current(store, table) for table in old} == old


@pytest.mark.parametrize(
    ("year", "told"),
    [
        (103, "103 年度已經有計畫，不會覆寫，請改選還沒有計畫的年度。"),
        (102, "102 年度之前沒有任何年度的計畫可以沿用，請先匯入計畫。"),
    ],
)
def test_a_year_that_cannot_be_opened_is_refused_in_a_sentence(store: Path, year: int, told: str) -> None:
    before = revisions(store)
    with pytest.raises(DataError) as raised:
        begin(store, year)
    assert str(raised.value) == told
    assert revisions(store) == before


def test_a_locked_year_can_be_the_last_one(store: Path) -> None:
    year_lock.lock(store, 103, reason="公布", by=BY)
    begin(store)
    assert len(plan_views.report(store, 104).methods) == 48


def test_a_new_year_is_written_and_what_is_missing_is_told(store: Path) -> None:
    begin(store, fans=17_000)
    plan_texts.save(store, 104, "1.1.1.1", 1, "櫃檯整合完成。", seen=None, reason="填寫", by=BY)
    found = plan_views.completeness(store, 104)
    assert (found.methods, found.filled, found.counts["no_text"]) == (48, 1, 47)
    assert found.findings[0].owner == "1.1.1.2"


def test_the_demonstration_has_targets_of_104_so_only_others_are_proposed(copy: Callable[[str], Path]) -> None:
    store = copy("demo")
    found = open_year.look(store, 104)
    assert found.proposals == ()
    assert "fans" in found.standing
    begin(store)
    applied = views.board(store, periods.year_period(104)).results["fans"].applied
    assert applied is not None
    assert applied.value == 18_000


def test_the_report_of_the_opened_year_has_its_figures_beside_those_of_the_last(
    copy: Callable[[str], Path], tmp_path: Path
) -> None:
    store = copy("demo")
    begin(store)
    plan_texts.save(
        store, 104, "1.2.3.2", 1, "辦理 {training_sessions}，去年 {training_sessions.last_year}。", seen=None,
        reason="填寫", by=BY,
    )  # fmt: skip
    path = tmp_path / "report.odt"
    assert cli.main(["report", "--year", "104", "--format", "odt", "-o", str(path), "--db", str(store)]) == 0
    text = Text(path)
    tables = text.body.get_elements("//table:table")
    said = ["\n".join(p.inner_text for p in cell.children) for cell in tables[0].get_elements("//table:table-cell")]
    assert "(2) 辦理 58 場次，去年 55 場次。" in said
    rows = {
        row.children[0].inner_text.strip(): ["\n".join(p.inner_text for p in cell.children) for cell in row.children]
        for row in tables[3].get_elements("table:table-row")
    }
    assert rows["粉絲人數"][1:6] == ["18,000", "19,026 人\n（計算值）", "16,300 人", "達標", "104/12/31"]
    assert rows["每篇平均按讚"][1:5] == ["超過 100", "84.9 人\n（計算值，267 篇）", "60–70 人", "未達"]
    assert [len(table.get_elements("table:table-row")) for table in tables[4:7]] == [6, 6, 6]
    months = tables[4].get_elements("table:table-row")[-1].children
    assert [cell.inner_text.strip() for cell in months] == ["6 月", "17,405", "12 月", "19,026"]
    assert len(text.body.get_elements("//draw:frame")) == 3


def test_a_method_that_rests_on_a_strategys_text_asks_for_that_text(store: Path) -> None:
    begin(store)
    found = {one.text[:7]: (one.owner, one.number) for one in plan_views.completeness(store, 104).findings}
    assert found["3.1.0.1"] == ("3.1", 1)


# --- units that have ended, or go by another name


def end(store: Path, unit: str, label: str, day: str = "2014-12-31") -> None:
    (line,) = (one for one in current(store, "units") if one["unit"] == unit)
    put(store, "units", row("units", **line | {"label": label, "valid_to": day}))


def leads_of(store: Path, year: int) -> list[tuple[str, str, str]]:
    return [
        (one["method"], one["unit"], one["printed"]) for one in current(store, "method_units") if one["year"] == year
    ]


def test_a_unit_that_has_ended_is_named_and_nothing_is_opened_before_it_is_said_who_goes_on(store: Path) -> None:
    end(store, "section-6", "第六課")
    (ended,) = open_year.look(store, 104).ended
    assert (ended.name, ended.until, ended.methods[0]) == ("第六課", "2014-12-31", "1.1.1.1")
    before = revisions(store)
    with pytest.raises(DataError) as raised:
        begin(store)
    assert str(raised.value) == (
        f"第六課在 104 年度之前已經結束，還主辦 {len(ended.methods)} 項執行方法，請重新整理後選擇由哪個單位接續。"
    )
    assert revisions(store) == before


@pytest.mark.parametrize("successor", [None, "section-5"])
def test_the_methods_of_a_unit_that_has_ended_go_to_whom_the_person_says(store: Path, successor: str | None) -> None:
    end(store, "section-6", "第六課")
    old = leads_of(store, 103)
    open_year.open_year(
        store, 104, {}, title="104", reason="新年度", by=BY, successors={"section-6": successor, "section-1": None}
    )
    assert leads_of(store, 103) == old
    new = leads_of(store, 104)
    assert not [one for one in new if one[1] == "section-6"]
    assert [one for one in new if one[0] == "1.1.1.1"] == [
        *([("1.1.1.1", "section-5", "第五課")] if successor else []),
        ("1.1.1.1", "chiayi", "嘉辦"),
        ("1.1.1.1", "douliu", "斗辦"),
    ]
    assert len([one for one in new if one[:2] == ("1.1.1.2", "section-5")]) == 1
    assert ("1.1.1.2", "section-1", "第一課至第六課") in new


def test_a_successor_must_be_a_unit_of_the_new_year(store: Path) -> None:
    end(store, "section-6", "第六課")
    end(store, "section-5", "第五課")
    before = revisions(store)
    with pytest.raises(DataError) as raised:
        open_year.open_year(
            store, 104, {}, title="104", reason="新年度", by=BY,
            successors={"section-5": None, "section-6": "section-5"},
        )  # fmt: skip
    assert str(raised.value) == "要接續第六課的單位「section-5」在 104 年度開始時不存在，請改選別的單位。"
    assert revisions(store) == before


def test_a_unit_under_a_new_name_leads_on_by_that_name(store: Path) -> None:
    end(store, "chiayi", "嘉義辦事處")
    (line,) = (one for one in current(store, "units") if one["unit"] == "chiayi")
    put(
        store,
        "units",
        row("units", **line | {"valid_from": "2015-01-01", "valid_to": None, "label": "嘉義站", "short": "嘉站"}),
    )
    found = open_year.look(store, 104)
    assert (found.ended, found.renamed, found.units["chiayi"]) == ((), {"嘉辦": "嘉站"}, "嘉義站")
    begin(store)
    assert ("1.1.1.1", "chiayi", "嘉站") in leads_of(store, 104)
    assert ("1.1.1.1", "chiayi", "嘉辦") in leads_of(store, 103)


def test_a_range_of_lead_units_is_asked_about_where_one_of_them_has_ended(store: Path) -> None:
    name = "method_units/printed/第一課至第六課"
    assert name not in {one.name for one in open_year.look(store, 104).labels}
    end(store, "section-5", "第五課")
    (found,) = (one for one in open_year.look(store, 104).labels if one.name == name)
    assert (found.what, found.old, found.new) == ("主辦單位的印出名稱", "第一課至第六課", "第一課至第六課")
    given = {"title": "104", "reason": "新年度", "by": BY, "successors": {"section-5": None}}
    open_year.open_year(store, 104, {}, labels={name: "第一課至第四課、第六課"}, **given)
    printed = {unit: shown for method, unit, shown in leads_of(store, 104) if method == "1.2.3.3"}
    assert printed == {f"section-{n}": "第一課至第四課、第六課" for n in (1, 2, 3, 4, 6)}
    assert {shown for method, _, shown in leads_of(store, 103) if method == "1.2.3.3"} == {"第一課至第六課"}


def test_the_printed_lead_units_of_a_dimension_are_asked_about_where_one_has_ended_or_has_a_new_name(
    store: Path,
) -> None:
    def offered() -> list[tuple[str, str, str]]:
        return [
            (one.what, one.old, one.new)
            for one in open_year.look(store, 104).labels
            if one.name.startswith("dimensions/units_printed/")
        ]

    assert offered() == []
    printed, what = "第六課及秘書室(研考)", "創新服務措施主辦單位 3"
    (line,) = (one for one in current(store, "units") if one["unit"] == "secretariat-rdec")
    put(store, "units", row("units", **line | {"valid_from": "2015-01-01", "label": "研考室"}))
    assert offered() == [(what, printed, "第六課及研考室")]
    end(store, "section-6", "第六課")
    assert offered() == [(what, printed, "第六課及研考室")]
    labels = {"dimensions/units_printed/3": "第五課及研考室"}
    given = {"title": "104", "reason": "新年度", "by": BY, "labels": labels, "successors": {"section-6": "section-5"}}
    open_year.open_year(store, 104, {}, **given)
    found = {one["year"]: one["units_printed"] for one in current(store, "dimensions") if one["dimension"] == 3}
    assert found == {103: printed, 104: "第五課及研考室"}


def test_the_printed_lead_units_of_a_dimension_are_asked_about_where_one_has_only_ended(store: Path) -> None:
    end(store, "section-6", "第六課")
    (found,) = (one for one in open_year.look(store, 104).labels if one.name == "dimensions/units_printed/3")
    assert (found.old, found.new) == ("第六課及秘書室(研考)", "第六課及秘書室(研考)")
