"""Our templates as people fill them in: headings, rows that are no data, keys, names of units, what is refused."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
import xlwt

from sqdash.errors import DataError, Unanswered
from sqdash.importers.base import Answers, Layout
from sqdash.importers.specs import SPECS, Spec
from sqdash.periods import TAIPEI
from tests.importers import workbook_files as files
from tests.importers.reading import EXPORTED, NOW, PAGE, SEEN, Read, read_file

HEAD = "類別,活動日期,活動名稱,主辦單位,辦理場次,參加人次"
ROW = "教育訓練,103/06/10,研習,第六課,1,35"
OTHER = "新聞稿,103/06/12,捕蚊燈,第一課,,"
VARIANTS = [
    (spec, column, heading) for spec in SPECS for column, words in spec.headings.items() for heading in words[1:]
]


def read(*rows: str, head: str = HEAD, answers: Answers | None = None) -> Read:
    return read_file("a.csv", "\n".join([head, *rows]), answers or Answers())


def titles(read: Read) -> list[str]:
    return list(map(str, read.column("activities", "title")))


# --- every template


def example(spec: Spec, renamed: dict[str, str] | None = None) -> str:
    """The first example of a template under the template's own headings, or under others."""
    words = {**{column: names[0] for column, names in spec.headings.items()}, **(renamed or {})}
    row = {k: v for k, v in spec.examples[0].items() if v or k in (renamed or {})}
    row |= dict.fromkeys(set(renamed or {}) - set(row), "")
    cells = [(words[column], row[column]) for column in row]
    return "\t".join(w for w, _ in cells) + "\n" + "\t".join(v for _, v in cells) + "\n"


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_example_of_every_template_is_read_whole(spec: Spec) -> None:
    found = read_file("a.csv", example(spec), Answers(page=PAGE))
    assert found.format == spec.name
    assert (found.refused, found.findings.warnings) == ([], [])
    assert any(found.rows.values())


@pytest.mark.parametrize(("spec", "column", "heading"), VARIANTS, ids=lambda value: getattr(value, "name", value))
def test_every_other_heading_means_its_column(spec: Spec, column: str, heading: str) -> None:
    answers = Answers(page=PAGE, format=spec.name)  # the heading may tell no table apart
    plain = read_file("a.csv", example(spec, {column: spec.headings[column][0]}), answers)
    assert read_file("a.csv", example(spec, {column: heading}), answers).rows == plain.rows


# --- rows that are no data


def test_titles_totals_notes_signature_and_a_second_table_are_left_out_and_told() -> None:
    text = f"""臺南分局 103 年度活動紀錄,,,,,單位：人次
{HEAD}
（範例）教育訓練,103/01/01,某課程,第一課,9,99
{ROW}
{HEAD}
{OTHER}
合計,,,,1,35
註：不含志工,,,,,
承辦人：,,,單位主管：,,

月份,受理件數
十月,多
"""
    found = read_file("a.csv", text)
    assert (found.column("activities", "row"), titles(found), found.refused) == ([4, 6], ["研習", "捕蚊燈"], [])
    assert found.findings.notes == [
        "略過範例：第 3 列。",
        "略過重複的欄名：第 5 列。",
        "略過合計：第 7 列。",
        "略過附註或簽核：第 8、9 列。",
        "欄名在第 2 列，其上的標題列沒有讀取。",
    ]
    assert found.findings.warnings == ["第 11 列起是另一個表格，沒有讀取；需要時請另存成一個檔案。"]


def test_trap_grand_total_is_a_check_and_no_row() -> None:
    assert read(ROW, "合計,,,,1,35").findings.warnings == []
    found = read(ROW, "合計,,,,1,36")
    assert titles(found) == ["研習"]
    assert found.findings.warnings == ["第 3 列的合計「參加人次」是 36，各列相加是 35，請確認有沒有漏列。"]


def test_subtotal_is_left_out_and_checks_nothing() -> None:
    found = read(ROW, "小計,,,,1,99")
    assert (titles(found), found.findings.warnings) == (["研習"], [])


def test_trap_second_line_of_english_headings_is_left_out() -> None:
    found = read("KIND,HELD_ON,TITLE,UNIT_ID,N,PEOPLE", ROW)
    assert (found.refused, found.findings.notes) == ([], ["略過英文欄名：第 2 列。"])


