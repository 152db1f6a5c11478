"""Every screen for everyone: read aloud, enlarged, set wider, without motion, in the dark and on paper.

One walk looks at everything, since going there costs more than looking. The short form walks wide in the light with
every look and wide in the dark with the look that colours can fail; the long form walks both widths with all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page

from tests.browser import axe, names, shape, style_rules
from tests.browser.keys import Keys
from tests.browser.visit import SETTLED, Visit
from tests.browser.walking import HEADING, MAIN, walk
from tests.servers import Server
from tests.ui.test_door import PASSWORD

Findings = dict[str, list[str]]
Visits = Callable[..., Visit]
PAPER, ENLARGED = {"width": 703, "height": 1000}, {"width": 640, "height": 400}
"""A4 less its margins at 96 dots an inch; a screen of 1280 × 800 at 200 %."""
WITH_FIGURES = ("overview", "fans", "posts", "activities", "service", "editorial", "plan")
_ROOM = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 60))))"
_ON_PAPER = """() => {
  const shown = box => box.checkVisibility({visibilityProperty: true}) && box.getBoundingClientRect().width > 1;
  const edge = document.documentElement.clientWidth;
  const off = name => [...document.querySelectorAll(name)].filter(shown).map(box => `on paper: ${name}`).slice(0, 1);
  const outside = [...document.querySelectorAll('[data-testid="stPlotlyChart"], .sq-table, img')]
    .filter(box => shown(box) && box.getBoundingClientRect().right > edge + 1)
    .map(box => `wider than paper: ${box.ariaLabel || box.alt || box.dataset.testid}`);
  return [...['[data-testid="stSidebar"]', '[data-testid="stDownloadButton"]', '[data-testid="stFileUploader"]',
              '[data-testid="stToolbar"]'].flatMap(off), ...outside];
}"""
_PALE = """() => {
  const parts = colour => colour.match(/[0-9.]+/g).map(Number);
  const light = colour => parts(colour).slice(0, 3).map(n => n / 255)
    .map(n => n > .04045 ? ((n + .055) / 1.055) ** 2.4 : n / 12.92)
    .reduce((sum, n, i) => sum + n * [.2126, .7152, .0722][i], 0);
  const ground = box => {
    for (; box; box = box.parentElement) {
      const {backgroundColor} = getComputedStyle(box);
      if ((parts(backgroundColor)[3] ?? 1) > 0) return light(backgroundColor);
    }
    return 1;
  };
  const written = box => [...box.childNodes].some(node => node.nodeType == 3 && node.textContent.trim());
  return [...document.querySelectorAll('[data-testid="stMain"] :not([data-testid="stPlotlyChart"] *)')]
    .filter(box => written(box) && box.checkVisibility() && !box.closest('style, script'))
    .map(box => [box, getComputedStyle(box).color, box.textContent])
    .concat([...document.querySelectorAll('[data-testid="stMain"] input:placeholder-shown')]
      .map(box => [box, getComputedStyle(box, '::placeholder').color, box.placeholder]))
    .filter(([box, ink]) => (ground(box) + .05) / (light(ink) + .05) < 4.5)
    .map(([, , text]) => text.trim().slice(0, 40));
}"""
_DRAWN = """() => ['[data-testid="stPlotlyChart"]', '.sq-table', '[data-testid="stDataFrame"]'].map(name =>
  [...document.querySelectorAll(name)].filter(box => box.checkVisibility()).length)"""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Both widths, every tab, zoom and paper in the long form; axe and words of each page as it opens in the short."""
    if "width" in metafunc.fixturenames:
        metafunc.parametrize("width", (1280, 390) if metafunc.config.getoption("--long") else (1280,))


@contextmanager
def at(page: Page, size: dict[str, int], media: str = "screen") -> Iterator[None]:
    """The page in a window of another size, or printed."""
    before = page.viewport_size
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.emulate_media(media=media)  # type: ignore[arg-type]
    page.evaluate(_ROOM)
    yield
    page.emulate_media(media="screen")
    page.set_viewport_size(before)  # type: ignore[arg-type]


@contextmanager
def set_wider(page: Page) -> Iterator[None]:
    """The page with a reader's own distances between lines, words and letters."""
    shape.space_out(page)
    page.evaluate(_ROOM)
    yield
    shape.set_back(page)


def shaped(page: Page, *, printed: bool = False) -> list[str]:
    return [*shape.cut(page, printed=printed), *shape.covered(page), *shape.wider(page)]


def looks(page: Page) -> Findings:
    """What is found on a page as it is, and both enlarged and set wider."""
    found = {"moves": shape.moving(page), "as it is": shaped(page)}
    with at(page, ENLARGED), set_wider(page):
        found["enlarged and set wider"] = shaped(page)
    return found


def said(here: Visit) -> Findings:
    """What is found in a screen's words and names."""
    return {
        "names": names.unnamed(here.page.locator(MAIN).aria_snapshot()) + names.unsaid(here.page),
        "style": style_rules.broken(here.seen()),
    }


def printed(here: Visit, stop: str) -> Findings:
    """What is found on a screen's paper."""
    page = here.page
    before = page.evaluate(_DRAWN)
    with at(page, PAPER, "print"):
        found = [*page.evaluate(_ON_PAPER), *shaped(page, printed=True)]
        if (now := page.evaluate(_DRAWN)) != before:
            found.append(f"charts, tables and grids {before}, on paper {now}")
        if stop.split("/")[0] in WITH_FIGURES and "截至" not in here.text():
            found.append("no day as of which the figures stand")
    return {"printed": found}


