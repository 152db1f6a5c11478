"""Rows of other units are refused, one by one in a file and as a whole in a form, whatever name leads to them."""

from __future__ import annotations

from pathlib import Path

import pytest

from sqdash.errors import NotAllowed, RowsRejected
from sqdash.importers.sources import Bytes
from sqdash.jobs import entries, upload, whose
from sqdash.store import database
from sqdash.store.queries import plan
from sqdash.tables import BY_NAME
from tests.making import current, is_one_sentence, put, row

BY = "測試員"
ACTIVITIES, EXPLANATIONS, MARKS = (BY_NAME[name] for name in ("activities", "explanations", "ledger_marks"))
HEAD = "編號,類別,日期,名稱,主辦單位,場次\n"
MINE = "m-1,教育訓練,103/06/01,本課的課,第六課,1\n"
OTHERS = "m-2,教育訓練,103/06/02,別人的課,第一課,1\n"
NOBODYS = "m-3,教育訓練,103/06/03,沒有單位的課,,1\n"
ALL = "m-4,教育訓練,103/06/04,大家的課,各單位,1\n"


def file(*lines: str, head: str = HEAD, name: str = "活動.csv") -> Bytes:
    return Bytes(name, (head + "".join(lines)).encode())


def of(store: Path, unit: str, day: str = "2026-11-24") -> frozenset[str]:
    with database.reading(store) as connection:
        return plan.counted_as(connection, unit, day)


def titles(store: Path) -> set[str]:
    return {found["title"] for found in current(store, "activities")}


def test_a_unit_is_meant_by_its_own_code_its_sub_units_and_the_collectives_it_is_in(store: Path) -> None:
    assert of(store, "section-6") == {"section-6", "all-units", "sections-1-6"}
    assert of(store, "secretariat") == {"secretariat", "secretariat-rdec", "secretariat-affairs", "all-units"}
    assert of(store, "secretariat-rdec") == {"secretariat-rdec", "all-units"}
    assert of(store, "it-office") == {"it-office"}
    assert of(store, "nowhere") == {"nowhere"}


def test_a_sub_unit_that_moved_is_no_longer_meant_by_the_unit_it_left(store: Path) -> None:
    sub = {"unit": "sub-x", "label": "甲小組", "kind": "sub_unit", "implementing": 0, "position": 30}
    put(
        store,
        "units",
        row("units", parent="section-1", valid_to="2014-06-30", **sub),
        row("units", parent="section-2", valid_from="2014-07-01", **sub),
    )
    meant = {
        (unit, day): "sub-x" in of(store, unit, day)
        for unit in ("section-1", "section-2")
        for day in ("2014-06-30", "2014-07-01")
    }
    assert [at for at, found in meant.items() if found] == [("section-1", "2014-06-30"), ("section-2", "2014-07-01")]


def test_rows_of_other_units_are_refused_in_the_preview_with_place_reason_and_remedy(store: Path) -> None:
    found = upload.look(store, file(MINE, OTHERS, NOBODYS, ALL), units=of(store, "section-6"))
    (rejected,) = found.outcome.rejected
    assert (rejected.row, rejected.column, rejected.value, rejected.code) == (3, "主辦單位", "第一課", "other_unit")
    assert rejected.reason == "是其他單位的資料，您的帳號只能登錄本單位的資料，請交由該單位處理。"
    assert (found.outcome.rows, found.outcome.added) == (4, 3)


def test_a_file_with_rows_of_others_is_refused_whole_unless_the_rest_is_taken(store: Path) -> None:
    units, before = of(store, "section-6"), titles(store)
    with pytest.raises(RowsRejected) as raised:
        upload.import_file(store, file(MINE, OTHERS), by=BY, units=units)
    assert is_one_sentence(raised.value)
    assert titles(store) == before
    outcome = upload.import_file(store, file(MINE, OTHERS), by=BY, units=units, skip_rejected=True)
    assert (outcome.added, len(outcome.rejected)) == (1, 1)
    assert titles(store) == before | {"本課的課"}


