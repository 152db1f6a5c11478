"""Rows whose cells could each be read and that still cannot be meant: the row, the cell as written, and why."""

from __future__ import annotations

from tests.importers.reading import PAGE, Read, read_file


def test_row_that_breaks_a_rule_shows_the_cell_as_written() -> None:
    found = read_file("a.csv", "年度,調查名稱,滿意度\n103,甲,120%\n")
    assert found.refused == [("rule", 2, "滿意度", "120%")]


def test_a_post_whose_id_names_another_page_is_refused_and_no_second_post() -> None:
    text = f"貼文編號,專頁編號,發布時間,觀測時間,按讚\n9001_101,{PAGE},2014/11/22 09:00,2014/12/01 09:00,1\n"
    found = read_file("a.csv", text)
    assert (found.refused, found.rows) == ([("other_page", 2, "貼文編號", "9001_101")], {})
    assert found.reasons == [f"的前段不是這一列的專頁「{PAGE}」，請改正其中之一，或只填底線後的貼文編號。"]


def test_trap_post_id_that_excel_damaged_is_refused() -> None:
    found = read_file(
        "a.csv", f"貼文編號,專頁編號,發布時間,觀測時間\n1.16883E+17,{PAGE},2014/11/22 09:00,2014/12/01 09:00\n"
    )
    assert found.refused == [("damaged_id", 2, "貼文編號", "1.16883E+17")]
    assert found.rows == {}


def posts(ids: list[str], page: str = PAGE) -> Read:
    lines = [f"{text},{page},2014/11/22 09:{n:02d},2014/12/01 09:00" for n, text in enumerate(ids)]
    return read_file("a.csv", "\n".join(["貼文編號,專頁編號,發布時間,觀測時間", *lines]))


def test_ids_of_the_office_s_posts_are_judged_by_the_whole_file() -> None:
    cut = ["1221000000123410", "1221000000123420", "1221000000123430"]
    assert posts(cut).refused == [("damaged_id", n, "貼文編號", text) for n, text in enumerate(cut, 2)]
    healthy = [f"12210000001234{n}" for n in range(10, 22)]
    assert posts(healthy).column("posts", "post_id") == [f"{PAGE}_{text}" for text in healthy]
    assert posts(healthy).findings.warnings == []
    assert posts(cut[:1]).column("posts", "post_id") == [f"{PAGE}_{cut[0]}"]
    assert posts(cut[:1]).findings.warnings == [
        "「貼文編號」第 2 列的編號（例如「1221000000123410」）從第 16 位起都是 0，可能被 Excel 改過，"
        "請與 Meta 上的編號核對，不符就從 Meta 重新匯出。"
    ]


def test_trap_page_id_that_excel_damaged_is_refused() -> None:
    assert posts(["101"], "1.00064E+14").refused == [("damaged_id", 2, "專頁編號", "1.00064E+14")]
    found = read_file("a.csv", f"日期,專頁編號,粉絲人數\n103/12/30,{PAGE},1\n103/12/31,1.00064E+14,2\n")
    assert found.refused == [("damaged_id", 3, "專頁編號", "1.00064E+14")]


def test_ids_that_a_program_wrote_as_floats_without_a_loss_are_those_ids() -> None:
    found = posts(["101.0"], f"{PAGE}.0")
    assert (found.column("posts", "post_id"), found.column("posts", "page_id")) == ([f"{PAGE}_101"], [PAGE])


def test_a_figure_and_the_ends_of_its_interval_must_not_say_two_things() -> None:
    head = "指標,期間起,期間迄,數值,下限,上限,出處"
    figures = ["30–50,60,70", "55,60,70", "75,60,70", "60,60,70", "60–70,60,70", "約 60–70,,", ",60,70", "65,60,"]
    rows = [f"fans,103/01/01,103/12/1{n},{text},報告" for n, text in enumerate(figures)]
    found = read_file("a.csv", "\n".join([head, *rows]))
    assert sorted(cell[1:] for cell in found.refused) == [(2, "數值", "30–50"), (3, "數值", "55"), (4, "數值", "75")]
    assert found.column("readings", "row") == [5, 6, 7, 8, 9]
