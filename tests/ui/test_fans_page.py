"""粉絲人數 over every kind of store: what is told of days, and kind words where there are none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup

from sqdash.analysis.day_series import MonthGain
from sqdash.analysis.forecast import Forecast, Slope
from sqdash.figures import DayFigure
from sqdash.ui import tables
from sqdash.ui.panels import fans, fans_pace
from tests import blocks
from tests.analysis.series import PACIFIC, TAIPEI
from tests.apps import Opens, headings, links, opening, words
from tests.making import current, put, row

Made = Callable[[str], Path]
Shown = list[list[dict[str, str]]]
DAY = date(2015, 6, 30)
END = date(2015, 12, 31)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Shown:
    """Rows of every table as they were given: figures that are flush right travel beside the cells."""
    found: Shown = []
    make = tables.table

    def table(rows: Any, **how: Any) -> Markup:
        found.append([dict(row) for row in rows])
        return make(rows, **how)

    monkeypatch.setattr(tables, "table", table)
    return found


@pytest.fixture
def screen(made: Made, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opens]:
    with opening(made, monkeypatch) as opens:
        yield opens


def table(shown: Shown, heading: str) -> list[dict[str, str]]:
    """The first table with such a column."""
    return next(rows for rows in shown if rows and heading in rows[0])


# --- the demonstration


def test_the_card_says_what_the_year_began_with_and_of_which_day_where_that_is_not_its_eve(
    screen: Opens, copy: Made
) -> None:
    store = copy("report")
    assert "年初 16,300 → 無資料" in words(screen(store, "fans", "104"))
    (stated,) = (r for r in current(store, "readings") if (r["indicator"], r["as_of"]) == ("fans", "2014-12-31"))
    put(store, "readings", row("readings", **stated | {"as_of": "2014-06-30", "value": 9_000}))
    assert "103/06/30 9,000 → 無資料" in words(screen(store, "fans", "104"))
    assert "9,000" not in words(screen(store, "fans", "105"))


def test_the_card_of_a_year_without_a_target_has_no_picture_in_place_of_its_bar(screen: Opens) -> None:
    def told(period: str) -> list[str]:
        read = (blocks.read(str(node.value)) for node in screen("report", "fans", period).get("html"))
        return [alt for one in read for alt in one.pictures if alt.startswith("粉絲人數 ")]

    assert [len(told(period)) for period in ("103", "104")] == [1, 0]


def test_a_past_year_says_when_its_target_was_reached(screen: Opens) -> None:
    said = words(screen("demo", "fans", "104"))
    assert re.search(r"^104/0[78]/\d\d 首次達到目標 18,000 人。$", said, re.MULTILINE)
    assert "進度線應有" not in said  # on the last day the card has said it


def test_half_a_year_says_pace_and_forecast_with_range_and_deadline(screen: Opens) -> None:
    app = screen("demo", "fans", "104H1")
    said = words(app)
    assert re.search(r"^截至 104/06/30，比進度線應有的 17,143 人多 \d+ 人（約領先 \d+ 天）。$", said, re.MULTILINE)
    day = r"10[45]/\d\d/\d\d"
    assert re.search(
        rf"^依目前步調，預估 {day} 達到目標 18,000 人（可能範圍 {day} 至 {day}），在期限 104/12/31 之前。$",
        said,
        re.MULTILINE,
    )
    assert "本次用 104/04/02–104/06/30 有數據的 90 天：每天 +" in said


def test_every_month_of_the_year_has_its_end_and_its_gain(screen: Opens, shown: Shown) -> None:
    screen("demo", "fans", "104")
    months = table(shown, "月份")
    assert [r["月份"] for r in months] == [f"104/{n:02d}" for n in range(1, 13)]
    gains = [int(r["淨增"].replace("+", "").replace("−", "-")) for r in months]
    assert sum(gains) == int(months[-1]["月底人數"].replace(",", "")) - 16_300


def test_a_single_month_is_a_sentence_and_not_a_chart_of_one_bar(screen: Opens, shown: Shown) -> None:
    assert re.search(
        r"^104/03 淨增 \+\d+ 人（月底人數減上月底人數）。$", words(screen("demo", "fans", "104-03")), re.MULTILINE
    )
    assert not [rows for rows in shown if rows and "月份" in rows[0]]


def gained(month: str, gain: int | None, end: str = "") -> MonthGain:
    """A month's gain; with ``end`` it runs and that is its newest day."""
    return MonthGain(month, 9_000, date.fromisoformat(end or f"{month}-28"), gain, not end, None)


