"""The script of our blocks, in a real browser: links followed within the open page, focus and folds found again where a
block is drawn anew, wide tables reached by the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.test_screens import assert_no_fault, sentence
from tests.browser.visit import Visit
from tests.servers import Server, serving
from tests.ui.test_alerts_page import overdue

Start = Callable[[str], Server]
Visits = Callable[..., Visit]
pytestmark = pytest.mark.usefixtures("patience")
TO_POSTS = "[data-card=likes_per_post] a"


def test_a_link_is_followed_within_the_open_page_and_the_browser_goes_back(server: Start, visit: Visits) -> None:
    here = visit(server("demo"))
    here.open("?period=104", ready=sentence("overview"))
    here.page.evaluate("window.kept = 1")
    before = here.page.evaluate("history.length")
    here.page.locator("[data-card=service] a").scroll_into_view_if_needed()
    here.page.locator(TO_POSTS).click()
    here.settle(sentence("posts"))
    assert here.page.url.endswith("/posts?period=104")
    top = "document.querySelector('[data-testid=stMain]').scrollTop"
    assert here.page.evaluate(f"[window.kept, history.length, {top}]") == [1, before + 1, 0]
    expect(here.page).to_have_title("貼文成效｜服務品質儀表板｜臺南分局")
    here.page.go_back()
    here.settle(sentence("overview"))
    expect(here.page.locator("h1")).to_have_text("經營總覽")
    assert here.page.url.endswith("/?period=104")
    assert_no_fault(here)


def test_a_link_leads_to_the_same_page_with_another_question(server: Start, visit: Visits) -> None:
    here = visit(server("demo"))
    here.open("editorial?period=104", ready=sentence("editorial"))
    expect(here.page.get_by_label("打開一篇供稿")).to_have_value("")
    here.page.get_by_role("link", name="第一課").first.click()
    expect(here.page.get_by_label("打開一篇供稿")).not_to_have_value("")
    assert "slot=" in here.page.url
    assert_no_fault(here)


@pytest.mark.parametrize("key", ["Control", pytest.param("Shift", marks=pytest.mark.long)])
def test_a_link_opens_elsewhere_where_that_is_asked_for(server: Start, visit: Visits, key: str) -> None:
    here = visit(server("demo"))
    here.open("?period=104", ready=sentence("overview"))
    with here.page.context.expect_page() as opened:
        here.page.locator(TO_POSTS).click(modifiers=[key])  # type: ignore[list-item]
    other = Visit(opened.value, here.server)
    other.settle(sentence("posts"))
    assert other.page.url.endswith("/posts?period=104")
    other.page.close()
    expect(here.page.locator("h1")).to_have_text("經營總覽")


def test_focus_and_what_was_unfolded_stay_where_a_block_is_drawn_anew(
    copy: Callable[[str], Path], tmp_path: Path, visit: Visits
) -> None:
    store = copy("report")
    overdue(store, 9)
    with serving(store, tmp_path / "log.txt") as fresh:
        here = visit(fresh)
        here.open("", ready=sentence("overview"))
        fold = here.page.locator("[data-card=attention] details")
        said = fold.locator("summary").inner_text()
        fold.locator("summary").click()
        link = here.page.locator("[data-card=attention] a").nth(1)
        words = link.inner_text()
        link.focus()
        overdue(store, 3, first=9)
        here.page.keyboard.press("r")  # Streamlit's key for drawing the page anew
        expect(fold.locator("summary")).not_to_have_text(said)
        expect(fold).to_have_attribute("open", "")
        expect(here.page.locator("[data-card=attention] a:focus")).to_have_text(words)
        assert_no_fault(here)
        here.page.close()


def test_a_table_is_a_stop_of_the_keyboard_where_it_is_wider_than_its_place(server: Start, visit: Visits) -> None:
    here = visit(server("demo"), width=390)
    here.open("upload?period=104", ready=sentence("upload"))
    table = here.page.locator(".sq-table").locator("visible=true").first
    expect(table).to_have_attribute("tabindex", "0")
    expect(table).to_have_attribute("aria-label", str(table.locator("table").get_attribute("aria-label")))
    table.focus()
    here.page.keyboard.press("ArrowRight")
    here.page.wait_for_function("() => document.activeElement.scrollLeft > 0")
    here.page.set_viewport_size({"width": 1280, "height": 800})
    expect(table).not_to_have_attribute("tabindex", "0")
    expect(table).not_to_have_attribute("role", "region")
    assert_no_fault(here)
