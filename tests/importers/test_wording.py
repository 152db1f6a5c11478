"""What a person reads for each kind of refused cell: what is wrong and what to do, in one sentence."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from sqdash import importers
from sqdash.importers import numbers
from sqdash.importers.base import MOST_SHOWN, Answers, Findings, Task
from sqdash.importers.cells import CellError
from sqdash.importers.columns import read_one
from sqdash.importers.folding import UNCALCULATED
from sqdash.importers.headings import Head
from sqdash.importers.specs import BY_SPEC
from tests.importers.reading import EXPORTED, KNOWN, NOBODY, PAGE, ListSink, read_file
from tests.making import is_one_sentence

_ACTIVITIES = BY_SPEC["activities"]
_TITLE = _ACTIVITIES.table.column("title")
_TASK = Task("a.csv", Head(1, (), ()), iter(()), NOBODY, KNOWN, ListSink(), Findings())
META = "Post ID,Page ID,Publish time,Permalink"
POST = f"122100000000000123,{PAGE},09/30/2025 21:13,https://www.facebook.com/p/1"
ACTIVITY = "類別,活動日期,活動名稱,參加人次"
SERIES = '"Views"\n"Date","Primary"\n'
DAILY = f"{META},Date,Reactions\n{POST},09/01/2025,1\n"
TARGETS = "指標,生效日,比較,目標值"
PAGE_DAYS = "page_id,day,day_zone,measure,value"
OFFICE = "貼文編號,專頁編號,發布時間,觀測時間"
LEGACY = "Post ID,Permalink,Posted,Lifetime Post Total Reach"

CASES = [
    ("bad_id", f"{META}\n{POST.replace('122100000000000123', 'abc')}", "須為數字的貼文編號，請從 Meta 重新匯出。"),
    ("required", f"{META}\n{POST.replace('122100000000000123', '')}", "這一欄必填，請補上。"),
    (
        "damaged_id",
        f"{META}\n{POST.replace(PAGE, '1.0E+14')}",
        "專頁編號已被 Excel 改壞或空白，請指定專頁，或從 Meta 重新匯出。",
    ),
    (
        "damaged_id",
        f"{LEGACY}\n1.0E+29,x,11/22/2014 01:05:09 AM,1",
        "須為「專頁_貼文」的編號，可能已被 Excel 改壞，請重新匯出。",
    ),
    (
        "no_page",
        f"{LEGACY}\n1015,x,11/22/2014 01:05:09 AM,1",
        "沒有寫是哪一個專頁的貼文，請指定專頁，或改用「專頁_貼文」的編號。",
    ),
    ("no_page", f"日期,專頁編號,粉絲人數\n103/06/10,,1\n103/06/11,{PAGE},1", "這一列沒有專頁編號，請補上或指定專頁。"),
    (
        "not_moment",
        f"{META}\n{POST.replace('09/30/2025 21:13', '昨天')}",
        "不是看得懂的時間，請寫成 103/11/22 09:05。",
    ),
    ("no_such_day", f"{META}\n{POST.replace('09/30', '09/31')}", "沒有這個時間，請檢查年、月、日與時區。"),
    ("before_facebook", f"{META}\n{POST.replace('2025', '2003')}", "早於 Facebook 啟用的 93/02/04，請檢查。"),
    ("future", f"{META}\n{POST.replace('2025', '2026')}", "是還沒到的時間，請檢查。"),
    ("after_observation", f"{META}\n{POST.replace('09/30', '11/01')}", "晚於填寫的匯出時間，請檢查匯出時間。"),
    ("not_number", f"{META},Reach\n{POST},x", "不是數字，請只填數字，例如 1234。"),
    ("not_whole", f"{META},Reach\n{POST},1.5", "須為整數，請改為不含小數的數字。"),
    ("negative", f"{META},Reach\n{POST},-1", "不能是負數，請改為 0 或正整數。"),
    ("percent", f"{META},Reach\n{POST},12%", "這一欄是數量，不是百分比，請填數量。"),
    ("too_large", f"{META},Reach\n{POST},1234567890123456", "超過 15 位數，請檢查這個數字。"),
    (
        "duplicate",
        f"{META},Reach\n{POST},1\n{POST},2",
        "與第 2 列是同一篇貼文但內容不同，無法判斷哪一列正確，請刪去其中一列。",
    ),
    (
        "instagram_row",
        f"{META},Post type\n{POST},IG reel",
        "是 Instagram 的內容，不是粉絲專頁的貼文，請刪去這一列。",
    ),
    (
        "wrong_width",
        f"{META}\n{POST},多",
        "這一列有 5 欄，欄名只有 4 欄，請檢查逗號與引號。",
    ),
    (
        "daily_row",
        f"{META},Date\n"
        + "".join(f"{n},{PAGE},09/30/2025 21:13,x,Lifetime\n" for n in range(1, 70))
        + f"{POST},9/1/2025",
        "這一列是逐日數據，和總期間的列混在一起，請重新匯出「總期間」的檔案。",
    ),
    (
        "lifetime_row",
        DAILY + f"{POST},Lifetime,9",
        "這一列是總期間的數據，和逐日的列混在一起，請重新匯出「總期間」的檔案。",
    ),
    (
        "duplicate",
        DAILY + f"{POST},09/01/2025,2",
        "與第 2 列是同一篇貼文的同一天但數字不同，無法判斷哪一列正確，請刪去其中一列。",
    ),
    (
        "incomplete",
        DAILY + f"{POST},09/02/2025,x",
        "這篇貼文有逐日的列不能採用，加總會少算，整篇不採用，請修正那些列後重傳。",
    ),
    ("future", f'{SERIES}"2025-12-01T00:00:00","1"', "是還沒到的日子，請檢查。"),
    (
        "duplicate",
        f'{SERIES}"2025-09-01T00:00:00","1"\n"2025-09-01T00:00:00","2"',
        "與第 3 列是同一天但數字不同，無法判斷哪一列正確，請刪去其中一列。",
    ),
    ("not_date", f"{ACTIVITY}\n教育訓練,105/525,甲,1", "不是看得懂的日期，請寫成 103/11/22。"),
    ("missing_day", f"{ACTIVITY}\n教育訓練,103年6月,甲,1", "缺少日，請寫成 103/11/22。"),
    ("range", "查核類別,查核日期\n電話禮貌測試,103/6/10-12", "是一段期間，請分別填寫開始與結束。"),
    ("range", f"{ACTIVITY}\n教育訓練,103/6/12-10,甲,1", "結束早於開始，請檢查這段期間。"),
    (
        "range",
        f"{ACTIVITY},結束日\n教育訓練,103/6/10-12,甲,1,103/6/13",
        "與「活動日期」的「103/6/10-12」不是同一天結束，請改成一致。",
    ),
    (
        "damaged_id",
        f"貼文編號,專頁編號,發布時間,觀測時間\n1.2E+17,{PAGE},2014/11/22 09:00,2014/12/01 09:00",
        "編號已被 Excel 改壞（只留 15 位數），請以文字格式重新填寫。",
    ),
    ("undecidable_date", f"{ACTIVITY}\n教育訓練,12/10/11,甲,1", "年、月、日的順序無法判斷，請寫成 103/11/22。"),
    (
        "year_zero",
        f"{ACTIVITY}\n教育訓練,民國前3年6月1日,甲,1",
        "民國元年以前的日期不能採用，請改填民國年，例如 103/11/22。",
    ),
    ("wrong_unit", f"{ACTIVITY}\n教育訓練,103/06/10,甲,3場", "單位與這一欄不同，請換算後只填數字。"),
    (
        "unknown_choice",
        "查核類別,查核日期\n其他,103/06/10",
        "只能是「6S 稽核」、「電話禮貌測試」、「無線網路連線測試」、「未更新網頁提報」之一。",
    ),
    ("not_flag", "查核類別,查核日期,正常\n6S 稽核,103/06/10,也許", "只能是「是」或「否」。"),
    (
        "unknown_indicator",
        "指標,期間起,期間迄,數值,出處\n甲,103/01/01,103/12/31,1,報告",
        "沒有這個指標，請對照範本填寫說明裡的指標名稱。",
    ),
    ("interval", "指標,期間起,期間迄,數值,出處\nfans,103/01/01,103/12/31,50–30,報告", "區間的下限大於上限，請對調。"),
    ("rule", "年度,調查名稱,滿意度\n103,甲,120%", "滿意度須在 0 至 100 之間，請改正。"),
    (
        "duplicate",
        f"{ACTIVITY}\n教育訓練,103/06/10,甲,1\n教育訓練,103/06/10,甲,2",
        "與第 2 列的名稱、日期、類別都相同；重複請刪去，確為兩筆請加「編號」欄並填不同編號。",
    ),
    ("control", f"{ACTIVITY}\n教育訓練,103/06/10,甲\x07,1", "含有控制字元，請刪除。"),
    (
        "shared_name",
        "類別,活動日期,活動名稱,單位\n教育訓練,103/06/10,甲,同名課",
        "是 2 個單位的名稱，無法判斷是哪一個，請改填代碼 s7、s8 之一。",
    ),
    ("share", "年度,調查名稱,滿意度\n103,甲,0.944", "無法判斷是比例還是百分比，請寫成百分比，例如 94.4%。"),
    ("percent", f"{TARGETS}\nfans,104/01/01,至少,80%", "這一欄不是百分比，請只填數字。"),
    ("not_number", f"{ACTIVITY}\n教育訓練,103/06/10,甲,#N/A", "這一格是公式錯誤，請在試算表改正後再上傳。"),
    ("not_date", "月份,受理件數,辦結件數\n十月,1,1", "不是看得懂的月份，請寫成 103/11。"),
    ("not_date", "年度,調查名稱\n某年,甲", "不是看得懂的年度，請寫成 103。"),
    ("no_such_day", f"{ACTIVITY}\n教育訓練,103/2/30,甲,1", "沒有這一天，請檢查月與日。"),
    ("no_such_day", "月份,受理件數,辦結件數\n103/13,1,1", "沒有這個月份，請改成 1 至 12 月。"),
    ("rule", "月份,受理件數,辦結件數\n199/01,1,1", "還沒到，請檢查年份與月份。"),
    ("rule", f"{ACTIVITY}\n教育訓練,199/01/01,甲,1", "是一年以後的日期，請檢查年份。"),
    ("required", f"{DAILY}{POST},,9", "逐日匯出的這一欄必填，請補上日期。"),
    ("wrong_width", f"{SERIES}2025-09-01,1,2", "這一列有 3 欄，欄名只有 2 欄，請檢查逗號與引號。"),
    ("before_facebook", "日期,粉絲人數\n92/01/01,1", "早於 Facebook 啟用的 93/02/04，請檢查。"),
    ("future", "日期,粉絲人數\n199/01/01,1", "是還沒到的日子，請檢查。"),
    ("future", f"{OFFICE}\n101,{PAGE},2025/12/01 09:00,2025/12/02 09:00", "是還沒到的時間，請檢查。"),
    (
        "before_facebook",
        f"{OFFICE}\n101,{PAGE},2003/12/01 09:00,2025/01/02 09:00",
        "早於 Facebook 啟用的 93/02/04，請檢查。",
    ),
    (
        "contradiction",
        "指標,期間起,期間迄,數值,下限,上限,出處\nfans,103/01/01,103/12/31,55,60,70,報告",
        "與同一列的「下限」不一致，請改正其中之一。",
    ),
    (
        "other_page",
        f"{OFFICE}\n9001_101,{PAGE},2025/01/01 09:00,2025/01/02 09:00",
        f"的前段不是這一列的專頁「{PAGE}」，請改正其中之一，或只填底線後的貼文編號。",
    ),
    (
        "unknown_zone",
        f"{PAGE_DAYS}\n{PAGE},2025-01-02,Taipei,fans,5",
        "不是時區的名稱，請用 America/Los_Angeles 或 Asia/Taipei 之類的名稱。",
    ),
    (
        "duplicate",
        f"{LEGACY}\n{PAGE}_1,x,11/22/2014 01:05:09 AM,1\n{PAGE}_1,x,11/22/2014 01:05:09 AM,2",
        "與第 2 列是同一篇貼文但內容不同，無法判斷哪一列正確，請刪去其中一列。",
    ),
    (
        "duplicate",
        "月份,受理件數,辦結件數\n103/06,1,1\n103/06,2,2",
        "與第 2 列的月份相同但內容不同，無法判斷哪一列正確，請刪去其中一列。",
    ),
    (
        "uncalculated",
        f"{META},Reach\n{POST},\ue0f0未計算公式",
        "這一格是沒有算過的公式，請用試算表開啟並存檔後再上傳。",
    ),
]


@pytest.mark.parametrize(("code", "text", "reason"), CASES, ids=[f"{code}-{n}" for n, (code, _, _) in enumerate(CASES)])
def test_reason_of_a_refused_cell_is_one_sentence_with_its_remedy(code: str, text: str, reason: str) -> None:
    rejected = read_file(
        "a.csv", text, Answers(observed_at=EXPORTED, page=None if "Page ID" in text or code == "no_page" else PAGE)
    ).findings
    assert (code, reason) in [(one.code, one.reason) for one in rejected.rejected]
    assert is_one_sentence(reason)


TYPED = [
    ("too_long", lambda: read_one(_TITLE, "x" * 65_537, _TASK, _ACTIVITIES), "超過 64 KB，請縮短。"),
    ("abbreviation", lambda: numbers.whole("1.2萬"), "請寫出完整數字，不用萬、K 等縮寫。"),
]
"""Reasons that no row of a file is refused for: a file has its bounds already, and an abbreviation is asked about."""


@pytest.mark.parametrize(("code", "read", "reason"), TYPED, ids=[code for code, _, _ in TYPED])
def test_reason_of_a_refused_entry_is_one_sentence_with_its_remedy(
    code: str, read: Callable[[], object], reason: str
) -> None:
    with pytest.raises(CellError) as caught:
        read()
    assert (caught.value.code, str(caught.value)) == (code, reason)
    assert is_one_sentence(reason)


def told_in_the_source() -> set[str]:
    """Every code that a reader gives a reason: a word among the arguments of a refusal."""
    found = set()
    for path in Path(importers.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in (
                "reject",
                "refuse",
                "CellError",
            ):
                given = [part for argument in node.args for part in (argument, *alternatives(argument))]
                found |= {
                    part.value for part in given if isinstance(part, ast.Constant) and isinstance(part.value, str)
                }
    return {word for word in found if re.fullmatch("[a-z_]+", word)} - {"page"}  # the option that answers


def alternatives(argument: ast.expr) -> tuple[ast.expr, ...]:
    """The two words of ``a if … else b``."""
    return (argument.body, argument.orelse) if isinstance(argument, ast.IfExp) else ()


def test_every_code_has_a_sentence_here() -> None:
    told = told_in_the_source()
    assert len(told) > 30
    assert told - {code for code, *_ in (*CASES, *TYPED)} == set()


@pytest.mark.parametrize(("cell", "seen"), [(UNCALCULATED, "未計算公式"), ("a\x1b[2Jb", "a□[2Jb"), ("a\u202eb", "a□b")])
def test_what_nobody_can_see_of_a_refused_cell_is_not_handed_on(cell: str, seen: str) -> None:
    (refused,) = read_file("a.csv", f"{ACTIVITY}\n教育訓練,103/06/10,{cell},1").findings.rejected
    assert refused.value == seen


def test_long_value_is_shown_shortened() -> None:
    (cell,) = read_file("a.csv", f"{META},Reach\n{POST},{'x' * 500}", Answers(observed_at=EXPORTED)).findings.rejected
    assert cell.value == "x" * MOST_SHOWN + "…"
