"""How a file finds its format, and in which words one without a format is refused."""

from __future__ import annotations

import io

import pytest

from sqdash.errors import AmbiguousFile, DataError, FileNotRecognised, Unanswered
from sqdash.importers import registry
from sqdash.importers.base import Answers, Known, Layout
from sqdash.importers.folding import UNCALCULATED
from sqdash.importers.sources import Bytes
from tests.importers import workbook_files as files
from tests.importers.reading import EXPORTED, NOW, PAGE, ListSink, read_file


def refusal(text: str, answers: Answers | None = None) -> str:
    with pytest.raises(DataError) as caught:
        read_file("a.csv", text, answers or Answers())
    return str(caught.value)


def test_names_of_formats_are_unique_and_each_has_a_label() -> None:
    names = [format.name for format in registry.FORMATS]
    assert len(names) == len(set(names))
    assert all(format.label and format.vocabulary for format in registry.FORMATS)


def test_two_claimants_are_refused_and_a_person_chooses() -> None:
    text = "類別,日期,名稱,測試人次\n電話禮貌測試,103/06/10,甲,3\n"
    with pytest.raises(AmbiguousFile) as caught:
        read_file("a.csv", text)
    assert [name for name, _ in caught.value.formats] == ["activities", "checks"]
    assert str(caught.value) == (
        "a.csv 同時符合活動紀錄（活動、訓練、訪視、新聞稿、報告、會議）（activities）、查核與測試（checks），"
        "請指定其中一種。"
    )
    assert read_file("a.csv", text, Answers(format="checks")).rows["checks"][0]["people"] == 3


def test_format_that_does_not_exist_is_refused_with_the_names() -> None:
    sentence = refusal("甲,乙\n丙,丁\n", Answers(format="nonsense"))
    assert sentence.startswith(
        "沒有「nonsense」這種格式，請用 meta_posts、meta_daily_posts、meta_series、creator_tables、"
    )
    assert sentence.endswith(" 之一。")


def test_table_without_headings_is_refused() -> None:
    assert refusal("1,2\n3,4\n") == "a.csv 找不到欄名列，請確認檔案是一張有欄名的資料表。"


def test_a_workbook_that_begins_with_a_cover_is_refused_with_the_sheets_to_choose_from() -> None:
    table = [["月份", "受理件數", "辦結件數"], ["103/06", 18, 18]]
    book = files.ods(("封面", [["臺南分局"], ["陳情統計"]]), ("資料", table))
    with pytest.raises(FileNotRecognised) as caught:
        read_file("a.ods", book)
    assert str(caught.value) == "a.ods 的工作表「封面」找不到欄名列，請改選工作表「資料」。"
    assert (caught.value.sheets, caught.value.option) == (("封面", "資料"), "sheet")
    assert read_file("a.ods", book, Answers(sheet="資料")).column("petitions", "month") == ["2014-06"]


def test_a_sheet_named_of_a_file_without_sheets_is_refused() -> None:
    with pytest.raises(DataError) as caught:
        read_file("a.csv", "月份,受理件數,辦結件數\n103/06,18,18\n", Answers(sheet="六月"))
    assert caught.value.in_command == (
        "a.csv 不是活頁簿，沒有工作表「六月」，請改選活頁簿，或不要指定工作表（--sheet）。"
    )


BOOKS = {
    "xlsx": files.xlsx_rows([["月份", "受理件數", "辦結件數"], ["103/06", 18, 18]]),
    "ods": files.ods(("資料", [["月份", "受理件數", "辦結件數"], ["103/06", 18, 18]])),
    "xls": files.xls(lambda book: book.add_sheet("資料").write(0, 0, "月份")),
}


@pytest.mark.parametrize("ending", BOOKS)
@pytest.mark.parametrize("before", [b"", b"\r\n", b"\xef\xbb\xbf", bytes(8)])
def test_a_workbook_that_has_lost_its_beginning_is_called_damaged_and_no_text(ending: str, before: bytes) -> None:
    with pytest.raises(DataError) as caught:
        read_file(f"a.{ending}", before + BOOKS[ending][8:])
    assert str(caught.value) == f"a.{ending} 是開頭已損壞的活頁簿，請以試算表軟體開啟後另存，打不開時請重新匯出。"


