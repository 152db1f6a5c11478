"""Staged rows beside the store: names that units share, units above others, the rest of a row of which a part came."""

from __future__ import annotations

from pathlib import Path

import pytest

from sqdash.importers.sources import Bytes
from sqdash.jobs import upload
from tests.jobs.files import BY, rejected, write_file
from tests.making import current

UNITS = "unit,label,short,kind,implementing,position"
ACTIVITY = "活動類別,活動日期,結束日,活動名稱,主辦單位,場次,人次,地點,備註"
SURVEY = "年度,調查名稱,指標,調查起,調查迄,發出份數,有效份數,滿意度,主辦單位"


def test_units_that_share_a_name_are_told_and_rows_that_write_it_are_refused(store: Path, tmp_path: Path) -> None:
    lines = ["new-a,新課,,unit,1,30", "new-b,新 課,,unit,1,31", "new-c,三課,第一課,unit,1,32"]
    outcome = upload.import_file(store, write_file(tmp_path, "units.csv", UNITS, *lines), by=BY)
    told = "的名稱或簡稱是 {} 共用的，之後以名稱填寫會被拒收，請改用不同的名稱。"
    assert outcome.warnings == (
        f"單位「新課」{told.format('new-a、new-b')}",
        f"單位「三課」{told.format('new-c、section-1')}",
    )
    head = "活動類別,活動日期,活動名稱,主辦單位"
    rows_of = ["教育訓練,103/06/01,甲,新課", "教育訓練,103/06/02,乙,第一課", "教育訓練,103/06/03,丙,三課"]
    wrong = rejected(store, write_file(tmp_path, "a.csv", head, *rows_of))
    why = "是 2 個單位的名稱，無法判斷是哪一個，請改填代碼 {} 之一。"
    assert [(one.row, one.column, one.value, one.code, one.reason) for one in wrong] == [
        (2, "主辦單位", "新課", "shared_name", why.format("new-a、new-b")),
        (3, "主辦單位", "第一課", "shared_name", why.format("new-c、section-1")),
    ]
    coded = [row.replace("新課", "new-b").replace("第一課", "section-1") for row in rows_of]
    upload.import_file(store, write_file(tmp_path, "b.csv", head, *coded), by=BY)
    found = {row["title"]: row["unit"] for row in current(store, "activities")}
    assert {name: found[name] for name in "甲乙丙"} == {"甲": "new-b", "乙": "section-1", "丙": "new-c"}


def test_a_new_name_of_a_unit_shares_none_and_a_code_means_its_own_unit(store: Path, tmp_path: Path) -> None:
    head = "unit,valid_from,label,short,kind,implementing,position"
    lines = ["section-1,2020-01-01,第一課,,unit,1,1", "new-a,,section-2,,unit,1,30"]
    outcome = upload.import_file(store, write_file(tmp_path, "units.csv", head, *lines), by=BY)
    assert outcome.warnings == ()
    activity = write_file(tmp_path, "a.csv", "活動類別,活動日期,活動名稱,主辦單位", "教育訓練,103/06/01,甲,section-2")
    upload.import_file(store, activity, by=BY)
    assert [row["unit"] for row in current(store, "activities") if row["title"] == "甲"] == ["section-2"]


def test_a_unit_above_another_must_be_one(store: Path, tmp_path: Path) -> None:
    head = "unit,label,parent,kind,implementing,position"
    both = ["new-a,甲組,new-b,sub_unit,0,30", "new-b,新課,,unit,1,31"]
    [wrong] = rejected(store, write_file(tmp_path, "a.csv", head, *both, "new-c,乙組,不存在,sub_unit,0,32"))
    assert (wrong.row, wrong.value, wrong.reason) == (
        4,
        "不存在",
        "在已登錄的單位裡找不到，請改正名稱或編號，或先建立。",
    )
    assert upload.import_file(store, write_file(tmp_path, "b.csv", head, *both), by=BY).added == 2


@pytest.mark.parametrize(
    ("table", "head", "full", "bare", "other"),
    [
        (
            "activities",
            ACTIVITY,
            "教育訓練,103/06/10,103/06/12,研習,第六課,2,35,會議室,首次",
            "教育訓練,103/06/10,,研習,,,－,,",
            "教育訓練,103/06/20,103/06/21,講習,第一課,1,5,禮堂,無",
        ),
        (
            "activities",
            ACTIVITY,
            "教育訓練,103/06/10-12,,研習,第六課,2,35,會議室,首次",
            "教育訓練,103/06/10,,研習,,,,,",
            "教育訓練,103/06/20-21,,講習,第一課,1,5,禮堂,無",
        ),
        (
            "surveys",
            SURVEY,
            "103,洽公民眾調查,櫃台服務滿意度,103/05/01,103/05/31,500,420,94.4%,第六課",
            "103,洽公民眾調查,,,,,,,",
            "103,另一調查,櫃台服務滿意度,103/07/01,103/07/31,50,42,90%,第一課",
        ),
        (
            "checks",
            "查核類別,查核日期,人次,正常,單位,備註",
            "電話禮貌測試,103/06/15,22,是,第六課,抽測",
            "電話禮貌測試,103/06/15,,,,",
            "電話禮貌測試,103/06/16,2,否,第一課,補測",
        ),
    ],
)
def test_what_a_sheet_leaves_empty_stays_as_it_is(
    store: Path, tmp_path: Path, table: str, head: str, full: str, bare: str, other: str
) -> None:
    upload.import_file(store, write_file(tmp_path, "a.csv", head, full), by=BY)
    before = current(store, table)
    outcome = upload.import_file(store, write_file(tmp_path, "b.csv", head, bare), by=BY)
    assert (outcome.unchanged, current(store, table)) == (1, before)
    outcome = upload.import_file(store, write_file(tmp_path, "c.csv", head, bare, other), by=BY)
    assert (outcome.added, outcome.changed, outcome.unchanged) == (1, 0, 1)
    assert [row for row in current(store, table) if row in before] == before


def test_a_new_end_of_a_span_takes_the_place_of_the_one_that_stands(store: Path, tmp_path: Path) -> None:
    for number, day in enumerate(("103/06/10-12", "103/06/10-13", "103/06/10")):
        row = f"教育訓練,{day},,研習,第六課,2,35,會議室,"
        upload.import_file(store, write_file(tmp_path, f"{number}.csv", ACTIVITY, row), by=BY)
    assert [row["ended_on"] for row in current(store, "activities") if row["title"] == "研習"] == ["2014-06-13"]


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        (
            "年度,調查名稱,發出份數\n103,甲,500",
            "年度,調查名稱,有效份數\n103,甲,501",
            ("有效份數", "501", "多於發出份數 500，請改正其中之一。"),
        ),
        (
            "編號,活動類別,活動名稱,活動日期,結束日\nA,教育訓練,甲,103/06/10,103/06/12",
            "編號,活動類別,活動名稱,活動日期\nA,教育訓練,甲,103/06/13",
            ("結束日", "103/06/12", "結束日早於開始日，請對調。"),
        ),
    ],
)
def test_a_part_that_does_not_go_with_the_rest_is_refused_before_anything_is_written(
    store: Path, tmp_path: Path, first: str, second: str, why: tuple[str, str, str]
) -> None:
    upload.import_file(store, write_file(tmp_path, "a.csv", first), by=BY)
    later = write_file(tmp_path, "b.csv", second)
    [wrong] = rejected(store, later)
    assert (wrong.row, wrong.column, wrong.value, wrong.reason) == (2, *why)
    assert upload.look(store, Bytes(later)).outcome.rejected == (wrong,)