def test_whoever_may_write_for_all_brings_in_the_same_file_whole(store: Path) -> None:
    assert upload.import_file(store, file(MINE, OTHERS), by=BY).added == 2


def test_a_row_of_another_unit_is_not_taken_over_under_its_key(store: Path) -> None:
    upload.import_file(store, file(OTHERS), by=BY)
    taken = OTHERS.replace("第一課", "第六課").replace("別人的課", "改名")
    found = upload.look(store, file(taken), units=of(store, "section-6"))
    (rejected,) = found.outcome.rejected
    assert (rejected.row, rejected.value, rejected.code) == (2, "第一課", "other_unit")
    assert rejected.reason.startswith("同一筆資料在資料庫裡屬於其他單位，")
    assert "別人的課" in titles(store)


def test_a_file_without_the_unit_column_does_not_change_rows_of_others(store: Path) -> None:
    upload.import_file(store, file(OTHERS), by=BY)
    without = file("m-2,教育訓練,103/06/02,改名,9\n", head="編號,類別,日期,名稱,場次\n")
    (rejected,) = upload.look(store, without, units=of(store, "section-6")).outcome.rejected
    assert (rejected.row, rejected.column, rejected.value) == (2, "主辦單位", "第一課")


def test_an_editor_without_a_unit_brings_in_rows_that_name_nobody_only(store: Path) -> None:
    found = upload.look(store, file(MINE, NOBODYS), units=frozenset())
    assert [one.row for one in found.outcome.rejected] == [2]
    assert found.outcome.added == 1


def test_rows_of_tables_without_a_unit_are_open_to_every_unit(store: Path) -> None:
    months = file("103/06,18,18\n", head="月份,受理件數,辦結件數\n", name="陳情.csv")
    assert upload.import_file(store, months, by=BY, units=of(store, "section-6")).added == 1


def test_the_unit_that_contributed_a_post_does_not_close_it_to_others(store: Path) -> None:
    put(store, "pages", row("pages", page_id="1", kind="own", label="頁"))
    head = "post_id,page_id,published_at,message,unit\n"
    posts = file("1_2,1,2014-06-01T09:00:00+08:00,文字,section-1\n", head=head, name="posts.csv")
    assert upload.look(store, posts, units=of(store, "section-6")).outcome.rejected == ()


def test_a_file_of_a_table_that_the_person_may_not_change_is_refused_naming_the_table(store: Path) -> None:
    targets = file(
        "fans,target,1,2014-01-01,2014-12-31,>=,1\n",
        head="indicator,kind,definition,valid_from,valid_to,comparator,value\n",
        name="targets.csv",
    )
    for act in (upload.look, lambda *a, **k: upload.import_file(*a, by=BY, **k)):
        with pytest.raises(NotAllowed, match="目標與規律") as raised:
            act(store, targets, tables=frozenset({"activities"}))
        assert is_one_sentence(raised.value)


# --- rows typed by a person


def activity(**more: str) -> dict[str, str]:
    return {"activity_id": "m-9", "kind": "training", "held_on": "103/06/09", "title": "課", "sessions": "1"} | more


def test_a_typed_row_of_another_unit_is_refused_and_nothing_is_written(store: Path) -> None:
    before = store.read_bytes()
    with pytest.raises(NotAllowed, match="第一課") as raised:
        entries.enter(store, ACTIVITIES, activity(unit="section-1"), reason="新增", by=BY, units=of(store, "section-6"))
    assert is_one_sentence(raised.value)
    assert store.read_bytes() == before