def test_sentence_below_the_table_is_left_out_and_told() -> None:
    found = read(ROW, "以上場次均已核對")
    assert (found.refused, found.findings.notes) == ([], ["略過表格外的文字：第 3 列。"])


def test_row_that_lacks_what_is_required_is_refused_and_no_remark() -> None:
    found = read("教育訓練,103/06/10,,,1,", ROW)
    assert found.refused == [("required", 2, "活動名稱", "")]


def test_texts_right_below_a_row_are_no_second_table() -> None:
    found = read(ROW, "教育訓練,某日,某課,第一課,,", OTHER)
    assert found.refused == [("not_date", 3, "活動日期", "某日")]
    assert (titles(found), found.findings.warnings) == (["研習", "捕蚊燈"], [])


def test_row_wider_than_the_headings_is_refused() -> None:
    found = read(f"{ROW},多", OTHER)
    assert found.refused == [("wrong_width", 2, "（整列）", "多")]
    assert titles(found) == ["捕蚊燈"]


def test_columns_without_a_use_are_named() -> None:
    found = read(f"{ROW},1", head=f"{HEAD},項次")
    assert found.findings.notes == ["1 個欄位沒有用到：「項次」。"]


def test_merged_days_hold_for_their_rows_and_a_last_row_of_one_own_word_is_a_row() -> None:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD.split(","))
        for n, name in enumerate(("甲", "乙", "丙"), 1):
            sheet.write_string(n, 2, name)
        for column, text in ((0, "教育訓練"), (1, "103/06/10"), (3, "第六課")):
            sheet.merge_range(1, column, 3, column, text)
        sheet.write_string(4, 0, "以上場次均已核對")
    found = read_file("a.xlsx", out.getvalue())
    assert titles(found) == ["甲", "乙", "丙"]
    assert found.column("activities", "held_on") == ["2014-06-10"] * 3
    assert (found.refused, found.findings.notes) == ([], ["略過表格外的文字：第 5 列。"])


def test_merged_texts_hold_for_their_rows_and_numbers_are_never_filled() -> None:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD.split(","))
        for n, name in enumerate(("甲", "乙"), 1):
            sheet.write_row(n, 0, ["教育訓練", f"103/06/1{n}", name])
        sheet.merge_range(1, 3, 2, 3, "第六課")
        sheet.merge_range(1, 5, 2, 5, 35)
    found = read_file("a.xlsx", out.getvalue())
    assert found.column("activities", "unit") == ["s6", "s6"]
    assert found.column("activities", "attendees") == [35, None]


# --- keys


def test_key_is_derived_so_that_the_same_row_is_the_same_row_again() -> None:
    first, again = read(ROW), read(OTHER, ROW)
    assert first.column("activities", "activity_id") == ["training-2014-06-10-327c03b2de"]
    assert again.column("activities", "activity_id")[1:] == first.column("activities", "activity_id")


def test_key_does_not_depend_on_how_the_day_is_written() -> None:
    assert read(ROW.replace("103/06/10", "1030610")).column("activities", "activity_id") == [
        "training-2014-06-10-327c03b2de"
    ]


def test_key_of_a_person_is_kept() -> None:
    found = read(f"{ROW},A1", f"{ROW},A2", head=f"{HEAD},編號")
    assert found.column("activities", "activity_id") == ["A1", "A2"]


def test_two_rows_of_the_same_derived_key_are_refused_with_the_remedy() -> None:
    for head, row in ((HEAD, ROW), (f"{HEAD},編號", f"{ROW},")):
        found = read(row, row, head=head)
        assert found.refused == [("duplicate", 3, "活動名稱", "研習")]
        assert found.reasons == ["與第 2 列的名稱、日期、類別都相同；重複請刪去，確為兩筆請加「編號」欄並填不同編號。"]


def test_two_rows_whose_names_differ_in_width_alone_are_refused_with_the_remedy() -> None:
    found = read(
        ROW.replace("研習", "6S 研習（一）"),
        OTHER,
        ROW.replace("研習", "6s研習(一)"),
        ROW.replace("研習", "6S研習(二)"),
    )
    assert found.refused == [("duplicate", 2, "活動名稱", "6S 研習（一）"), ("duplicate", 4, "活動名稱", "6s研習(一)")]
    assert found.reasons[1] == "與第 2 列的名稱、日期、類別都相同；重複請刪去，確為兩筆請加「編號」欄並填不同編號。"
    numbered = read(*(f"{ROW.replace('研習', name)},{name}" for name in ("6S研習", "6s研習")), head=f"{HEAD},編號")
    assert numbered.refused == []