@pytest.mark.parametrize(
    ("months", "said"),
    [
        (
            [gained("2026-09", 134), gained("2026-10", 113), gained("2026-11", 4, "2026-11-03")],
            "115/09 淨增最多（+134 人），115/10 最少（+113 人）；115/11 未滿月，至 115/11/03 淨增 +4 人",
        ),
        (
            [gained("2026-10", 113), gained("2026-11", 150, "2026-11-03")],
            "115/10 淨增 +113 人；115/11 未滿月，至 115/11/03 淨增 +150 人",
        ),
        ([gained("2026-10", None), gained("2026-11", -4, "2026-11-03")], "115/11 未滿月，至 115/11/03 淨增 −4 人"),
    ],
)
def test_a_month_that_is_not_over_is_not_said_to_have_gained_least(months: list[MonthGain], said: str) -> None:
    assert fans.months_finding(months) == said


def test_a_part_of_a_month_alone_is_not_said_to_be_its_end(screen: Opens) -> None:
    assert re.search(
        r"104/05 未滿月，至 104/05/20 淨增 [+−]\d+ 人（最新人數減上月底人數）。",
        words(screen("demo", "fans", "2015-05-10..2015-05-20")),
    )


def test_estimates_stand_beside_what_was_reported_and_are_never_added_to_it(screen: Opens, shown: Shown) -> None:
    app = screen("demo", "fans", "103")
    rows = table(shown, "估計帶動")
    assert [r["活動"] for r in rows] == [
        "1 小安心線上有獎徵答（103/07/14）",
        "2 義賣園遊會設攤推廣小安心粉絲團（103/11/22）",
    ]
    assert all(re.fullmatch(r"\d+（\d+ 至 \d+）", r["估計帶動"]) for r in rows)
    said = words(app)
    total = re.search(r"2 場活動合計估計帶動約 ([\d,]+) 人。", said)
    assert total
    assert abs(int(total[1].replace(",", "")) - sum(int(r["估計帶動"].split("（")[0]) for r in rows)) <= 1
    assert "陳報：活動帶動粉絲\n約 1,000 人" in said
    assert "陳報：推廣小組帶動粉絲\n約 3,000 人" in said
    assert "只並列對照，不相加，也不互相取代" in said


def test_benchmark_pages_are_compared_in_growth_with_their_figures_below(screen: Opens, shown: Shown) -> None:
    app = screen("demo", "fans", "104")
    assert re.search(r"104/01/01 到 104/12/31，小安心（示範）成長 1\d\.\d%，標竿專頁（示範）成長 1\d\.\d%", words(app))
    rows = {r["專頁"]: r for r in table(shown, "最近人數")}
    assert list(rows) == ["小安心（示範）（本分局）", "小勞男孩向前行（高雄市政府勞工局）", "標竿專頁（示範）"]
    assert rows["小勞男孩向前行（高雄市政府勞工局）"]["最近人數"] == "未取得"
    assert rows["標竿專頁（示範）"]["截至"] == "104/12/31"
    assert re.search(r"第 \d+ 列", rows["標竿專頁（示範）"]["來源"])


# --- year 103 alone, and nothing


def test_year_103_alone_says_what_cannot_be_told_and_what_helps(screen: Opens) -> None:
    said = words(screen("report", "fans", "103"))
    assert "已達 16,300 人" in said
    for sentence in (
        "沒有每日粉絲數，無從預估達標日；請擷取專頁，或到「資料登錄與上傳」上傳每日數據。",
        "沒有每日粉絲數，無從估算活動帶動的人數；登錄的活動有：義賣園遊會設攤推廣小安心粉絲團（103/11/22）。",
        "標竿專頁還沒有粉絲數；可在「資料來源」設定擷取，或到「資料登錄與上傳」上傳該專頁的每日數據。",
        "陳報：活動帶動粉絲\n約 1,000 人",
        "陳報：推廣小組帶動粉絲\n約 3,000 人",
    ):
        assert sentence in said
    assert "每月淨增" not in said
    assert "追蹤人數" not in said


def test_an_empty_store_is_answered_kindly(screen: Opens) -> None:
    app = screen("empty", "fans")
    assert headings(app) == ["粉絲人數", "無資料", "陳報內容", "進度與預估", "每日走勢", "活動帶動", "標竿專頁"]
    said = words(app)
    assert "未設粉絲人數目標，無從預估達標日；請到「設定」的「目標與規律」登錄目標。" in said
    assert links(app)["到設定登錄目標"] == "./settings"
    assert "這個期間沒有登錄粉絲活動；" in said
    assert "尚未設定標竿專頁；請到「設定」把要對照的專頁標明為標竿。" in said


