"""Errands without a mouse, with the focus to be seen at every step and Tab leading on as one reads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, expect

from tests.browser.keys import Box, Keys, leads_back
from tests.browser.visit import Visit
from tests.browser.walking import HEADING
from tests.making import current
from tests.servers import Server, serving
from tests.ui.test_door import PASSWORD

Visits = Callable[..., Visit]
FILE = FilePayload(name="陳情.csv", mimeType="text/csv", buffer="月份,受理件數,辦結件數\n103/06,19,18\n".encode())


def assert_led_well(keys: Keys) -> None:
    assert (keys.unseen, keys.backwards) == ([], [])


@pytest.mark.parametrize(
    ("after", "back"),
    [
        ((0, 40, 50, 60), False),  # below
        ((60, 20, 90, 40), False),  # beside, to the right
        ((60, 0, 90, 20), False),  # the top of the next column
        ((0, 0, 50, 20), True),  # above
        ((-60, 20, -10, 40), True),  # beside, to the left
        ((-60, 40, -10, 60), False),  # the next line
    ],
)
def test_reading_backwards_is_noticed(after: Box, back: bool) -> None:
    assert leads_back((0, 20, 50, 40), after) is back


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.long)])
def test_a_missed_target_and_its_reason_are_found(server: Callable[[str], Server], visit: Visits, scheme: str) -> None:
    here = visit(server("demo"), scheme=scheme)
    here.open("?period=104", ready=HEADING)
    keys = Keys(here.page)
    keys.to("每篇平均按讚未達")
    keys.enter()
    expect(here.page.locator(HEADING)).to_have_text("貼文成效")
    here.settle(HEADING)
    assert "上半年圖文仍以轉貼為主" in here.text()
    assert_led_well(keys)


def test_a_tab_that_cannot_be_chosen_for_a_moment_has_the_focus_again(
    server: Callable[[str], Server], visit: Visits
) -> None:
    here = visit(server("demo"))
    here.open("upload", ready='[role="tab"]')
    tab, other = here.page.get_by_role("tab").nth(0), here.page.get_by_role("link", name="設定")
    off = "tab => {tab.setAttribute('aria-disabled', 'true'); tab.removeAttribute('tabindex'); tab.blur();}"
    on = "tab => {tab.tabIndex = 0; tab.removeAttribute('aria-disabled');}"
    frames = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
    for meanwhile, then in ((None, tab), (other, other)):
        tab.focus()
        tab.evaluate(off)
        here.page.evaluate(frames)
        if meanwhile:
            meanwhile.focus()
        tab.evaluate(on)
        expect(then).to_be_focused()


def test_a_file_is_looked_at_and_taken(copy: Callable[[str], Path], visit: Visits, tmp_path: Path) -> None:
    store = copy("report")
    with serving(store, tmp_path / "log.txt") as server:
        here = visit(server)
        # Before anything else: Playwright takes a moment until it hears of it.
        here.page.on("filechooser", lambda chooser: chooser.set_files(FILE))
        here.open("upload", ready=HEADING)
        keys = Keys(here.page)
        keys.to("我的單位，本月")
        keys.to("上傳檔案", "ArrowRight")
        here.page.locator('[data-testid="stFileUploaderDropzone"]').wait_for()
        keys.to("upload", role="button")  # its icon by name; the words are a style's
        keys.enter()
        expect(here.page.get_by_role("heading", name="陳情.csv")).to_be_visible()
        here.settle(HEADING)
        keys.to("匯入 1 列")
        keys.enter()
        expect(here.page.get_by_text("已匯入（批次")).to_be_visible()
        keys.drawn()
        keys.last = None  # what had the focus has left the page
        keys.to("還原這次匯入")
        assert [row["closed"] for row in current(store, "petitions")] == [18]
        assert_led_well(keys)
        here.page.close()


def test_the_annual_report_is_fetched(server: Callable[[str], Server], visit: Visits) -> None:
    here = visit(server("demo"), scheme="dark")
    here.open("?period=103", ready=HEADING)
    keys = Keys(here.page)
    keys.to("計畫與成果")
    keys.enter()
    expect(here.page.locator(HEADING)).to_have_text("計畫與成果")
    here.settle(HEADING)
    keys.to("成果", role="tab")
    keys.to("列印", "ArrowRight")
    expect(here.page.get_by_role("heading", name="全份報告")).to_be_visible()
    keys.to("下載 HTML")
    with here.page.expect_download() as report:
        keys.enter()
    assert report.value.suggested_filename == "示範_提升服務品質成果報告_103.html"
    assert_led_well(keys)


def test_one_signs_in_and_out(guarded: tuple[Server, str], visit: Visits) -> None:
    here = visit(guarded[0], scheme="dark")
    here.page.goto(guarded[0].url)
    keys = Keys(here.page)
    expect(here.page.get_by_label("帳號")).to_be_focused()
    keys.type("boss")
    keys.to("密碼")
    keys.type(PASSWORD)
    keys.to("登入")
    keys.enter()
    here.settle(HEADING)
    keys.to("我的帳號")
    with here.page.context.expect_page() as opened:
        keys.enter()
    account = Keys(opened.value)
    account.to("登出", role="button")
    account.page.keyboard.press("Enter")
    expect(account.page.get_by_role("status")).to_have_text("您已登出。")
    account.last = None
    account.to("重新登入")
    for one in (keys, account):
        assert_led_well(one)