def test_two_rows_of_the_same_derived_key_that_contradict_each_other_are_both_refused() -> None:
    found = read(ROW, OTHER, ROW.replace(",35", ",36"))
    assert found.refused == [("duplicate", row, "活動名稱", "研習") for row in (2, 4)]
    assert [reason.partition("列")[0] for reason in found.reasons] == ["與第 4 ", "與第 2 "]
    assert titles(found) == ["捕蚊燈"]


@pytest.mark.parametrize(
    ("text", "column", "value"),
    [
        (
            "類別,查核日期,人次\n電話禮貌測試,103/6/15,1\n電話禮貌測試,103/06/15,2\n",
            "查核日期",
            ["103/6/15", "103/06/15"],
        ),
        ("年度,調查名稱,有效份數\n103,甲,1\n103,甲,2\n", "調查名稱", ["甲", "甲"]),
        ("供稿日,單位,主題,備註\n103/7/5,第一課,甲,一\n103/07/05,第一課,甲,二\n", "供稿日", ["103/7/5", "103/07/05"]),
    ],
)
def test_a_row_without_an_id_is_named_by_what_a_person_knows_it_by(text: str, column: str, value: list[str]) -> None:
    assert read_file("a.csv", text).refused == [("duplicate", n, column, shown) for n, shown in enumerate(value, 2)]


def test_two_rows_of_the_same_key_that_contradict_each_other_are_both_refused() -> None:
    found = read_file("a.csv", "月份,受理件數,辦結件數\n103/06,1,1\n103/07,5,5\n103年6月,2,2\n")
    assert found.refused == [("duplicate", 2, "月份", "103/06"), ("duplicate", 4, "月份", "103年6月")]
    assert found.reasons == [
        f"與第 {other} 列的月份相同但內容不同，無法判斷哪一列正確，請刪去其中一列。" for other in (4, 2)
    ]
    assert found.column("petitions", "month") == ["2014-07"]


def test_same_row_of_a_key_again_is_counted_once_however_it_is_written() -> None:
    found = read_file("a.csv", "月份,受理件數,辦結件數\n103/06,1,1\n103年6月,1件,１\n")
    assert (found.refused, found.findings.repeated) == ([], 1)
    assert found.column("petitions", "row") == [2]


def test_negative_figures_that_differ_by_one_are_no_repeat() -> None:
    head = "year,fact,label,value,source_place"
    rows = [f"103,loss,減少,{value},報告" for value in ("-1", "-2")]
    assert [cell[:2] for cell in read_file("a.csv", "\n".join([head, *rows])).refused] == [
        ("duplicate", 2),
        ("duplicate", 3),
    ]


def test_rows_of_one_key_far_apart_are_found() -> None:
    rows = [f"教育訓練,103/06/10,研習 {n}" for n in range(2_500)]
    found = read(*rows, "教育訓練,103/06/10,研習 0,第六課", head="類別,活動日期,活動名稱,主辦單位")
    assert [cell[:2] for cell in found.refused] == [("duplicate", 2), ("duplicate", 2502)]


def test_days_of_two_pages_in_one_file_are_no_repeats() -> None:
    other = "100064000000002"
    found = read_file("a.csv", f"日期,專頁編號,粉絲人數\n103/12/31,{PAGE},1\n103/12/31,{other},2\n")
    assert (found.refused, found.column("page_days", "page_id")) == ([], [PAGE, other])


def test_day_of_the_page_that_a_person_named_and_of_the_same_page_in_its_column_is_one_day() -> None:
    text = f"日期,專頁編號,粉絲人數\n103/12/31,{PAGE},1\n103/12/31,,2\n"
    found = read_file("a.csv", text, Answers(page=PAGE))
    assert found.refused == [("duplicate", 2, "日期", "103/12/31"), ("duplicate", 3, "日期", "103/12/31")]


