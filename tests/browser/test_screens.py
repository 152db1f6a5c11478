"""What a person sees: every screen in a real browser, wide and narrow, light and dark."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from sqdash.jobs import entries
from sqdash.jobs.token_state import PERMISSIONS as NEEDED
from sqdash.store import database
from sqdash.store.queries import rows
from sqdash.tables import BY_NAME, TABLES
from sqdash.ui import blocks, menu
from sqdash.ui.server import TITLE
from tests.browser.visit import MENU, Visit, english
from tests.servers import Server, serving

TITLES = {entry.name: entry.title for entry in menu.entries()}
SCREENS = [
    pytest.param(page, kind, width, scheme, id=f"{page}-{kind}-{width}-{scheme}", marks=marks)
    for kind, width, scheme, marks in (
        (
            "report",
            1280,
            "light",
            pytest.mark.long,
        ),  # wide is walked over the demonstration, which has all that this has
        ("demo", 390, "light", ()),
        ("empty", 390, "dark", pytest.mark.long),  # each page over an empty store is a test of its own
    )
    for page in TITLES
]
CARDS = ("fans", "likes_per_post", "reach_per_post")

PROPER = (
    "myegov utc wifi wi-fi youtube facebook twitter meta iframe itaiwan faq mra vpc app apps web know-how sqlite theil"
)
FORMATS = "csv tsv xlsx ods xls odt docx pptx html json pdf word sen"
NAMES = frozenset(f"{PROPER} {FORMATS}".split(" ")) | {f"{table.name}.csv" for table in TABLES}
"""Proper names, words that the report itself uses, and file names, in lower case."""

PERMISSIONS = frozenset(NEEDED)
"""What a token must be allowed to do, by Meta's names."""

STREAMLITS_OWN = frozenset({"skip", "main", "content"})
"""Words that Streamlit 1.67 shows by itself and offers no option for (looked at in November 2026)."""

Start = Callable[[str], Server]
Visits = Callable[..., Visit]
Codes = Callable[[str], frozenset[str]]


@pytest.fixture(scope="session")
def codes(made: Callable[[str], Path]) -> Codes:
    """The codes of units and pages in a store of a kind: their column on the settings page shows them."""

    def of(kind: str) -> frozenset[str]:
        with database.reading(made(kind)) as connection:
            return frozenset(
                str(row[column]).lower()
                for table, column in (("units", "unit"), ("pages", "page_id"))
                for row in rows.current(connection, BY_NAME[table])
            )

    return of


def sentence(page: str) -> str:
    """What is there once a page is drawn: its title, and the last block of its script."""
    last = (
        '[role="tab"]'
        if page in ("settings", "sources", "upload", "admin")
        else '[data-testid="stExpander"] >> text=數字出處'
    )
    return f'[data-testid="stMain"]:has(h1:has-text("{TITLES[page]}")) >> {last} >> nth=0'


def assert_no_fault(visit: Visit) -> None:
    assert visit.faults == []
    assert "未預期的問題" not in visit.text()
    assert visit.page.locator('[data-testid="stException"]').count() == 0


# --- the looking itself


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Choose an option", 2),
        ("Drag and drop", 3),
        ("103 年 WiFi、YouTube", 0),
        ("readings.csv 第 5 列", 0),
        ("readings.tsv", 1),
    ],
)
def test_english_words_are_told_from_names(text: str, found: int) -> None:
    assert len(english([text], NAMES)) == found


def test_whatever_goes_wrong_on_a_page_is_noticed(server: Start, visit: Visits) -> None:
    here = visit(server("report"))
    here.open("", ready=sentence("overview"))
    assert here.faults == []
    here.page.evaluate("console.error('一')")
    here.page.evaluate("setTimeout(() => { throw new Error('二'); })")
    here.page.evaluate("fetch('/media/none.png')")
    here.page.evaluate("new Image().src = 'http://elsewhere.example/a.png'")
    here.page.wait_for_timeout(500)
    said = "\n".join(here.faults)
    assert "console: 一" in said
    assert "page error: 二" in said
    assert "404: " in said
    assert "elsewhere.example" in said


