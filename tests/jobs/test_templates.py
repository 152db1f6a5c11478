"""Templates come back as nothing until they are filled in, and what they show as examples is what the reader takes."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from odfdo import Document, Table

from sqdash.errors import DataError
from sqdash.importers.base import Answers
from sqdash.importers.data_rows import EXAMPLE
from sqdash.importers.sources import Bytes
from sqdash.importers.specs import BY_SPEC, SPECS
from sqdash.indicators import INDICATORS, SURVEYED
from sqdash.jobs import templates, upload
from sqdash.jobs.outcomes import Preview
from sqdash.jobs.sheet_shapes import Kind
from sqdash.records import Rejected
from sqdash.tables import ACTIVITY_KINDS
from tests.making import is_one_sentence

KINDS: tuple[Kind, ...] = ("xlsx", "ods", "csv")
EVERY = pytest.mark.parametrize(
    ("name", "kind"), [(spec.name, kind) for spec in SPECS for kind in KINDS], ids=lambda value: str(value)
)
ANSWERS = {"fan_days": Answers(page="xiaoanxin")}

STORED: dict[str, dict[str, list[dict[str, Any]]]] = {
    "posts_file": {
        "pages": [{"page_id": "1234567890", "kind": "unassigned", "label": "1234567890"}],
        "posts": [
            {
                "post_id": "1234567890_101",
                "page_id": "1234567890",
                "published_at": "2014-11-22T09:00:00+08:00",
                "type": "相片",
                "message": "選購兒童玩具，請認明商品檢驗標識。",
                "topic": "商品安全",
                "unit": "section-6",
            }
        ],
        "snapshots": [
            {
                "post_id": "1234567890_101",
                "observed_at": "2014-12-01T09:00:00+08:00",
                "likes": 86,
                "comments": 4,
                "shares": 11,
                "reach": 920,
            }
        ],
    },
    "fan_days": {
        "page_days": [
            {
                "page_id": "xiaoanxin",
                "day": "2014-12-31",
                "day_zone": "Asia/Taipei",
                "measure": "fans",
                "value": 16300,
            }
        ]
    },
    "activities": {
        "activities": [
            {
                "activity_id": "training-2014-06-10-5a76afe012",
                "kind": "training",
                "held_on": "2014-06-10",
                "title": "商品檢驗法規研習",
                "unit": "section-6",
                "sessions": 1,
                "attendees": 35,
                "place": "第一會議室",
            },
            {
                "activity_id": "press_release-2014-06-12-4d82437dfa",
                "kind": "press_release",
                "held_on": "2014-06-12",
                "title": "選購捕蚊燈注意事項",
                "unit": "section-3",
            },
        ]
    },
    "petitions": {"petitions": [{"month": "2014-06", "received": 18, "closed": 18}]},
    "surveys": {
        "surveys": [
            {
                "survey_id": "103-counter",  # the report has this survey under a number of its own
                "year": 103,
                "title": "櫃台服務滿意度反映調查",
                "indicator": "satisfaction_counter",
                "asked": 500,
                "valid": 420,
                "satisfaction": 94.4,
                "unit": "section-6",
            }
        ]
    },
    "checks": {
        "checks": [
            {
                "check_id": "phone_test-2014-06-15-e3b0c44298",
                "kind": "phone_test",
                "checked_on": "2014-06-15",
                "people": 22,
                "passed": 1,
                "unit": "secretariat-rdec",
            },
            {
                "check_id": "wifi-2014-06-16-8c7ddefef3",
                "kind": "wifi",
                "checked_on": "2014-06-16",
                "place": "第一會議室",
                "passed": 1,
            },
        ]
    },
    "readings": {
        "readings": [
            {
                "indicator": "likes_per_post",
                "period_from": "2014-01-01",
                "period_to": "2014-12-31",
                "moment": "result",
                "ordinal": 1,
                "low": 60.0,
                "high": 70.0,
                "basis": "reported",
                "source_place": "103 年度成果報告",
            }
        ]
    },
    "targets": {
        "targets": [
            {
                "indicator": "fans",
                "kind": "target",
                "definition": 1,
                "valid_from": "2015-01-01",
                "valid_to": "2015-12-31",
                "comparator": ">=",
                "value": 18000.0,
            }
        ]
    },
    "contributions": {
        "contributions": [
            {
                "contribution_id": "2014-07-05-section-1-42f9ddb4e7",
                "due_on": "2014-07-05",
                "unit": "section-1",
                "title": "認識商品檢驗標識",
                "role": "FB 工作小組",
                "state": "planned",
            }
        ]
    },
}


def look(store: Path, name: str, kind: Kind, data: bytes) -> Preview:
    return upload.look(store, Bytes(templates.file_name(name, kind), data), ANSWERS.get(name, Answers()))


def without_marks(data: bytes, kind: Kind) -> bytes:
    """The file as it is once a person took the word for an example off the examples."""
    if kind == "csv":
        return b"".join(
            line.replace(EXAMPLE.encode(), b"")
            for line in data.splitlines(keepends=True)
            if "說明：".encode() not in line
        )
    out = io.BytesIO()
    if kind == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(data))
        for cell in (cell for row in book.worksheets[0].iter_rows() for cell in row if isinstance(cell.value, str)):
            cell.value = cell.value.removeprefix(EXAMPLE)
        book.save(out)
    else:
        document = Document(io.BytesIO(data))
        for paragraph in document.body.get_tables()[0].get_elements("descendant::text:p"):
            paragraph.replace(EXAMPLE, "")
        document.save(out)
    return out.getvalue()


def worksheet(name: str, at: int = 0) -> Any:
    return openpyxl.load_workbook(io.BytesIO(templates.make(name, "xlsx"))).worksheets[at]


def letters(sheet: Any) -> dict[str, str]:
    """Heading → letter of its column."""
    return {cell.value: cell.column_letter for cell in sheet[1]}


def column_format(sheet: Any, heading: str) -> str:
    """The number format of a whole column, however far down it is filled in."""
    at = next(cell.column for cell in sheet[1] if cell.value == heading)
    (found,) = [d.number_format for d in sheet.column_dimensions.values() if d.min <= at <= d.max]
    return str(found)


def ods(data: bytes) -> tuple[Document, Table, Table]:
    document = Document(io.BytesIO(data))
    first, second = document.body.get_tables()
    return document, first, second


# --- names


def test_there_is_a_template_for_every_table_that_people_fill_in() -> None:
    assert [(spec.name, spec.label) for spec in SPECS] == [
        ("posts_file", "貼文"),
        ("fan_days", "粉絲專頁每日數據"),
        ("activities", "活動紀錄（活動、訓練、訪視、新聞稿、報告、會議）"),
        ("petitions", "人民陳情（每月）"),
        ("surveys", "民意調查"),
        ("checks", "查核與測試"),
        ("readings", "陳報值"),
        ("targets", "目標與規律"),
        ("contributions", "供稿輪值"),
    ]


def test_a_file_is_called_by_what_it_is_for() -> None:
    assert templates.file_name("activities", "xlsx") == "範本_活動紀錄.xlsx"
    assert templates.file_name("petitions", "ods") == "範本_人民陳情.ods"
    assert len({templates.file_name(name, "csv") for name in BY_SPEC}) == len(SPECS)


@pytest.mark.parametrize("ask", [lambda: templates.make("units", "csv"), lambda: templates.file_name("../x", "ods")])
def test_a_template_that_does_not_exist_is_named_with_those_that_do(ask: Callable[[], object]) -> None:
    with pytest.raises(DataError, match="activities、petitions") as caught:
        ask()
    assert is_one_sentence(caught.value)


# --- there and back


@EVERY
def test_a_template_as_it_is_brings_nothing_in(made: Callable[[str], Path], name: str, kind: Kind) -> None:
    outcome = look(made("report"), name, kind, templates.make(name, kind)).outcome
    assert (outcome.format, outcome.rows, outcome.rejected, outcome.warnings) == (name, 0, (), ())


@EVERY
def test_an_example_without_its_mark_is_taken_as_it_reads(made: Callable[[str], Path], name: str, kind: Kind) -> None:
    preview = look(made("report"), name, kind, without_marks(templates.make(name, kind), kind))
    assert preview.outcome.rejected == ()
    assert preview.outcome.format == name
    assert {
        table: [{k: v for k, v in row.items() if v is not None and k != "source_row"} for row in rows]
        for table, rows in preview.tables.items()
    } == STORED[name]


def test_every_template_has_its_expected_rows() -> None:
    assert set(STORED) == set(BY_SPEC)


@EVERY
def test_the_same_template_is_the_same_bytes(name: str, kind: Kind) -> None:
    assert templates.make(name, kind) == templates.make(name, kind)


# --- XLSX as a spreadsheet shows it


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: str(spec.name))
def test_a_workbook_has_the_form_and_its_explanation(spec: Any) -> None:
    book = openpyxl.load_workbook(io.BytesIO(templates.make(spec.name, "xlsx")))
    assert book.sheetnames == [spec.label.partition("（")[0], "填寫說明"]
    assert [cell.value for cell in book.worksheets[0][1]] == [spec.headings[field.name][0] for field in spec.filled]
    assert {sheet.freeze_panes for sheet in book.worksheets} == {"A2"}
    assert all(cell.font.b for cell in book.worksheets[0][1])


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: str(spec.name))
def test_only_needed_columns_are_coloured_and_say_so(spec: Any) -> None:
    sheet = worksheet(spec.name)
    coloured = {cell.value for cell in sheet[1] if cell.fill.fgColor.rgb == "FFFFE08A"}
    commented = {cell.value for cell in sheet[1] if cell.comment and cell.comment.text.startswith("必填：")}
    assert coloured == commented == {spec.headings[name][0] for name in spec.required}


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("posts_file", "貼文編號"),
        ("posts_file", "專頁編號"),
        ("posts_file", "發布時間"),
        ("activities", "編號"),
        ("activities", "活動日期"),
        ("petitions", "月份"),
        ("surveys", "年度"),
        ("surveys", "滿意度（%）"),
        ("readings", "數值"),
    ],
)
def test_excel_is_kept_from_changing_ids_days_months_percentages_and_intervals(name: str, heading: str) -> None:
    sheet = worksheet(name)
    assert column_format(sheet, heading) == "@"
    example = sheet[f"{letters(sheet)[heading]}2"]
    assert example.value is None or (example.number_format, example.data_type) == ("@", "s")


@pytest.mark.parametrize(
    ("name", "heading", "value"),
    [("fan_days", "粉絲人數", 16300), ("petitions", "受理件數", 18), ("targets", "目標值", 18000)],
)
def test_numbers_are_numbers_and_a_day_typed_among_them_shows_as_one(name: str, heading: str, value: int) -> None:
    sheet = worksheet(name)
    assert column_format(sheet, heading) == "General"
    example = sheet[f"{letters(sheet)[heading]}2"]
    assert (example.value, example.data_type) == (value, "n")


def test_the_first_cell_of_an_example_says_that_it_is_one() -> None:
    rows = list(worksheet("activities").iter_rows(min_row=2, max_col=3, values_only=True))
    assert rows == [(None, "（範例）教育訓練", "103/06/10"), (None, "（範例）新聞稿", "103/06/12")]


def rules(sheet: Any) -> dict[str, str]:
    """Heading → what its cells may be, for the columns with a list."""
    by_letter = {letter: heading for heading, letter in letters(sheet).items()}
    found = {}
    for rule in sheet.data_validations.dataValidation:
        (area,) = rule.sqref.ranges
        assert rule.type == "list"
        assert area.min_row == 2
        assert area.max_row >= 1_001
        found[by_letter[area.coord.split(":")[0].rstrip("2")]] = rule.formula1
    return found


def test_words_to_choose_from_are_a_list_in_their_columns() -> None:
    assert rules(worksheet("activities")) == {"活動類別": f'"{",".join(shown for _, shown in ACTIVITY_KINDS)}"'}
    assert rules(worksheet("posts_file")) == {"付費推廣": '"是,否"'}
    assert rules(worksheet("petitions")) == {}


def test_the_indicators_to_choose_from_stand_on_the_second_sheet_because_a_rule_takes_255_characters() -> None:
    for name, offered in (("surveys", SURVEYED), ("readings", INDICATORS), ("targets", INDICATORS)):
        reference = rules(worksheet(name))["指標"]
        sheet, _, area = reference.replace("$", "").partition("!")
        assert sheet == "'填寫說明'"
        assert [cell.value for (cell,) in worksheet(name, 1)[area]] == [indicator.label for indicator in offered]


def test_the_second_sheet_explains_every_column_and_adds_the_notes() -> None:
    assert list(worksheet("petitions", 1).iter_rows(values_only=True)) == [
        ("欄名", "必填", "填什麼", "例"),
        ("月份", "必填", "月份，例如 103/06", "103/06"),
        ("受理件數", "必填", "0 或正整數，單位是件", "18"),
        ("辦結件數", "必填", "0 或正整數，單位是件", "18"),
        ("出處", "可空白", "文字", None),
        ("說明", None, "底色為黃色的欄必填，其餘可空白；欄名請勿更改，欄的順序可調整。", None),
        ("說明", None, "以「（範例）」開頭的列是範例，不會匯入，可以留著或刪去。", None),
        ("說明", None, "每列一個月；月份可寫 103/06、10306 或 103年6月。只登錄件數，不登錄陳情人。", None),
    ]


def test_the_second_sheet_tells_what_an_empty_cell_means_and_which_words_are_taken() -> None:
    said = {row[0]: row[1:3] for row in worksheet("contributions", 1).iter_rows(values_only=True)}
    assert said["編號"] == ("可空白", "文字，空白時自動編號")
    assert said["供稿狀態"] == (
        "可空白",
        "「已排定」、「已供稿」、「初審」、「審稿會議」、「已刊登」之一，空白時為「已排定」，已有的列不變",
    )
    assert said["供稿單位"] == ("必填", "單位的名稱或簡稱，例如 第六課、嘉辦")


# --- ODS


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: str(spec.name))
def test_an_ods_has_the_same_two_sheets(spec: Any) -> None:
    _, first, second = ods(templates.make(spec.name, "ods"))
    assert [first.name, second.name] == [spec.label.partition("（")[0], "填寫說明"]
    assert first.get_row_values(0, complete=False) == [spec.headings[field.name][0] for field in spec.filled]
    assert second.get_row_values(0, complete=False) == ["欄名", "必填", "填什麼", "例"]
    needed = {cell.text_content for cell in first.get_cells((0, 0, 99, 0), flat=True) if cell.style == "required"}
    assert len(needed) == len(spec.required)


def test_an_ods_keeps_as_typed_what_excel_does_and_has_a_thousand_rows_for_it() -> None:
    document, form, _ = ods(templates.make("surveys", "ods"))
    styles = {e.get_attribute("style:name"): e for e in document.content.get_elements("//style:style")}
    kept = [
        styles[str(column.default_cell_style)].get_attribute("style:data-style-name") == "as-typed"
        for column in form.get_columns()
    ]
    numbers = ("發出份數", "有效份數")
    assert kept == [spec not in numbers for spec in form.get_row_values(0, complete=False)]
    assert form.height == 1 + 1 + 1_000
    assert form.get_cell("B1001").style == "text"


def test_an_ods_has_the_lists_and_its_headings_stay_in_sight() -> None:
    document, form, _ = ods(templates.make("checks", "ods"))
    rules = {
        e.get_attribute("table:name"): e.get_attribute("table:condition")
        for e in document.content.get_elements("//table:content-validation")
    }
    words = '"6S 稽核";"電話禮貌測試";"無線網路連線測試";"未更新網頁提報"'
    assert rules == {
        "查核與測試-1": f"of:cell-content-is-in-list({words})",
        "查核與測試-5": 'of:cell-content-is-in-list("是";"否")',
    }
    assert form.get_cell("B900").get_attribute("table:content-validation-name") == "查核與測試-1"
    view = document.get_part("settings.xml").serialize().decode()
    assert view.count('config:name="VerticalSplitPosition" config:type="int">1<') == 2


# --- CSV


def test_a_csv_has_headings_examples_and_its_explanation_as_notes() -> None:
    data = templates.make("checks", "csv")
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\n") == data.count(b"\r\n")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["編號", "查核類別", "查核日期", "地點或對象", "人次", "正常", "辦理單位", "備註", "出處"]
    assert rows[1] == ["", "（範例）電話禮貌測試", "103/06/15", "", "22", "是", "秘書室(研考)", "", ""]
    assert [row[0] for row in rows[3:6]] == [
        "說明：必填的欄是 查核類別、查核日期；其餘可空白。欄名請勿更改。",
        "說明：以「（範例）」開頭的列是範例，不會匯入，可以留著或刪去。",
        "說明：「查核類別」填「6S 稽核」、「電話禮貌測試」、「無線網路連線測試」、「未更新網頁提報」之一。",
    ]
    assert all(row[0].startswith("說明：") for row in rows[3:])


# --- refused rows

FOREIGN = ['=HYPERLINK("http://x")', "+1", "@x", "\t=1+1", "-2+3", "＝1", "http://x.example", "<b>粗</b>", "'x", "007"]
REFUSED = tuple(
    Rejected(at, f"欄{at}", text, "value", f"{text}不能採用，請改正。") for at, text in enumerate(FOREIGN, 2)
)
HEADINGS = ("列", "欄", "內容", "原因")


def test_refused_rows_in_xlsx_stay_text_and_are_neither_formulas_nor_links() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(templates.rejected_sheet(REFUSED, "xlsx"))).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows == [HEADINGS, *((r.row, r.column, r.value, r.reason) for r in REFUSED)]
    assert {cell.data_type for row in sheet.iter_rows(min_row=2, min_col=2) for cell in row} == {"s"}
    assert all(cell.hyperlink is None for row in sheet.iter_rows() for cell in row)


def test_refused_rows_in_ods_stay_text_and_are_no_formulas() -> None:
    document = Document(io.BytesIO(templates.rejected_sheet(REFUSED, "ods")))
    (table,) = document.body.get_tables()
    cells = [table.get_cell((2, at)) for at in range(1, len(REFUSED) + 1)]
    assert [cell.get_elements("text:p")[0].text_recursive for cell in cells] == FOREIGN
    assert {cell.get_attribute("office:value-type") for cell in cells} == {"string"}
    assert table.get_cell((2, 4)).get_elements("descendant::text:tab")
    assert not document.content.get_elements("//*[@table:formula]")
    assert [table.get_cell((0, at)).value for at in range(1, 4)] == [2, 3, 4]


def test_refused_rows_in_csv_are_guarded_against_formulas() -> None:
    text = templates.rejected_sheet(REFUSED, "csv").decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[0] == list(HEADINGS)
    assert [row[2] for row in rows[1:]] == [
        '\'=HYPERLINK("http://x")',
        "'+1",
        "'@x",
        "'\t=1+1",
        "'-2+3",
        "'＝1",
        "http://x.example",
        "<b>粗</b>",
        "'x",
        "007",
    ]
    assert [row[0] for row in rows[1:]] == [str(r.row) for r in REFUSED]
    assert rows[1][3] == '\'=HYPERLINK("http://x")不能採用，請改正。'


@pytest.mark.parametrize("kind", KINDS)
def test_a_refused_entry_without_a_row_leaves_its_place_empty(kind: Kind) -> None:
    data = templates.rejected_sheet([Rejected(None, "值", "x\x00y", "control", "含有控制字元，請刪除。")], kind)
    assert data == templates.rejected_sheet([Rejected(None, "值", "x□y", "control", "含有控制字元，請刪除。")], kind)
    if kind == "csv":
        assert data.decode("utf-8-sig").splitlines()[1] == ",值,x□y,含有控制字元，請刪除。"