def test_one_post_with_contradicting_figures_refuses_both() -> None:
    head = "貼文編號,專頁編號,發布時間,觀測時間,按讚"
    rows = [f"{key},{PAGE},2014/11/22 09:00,2014/12/01 09:00,{n}" for n, key in enumerate(("101", f"{PAGE}_101"), 1)]
    found = read_file("a.csv", "\n".join([head, *rows]))
    assert found.refused == [("duplicate", 2, "貼文編號", "101"), ("duplicate", 3, "貼文編號", f"{PAGE}_101")]
    assert found.column("posts", "row") == found.column("snapshots", "row") == []


def test_months_in_which_more_was_closed_than_received_are_told_and_taken() -> None:
    found = read_file("a.csv", "月份,受理件數,辦結件數\n103/06,5,5\n103/07,5,7\n103/08,5,4\n103/09,0,1\n")
    assert found.refused == []
    assert found.column("petitions", "closed") == [5, 7, 4, 1]
    assert found.findings.warnings == ["第 3、5 列的辦結件數多於受理件數，若不含先前受理的案件，請更正。"]


def test_days_to_come_are_told_and_taken() -> None:
    today = NOW.astimezone(TAIPEI).date()
    days = [today, today + timedelta(days=1), today - timedelta(days=1), today + timedelta(days=30)]
    found = read(*(f"教育訓練,{day},課" for day in days), head="類別,活動日期,活動名稱")
    assert found.column("activities", "held_on") == [day.isoformat() for day in days]
    assert found.findings.warnings == ["第 3、5 列的日期還沒到，到了那一天才計入；若不是排定的，請更正。"]


# --- cells


def test_trap_dates_of_five_forms_and_slips_in_one_column() -> None:
    days = ["1030610", "103/06/11", "103/6/12", "103年06月13日", "103.06.14", "105/525", "1051725", "103/02/30", "//"]
    found = read(*(f"教育訓練,{day},課 {n}" for n, day in enumerate(days)), head="類別,活動日期,活動名稱")
    assert found.column("activities", "held_on") == [f"2014-06-1{n}" for n in range(5)]
    assert found.refused == [
        ("not_date", 7, "活動日期", "105/525"),
        ("no_such_day", 8, "活動日期", "1051725"),
        ("no_such_day", 9, "活動日期", "103/02/30"),
        ("required", 10, "活動日期", "//"),
    ]


@pytest.mark.parametrize("day", ["'103/06/10", '"=""103/06/10"""', " １０３／０６／１０ ", "＇1030610"])
def test_trap_days_forced_to_be_text_or_typed_full_width_are_those_days(day: str) -> None:
    assert read(ROW.replace("103/06/10", day)).column("activities", "held_on") == ["2014-06-10"]


@pytest.mark.parametrize("text", ["undefined", "-", "--", "//", "N/A", ""])
def test_trap_words_for_not_given_leave_attendees_unknown_and_not_none_at_all(text: str) -> None:
    found = read(ROW.replace(",35", f",{text}"), ROW.replace("研習", "講習"))
    assert found.column("activities", "attendees") == [None, 35]


def test_trap_sessions_people_and_counts_are_different_units() -> None:
    for attendees in ("35人次", "35人", "35 人"):
        assert read(ROW.replace(",1,35", f",1場次,{attendees}")).refused == []
    assert read(ROW.replace(",1,35", ",1人次,35場次")).refused == [
        ("wrong_unit", 2, "辦理場次", "1人次"),
        ("wrong_unit", 2, "參加人次", "35場次"),
    ]


def test_signs_that_nobody_sees_keep_no_day_no_number_and_no_name_from_being_read() -> None:
    seen = read(
        "教育訓練\u200b,\u200e103/\u200e06/\u200e10,研習,第六課\u200b,1\u200b,\ufeff35",
        head=HEAD.replace("場", "\u200b場"),
    )
    assert (seen.refused, seen.rows) == ([], read(ROW).rows)


def test_stated_figures_fill_value_interval_and_qualifier() -> None:
    head = "指標,期間起,期間迄,數值,出處"
    rows = [
        f"{key},103/01/01,103/12/31,{value},報告" for key, value in (("fans", "逾 16000"), ("likes_per_post", "60–70"))
    ]
    found = read_file("a.csv", "\n".join([head, *rows]))
    assert [(r["value"], r["low"], r["high"], r["qualifier"]) for r in found.rows["readings"]] == [
        (16000.0, None, None, "逾"),
        (None, 60.0, 70.0, None),
    ]
    assert found.findings.last_day == "2014-12-31"


