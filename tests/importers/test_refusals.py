"""Files that are known and not taken: each is called what it is."""

from __future__ import annotations

import pytest

from sqdash.errors import FileNotRecognised
from tests.importers.reading import PAGE, read_file

RESEARCH = "Page total likes;Type;Category;Post Month;Post Weekday;Post Hour;Paid;Lifetime Post Total Reach;like;share"


def refused(text: str) -> FileNotRecognised:
    with pytest.raises(FileNotRecognised) as caught:
        read_file("a.csv", text)
    return caught.value


@pytest.mark.parametrize(
    "text",
    [
        "貼文編號,帳號編號,帳號用戶名稱,帳號名稱,發佈時間,永久連結,按讚數\n1,2,u,n,09/30/2025 21:13,https://x/,3",
        "Post ID,Account username,Publish time,Permalink,Likes\n1,u,09/30/2025 21:13,https://x/,3",
        "貼文編號,帳號名稱,發佈時間,永久連結\n1,n,09/30/2025 21:13,https://www.instagram.com/p/1/",
        "貼文編號,帳號名稱,發佈時間,永久連結,貼文類型\n1,n,09/30/2025 21:13,,IG 相片",
    ],
)
def test_export_of_instagram_is_called_so(text: str) -> None:
    error = refused(text)
    assert str(error) == "a.csv 是 Instagram 的匯出，本系統只收 Facebook 粉絲專頁，請改匯出粉絲專頁的內容。"
    assert error.headings == ()  # nothing to assign


def test_name_of_the_account_alone_decides_nothing() -> None:
    text = f"貼文編號,帳號名稱,粉絲專頁編號,發佈時間\n1,n,{PAGE},09/30/2025 21:13"
    with pytest.raises(Exception, match="什麼時候匯出"):
        read_file("a.csv", text)


@pytest.mark.parametrize(
    "text",
    [
        '"Age & gender"\n"","Women","Men"\n"18-24","3.2","4.1"\n',
        '"Top cities"\n"Tainan, Taiwan","Taipei, Taiwan"\n"20.1","30.2"\n',
        "年齡和性別\n,女性,男性\n18-24,3,4\n",
        "熱門城市,比例\n臺南,20.1\n",
    ],
)
def test_tables_of_ages_and_cities_alone_are_called_so(text: str) -> None:
    assert str(refused(text)) == "a.csv 是受眾的年齡、性別或城市分布，沒有逐日數據可以匯入，請匯出每日結果。"


@pytest.mark.parametrize(("separator", "end"), [(";", "\r"), (",", "\n"), (";", "\r\n")])
def test_research_data_set_without_id_and_date_is_called_so(separator: str, end: str) -> None:
    text = end.join([RESEARCH, "139441;Photo;2;12;4;3;0;2752;79;17", ""]).replace(";", separator)
    assert str(refused(text)) == ("a.csv 是研究用的貼文資料，沒有貼文編號與日期，無法匯入，請改用 Meta 的內容匯出。")


def test_table_of_ours_with_columns_for_women_and_men_is_no_demographic() -> None:
    text = "類別,活動日期,活動名稱,女性,男性\n教育訓練,103/06/10,研習,3,4\n"
    assert read_file("a.csv", text).format == "activities"


@pytest.mark.parametrize(
    ("text", "looks"),
    [
        ("甲,乙\n丙,丁\n", ""),
        ("Post ID,Reach\n1,2\n", "，看起來像 Meta 的內容匯出，但缺少發佈時間或粉絲專頁的欄"),
        ("受理件數,辦結件數\n1,2\n", "，看起來像「人民陳情（每月）」，但缺少「月份」欄"),
    ],
)
def test_unknown_table_is_told_what_it_looks_like(text: str, looks: str) -> None:
    error = refused(text)
    assert str(error) == (f"a.csv 的欄名不是任何一種已知格式{looks}，請對照範本的欄名，或指定每一欄的意思。")
    assert error.headings == tuple(text.split("\n")[0].split(","))