# --- the first visitor


@pytest.mark.parametrize("first", ["settings"])
def test_the_first_visitor_of_a_fresh_server_gets_the_whole_menu(
    made: Callable[[str], Path], tmp_path: Path, visit: Visits, first: str
) -> None:
    with serving(made("report"), tmp_path / "log.txt") as fresh:
        here = visit(fresh)
        here.open(first, ready=sentence(first))
        menu = here.page.locator(MENU).inner_text()
        assert [title for title in TITLES.values() if title not in menu] == []
        assert here.page.locator("h1").inner_text() == TITLES[first]
        assert_no_fault(here)
        here.page.close()


# --- every screen


@pytest.mark.parametrize(("page", "kind", "width", "scheme"), SCREENS)
def test_a_screen_is_whole(
    server: Start, visit: Visits, codes: Codes, page: str, kind: str, width: int, scheme: str
) -> None:
    of_page = codes(kind) if page == "settings" else PERMISSIONS if page == "sources" else frozenset()
    allowed = NAMES | STREAMLITS_OWN | of_page
    here = visit(server(kind), width=width, scheme=scheme)
    here.open("" if page == "overview" else page, ready=sentence(page))
    assert here.page.locator("h1").inner_text() == TITLES[page]
    assert here.page.title() == f"{TITLES[page]}｜{TITLE}"
    assert ("示範資料，非真實數據" in here.text()) == (kind == "demo")
    assert here.overflow() == {"document": 0, "main": 0}
    assert here.squeezed() == []
    tabs = here.page.locator('[data-testid="stMain"] [role="tab"]')
    for tab in [None, *tabs.all()[1:]]:
        if tab is not None:
            tab.click()
        here.unfold()
        if page != "admin":  # where paths, names of settings and of programs stand as they are
            assert english(here.seen(), allowed) == []
        assert here.overflow() == {"document": 0, "main": 0}
        assert here.squeezed() == []
    assert_no_fault(here)