def test_reading_without_a_figure_is_refused() -> None:
    found = read_file("a.csv", "指標,期間起,期間迄,數值,出處\nfans,103/01/01,103/12/31,未陳報,報告\n")
    assert [cell[0] for cell in found.refused] == ["rule"]


# --- posts and days of the fan page


def test_posts_without_a_moment_of_observation_ask_for_it() -> None:
    text = f"貼文編號,專頁編號,發布時間,按讚\n101,{PAGE},2014/11/22 09:00,86\n"
    with pytest.raises(Unanswered) as caught:
        read_file("a.csv", text)
    assert [question.option for question in caught.value.questions] == ["observed_at"]
    found = read_file("a.csv", text, Answers(observed_at=EXPORTED))
    assert (found.column("posts", "post_id"), found.column("snapshots", "observed_at")) == ([f"{PAGE}_101"], [SEEN])


def test_post_of_the_office_is_in_taipei_s_time() -> None:
    text = f"貼文編號,專頁編號,發布時間,觀測時間,按讚\n{PAGE}_101,{PAGE},2014/11/22 09:00,2014/12/01 09:00,1\n"
    found = read_file("a.csv", text)
    assert found.column("posts", "published_at") == ["2014-11-22T09:00:00+08:00"]
    assert found.column("posts", "post_id") == [f"{PAGE}_101"]


def test_a_fixed_value_counts_in_rows_that_say_nothing_of_their_own() -> None:
    fixed = {"page_id": PAGE, "observed_at": "103/12/01 09:00", "unit": "第六課"}
    layout = Layout("posts_file", {"號": "post_id", "何時": "published_at"}, fixed)
    found = read_file("a.csv", "號,何時\n101,103/11/22 09:00\n", Answers(layout=layout))
    assert (found.column("posts", "unit"), found.findings.unsaid) == (["s6"], {})


def test_a_page_and_a_moment_that_the_assignment_fixes_are_not_asked_for() -> None:
    days = Layout("fan_days", {"哪天": "day", "粉絲": "fans"}, {"page_id": PAGE})
    found = read_file("a.csv", "哪天,粉絲\n103/06/01,5\n", Answers(layout=days))
    assert found.column("page_days", "page_id") == [PAGE]
    fixed = {"page_id": PAGE, "observed_at": "103/12/01 09:00"}
    posts = Layout("posts_file", {"號": "post_id", "何時": "published_at", "讚": "likes"}, fixed)
    found = read_file("a.csv", "號,何時,讚\n101,103/11/22 09:00,5\n", Answers(layout=posts))
    assert found.column("snapshots", "observed_at") == ["2014-12-01T09:00:00+08:00"]


def test_trap_formula_of_an_xls_that_failed_is_refused_and_never_not_given() -> None:
    def fill(book: xlwt.Workbook) -> None:
        sheet = book.add_sheet("T")
        for column, cell in enumerate(["月份", "受理件數", "辦結件數"]):
            sheet.write(0, column, cell)
        sheet.write(1, 0, "103/06")
        sheet.write(1, 1, xlwt.Formula("1+1"))
        sheet.row(1).set_cell_error(2, 0x2A)

    found = read_file("a.xls", files.xls(fill))
    assert [cell[:3] for cell in found.refused] == [("uncalculated", 2, "受理件數"), ("not_number", 2, "辦結件數")]
    assert found.findings.notes == []


# --- days that are written as a span


def days(*rows: str, head: str = "類別,活動日期,活動名稱,結束日", answers: Answers | None = None) -> Read:
    return read(*rows, head=head, answers=answers)


def held(found: Read) -> list[tuple[object, object]]:
    return list(zip(found.column("activities", "held_on"), found.column("activities", "ended_on"), strict=True))


@pytest.mark.parametrize(
    "cell",
    ["103/6/10-12", "103/6/10～12", "103年6月10日至12日", "103/6/10-103/6/12", "103/6/10-6/12", "1030610~1030612"],
)
def test_trap_range_in_the_column_of_days_is_the_first_and_the_last_day(cell: str) -> None:
    found = days(f"教育訓練,{cell},研習", "新聞稿,103/6/20,捕蚊燈", head="類別,活動日期,活動名稱")
    assert (held(found), found.refused) == ([("2014-06-10", "2014-06-12"), ("2014-06-20", None)], [])
    assert (found.findings.first_day, found.findings.last_day) == ("2014-06-10", "2014-06-20")
    assert found.findings.notes == ["「活動日期」裡的一段期間已分成日期、結束日。"]


