"""A row without a number is the one that stands under the same name and day, or is refused; never a second one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqdash.importers.sources import Bytes
from sqdash.jobs import upload
from tests.jobs.files import BY, rejected, write_file
from tests.making import current

COUNTER = "103,櫃台服務滿意度反映調查,94.4%"


def surveys_in(store: Path) -> dict[Any, Any]:
    return {row["survey_id"]: row["satisfaction"] for row in current(store, "surveys")}


def test_a_survey_of_the_report_is_the_same_one_in_a_file_without_its_number(store: Path, tmp_path: Path) -> None:
    before = surveys_in(store)
    file = write_file(tmp_path, "調查.csv", "年度,調查名稱,滿意度", COUNTER, "103,另一調查,80%")
    note = "第 2 列的名稱、年度與已有的「103-counter」相同，認作同一筆；另有其事請自填編號。"
    preview = upload.look(store, Bytes(file))
    assert [(changed.number, changed.row["survey_id"]) for changed in preview.changes] == [(2, "103-counter")]
    outcome = upload.import_file(store, file, by=BY)
    assert (outcome.added, outcome.changed, outcome.notes) == (1, 1, (note,))
    [new] = surveys_in(store).keys() - before
    assert surveys_in(store) == before | {"103-counter": 94.4, new: 80.0}
    upload.undo(store, outcome.batch or 0, by=BY, reason="試匯入")
    assert surveys_in(store) == before


def test_a_name_typed_in_another_width_is_the_same_event(store: Path, tmp_path: Path) -> None:
    head = "活動類別,活動日期,活動名稱"
    first = write_file(tmp_path, "a.csv", head, "教育訓練,103/06/10,6S 稽核研習（一）")
    upload.import_file(store, first, by=BY)
    again = write_file(tmp_path, "b.csv", head, "教育訓練,103/06/10,6s稽核研習(一)\u200b")
    outcome = upload.import_file(store, again, by=BY)
    assert (outcome.added, outcome.changed) == (0, 1)
    [row] = [row for row in current(store, "activities") if row["kind"] == "training"]
    assert row["title"] == "6s稽核研習(一)\u200b"
    both = write_file(
        tmp_path, "c.csv", head, "教育訓練,103/06/10,6S稽核研習(一)", "教育訓練,103/06/10,6S稽核研習（一）"
    )
    assert [(one.row, one.code) for one in rejected(store, both)] == [(2, "duplicate"), (3, "duplicate")]


def test_a_row_without_a_number_that_could_be_either_of_two_is_refused(store: Path, tmp_path: Path) -> None:
    head = "編號,年度,調查名稱,滿意度"
    upload.import_file(store, write_file(tmp_path, "a.csv", head, "甲,104,民意調查,80%", "乙,104,民意調查,81%"), by=BY)
    [wrong] = rejected(store, write_file(tmp_path, "b.csv", head, ",104,民意調查,82%"))
    why = "與已有的「乙」、「甲」的名稱、年度都相同，無法判斷是哪一筆，請填編號。"
    assert (wrong.row, wrong.column, wrong.code, wrong.reason) == (2, "編號", "duplicate", why)


def test_a_row_with_a_number_beside_one_without_is_another(store: Path, tmp_path: Path) -> None:
    head = "編號,年度,調查名稱,滿意度"
    upload.import_file(store, write_file(tmp_path, "a.csv", head, "甲,104,民意調查,80%"), by=BY)
    outcome = upload.import_file(
        store, write_file(tmp_path, "b.csv", head, "甲,104,民意調查,80%", ",104,民意調查,82%"), by=BY
    )
    assert (outcome.added, outcome.unchanged) == (1, 1)


def test_a_row_known_by_its_name_belongs_to_its_unit_all_the_same(store: Path, tmp_path: Path) -> None:
    head = "編號,年度,調查名稱,主辦單位"
    upload.import_file(store, write_file(tmp_path, "a.csv", head, "甲,104,民意調查,第六課"), by=BY)
    file = write_file(tmp_path, "b.csv", head, ",104,民意調查,第一課")
    [wrong] = rejected(store, file, units=frozenset({"section-1"}))
    assert (wrong.row, wrong.code) == (2, "other_unit")
