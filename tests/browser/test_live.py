"""Screens that follow the store by themselves, and 資料來源, in a real browser while pulls run against the fake."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from sqdash import periods
from sqdash.jobs import sources
from sqdash.jobs.token_state import PERMISSIONS
from tests import pulled
from tests.browser.test_screens import NAMES, STREAMLITS_OWN, assert_no_fault, sentence
from tests.browser.test_upload import card, drop, files_of, to_tab
from tests.browser.visit import SETTLED, Visit, english
from tests.fake_graph import PAGE_ID, FakeGraph, World
from tests.making import put, row
from tests.servers import Server, serving

Visits = Callable[..., Visit]
HERE, ROOT = Path(__file__).parent, Path(__file__).parents[2]
YEAR = str(periods.today().year - periods.ROC_OFFSET)
METAS = frozenset(f"graph api {' '.join(PERMISSIONS)}".split())
pytestmark = pytest.mark.usefixtures("patience")
SCREENS = pytest.mark.parametrize(
    ("width", "scheme"), [(1280, "light"), pytest.param(390, "dark", marks=pytest.mark.long)]
)


@pytest.fixture
def graph() -> Iterator[FakeGraph]:
    """A page of 40 posts whose figures move each second."""
    with FakeGraph(World(posts=40, pulse=1.0, new_post_every=60)) as server:
        yield server


@pytest.fixture
def store(copy: Callable[[str], Path]) -> Path:
    """A store of year 103 that the test may change."""
    return copy("report")


@pytest.fixture
def fast(tmp_path: Path) -> Path:
    """The dashboard whose screens look every second; links between pages are found beside it."""
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "pages").symlink_to(ROOT / "pages")
    return Path(shutil.copy(HERE / "fast.py", folder / "dashboard.py"))


@pytest.fixture
def live(
    store: Path, graph: FakeGraph, fast: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Server]:
    """A dashboard over that store, set up for that page, whose screens look every second."""
    pulled.connect(monkeypatch, pulled.settings(graph))
    with serving(store, tmp_path / "log.txt", script=fast) as running:
        yield running


def pull(store: Path, graph: FakeGraph) -> None:
    (done,) = sources.pull_all(store, pulled.settings(graph), by="排程")
    assert done.state == "done"


def words_of_meta(texts: list[str]) -> list[str]:
    """English words but for proper names, and names of Meta's metrics and permissions."""
    kept = [re.sub(r"\b(page|post)_[a-z_]+\b|SQDASH_[A-Z_]+", "", text) for text in texts]
    return english(kept, NAMES | STREAMLITS_OWN | METAS)


# --- screens that change by themselves


def test_a_screen_looks_every_second_here(live: Server, visit: Visits) -> None:
    here, asked = visit(live), list[object]()
    here.page.on("websocket", lambda line: line.on("framesent", lambda frame: asked.append(frame)))
    here.open("", ready=sentence("overview"))
    before = len(asked)
    here.page.wait_for_timeout(4000)
    assert len(asked) - before > 1
    here.page.close()


def test_the_overview_changes_by_itself_while_a_pull_runs(
    live: Server, store: Path, graph: FakeGraph, visit: Visits
) -> None:
    here = visit(live)
    here.open(f"?period={YEAR}", ready=sentence("overview"))
    fans = here.page.locator("[data-card=fans]")
    expect(fans).to_contain_text("無資料")
    here.page.locator('summary:has-text("數字出處")').click()
    pull(store, graph)
    expect(fans).to_contain_text("今天更新")
    expect(fans).not_to_contain_text("無資料")
    expect(here.page.get_by_text("剛更新", exact=True).first).to_be_visible()
    expect(here.page.locator("[data-card=likes_per_post]")).to_contain_text("● 今天更新")
    assert here.page.locator('[data-testid="stMain"] details[open] summary:has-text("數字出處")').count() == 1
    before = fans.locator("h3").inner_text()
    here.page.wait_for_timeout(1500)  # the page grows by a fan a second
    pull(store, graph)
    expect(fans.locator("h3")).not_to_have_text(before)
    assert here.overflow() == {"document": 0, "main": 0}
    assert_no_fault(here)
    here.page.close()