def test_range_over_the_end_of_a_month_takes_the_reporting_year() -> None:
    found = days("教育訓練,6/30-7/2,研習", head="類別,活動日期,活動名稱", answers=Answers(year=103))
    assert held(found) == [("2014-06-30", "2014-07-02")]


def test_range_beside_a_column_of_its_own_for_the_end_says_the_same_or_is_refused() -> None:
    found = days(
        "教育訓練,103/6/10-12,一,103/6/12",
        "教育訓練,103/6/10-12,二,103/06/13",
        "教育訓練,103/6/10-12,三,",
        "教育訓練,103/6/10,四,103/6/11",
    )
    assert held(found) == [("2014-06-10", "2014-06-12")] * 2 + [("2014-06-10", "2014-06-11")]
    assert found.refused == [("range", 3, "結束日", "103/06/13")]
    assert found.reasons == ["與「活動日期」的「103/6/10-12」不是同一天結束，請改成一致。"]


@pytest.mark.parametrize(
    ("cell", "code"),
    [("103/6/12-10", "range"), ("105/525", "not_date"), ("103/17/1-2", "no_such_day"), ("", "required")],
)
def test_slip_beside_a_range_is_refused_with_its_row(cell: str, code: str) -> None:
    found = days("教育訓練,103/6/10-12,一,", f"教育訓練,{cell},二,")
    assert (held(found), found.refused) == ([("2014-06-10", "2014-06-12")], [(code, 3, "活動日期", cell)])


def test_range_gives_the_same_key_as_its_first_day_and_is_bound_by_the_rules() -> None:
    one = days("教育訓練,103/6/10-12,研習", head="類別,活動日期,活動名稱")
    two = days("教育訓練,103/6/10,研習", head="類別,活動日期,活動名稱")
    assert one.column("activities", "activity_id") == two.column("activities", "activity_id")
    assert "ended_on" not in two.rows["activities"][0]


def test_range_of_a_survey_is_its_first_and_last_day() -> None:
    found = read_file("a.csv", "年度,調查名稱,調查起\n103,櫃台,103/3/1-3/31\n")
    assert (found.column("surveys", "held_from"), found.column("surveys", "held_to")) == (
        ["2014-03-01"],
        ["2014-03-31"],
    )


def test_range_in_the_column_of_the_end_and_where_a_table_has_none_is_refused() -> None:
    reason = "是一段期間，請分別填寫開始與結束。"
    end = days("教育訓練,103/6/10,研習,103/6/10-12")
    assert (end.refused, end.reasons) == ([("range", 2, "結束日", "103/6/10-12")], [reason])
    check = read_file("a.csv", "查核類別,查核日期\n電話禮貌測試,103/6/10-12\n")
    assert (check.refused, check.reasons) == ([("range", 2, "查核日期", "103/6/10-12")], [reason])


def test_days_of_a_page_ask_for_the_page_and_leave_out_what_is_not_given() -> None:
    text = "日期,粉絲人數,追蹤人數\n103/12/31,16300,\n"
    with pytest.raises(Unanswered):
        read_file("a.csv", text)
    (row,) = read_file("a.csv", text, Answers(page=PAGE)).rows["page_days"]
    assert (row["measure"], row["value"], row["day_zone"]) == ("fans", 16300, "Asia/Taipei")


def test_day_without_a_page_in_its_column_is_refused() -> None:
    assert read_file("a.csv", f"日期,專頁編號,粉絲人數\n103/12/30,{PAGE},1\n103/12/31,,2\n").refused == [
        ("no_page", 3, "專頁編號", "")
    ]