@pytest.mark.parametrize(("width", "rows"), [(1280, [5]), (390, [1, 2, 2])])
def test_the_boxes_of_a_period_stand_beside_the_title_or_in_pairs_below_it(
    server: Start, visit: Visits, width: int, rows: list[int]
) -> None:
    here = visit(server("empty"), width=width)  # where the title has the shortest mark beside it
    here.open("posts?period=2014-06-10..2014-12-31", ready=sentence("posts"))
    fields = here.page.locator(".st-key-page_head").locator("h1, input")
    middles = [(box["y"] + box["height"] / 2) // 40 for one in fields.all() if (box := one.bounding_box())]
    assert list(Counter(middles).values()) == rows


def test_a_table_fades_where_it_is_to_be_moved_sideways(server: Start, visit: Visits) -> None:
    faded = "table => [table.scrollWidth > table.clientWidth, getComputedStyle(table).maskImage !== 'none']"
    found = []
    for width in (1280, 390):
        here = visit(server("demo"), width=width)
        here.open("service", ready=sentence("service"))
        table = here.page.locator(".sq-table").locator("visible=true").first
        found.append(table.evaluate(faded))
    table.evaluate("table => table.scrollTo(table.scrollWidth, 0)")
    here.page.wait_for_timeout(100)
    assert found == [[False, False], [True, True]]
    assert table.evaluate(faded) == [True, False]


def test_dark_is_dark_and_light_is_light(server: Start, visit: Visits) -> None:
    grounds = {}
    for scheme in ("light", "dark"):
        here = visit(server("report"), scheme=scheme)
        here.open("", ready=sentence("overview"))
        ground = here.page.locator('[data-testid="stApp"]').evaluate("one => getComputedStyle(one).backgroundColor")
        grounds[scheme] = re.findall(r"\d+", ground)[:3]
    assert grounds == {"light": ["255", "255", "255"], "dark": ["17", "22", "27"]}


# --- the overview


def test_the_overview_shows_its_targets_and_counts_without_scrolling(server: Start, visit: Visits) -> None:
    here = visit(server("report"))
    here.open("", ready=sentence("overview"))
    cards, counts = (here.sizes(boxes) for boxes in ("[data-card]:has(h3)", ".sq-box:has(h4)"))
    assert (len(cards), len(counts)) == (3, 6)
    assert max(box["bottom"] for box in cards + counts) <= 800
    assert len({round(box["top"]) for box in cards}) == 1
    assert len({round(box["top"]) for box in counts}) == 1
    lower = here.sizes(".sq-beside .sq-box h2")
    assert len(lower) == 2
    assert abs(lower[0]["top"] - lower[1]["top"]) < 2
    assert here.page.evaluate("document.querySelector('[data-testid=\"stMain\"]').scrollTop") == 0
    said = here.text()
    for words in ("16,300", "60–70", "700–800", "達標", "未達"):
        assert words in said


@pytest.mark.parametrize(("kind", "width"), [("report", 1280), ("demo", 1024), ("demo", 390)])
def test_nothing_on_the_overviews_cards_is_cut_off(server: Start, visit: Visits, kind: str, width: int) -> None:
    here = visit(server(kind), width=width)
    here.open("", ready=sentence("overview"))
    cut = here.page.evaluate(
        """() => [...document.querySelectorAll('.sq-box')].flatMap(card => {
             const edge = card.getBoundingClientRect();
             return [...card.querySelectorAll('*')].filter(one => {
               if (!one.textContent.trim() || one.closest('[data-testid="stIconMaterial"]')) return false;
               const box = one.getBoundingClientRect(), style = getComputedStyle(one);
               if (!box.width || style.position === 'absolute') return false;
               const hides = style.overflowX !== 'visible' || style.textOverflow === 'ellipsis';
               return (hides && one.scrollWidth > one.clientWidth + 1)
                 || (style.overflowY === 'hidden' && one.scrollHeight > one.clientHeight + 1)
                 || box.right > edge.right + 1 || box.bottom > edge.bottom + 1 || box.left < edge.left - 1;
             }).map(one => one.textContent.trim().slice(0, 60));
           })"""
    )
    assert cut == []


# --- text from outside


def test_texts_of_posts_load_nothing_and_are_shown_as_they_are(
    copy: Callable[[str], Path], tmp_path: Path, visit: Visits
) -> None:
    store = copy("demo")
    text = '<img src="//elsewhere.example/a.png"> ![x](//elsewhere.example/b.png) **粗** :red[紅] <b>標</b>'
    given = {"post_id": "9001", "page_id": _own_page(store), "published_at": "2015-12-31T23:59:00+08:00"}
    entries.enter(store, BY_NAME["posts"], given | {"message": text}, reason="試登", by="測試")
    with serving(store, tmp_path / "log.txt") as fresh:
        here = visit(fresh)
        here.open("posts?period=104&posts_tab=貼文清單", ready=sentence("posts"))
        grid = here.page.locator('[data-testid="stDataFrame"] canvas table').first
        grid.wait_for(state="attached")
        assert text in str(grid.text_content())
        assert here.page.locator('img[src*="elsewhere"], [src*="elsewhere"], a[href*="elsewhere"]').count() == 0
        assert [url for url in here.asked if "elsewhere" in url] == []
        assert_no_fault(here)
        here.page.close()


def _own_page(store: Path) -> str:
    with database.reading(store) as connection:
        return next(str(r["page_id"]) for r in rows.current(connection, BY_NAME["pages"]) if r["kind"] == "own")


# --- from a figure to its source


def test_a_missed_target_leads_to_its_posts_and_to_the_row_it_was_read_from(server: Start, visit: Visits) -> None:
    here = visit(server("report"))
    here.open("?period=103", ready=sentence("overview"))
    here.page.locator('[data-card=attention] a:has-text("每篇平均按讚")').first.click()
    here.settle(sentence("posts"))
    assert here.page.url.endswith("/posts?period=103")
    assert here.page.locator("h1").inner_text() == TITLES["posts"]
    here.page.locator('summary:has-text("數字出處")').click()
    row = here.page.locator('.sq-table tr:has-text("每篇平均按讚")').last
    row.wait_for()
    assert "60–70" in row.inner_text()
    assert re.search(r"readings\.csv 第 \d+ 列", row.inner_text())
    assert_no_fault(here)


@pytest.mark.parametrize("code", ["103H2", "103"])
def test_links_keep_the_period(server: Start, visit: Visits, code: str) -> None:
    here = visit(server("demo"))
    here.open(f"?period={code}", ready=sentence("overview"))
    here.page.locator("[data-card=fans] a").click()
    here.settle(sentence("fans"))
    assert here.page.url.endswith(f"/fans?period={code}")


def test_the_menu_keeps_the_period(server: Start, visit: Visits) -> None:
    here = visit(server("demo"))
    here.open("?period=103H2", ready=sentence("overview"))
    here.page.locator(MENU).get_by_text(TITLES["service"]).click()
    here.settle(sentence("service"))
    here.page.wait_for_url("**/service?period=*")
    assert here.page.url.endswith("/service?period=103H2")
    assert "103 年下半年" in here.text()


# --- a correction


def test_the_rota_is_fetched_as_a_calendar_file(server: Start, visit: Visits) -> None:
    here = visit(server("demo"))
    here.open("editorial?period=104", ready=sentence("editorial"))
    with here.page.expect_download() as calendar:
        here.page.get_by_role("button", name="下載行事曆檔").click()
    assert calendar.value.suggested_filename == "供稿輪值_104.ics"
    assert Path(calendar.value.path()).read_bytes().count(b"BEGIN:VEVENT\r\n") == 96
    assert_no_fault(here)


def test_a_wide_table_beside_a_box_pushes_nothing_out_of_a_narrow_screen(server: Start, visit: Visits) -> None:
    table = blocks.table(
        {name: ["缺活動前一天或最後一天的數據"] for name in "甲乙丙丁戊"}, alt="表", whole="甲乙丙丁戊"
    )
    both = blocks.beside(blocks.stacked(table), blocks.box(blocks.line("旁邊")), widths="3-1")
    here = visit(server("demo"), width=390)
    here.open("fans", ready=sentence("fans"))
    here.page.eval_on_selector(
        '[data-testid="stMain"] .sq',
        "(one, html) => one.insertAdjacentHTML('beforeend', `<p id=tried></p>${html}`)",
        str(both),
    )
    (place,) = here.sizes("#tried")
    assert [one["right"] - place["right"] for one in here.sizes("#tried + .sq-beside > *")] == [0, 0]


def test_after_a_correction_the_visitor_stays_where_they_were(
    copy: Callable[[str], Path], tmp_path: Path, visit: Visits
) -> None:
    with serving(copy("report"), tmp_path / "log.txt") as fresh:
        here = visit(fresh, height=1600)
        here.open("settings", ready=sentence("settings"))
        page = here.page
        page.get_by_role("tab", name="更正單列").click()
        rows_of = page.locator('[data-testid="stSelectbox"]').filter(has_text="要更正的列").locator("input")
        rows_of.click()
        rows_of.press_sequentially("粉絲人數、103/01/01、103/12/31、結果")
        page.get_by_role("option").first.wait_for()
        rows_of.press("Enter")
        value = page.get_by_label("值（可空白）").locator("visible=true")
        expect(value).to_have_value("16300")
        value.fill("16301")
        page.get_by_label("原因（必填）").locator("visible=true").first.fill("依公文更正")
        page.get_by_role("button", name="更正這一列").click()
        page.get_by_text("已存入陳報值").wait_for()
        here.settle(sentence("settings"))
        expect(page.locator('[role="tab"][aria-selected="true"]')).to_have_text("更正單列", timeout=3_000)
        history = page.locator(".sq-table").locator("visible=true").last
        expect(history).to_contain_text("16,301", timeout=3_000)
        expect(history).to_contain_text("依公文更正", timeout=3_000)
        assert_no_fault(here)
        page.close()