def test_what_is_being_typed_stays_and_keeps_the_focus(
    live: Server, store: Path, graph: FakeGraph, visit: Visits
) -> None:
    here = visit(live)
    here.open("settings", ready=sentence("settings"))
    page = here.page
    page.get_by_role("tab", name="假日").click()
    page.get_by_text("新增或變更假日").click()
    label = page.get_by_label("名稱").locator("visible=true")
    label.fill("試填的假日")
    reason = page.get_by_label("原因（必填）").locator("visible=true")
    reason.click()
    reason.press_sequentially("寫到一半")
    pull(store, graph)
    expect(page.get_by_text("剛更新", exact=True).first).to_be_visible()
    page.wait_for_selector(SETTLED, state="attached")
    expect(reason).to_be_focused()
    reason.press_sequentially("，再寫")
    expect(reason).to_have_value("寫到一半，再寫")
    expect(label).to_have_value("試填的假日")
    expect(page.locator('[role="tab"][aria-selected="true"]')).to_have_text("假日")
    assert_no_fault(here)
    page.close()


def test_a_reason_that_is_being_typed_stays_on_the_screen_while_others_write_theirs(
    live: Server, store: Path, visit: Visits
) -> None:
    here = visit(live)
    here.open("posts?period=103", ready=sentence("posts"))
    fold = here.page.locator(".st-key-fold_why_asked_posts")
    fold.locator("summary").click()
    fold.get_by_role("tab", name="每篇平均觸及").click()
    text = fold.get_by_label("內容").locator("visible=true")
    text.press_sequentially("寫到一半")
    of_year = {"period_from": "2014-01-01", "period_to": "2014-12-31", "kind": "next_step", "ordinal": 1}
    put(store, "explanations", row("explanations", indicator="likes_per_post", text="別人的下一步", **of_year))
    expect(here.page.locator("[data-card=why_likes_per_post]")).to_contain_text("別人的下一步")
    here.page.wait_for_selector(SETTLED, state="attached")
    expect(text).to_be_focused()
    text.press_sequentially("，再寫")
    expect(text).to_have_value("寫到一半，再寫")
    fold.get_by_role("button", name="存入").locator("visible=true").click()
    expect(here.page.locator("[data-card=why_reach_per_post]")).to_contain_text("寫到一半，再寫")
    assert_no_fault(here)
    here.page.close()


def test_a_paused_screen_stays_as_it_is_on_every_page_until_it_is_let_go(
    live: Server, store: Path, graph: FakeGraph, visit: Visits
) -> None:
    here = visit(live)
    here.open(f"?period={YEAR}", ready=sentence("overview"))
    switch = here.page.locator('[data-testid="stSidebar"]').get_by_text("自動更新")
    switch.click()
    expect(here.page.get_by_text("已暫停，畫面不會自己改變")).to_be_visible()
    here.page.locator('[data-testid="stSidebarNav"]').get_by_text("粉絲人數").click()
    here.settle(sentence("fans"))
    expect(here.page.get_by_text("已暫停，畫面不會自己改變")).to_be_visible()
    pull(store, graph)
    here.page.wait_for_timeout(3000)  # three looks, had it looked
    assert "今天更新" not in here.text()
    assert here.page.get_by_text("剛更新", exact=True).count() == 0
    switch.click()
    expect(here.page.locator("[data-card=fans]")).to_contain_text("今天更新")
    assert_no_fault(here)
    here.page.close()


def test_a_file_that_is_looked_at_stays_and_the_page_with_it(
    live: Server, store: Path, graph: FakeGraph, visit: Visits
) -> None:
    here = visit(live)
    files_of(here)
    drop(here, {"陳情.csv": "月份,受理件數,辦結件數\n103/06,18,18\n".encode()})
    file = card(here, "陳情.csv")
    expect(file.get_by_role("button", name=re.compile("匯入 1 列$"))).to_be_visible()
    pull(store, graph)
    here.page.wait_for_timeout(3000)
    expect(here.page.get_by_text("檔案預覽中，暫不更新")).to_be_visible()
    assert here.page.get_by_text("剛更新", exact=True).count() == 0
    file.get_by_role("button", name=re.compile("匯入 1 列$")).click()
    expect(file).to_contain_text("已匯入")
    assert_no_fault(here)
    here.page.close()