# --- a refused cell is named as the file has it


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        (
            f"貼文編號,專頁編號,發佈時間,觀測時間\n{PAGE}_1,{PAGE},2003/1/5 09:00,103/12/01 09:00",
            ("before_facebook", 2, "發佈時間", "2003/1/5 09:00"),
        ),
        (
            f"貼文編號,專頁編號,發佈時間,觀測時間\n{PAGE}_1,{PAGE},103/01/05 09:00,199/12/01 09:00",
            ("future", 2, "觀測時間", "199/12/01 09:00"),
        ),
        (f"專頁編號,日期,粉絲人數\n{PAGE},92/1/5,3", ("before_facebook", 2, "日期", "92/1/5")),
        ("類別,活動日期,活動名稱\n教育訓練,199/1/5,甲", ("rule", 2, "活動日期", "199/1/5")),
        (
            "月份,受理件數,辦結件數\n１０４年１月,1,1\n10401,2,2",
            ("duplicate", 2, "月份", "１０４年１月"),
        ),
    ],
)
def test_refused_cell_has_the_heading_and_the_text_of_the_file(text: str, refused: tuple[str, int, str, str]) -> None:
    assert refused in read_file("a.csv", text, Answers(year=103)).refused


@pytest.mark.parametrize(("cell", "asked"), [("6/10", "year"), ("41912", "dates")])
def test_question_about_dates_names_the_heading_of_the_file(cell: str, asked: str) -> None:
    with pytest.raises(Unanswered) as caught:
        read_file("a.csv", f"類別,活動日期,活動名稱\n教育訓練,{cell},甲\n")
    assert [(q.option, q.text.partition("」")[0]) for q in caught.value.questions] == [(asked, "「活動日期")]


# --- columns that a person assigned, formats that a person forced


def test_assigned_columns_and_constants_are_read() -> None:
    layout = Layout("activities", {"哪一天": "held_on", "做什麼": "title"}, {"kind": "教育訓練"})
    found = read_file("a.csv", "哪一天,做什麼\n103/06/10,研習\n", Answers(layout=layout))
    assert (titles(found), found.column("activities", "kind")) == (["研習"], ["training"])


@pytest.mark.parametrize(
    ("columns", "constants", "sentence"),
    [
        ({"沒有": "title"}, {}, "a.csv 沒有「沒有」這一欄，請改正欄位對應。"),
        ({"甲": "unheard"}, {}, "沒有「unheard」這個欄位，請改正欄位對應。"),
        ({"甲": "title", "乙": "title"}, {}, "欄位對應把兩個欄都指給「名稱」，請只留一個。"),
        ({"甲": "title"}, {}, "欄位對應還缺 類別、日期，請指定對應的欄或填固定值。"),
        ({"甲": "title", "乙": "held_on"}, {"kind": "新聞稿", "x": "1"}, "沒有「x」這個欄位，請改正固定值。"),
    ],
)
def test_assignment_that_does_not_fit_is_refused(
    columns: dict[str, str], constants: dict[str, str], sentence: str
) -> None:
    with pytest.raises(DataError) as caught:
        read_file("a.csv", "甲,乙\n丙,丁\n", Answers(layout=Layout("activities", columns, constants)))
    assert str(caught.value).endswith(sentence)


def test_table_forced_upon_other_headings_is_refused() -> None:
    with pytest.raises(
        DataError, match=r"^a\.csv 沒有「月份」、「受理件數」、「辦結件數」欄，不能讀成「人民陳情（每月）」"
    ):
        read_file("a.csv", "甲,乙\n丙,丁\n", Answers(format="petitions"))


def test_heading_of_ours_that_stands_twice_is_refused() -> None:
    with pytest.raises(DataError, match=r"^a\.csv 的欄名「活動名稱」出現兩次，無法判斷用哪一欄，請改名或刪去一欄。$"):
        read(f"{ROW},二", head=f"{HEAD},活動名稱")


def test_a_total_that_is_not_given_is_no_check() -> None:
    assert read(ROW, "合計,,,,1,-").findings.warnings == []


def test_what_is_added_later_does_not_make_it_another_event() -> None:
    plain = read_file("a.csv", "類別,活動日期,活動名稱\n教育訓練,103/6/10,研習\n")
    fuller = read_file("a.csv", "類別,活動日期,活動名稱,主辦單位,地點\n教育訓練,103/6/10,研習,第六課,會議室\n")
    assert plain.column("activities", "activity_id") == fuller.column("activities", "activity_id")


def test_a_share_that_may_be_a_percentage_is_not_guessed() -> None:
    head = "年度,調查名稱,滿意度"
    assert read_file("a.csv", f"{head}\n103,甲,0.944\n").refused == [("share", 2, "滿意度", "0.944")]
    for text in ("94.4", "94.4%", "0.9%"):
        assert read_file("a.csv", f"{head}\n103,甲,{text}\n").refused == []