def test_a_single_day_is_named_and_is_neither_nothing_nor_a_statement(screen: Opens, copy: Made) -> None:
    day = {"page_id": "xiaoanxin", "day": "2026-11-29", "day_zone": TAIPEI, "measure": "fans", "value": 5_120}
    store = copy("report")
    put(store, "page_days", row("page_days", **day))
    said = words(screen(store, "fans", "115"))
    assert "只有 115/11/29 一天的粉絲數：5,120 人，兩天以上才畫得出走勢。" in said
    assert "還沒有每日粉絲數" not in said
    assert "目前只有陳報值" not in said


# --- breaks


def broken(store: Path) -> Path:
    """Year 103 with 45 Pacific days of fans, then Taipei days, and followers beside them."""
    days = [date(2014, 3, 1) + timedelta(days=n) for n in range(92)]
    put(
        store,
        "page_days",
        *(
            row(
                "page_days",
                page_id="xiaoanxin",
                day=day.isoformat(),
                day_zone=PACIFIC if n < 45 else TAIPEI,
                measure=measure,
                value=value + n,
            )
            for n, day in enumerate(days)
            for measure, value in (("fans", 10_000), ("followers", 500))
        ),
    )
    return store


def test_days_of_meta_are_told_and_no_month_is_taken_over_the_break(screen: Opens, shown: Shown, copy: Made) -> None:
    app = screen(broken(copy("report")), "fans", "103H1")
    said = words(app)
    assert "標明「Meta 日」的數據以美國太平洋時間為一天，比臺北日晚 15 或 16 小時結束。" in said
    assert "直線處來源或日界改變，前後不相接，也不相減：103/04/15 起專頁每日數據。" in said
    assert "沒有前一年底的人數，畫不出進度線；補登前一年底的粉絲數後就會畫出。" in said
    months = {r["月份"]: (r["淨增"], r["備註"]) for r in table(shown, "月份")}
    assert months["103/03"] == ("", "沒有上月底數據")
    assert months["103/04"] == ("", "來源改變，不相減")
    assert months["103/05"] == ("+31", "")
    ways = {r["日期"]: r["計法"] for r in table(shown, "計法")}
    assert ways["103/05/31"] == "專頁每日數據"
    assert ways["103/04/14"] == "專頁每日數據（Meta 日）"


def test_followers_are_a_chart_of_their_own_and_never_compared_with_the_target(screen: Opens, copy: Made) -> None:
    app = screen(broken(copy("report")), "fans", "103H1")
    assert headings(app)[-1] == "追蹤人數"
    assert "追蹤與粉絲（按讚）是兩種定義，不相接，也不與粉絲目標比較。" in words(app)
    assert words(app).count("前後不相接，也不相減：103/04/15 起專頁每日數據。") == 2


def test_a_series_of_one_day_says_its_figure_and_no_change_over_the_break() -> None:
    before, after = DayFigure(DAY - timedelta(1), 9_000, TAIPEI, "page_days"), DayFigure(DAY, 17_000, TAIPEI, "pull")
    assert fans.finding([(before,), (after,)], "粉絲") == "粉絲在 104/06/30 是 17,000 人（來源或日界改變後的第一天）"
    assert fans.finding([(after,)], "粉絲") == "粉絲在 104/06/30 是 17,000 人"
    assert fans.finding([(before, before), (before, before)], "粉絲").endswith("增加 0 人")


def test_a_first_day_after_a_break_does_not_hide_what_the_series_before_did() -> None:
    first, last = (DayFigure(date(2015, 1, day), value, PACIFIC, "pull") for day, value in ((1, 9_000), (9, 8_990)))
    after = DayFigure(date(2015, 1, 11), 8_995, TAIPEI, "pull")
    told = "（來源或日界改變後的第一天），之前 104/01/01 到 104/01/09 減少 10 人"
    assert fans.finding([(first, last), (after,)], "追蹤") == f"追蹤在 104/01/11 是 8,995 人{told}"


