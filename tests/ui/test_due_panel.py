"""我的單位，本月 and 催報表 over every kind of store, on days that are fixed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sqdash import periods
from sqdash.ui import memory
from tests.apps import tables, unmarked, words
from tests.making import current, put, row

Opens = Callable[..., AppTest]


def _page() -> None:
    from sqdash.ui import frame
    from sqdash.ui.panels import due

    screen = frame.start("service")
    due.mine(screen)
    due.calendar(screen)


@pytest.fixture
def screen(made: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Opens]:
    """Opens both blocks over a store (a kind, or a path) as on a day, with what the address asks for."""
    memory.forget()

    def opened(store: str | Path, today: str = "2014-11-05", **asked: str) -> AppTest:
        monkeypatch.setenv("SQDASH_DB", str(made(store) if isinstance(store, str) else store))
        monkeypatch.setattr(periods, "today", lambda: date.fromisoformat(today))
        app = AppTest.from_function(_page, default_timeout=60)
        for name, value in asked.items():
            app.query_params[name] = value
        return app.run()

    yield opened
    memory.forget()


def table(app: AppTest, number: int) -> list[dict[str, str]]:
    return tables(app)[number]


def states(app: AppTest) -> dict[str, str]:
    return {found["指標"]: found["狀態"] for found in table(app, 0)}


def said(app: AppTest) -> list[str]:
    return [unmarked(node.value) for kind in (app.info, app.success, app.warning) for node in kind]


def chosen(app: AppTest, label: str) -> str:
    (found,) = (box for box in app.selectbox if box.label == label)
    return str(found.value)


def line(app: AppTest, number: int, **wanted: str) -> dict[str, str]:
    (found,) = (f for f in table(app, number) if wanted.items() <= f.items())
    return found


@pytest.mark.parametrize("kind", ["empty", "report", "demo"])
@pytest.mark.parametrize("today", ["2014-11-05", "2026-01-01"])
def test_both_blocks_open_over_every_kind_of_store(screen: Opens, kind: str, today: str) -> None:
    app = screen(kind, today)
    assert not app.exception
    assert not app.error
    assert len(tables(app)) == (0 if kind == "empty" else 2)


def test_an_empty_store_says_that_there_is_nothing_yet(screen: Opens) -> None:
    assert [text.partition("。")[0] for text in said(screen("empty"))] == [
        "還沒有單位與計畫",
        "103 年沒有須定期登錄的項目；計畫與規律訂定之後會列在這裡",
    ]


# --- 我的單位，本月


def test_the_unit_of_the_address_and_the_present_month_are_shown(screen: Opens) -> None:
    app = screen("report", unit="secretariat-rdec")
    assert (chosen(app, "單位"), chosen(app, "月份")) == ("secretariat-rdec", "2014-11")
    assert said(app)[0] == "本月沒有到期應登錄的項目。"
    found = states(app)
    assert found["電話禮貌測試"] == "▲ 尚可登錄（103/12/31 截止）"
    assert found["人民陳情受理"] == "▲ 尚可登錄（103/12/10 截止）"
    assert found["審稿會議"] == "– 起始月份未陳報，本月已登錄 0 筆"
    assert found["新聞稿"] == "– 本月已登錄 0 筆"


def test_only_what_people_enter_is_listed_and_of_the_fan_page_only_what_has_a_rhythm(screen: Opens) -> None:
    listed = set(states(screen("report", unit="section-6")))
    assert {"審稿會議", "教育訓練", "民意調查", "無線網路連線測試"} <= listed
    assert not listed & {"粉絲人數", "每篇平均按讚", "粉絲活動", "無線熱點", "人民陳情辦結率", "創新運作"}


def test_units_are_the_twelve_and_sub_units_with_entries_but_no_collectives(screen: Opens) -> None:
    (units,) = (box for box in screen("report").selectbox if box.label == "單位")
    assert units.options[:2] == ["第一課", "第二課"]
    assert units.options[12:] == ["資訊室", "秘書室(研考)", "秘書室(事務)"]


def test_of_two_units_of_one_name_the_one_that_was_chosen_is_shown_and_chased(
    screen: Opens, copy: Callable[[str], Path]
) -> None:
    store = copy("report")
    (line,) = (one for one in current(store, "units") if one["unit"] == "section-6")
    put(store, "units", row("units", **line | {"label": "第五課"}))
    app = screen(store)
    (units,) = (box for box in app.selectbox if box.label == "單位")
    assert [option for option in units.options if option.startswith("第五課")] == ["第五課（1）", "第五課（2）"]
    (leads,) = (box for box in app.selectbox if box.label == "主辦單位")
    assert {"第五課（1）", "第五課（2）"} <= set(leads.options)
    leads.select("section-5").run()
    assert {one["主辦單位"] for one in table(app, 1)} == {"第五課"}
    assert "無線網路連線測試" not in {one["指標"] for one in table(app, 1)}


def test_choosing_a_unit_is_remembered_in_the_address(screen: Opens) -> None:
    app = screen("report", unit="section-6")
    (units,) = (box for box in app.selectbox if box.label == "單位")
    units.select("it-office").run()
    assert app.query_params["unit"] in ("it-office", ["it-office"])
    assert chosen(app, "單位") == "it-office"
    assert set(states(app)) == {"無線網路連線測試", "未更新網頁提報"}


def test_an_unknown_unit_in_the_address_is_said_once_and_the_first_unit_shown(screen: Opens) -> None:
    app = screen("report", unit="**x**")
    sentence = "要找的單位不在 103 年 11 月的單位之中，已改列第一課，請重新選擇。"
    assert sentence in said(app)
    assert sentence not in said(app.run())
    assert chosen(app, "單位") == "section-1"


@pytest.mark.parametrize(
    ("today", "asked", "month"),
    [
        ("2014-11-05", {"period": "103"}, "2014-11"),
        ("2014-11-05", {"period": "103H1"}, "2014-11"),
        ("2014-11-05", {"period": "103-06"}, "2014-06"),
        ("2026-01-31", {"period": "103"}, "2026-01"),
    ],
)
def test_the_month_is_the_present_one_unless_the_period_is_a_month(
    screen: Opens, today: str, asked: dict[str, str], month: str
) -> None:
    assert chosen(screen("report", today, **asked), "月份") == month


def test_what_others_entered_is_in_and_said_to_be_theirs(screen: Opens) -> None:
    found = line(screen("demo", unit="section-1", period="103-10"), 0, 指標="6S 稽核")
    assert found["狀態"] == "✔ 已齊（103/09–103/10 各單位共 1 筆）"
    assert found["最近一筆"] == "—"


def test_what_the_unit_entered_itself_is_in_with_its_newest_day(screen: Opens) -> None:
    app = screen("demo", unit="secretariat-rdec", period="103-10")
    found = line(app, 0, 指標="審稿會議")
    assert found["狀態"] == "✔ 已齊"
    assert found["最近一筆"].startswith("103/10/")
    assert line(app, 0, 指標="人民陳情受理")["最近一筆"] == "103/10"
    assert said(app)[0] == "103 年 10 月應登錄 3 項，已齊 3 項，尚缺 0 項。"


def test_a_rhythm_of_an_earlier_year_is_carried_on_and_says_so(screen: Opens) -> None:
    app = screen("report", "2026-01-31", unit="it-office")
    assert line(app, 0, 指標="無線網路連線測試")["規律"] == "每日測試（沿用 103 年規律）"
    assert states(app)["無線網路連線測試"] == "◔ 尚缺 31"
    assert said(app)[0] == "本月應登錄 1 項，已齊 0 項，尚缺 1 項。"
    assert "先前月份尚缺 無線網路連線測試 365 日、未更新網頁提報 6 次，請補登。" in said(app)


def test_petitions_are_lacking_by_the_month_and_not_by_the_case(screen: Opens) -> None:
    told = "、".join(said(screen("report", "2026-08-15", unit="section-1")))
    assert "人民陳情受理 7 個月、人民陳情辦結 7 個月，請補登。" in told


def test_a_unit_without_tasks_gets_a_kind_word(screen: Opens, copy: Callable[[str], Path]) -> None:
    store = copy("report")
    unit = {"unit": "new", "label": "新設*單位*", "kind": "unit", "implementing": 1, "position": 30}
    put(store, "units", row("units", **unit))
    assert said(screen(store, unit="new"))[0] == (
        "103 年度計畫沒有請新設*單位*逐筆登錄的指標，要登錄其他資料請用下方的表單或上傳檔案。"
    )


# --- 催報表


def test_the_calendar_shows_what_is_in_lacking_resting_and_to_come(screen: Opens, copy: Callable[[str], Path]) -> None:
    store = copy("report")
    check = {"kind": "six_s", "unit": "secretariat-affairs"}
    put(
        store,
        "checks",
        row("checks", check_id="x1", checked_on="2014-02-10", **check),
        row("checks", check_id="x2", checked_on="2014-03-10", **check),
    )
    app = screen(store, "2014-08-05")
    theirs, mine = (line(app, 1, 指標="6S 稽核", 主辦單位=name) for name in ("秘書室(事務)", "第一課"))
    assert list(theirs.values())[2:] == ["—", "✓ 1", "✓ 1", "✓", "—", "缺", "—", "缺", *["未到"] * 4]
    assert list(mine.values())[2:] == ["—", "✓", "—", "✓", "—", "缺", "—", "缺", *["未到"] * 4]
    petitions = line(app, 1, 指標="人民陳情受理", 主辦單位="秘書室(研考)")
    assert list(petitions.values())[2:] == [*["缺"] * 7, *["未到"] * 5]


def test_a_lack_in_a_complete_ledger_is_told_apart_and_not_chased(screen: Opens) -> None:
    app = screen("demo", "2016-03-01", period="104")
    assert line(app, 1, 指標="未更新網頁提報", 主辦單位="資訊室")["12 月"] == "少 1"
    app.checkbox(key="due_only_lacking").check().run()
    assert len(tables(app)) == 1
    assert "沒有尚缺的項目。" in words(app).splitlines()


def test_only_lacking_rows_stay_when_asked(screen: Opens) -> None:
    app = screen("report", "2014-12-31")
    assert len(table(app, 1)) == 46
    app.checkbox(key="due_only_lacking").check().run()
    left = table(app, 1)
    assert {found["指標"] for found in left} == {
        "6S 稽核",
        "無線網路連線測試",
        "電話禮貌測試",
        "人民陳情受理",
        "人民陳情辦結",
        "未更新網頁提報",
    }


def test_what_is_to_be_done_stands_first_and_what_earlier_months_lack_before_the_table(screen: Opens) -> None:
    app = screen("report", "2026-01-01", unit="it-office")
    order = [node.type for node in app.main if node.type in ("info", "warning") or node in app.get("html")]
    assert order[:5] == ["html", "html", "info", "warning", "html"]  # the first says whose data it is
    signs = [state[:1] for state in states(screen("demo", "2026-01-01", unit="section-1")).values()]
    assert signs == sorted(signs, key="✖◔▲◑✔–".index)


def test_the_calendar_says_first_how_many_rows_are_chased(screen: Opens) -> None:
    chased = [m.value for m in screen("report", "2014-11-05").markdown if "列尚缺" in m.value]
    assert len(chased) == 1
    assert re.fullmatch(r":red\[✖ [1-9]\d* 列尚缺\]，共 46 列", chased[0])