@pytest.mark.long
def test_many_open_screens_follow_together(live: Server, store: Path, visit: Visits) -> None:
    screens = [visit(live) for _ in range(4)]
    for here in screens:
        here.open("settings", ready=sentence("settings"))
    put(store, "holidays", row("holidays", day="2014-01-01", label="新的假日", working=0))
    for here in screens:
        expect(here.page.get_by_text("剛更新", exact=True).first).to_be_visible()
        assert_no_fault(here)
        here.page.close()


# --- 資料來源


@SCREENS
def test_sources_of_a_page_that_was_pulled_is_whole(
    pulled_store: Callable[[str], Path],
    graph: FakeGraph,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    visit: Visits,
    width: int,
    scheme: str,
) -> None:
    pulled.connect(monkeypatch, pulled.settings(graph))
    with serving(pulled_store(""), tmp_path / "log.txt") as server:
        here = visit(server, width=width, scheme=scheme)
        here.open("sources", ready=sentence("sources"))
        for name in ("現況", "擷取紀錄", "缺漏與差異", "專頁與權杖"):
            to_tab(here, name)
            here.unfold()
            texts = [text for text in here.seen() if pulled.HOSTILE not in text]
            assert words_of_meta(texts) == []
            assert here.overflow() == {"document": 0, "main": 0}
        assert here.page.locator('img[src*="evil"], [src*="evil"], a[href*="evil"]').count() == 0
        assert [url for url in here.asked if "evil" in url] == []
        assert_no_fault(here)
        here.page.close()


def test_the_button_pulls_and_the_screen_tells_when_it_is_done(
    live: Server, store: Path, graph: FakeGraph, visit: Visits
) -> None:
    here = visit(live)
    here.open("sources", ready=sentence("sources"))
    here.page.get_by_role("button", name="立即更新").click()
    expect(here.page.get_by_text(re.compile("擷取完成：新增 [0-9,]+ 列"))).to_be_visible()
    expect(here.page.get_by_role("button", name="立即更新")).to_be_enabled()
    to_tab(here, "擷取紀錄")
    expect(here.page.locator('.sq-table:has-text("呼叫")')).to_contain_text("本機")
    assert_no_fault(here)
    here.page.close()


def test_a_page_is_connected_in_the_browser_and_the_token_is_hidden(
    store: Path, graph: FakeGraph, fast: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, visit: Visits
) -> None:
    pulled.connect(monkeypatch, None)
    monkeypatch.setenv("SQDASH_GRAPH_BASE_URL", graph.base_url)
    with serving(store, tmp_path / "log.txt", script=fast) as server:
        here = visit(server)
        here.open("sources", ready=sentence("sources"))
        page = here.page
        token = page.get_by_label("粉絲專頁權杖").first
        assert token.get_attribute("type") == "password"
        page.get_by_label("專頁編號").fill(PAGE_ID)
        token.fill(graph.world.token)
        page.get_by_role("button", name="測試", exact=True).click()
        expect(page.get_by_text("可以保存了")).to_be_visible()
        expect(page.locator(".st-key-page_setup_steps")).to_contain_text("✔ 貼文成效")
        page.get_by_role("button", name="測試並保存").click()
        expect(page.get_by_text(f"已保存專頁 {PAGE_ID} 的權杖")).to_be_visible()
        expect(page.locator('[role="tab"][aria-selected="true"]')).to_have_text("專頁與權杖")
        expect(page.get_by_label("粉絲專頁權杖").first).to_have_value("")
        assert graph.world.token not in page.content()
        assert_no_fault(here)
        page.close()
    assert graph.world.token not in (tmp_path / "log.txt").read_text("utf-8")