def test_stated_figures_may_carry_the_unit_of_their_indicator() -> None:
    head = "指標,期間起,期間迄,數值,出處"
    rows = ["粉絲人數,103/01/01,103/12/31,已達 16300人,報告", "教育訓練,103/01/01,103/12/31,55 場次,報告"]
    found = read_file("a.csv", "\n".join([head, *rows, "教育訓練,103/01/01,103/06/30,55 人,報告"]))
    assert found.column("readings", "value") == [16300.0, 55.0]
    assert [cell[:2] for cell in found.refused] == [("wrong_unit", 4)]


@pytest.mark.parametrize("value", ["0.908", "1", "約 0.9", "0.7–0.8"])
def test_a_share_is_not_guessed_of_an_indicator_in_percent_either(value: str) -> None:
    head = "指標,期間起,期間迄,數值,出處"
    row = f"satisfaction_branch,103/01/01,103/12/31,{value},報告"
    assert read_file("a.csv", f"{head}\n{row}\n").refused == [("share", 2, "數值", value)]


@pytest.mark.parametrize("value", ["90.8%", "90.8", "0.9%", "80–90%", "0.5–1.5%"])
def test_a_percentage_of_an_indicator_is_taken_with_its_sign_or_plainly(value: str) -> None:
    head = "指標,期間起,期間迄,數值,出處"
    found = read_file("a.csv", f"{head}\nsatisfaction_branch,103/01/01,103/12/31,{value},報告\n")
    assert (found.refused, len(found.rows["readings"])) == ([], 1)


def test_ends_of_an_interval_are_in_the_unit_of_the_indicator_too() -> None:
    head = "指標,期間起,期間迄,下限,上限,出處"
    rows = ["satisfaction_branch,103/01/01,103/12/31,80%,90,報告", "fans,103/01/01,103/12/31,30人,50場次,報告"]
    found = read_file("a.csv", "\n".join([head, *rows, "satisfaction_counter,103/01/01,103/12/31,0.8,0.9,報告"]))
    assert [(r["low"], r["high"]) for r in found.rows["readings"]] == [(80.0, 90.0)]
    assert found.refused == [
        ("share", 4, "下限", "0.8"),
        ("wrong_unit", 3, "上限", "50場次"),
        ("share", 4, "上限", "0.9"),
    ]


def test_a_target_is_in_the_unit_of_its_indicator_and_in_no_other() -> None:
    head = "指標,生效日,比較,目標值"
    rows = ["fans,104/01/01,至少,18000人", "satisfaction_branch,104/01/01,至少,90%", "seminars,104/01/01,至少,12"]
    bad = ["reach_per_post,104/01/01,至少,1000場次", "satisfaction_counter,104/01/01,至少,0.9"]
    found = read_file("a.csv", "\n".join([head, *rows, *bad]))
    assert found.column("targets", "value") == [18_000.0, 90.0, 12.0]
    assert found.refused == [("wrong_unit", 5, "目標值", "1000場次"), ("share", 6, "目標值", "0.9")]


def test_a_fixed_figure_that_is_none_is_refused_in_every_row() -> None:
    layout = Layout(
        "readings",
        {"起日": "period_from"},
        {"indicator": "fans", "period_to": "103/12/31", "value": "很多", "source_place": "報告"},
    )
    found = read_file("a.csv", "起日,其他\n103/01/01,甲\n", Answers(layout=layout))
    assert found.refused == [("not_number", 2, "值", "很多")]


def test_figures_of_a_post_without_a_time_are_asked_about_not_dropped() -> None:
    text = "貼文編號,專頁編號,發布時間,觀測時間,按讚\n101,9001,103/06/01 09:00,,86\n"
    with pytest.raises(Unanswered) as raised:
        read_file("a.csv", text)
    assert [question.option for question in raised.value.questions] == ["observed_at"]


@pytest.mark.parametrize(("day", "code"), [("199/12/31", "future"), ("92/01/01", "before_facebook")])
def test_a_day_of_the_page_that_cannot_be_is_refused(day: str, code: str) -> None:
    found = read_file("a.csv", f"日期,粉絲人數\n{day},5\n", Answers(page=PAGE))
    assert [cell[:2] for cell in found.refused] == [(code, 2)]
