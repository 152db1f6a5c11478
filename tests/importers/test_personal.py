"""Columns that look like personal data refuse the file: counts are kept, not people."""

from __future__ import annotations

import pytest

from sqdash.errors import DataError
from sqdash.importers import personal
from tests.importers.reading import read_file

HEAD = "類別,活動日期,活動名稱"
ROW = "教育訓練,103/06/10,研習"


@pytest.mark.parametrize(
    "heading",
    ["姓名", "參加者姓名", "身分證字號", "身份證", "聯絡電話", "手機", "E-mail", "電子郵件", "陳情人", "出生日期"],
)
def test_heading_of_personal_data_is_refused(heading: str) -> None:
    with pytest.raises(DataError) as caught:
        read_file("a.csv", f"{HEAD},{heading}\n{ROW},\n")
    assert str(caught.value) == f"a.csv 的「{heading}」欄是個人資料，本系統只存件數與人次，請刪去這一欄再上傳。"


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ("A123456789", "身分證字號"),
        ("a.b@example.org", "電子郵件"),
        ("0912-345-678", "電話"),
        ("０９１２３４５６７８", "電話"),
        ("(06)226-4101", "電話"),
    ],
)
def test_cells_of_personal_data_are_refused_whatever_the_heading(cell: str, what: str) -> None:
    with pytest.raises(DataError) as caught:
        read_file("a.csv", f"{HEAD},備註\n{ROW},{cell}\n{ROW.replace('研習', '二')},{cell}\n")
    assert str(caught.value) == f"a.csv 的「備註」欄看起來是{what}，本系統只存件數與人次，請刪去這一欄再上傳。"


def test_a_number_or_two_among_notes_is_no_list_of_people() -> None:
    notes = ["詳見公文", "洽 06-2264101", "無", "依計畫", "0912-345-678"]
    rows = "".join(f"教育訓練,103/06/{n:02d},研習,{note}\n" for n, note in enumerate(notes, 1))
    assert len(read_file("a.csv", f"{HEAD},備註\n{rows}").rows["activities"]) == 5


@pytest.mark.parametrize("heading", ["參加人次", "活動地點名稱", "地點或對象"])
def test_ordinary_headings_are_not_personal(heading: str) -> None:
    assert read_file("a.csv", f"類別,活動日期,課程名稱,{heading}\n{ROW},\n").refused == []


@pytest.mark.parametrize(
    "heading", ["電話測試人次", "電話禮貌得分", "電話禮貌測試", "電話測試人次（人次）", "電話陳情件數", "手機點閱次數"]
)
def test_trap_counts_and_scores_of_telephone_tests_are_not_personal(heading: str) -> None:
    assert read_file("a.csv", f"類別,活動日期,課程名稱,{heading}\n{ROW},9\n").refused == []


@pytest.mark.parametrize("heading", ["電話測試人次（姓名）", "測試者電話", "電話"])
def test_telephone_beside_a_test_is_personal(heading: str) -> None:
    with pytest.raises(DataError, match="是個人資料"):
        read_file("a.csv", f"類別,活動日期,課程名稱,{heading}\n{ROW},9\n")


@pytest.mark.parametrize("text", ["912345678", "987654321", "912-345-678"])
def test_trap_plain_number_of_nine_digits_is_no_telephone(text: str) -> None:
    assert personal.looks_like(text) is None


@pytest.mark.parametrize("text", ["0912345678", "+886912345678", "+886-912-345-678"])
def test_mobile_telephone_begins_with_zero_or_the_country(text: str) -> None:
    assert personal.looks_like(text) == "電話"