def test_a_further_target_whose_value_is_not_stated_is_no_nought(screen: Opens, shown: Shown, copy: Made) -> None:
    store = copy("report")
    (further,) = (r for r in current(store, "targets") if (r["indicator"], r["kind"]) == ("fans", "further"))
    put(store, "targets", row("targets", **further | {"value": None, "comparator": ">"}))
    screen(store, "fans", "103")
    assert [r["數值"] for r in table(shown, "項目") if r["項目"] == "進一步目標"] == ["未定數值"]
    put(store, "targets", row("targets", **further | {"comparator": ">"}))
    shown.clear()
    screen(store, "fans", "103")
    assert [r["數值"] for r in table(shown, "項目") if r["項目"] == "進一步目標"] == ["超過 16,000 人"]


# --- the sentences of the forecast


NEWEST = DayFigure(DAY, 17_000, TAIPEI, "pull")


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            Forecast("due", date(2015, 10, 1), date(2015, 9, 1), date(2015, 11, 1)),
            "依目前步調，預估 104/10/01 達到目標 18,000 人（可能範圍 104/09/01 至 104/11/01），在期限 104/12/31 之前。",
        ),
        (
            Forecast("due", date(2015, 12, 1), date(2015, 11, 1), date(2016, 2, 1)),
            "依目前步調，預估 104/12/01 達到目標 18,000 人（可能範圍 104/11/01 至 105/02/01），"
            "不一定趕得上期限 104/12/31。",
        ),
        (
            Forecast("due", date(2016, 12, 1), date(2016, 11, 1)),
            "依目前步調，預估 105/12/01 達到目標 18,000 人（最早 105/11/01，最晚十年內也達不到），晚於期限 104/12/31。",
        ),
        (
            Forecast("due", date(2015, 7, 31), date(2015, 7, 20), date(2015, 8, 9), newest=NEWEST),
            "依最近的步調，104/07/31 可能已達到目標 18,000 人（可能範圍 104/07/20 至 104/08/09）；"
            "最新的粉絲數是 104/06/30，請擷取或上傳新的每日數據。",
        ),
        (
            Forecast("due", date(2015, 8, 1), date(2015, 7, 20), date(2015, 8, 9), newest=NEWEST),
            "依目前步調，預估 104/08/01 達到目標 18,000 人（可能範圍 104/07/20 至 104/08/09），在期限 104/12/31 之前。",
        ),
        (Forecast("beyond"), "依目前步調，十年內達不到目標 18,000 人。"),
        (Forecast("never"), "近 90 天人數持平或減少，依此步調達不到目標 18,000 人。"),
        (
            Forecast("never", earliest=date(2016, 1, 5)),
            "近 90 天人數持平或減少，依此步調達不到目標 18,000 人；最快也要到 105/01/05。",
        ),
        (Forecast("reached", date(2015, 5, 1)), "104/05/01 首次達到目標 18,000 人。"),
        (Forecast("reached", date(2015, 5, 1), exact=False), "最晚 104/05/01 已達到目標 18,000 人（前一天沒有數據）。"),
        (Forecast("reached"), "年初已達到目標 18,000 人。"),
        (Forecast("reached", since=date(2015, 7, 1)), "104/07/01 目標起算時已達到目標 18,000 人。"),
        (
            Forecast("refused", reason="too_old", newest=NEWEST),
            "最新的粉絲數是 104/06/30，距 104/07/31 超過 14 天，不預估達標日；請擷取或上傳新的每日數據。",
        ),
        (
            Forecast("refused", reason="few_days", newest=NEWEST),
            "最近 90 天同一來源的數據不到 14 天，不預估達標日；請擷取或上傳更多每日數據。",
        ),
    ],
)
def test_each_forecast_is_one_sentence(found: Forecast, said: str) -> None:
    assert fans_pace.sentence(found, "目標 18,000 人", END, date(2015, 7, 31)) == said


def test_the_method_names_days_n_slope_and_interval() -> None:
    lines = fans_pace.method(Slope(-0.1, -0.5, 0.364, 60, date(2015, 4, 2), DAY))
    assert "本次用 104/04/02–104/06/30 有數據的 60 天：每天 −0.1 人，95% 信賴區間 −0.5 至 +0.4 人。" in lines
    assert len(fans_pace.method(None)) == len(lines) - 1


def test_days_in_the_numbers_behind_a_chart_stay_on_one_line(screen: Opens) -> None:
    drawn = "".join(str(node.value) for node in screen("demo", "fans", "104").get("html"))
    assert set(re.findall(r'<td class="([^"]*)">104/12/31</td><td class="sq-right', drawn)) == {"sq-whole"}
