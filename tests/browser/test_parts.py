"""Parts of Streamlit's bundle: there before the page is drawn; charts after the rest, and though nobody scrolls."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from sqdash.ui import bundle, menu, parts
from tests.browser.test_screens import assert_no_fault, sentence
from tests.browser.visit import MENU, Visit
from tests.servers import Server

_ASKED = """(() => {
  let give; window.lacking = [];
  Object.defineProperty(window, 'sqPart', {
    get: () => give && (name => { const part = give(name); if (!part) window.lacking.push(name); return part; }),
    set: given => { give = given; },
  });
})()"""
_DRAWN = """(() => {
  window.drawn = [];
  new MutationObserver(() => {
    for (const chart of document.querySelectorAll('.js-plotly-plot:not([data-noted])')) {
      const layout = chart._fullLayout;
      if (!layout) continue;
      chart.dataset.noted = '';
      const place = chart.closest('[class*="st-key-chart_"]');
      window.drawn.push({due: 'due' in place.dataset, width: layout.width, room: place.clientWidth});
    }
  }).observe(document, {childList: true, subtree: true});
})()"""
"""Notes of each chart, as it is drawn for the first time, whether it was due, and how wide it and its place were."""
_LOADED = """() => performance.getEntriesByType('resource').map(one => ({
  name: one.name, begun: one.startTime, ended: one.responseEnd,
  hinted: !!document.querySelector(`link[rel=preload][as=script][href$="${one.name.split('/').pop()}"]`),
}))"""
Start = Callable[[str], Server]
Visits = Callable[..., Visit]


@pytest.mark.parametrize("page", ["overview", "posts", "editorial", "upload"])
def test_no_part_that_a_page_draws_is_still_to_come_at_a_second_visit(server: Start, visit: Visits, page: str) -> None:
    here = visit(server("demo"))
    here.page.add_init_script(_ASKED)
    for _ in range(2):  # at the first one the line decides
        here.open("" if page == menu.FIRST else page, ready=sentence(page))
    assert here.page.evaluate("window.lacking") == []
    assert_no_fault(here)


def test_charts_below_the_window_come_once_the_page_has_the_rest(server: Start, visit: Visits) -> None:
    here = visit(server("demo"))
    here.open("posts?period=103", ready=sentence("posts"))
    places = here.page.locator('[class*="st-key-chart_"]')
    drawn = places.filter(has=here.page.locator(".main-svg .cartesianlayer"))
    expect(drawn).to_have_count(places.count())
    assert places.count() >= 2
    assert here.page.evaluate("document.querySelector('[data-testid=\"stMain\"]').scrollTop") == 0
    assert_no_fault(here)


def test_the_library_for_charts_comes_after_what_the_page_hinted_at(server: Start, visit: Visits) -> None:
    here = visit(server("demo"))
    here.open("fans?period=103", ready=sentence("fans"))
    expect(here.page.locator(".main-svg .cartesianlayer").first).to_be_attached()
    files = here.page.evaluate(_LOADED)
    (library,) = (file for file in files if bundle.chart() in file["name"])
    hinted = [file for file in files if file["hinted"] and file != library]
    assert len(hinted) > 50
    assert library["begun"] >= max(file["ended"] for file in hinted)
    assert_no_fault(here)


def test_a_chart_is_drawn_when_it_is_due_and_as_wide_as_its_place(server: Start, visit: Visits) -> None:
    here = visit(server("demo"))
    here.page.add_init_script(_DRAWN)
    here.open("posts?period=103", ready=sentence("posts"))
    places = here.page.locator('[class*="st-key-chart_"]')
    drawn = places.filter(has=here.page.locator(".main-svg .cartesianlayer"))
    expect(drawn).to_have_count(places.count())
    here.page.locator(MENU).get_by_text("活動與訓練").click()
    expect(here.page.locator(".st-key-chart_activities_months .main-svg").first).to_be_visible()
    here.page.locator(MENU).get_by_text("貼文成效").click()  # where the library is there before the places are
    here.settle(sentence("posts"))
    expect(drawn).to_have_count(places.count())
    noted = here.page.evaluate("window.drawn")
    assert len(noted) >= 2 * places.count() + 1
    assert [one for one in noted if not one["due"] or abs(one["width"] - one["room"]) > 1] == []
    assert_no_fault(here)


def test_what_is_typed_in_what_unfolds_is_not_lost_by_folding(server: Start, visit: Visits) -> None:
    here = visit(server("report"))
    here.open("posts?period=103", ready=sentence("posts"))
    form = here.page.locator(".st-key-fold_why_asked_posts")
    text = form.get_by_label("內容").first
    expect(text).to_have_count(0)
    form.locator("summary").press("Enter")
    text.fill("轉貼太多，互動少")
    form.get_by_role("tab", name="每篇平均觸及").click()
    expect(text).to_be_hidden()
    form.locator("summary").click()
    form.locator("summary").click()
    form.get_by_role("tab", name="每篇平均按讚").click()
    expect(text).to_have_value("轉貼太多，互動少")
    assert_no_fault(here)


def test_the_numbers_behind_a_chart_come_once_they_are_unfolded(server: Start, visit: Visits) -> None:
    here = visit(server("demo"))
    here.open("activities?period=103", ready=sentence("activities"))
    behind = here.page.locator('[class*="st-key-fold_numbers_"]').first
    expect(behind.locator(".sq-table")).to_have_count(0)
    behind.locator("summary").press("Enter")
    expect(behind.locator(".sq-table")).to_be_visible()
    expect(behind.get_by_role("button", name="XLSX")).to_be_visible()
    expect(behind.locator("summary")).to_be_focused()
    assert_no_fault(here)


def test_the_library_is_fetched_once_a_page_has_the_place_of_a_chart_though_below_the_window(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(parts.script("chart.js", "window.fetched=(window.fetched||0)+1") + '<div style="height:9999px">')
    assert page.evaluate("window.fetched") is None
    for number in range(2):
        page.evaluate(
            f"document.body.append(Object.assign(document.createElement('p'),{{className:'st-key-chart_{number}'}}))"
        )
    page.wait_for_function("[...document.querySelectorAll('p')].every(place => 'waits' in place.dataset)")
    assert page.evaluate("[window.fetched, document.querySelectorAll('[data-due]').length]") == [1, 0]
    page.close()