def test_unknown_headings_are_given_to_a_person_with_some_rows() -> None:
    with pytest.raises(FileNotRecognised) as caught:
        read_file("a.csv", "甲,乙\n" + "丙,丁\n" * 9)
    assert caught.value.headings == ("甲", "乙")
    assert caught.value.sample == (("丙", "丁"),) * 5
    assert len(caught.value.signature) == 64


def test_sample_for_whoever_assigns_columns_shows_a_formula_without_a_result_in_words() -> None:
    with pytest.raises(FileNotRecognised) as caught:
        read_file("a.csv", f"甲,乙\n丙,{UNCALCULATED}\n")
    assert caught.value.sample == (("丙", "未計算公式"),)


def test_unknown_table_of_very_many_columns_is_refused() -> None:
    heads = ",".join(f"欄{n}甲" for n in range(201))
    assert refusal(f"{heads}\n") == ("a.csv 有 201 欄，不是已知的格式，未知的表最多 200 欄，請刪去不需要的欄。")


def test_remembered_assignment_is_used_and_told() -> None:
    text = "哪一天,做什麼\n103/06/10,研習\n"
    with pytest.raises(FileNotRecognised) as caught:
        read_file("a.csv", text)
    layout = Layout("activities", {"哪一天": "held_on", "做什麼": "title"}, {"kind": "教育訓練"})
    found = read_file("a.csv", text, known=Known(NOW, layouts={caught.value.signature: layout}))
    assert found.column("activities", "title") == ["研習"]
    assert found.findings.notes[0] == "沿用上次為這種欄名指定的欄位對應。"


def test_format_that_a_person_names_wins_over_a_remembered_assignment_to_another() -> None:
    text = "月份,受理件數,辦結件數\n103/06,1,1\n"
    head = registry.look(Bytes("a.csv", text.encode()), Answers(), Known(NOW)).found.head
    known = Known(NOW, layouts={head.signature: Layout("activities", {"月份": "held_on"})})
    assert read_file("a.csv", text, Answers(format="petitions"), known).format == "petitions"


def test_content_decides_and_not_the_name() -> None:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["月份", "受理件數", "辦結件數"])
        sheet.write_row(1, 0, ["103/06", 18, 17])
    found = read_file("misnamed.csv", out.getvalue())
    assert found.rows == {"petitions": [{"row": 2, "month": "2014-06", "received": 18, "closed": 17}]}


def test_notes_of_the_reading_come_first() -> None:
    text = (
        "月份,受理件數,辦結件數,出處\n103/06,1,1,".encode("cp950")
        + "商品檢驗局民眾陳情登記".encode("cp950")
        + b"\xfa\x40\n"
    )
    found = read_file("a.csv", text)
    assert found.findings.notes == ["檔案有 1 個造字無法辨認，已以 □ 保留原碼。"]


def test_progress_is_told_by_rows() -> None:
    rows = "".join(f"{n},{PAGE},09/30/2025 21:13\n" for n in range(1, 4_501))
    source = Bytes("a.csv", f"Post ID,Page ID,Publish time\n{rows}".encode())
    answers = Answers(observed_at=EXPORTED)
    opened = registry.look(source, answers, Known(NOW))
    told: list[int] = []
    registry.read(opened, answers, Known(NOW), ListSink(), told.append)
    assert told == [2_000, 4_000, 4_500]


def test_whatever_is_missing_is_asked_by_the_option_that_answers_it() -> None:
    with pytest.raises(Unanswered) as caught:
        read_file("a.csv", "Post ID,Publish time,Permalink\n1,09/30/2025 21:13,x\n")
    assert caught.value.in_command == (
        f"a.csv 需要先回答：檔案沒有粉絲專頁編號，這是哪一個專頁的貼文，請以 --page 指定（{PAGE}）；"
        "這份數據是什麼時候匯出的（較晚匯出的數字才會取代較早的），請以 --observed-at 指定。"
    )