def test_every_screen_is_for_everyone(
    server: Callable[[str], Server], visit: Visits, width: int, request: pytest.FixtureRequest
) -> None:
    long = request.config.getoption("--long")
    here = visit(server("demo"), width=width)
    here.open("", ready=HEADING)
    found: dict[str, Findings] = {}
    known: set[axe.Known] = set()
    for stop in walk(here, tabs=long):
        grave = axe.look(here.page)
        known |= grave.known
        every: Findings = {"axe": grave.ours, **said(here)}
        if long:
            every |= looks(here.page) | printed(here, stop)
        found[stop] = {look: faults for look, faults in every.items() if faults}
    assert {stop: faults for stop, faults in found.items() if faults} == {}
    assert len(found) > (35 if long else 10)
    if width == 1280 and long:
        assert set(axe.KNOWN) - known == set()  # what no longer occurs is taken off the list
    assert here.faults == []


def test_every_screen_is_for_everyone_in_the_dark(
    server: Callable[[str], Server], visit: Visits, width: int, request: pytest.FixtureRequest
) -> None:
    here = visit(server("demo"), width=width, scheme="dark")
    here.open("", ready=HEADING)
    long = request.config.getoption("--long")
    found = {stop: axe.look(here.page, () if long else ("color-contrast",)).ours for stop in walk(here, tabs=long)}
    assert {stop: faults for stop, faults in found.items() if faults} == {}
    assert len(found) > (35 if long else 10)


@pytest.mark.parametrize("name", ["service", "editorial"])
def test_paper_is_white_whatever_the_theme(server: Callable[[str], Server], visit: Visits, name: str) -> None:
    here = visit(server("demo"), scheme="dark")
    here.open(name, ready=HEADING)
    page = here.page
    assert darkness(page) > 0.8
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    with at(page, PAPER, "print"):
        assert darkness(page) < 0.2
        assert page.evaluate(_PALE) == []
    assert darkness(page) > 0.8  # the screen is as it was


def test_paper_has_where_figures_are_from_once_it_is_unfolded(server: Callable[[str], Server], visit: Visits) -> None:
    here = visit(server("demo"))
    here.open("service", ready=HEADING)
    fold = here.page.locator(".st-key-fold_screen_export")
    with at(here.page, PAPER, "print"):
        assert not fold.is_visible()
    fold.locator("summary").click()
    fold.get_by_role("button", name="本頁 CSV").wait_for()
    with at(here.page, PAPER, "print"):
        assert fold.locator("table").is_visible()
        assert "CSV" not in fold.inner_text()


def darkness(page: Page) -> float:
    """The share of what is seen that is nearly black."""
    shades = Image.open(BytesIO(page.screenshot())).convert("L").histogram()
    return sum(shades[:64]) / sum(shades)


def test_the_pages_of_the_door_are_for_everyone(guarded: tuple[Server, str], visit: Visits) -> None:
    server, _ = guarded
    here = visit(server)
    page, found = here.page, {}

    def look(stop: str) -> None:
        every = {"axe": axe.look(page).ours, **looks(page), "style": style_rules.broken([page.inner_text("main")])}
        page.emulate_media(color_scheme="dark")
        every["dark"] = axe.look(page, ["color-contrast"]).ours
        page.emulate_media(color_scheme="light")
        with at(page, PAPER, "print"):
            every["printed"] = shaped(page, printed=True)
        found[stop] = {name: faults for name, faults in every.items() if faults}

    page.goto(f"{server.url}/login?next=/fans")
    look("login")
    page.get_by_label("帳號").fill("clerk")
    page.get_by_label("密碼").fill("wrong")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    look("refused")
    page.get_by_label("密碼").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/fans*")
    page.goto(f"{server.url}/password")
    look("password")
    page.goto(f"{server.url}/account")
    look("account")
    page.get_by_role("button", name="登出", exact=True).click()
    page.get_by_role("status").wait_for()
    look("signed out")
    assert {stop: faults for stop, faults in found.items() if faults} == {}
    assert len(found) == 5


# --- the looks themselves


BAD = """
<main data-testid="stMain" style="height:auto;overflow:auto">
 <h1>臺南分局</h1>
 <div style="width:60px;overflow:hidden;white-space:nowrap">這一句話比它的盒子長得多</div>
 <div style="position:relative;height:40px"><span style="position:absolute">甲甲甲甲</span>
  <span style="position:absolute">乙乙乙乙</span></div>
 <div style="width:3000px">寬</div>
 <div style="height:30px;overflow:auto"><p>一</p><p>二</p><p>三</p></div>
 <div style="transition:transform 2s">動</div>
 <img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" width="20" height="20">
 <input style="outline:none">
 <div style="color:#aaaaaa;background:#ffffff">看不清楚的字</div>
</main>
"""


def test_each_look_sees_what_it_is_to_find(visit: Visits, server: Callable[[str], Server]) -> None:
    page = visit(server("demo")).page
    page.set_content(BAD)
    assert [text.split(" (")[0] for text in shape.cut(page)] == ["這一句話比它的盒子長得多"]
    assert {"二", "三"} <= {text.split(" (")[0] for text in shape.cut(page, printed=True)}
    assert shape.covered(page) == ["甲甲甲甲 × 乙乙乙乙"]
    assert shape.wider(page) != []
    assert shape.moving(page) == ["transform 2s of DIV"]
    assert "- img" in names.unnamed(page.locator(MAIN).aria_snapshot())
    assert {fault.split(":")[0] for fault in axe.look(page).ours} >= {"image-alt", "label", "color-contrast"}
    keys = Keys(page)
    page.locator("h1").click()
    for _ in range(3):
        keys.press("Tab")
    assert [step for step in keys.unseen if step.startswith("input")] != []
    assert page.locator(SETTLED).count() == 0
