"""Whole errands without a mouse, with the focus to be seen at every step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.keys import Keys
from tests.browser.visit import Visit
from tests.browser.walking import HEADING
from tests.making import current
from tests.servers import Server, serving
from tests.ui.test_door import PASSWORD

Visits = Callable[..., Visit]
MONTH = "月份,受理件數,辦結件數\n103/06,18,18\n".encode()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_missed_target_and_its_reason_are_found(server: Callable[[str], Server], visit: Visits, scheme: str) -> None:
    here = visit(server("demo"), scheme=scheme)
    here.open("?period=104", ready=HEADING)
    keys = Keys(here.page)
    keys.to("每篇平均按讚未達")
    keys.enter()
    expect(here.page.locator(HEADING)).to_have_text("貼文成效")
    here.settle(HEADING)
    assert "上半年圖文仍以轉貼為主" in here.text()
    assert keys.unseen == []


def test_a_file_is_taken_and_the_report_is_downloaded(
    copy: Callable[[str], Path], tmp_path: Path, visit: Visits
) -> None:
    store = copy("report")
    with serving(store, tmp_path / "log.txt") as running:
        here = visit(running)
        here.open("upload", ready=HEADING)
        keys = Keys(here.page)
        keys.to("我的單位，本月")
        keys.to("上傳檔案", key="ArrowRight")
        keys.enter()
        here.page.get_by_role("button", name="選擇檔案").wait_for()
        with here.page.expect_file_chooser() as chooser:
            keys.to("Upload")
            here.page.keyboard.press("Enter")
        chooser.value.set_files([{"name": "陳情.csv", "mimeType": "text/csv", "buffer": MONTH}])
        here.page.get_by_role("button", name="匯入 1 列").wait_for()
        keys.to("匯入 1 列")
        keys.enter()
        expect(here.page.get_by_text("已匯入（批次")).to_be_visible()
        assert [row["received"] for row in current(store, "petitions") if row["month"] == "2014-06"] == [18]
        here.open("plan?period=103&plan_tab=列印", ready=HEADING)
        with here.page.expect_download() as download:
            keys.to("下載 ODT（公文格式）")
            here.page.keyboard.press("Enter")
        assert download.value.suggested_filename == "sqdash_103.odt"
        assert keys.unseen == []


def test_one_signs_in_and_comes_to_the_page_that_was_asked_for(guarded: tuple[Server, str], visit: Visits) -> None:
    server, _ = guarded
    page = visit(server).page
    page.goto(f"{server.url}/login?next=/fans")
    keys = Keys(page)
    keys.type("guest")
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.to("登入")
    page.keyboard.press("Enter")
    page.locator(HEADING).get_by_text("粉絲人數").wait_for()
    assert keys.unseen == []