def test_a_correction_neither_takes_a_row_nor_gives_it_away(store: Path) -> None:
    units = of(store, "section-6")
    entries.enter(store, ACTIVITIES, activity(unit="section-1"), reason="新增", by=BY)
    with pytest.raises(NotAllowed, match="屬於其他單位"):
        entries.enter(store, ACTIVITIES, activity(unit="section-6"), reason="搶來", by=BY, units=units)
    entries.enter(store, ACTIVITIES, activity(activity_id="m-8", unit="section-6"), reason="新增", by=BY, units=units)
    with pytest.raises(NotAllowed, match="是其他單位的資料"):
        entries.enter(store, ACTIVITIES, activity(activity_id="m-8", unit="section-1"), reason="給", by=BY, units=units)


def test_a_row_of_another_unit_is_not_struck(store: Path) -> None:
    entries.enter(store, ACTIVITIES, activity(unit="section-1"), reason="新增", by=BY)
    with pytest.raises(NotAllowed) as raised:
        entries.strike(store, ACTIVITIES, ["m-9"], reason="刪", by=BY, units=of(store, "section-6"))
    assert is_one_sentence(raised.value)
    assert "課" in titles(store)
    entries.strike(store, ACTIVITIES, ["m-9"], reason="刪", by=BY, units=of(store, "section-1"))
    assert "課" not in titles(store)


# --- rows of an indicator belong to its lead units


def reason(indicator: str, **more: str) -> dict[str, str]:
    days = {"period_from": "103/01/01", "period_to": "103/12/31"}
    return days | {"indicator": indicator, "kind": "reason", "ordinal": "9", "text": "因為"} | more


def leads(store: Path, indicator: str, year: int = 103) -> frozenset[str]:
    with database.reading(store) as connection:
        return plan.lead_codes(connection, year).get(indicator, frozenset())


def test_reasons_are_written_by_the_lead_units_of_the_indicator(store: Path) -> None:
    assert leads(store, "wifi_hotspots") == {"it-office", "section-6"}
    with pytest.raises(NotAllowed, match="無線熱點"):
        entries.enter(store, EXPLANATIONS, reason("wifi_hotspots"), reason="補", by=BY, units=of(store, "section-1"))
    entries.enter(store, EXPLANATIONS, reason("wifi_hotspots"), reason="補", by=BY, units=of(store, "it-office"))


def test_reasons_of_an_indicator_that_nobody_leads_are_open_to_all_but_not_under_anothers_name(store: Path) -> None:
    year = {"period_from": "90/01/01", "period_to": "90/12/31"}  # before any plan
    with pytest.raises(NotAllowed, match="第二課"):
        entries.enter(
            store,
            EXPLANATIONS,
            reason("fans", unit="section-2", **year),
            reason="補",
            by=BY,
            units=frozenset({"section-1"}),
        )
    entries.enter(store, EXPLANATIONS, reason("fans", **year), reason="補", by=BY, units=frozenset({"section-1"}))


def test_a_ledger_is_marked_complete_by_its_lead_unit(store: Path) -> None:
    mark = {"indicator": "wifi_checks", "period_from": "103/01/01", "period_to": "103/12/31", "state": "complete"}
    with pytest.raises(NotAllowed):
        entries.enter(store, MARKS, mark, reason="齊", by=BY, units=of(store, "section-1"))
    entries.enter(store, MARKS, mark, reason="齊", by=BY, units=of(store, "it-office"))
    with pytest.raises(NotAllowed):
        entries.strike(
            store, MARKS, ["wifi_checks", "2014-01-01", "2014-12-31"], reason="刪", by=BY, units=of(store, "section-1")
        )


def test_a_file_of_reasons_is_refused_row_by_row(store: Path) -> None:
    head = "indicator,period_from,period_to,kind,ordinal,text\n"
    lines = [f"{key},2014-01-01,2014-12-31,reason,8,因為\n" for key in ("wifi_hotspots", "six_s_audits")]
    found = upload.look(store, file(*lines, head=head, name="explanations.csv"), units=of(store, "it-office"))
    six_s = leads(store, "six_s_audits")
    expected = [] if six_s & of(store, "it-office") else [(3, "indicator", whose.CODE)]
    assert six_s
    assert [(one.row, one.column, one.code) for one in found.outcome.rejected] == expected
