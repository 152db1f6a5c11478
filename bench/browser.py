"""What a visitor waits for, in Chromium: until a page is whole, a first visit over a slow line, the next page, another
period; beside an empty page of our server, or the same pages under a plain ``streamlit run``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from bench import browsing, line, serving
from bench.measure import Finding, Goal, Spread, compare_taken
from bench.pages import WITH_CHARTS
from sqdash.ui import menu

TITLES = {entry.name: entry.title for entry in menu.entries()}
SEEN = (menu.FIRST, *WITH_CHARTS)
"""Pages that are looked at: the first one, and those with charts."""
UNTIL = {False: "until whole", True: "until the last chart"}
COLD = ((menu.FIRST, False), ("posts", False), ("posts", True), ("fans", True))
"""Pages, and whether their charts below the window are waited for: the same page is longer under a plain server, so
that its window shows other charts."""
BEFORE = 3
"""Visits after which Chromium has kept the compiled code of what a page loads."""
YEAR = "period=103"
PARTS = {"上半年": "period=103H1", "全年": YEAR}
LAST, TABS = ".st-key-fold_screen_export", '[data-testid="stMain"] [role="tab"]'
WITHOUT_FILE = ("sources", "admin")
"""What a page that can be had as a file draws last; what the others draw."""
SMALL, CHARTS, PLAIN = Goal(1.75), Goal(3), Goal(0.65)
_CLICKED = "() => addEventListener('pointerdown', () => window.since = performance.now(), {capture: true})"


def main(folder: Path, demonstration: Path, runs: int = 9) -> Iterator[Finding]:
    """Each in turn with its floor."""
    with sync_playwright() as playing, serving.ours(serving.DASHBOARD, demonstration) as ours:
        with serving.ours(serving.EMPTY, demonstration) as empty:
            yield from _visits(playing, folder, ours.port, empty.port, runs)
        with serving.plain(folder, serving.SAME, demonstration) as plain, browsing.chromium(playing) as browser:
            yield from _cold(browser, ours.port, plain.port, max(2, runs // 2))
            yield from _on_the_page(browser, ours.port, plain.port, runs)
            yield from _bytes(browser, ours.port, plain.port)


def _visits(playing: Playwright, folder: Path, ours: int, empty: int, runs: int) -> Iterator[Finding]:
    """Visits of a browser that has been here before and keeps what a browser keeps."""
    with (
        closing(browsing.returning(playing, folder / "here")) as here,
        closing(browsing.returning(playing, folder / "there")) as there,
    ):
        for name in SEEN:
            goal = SMALL if name == menu.FIRST else CHARTS
            for _ in range(BEFORE):
                _visit(here, ours, name)
                _empty(there, empty)
            for every_chart, goals in ((False, (goal,)), (True, ())):
                if every_chart and name == menu.FIRST:
                    continue
                found = compare_taken(
                    f"{name}, {UNTIL[every_chart]}",
                    lambda name=name, every=every_chart: _visit(here, ours, name, every),  # type: ignore[misc]
                    "empty page",
                    lambda: _empty(there, empty),
                    runs,
                )
                yield found.finding(*goals)


def _visit(context: BrowserContext, port: int, name: str, every_chart: bool = False) -> float:
    """Seconds from asking for the page until it is whole."""
    with closing(context.new_page()) as page:
        return _open(page, port, name, every_chart=every_chart)


def _open(page: Page, port: int, name: str, *, every_chart: bool = False) -> float:
    address = "" if name == menu.FIRST else name
    page.goto(f"http://127.0.0.1:{port}/{address}?{YEAR}", wait_until="commit")
    return browsing.whole(page, TITLES[name], TABS if name in WITHOUT_FILE else LAST, every_chart=every_chart)


def _empty(context: BrowserContext, port: int) -> float:
    with closing(context.new_page()) as page:
        page.goto(f"http://127.0.0.1:{port}/", wait_until="commit")
        return browsing.whole(page, "empty")


def _cold(browser: Browser, ours: int, plain: int, runs: int) -> Iterator[Finding]:
    """First visits over a slow line."""

    def visit(port: int, name: str, every_chart: bool) -> float:
        with closing(browsing.profile(browser)) as context:
            return _visit(context, port, name, every_chart)

    with line.slow(ours) as near, line.slow(plain) as far:
        for name, every in COLD:
            found = compare_taken(
                f"{name}, first visit at 20 Mbit/s {UNTIL[every]}",
                lambda name=name, every=every: visit(near, name, every),  # type: ignore[misc]
                "plain streamlit run",
                lambda name=name, every=every: visit(far, name, every),  # type: ignore[misc]
                runs,
            )
            yield found.finding(PLAIN)


def _on_the_page(browser: Browser, ours: int, plain: int, runs: int) -> Iterator[Finding]:
    """What happens without a new visit, on a page that stays open on each server."""
    with closing(browsing.profile(browser)) as context:
        pages = [context.new_page() for _ in (ours, plain)]
        for page, port in zip(pages, (ours, plain), strict=True):
            _open(page, port, menu.FIRST)
            page.evaluate(_CLICKED)
        for what, act in (("next page", _switch), ("another period", _filter)):
            both: list[Callable[[], float]] = [lambda one=one, act=act: _in_front(one, act) for one in pages]  # type: ignore[misc]
            yield compare_taken(what, both[0], "plain streamlit run", both[1], runs).finding(PLAIN)


def _in_front(page: Page, act: Callable[[Page], float]) -> float:
    """Done on a page that is looked at: the timers of one behind another tick once a second."""
    page.bring_to_front()
    return act(page)


def _switch(page: Page) -> float:
    """From the first page to the posts, and back without being measured."""
    _go(page, "posts")
    found = browsing.whole(page, TITLES["posts"], LAST)
    _go(page, "")
    browsing.whole(page, TITLES[menu.FIRST], LAST)
    return found


def _go(page: Page, address: str) -> None:
    page.locator(f'[data-testid="stSidebarNav"] a[href$="/{address}"]').click()


def _filter(page: Page) -> float:
    """To half a year, and back without being measured."""
    taken = []
    for part, query in PARTS.items():
        page.locator(".st-key-period_part").get_by_role("combobox").click()
        page.get_by_role("option", name=part, exact=True).click()
        taken.append(browsing.whole(page, TITLES[menu.FIRST], LAST, query))
    return taken[0]


def _bytes(browser: Browser, ours: int, plain: int) -> Iterator[Finding]:
    """What comes to the browser at a first visit until the last chart."""
    for name in TITLES:
        mine, theirs = (_traffic(browser, port, name) for port in (ours, plain))
        for what in ("files", "messages"):
            one, other = getattr(mine, what), getattr(theirs, what)
            yield Finding(f"{name}, {what}", _kilobytes(one), "plain streamlit run", _kilobytes(other), one / other)


def _traffic(browser: Browser, port: int, name: str) -> browsing.Traffic:
    with closing(browsing.profile(browser)) as context, closing(context.new_page()) as page:
        found = browsing.Traffic.of(context.new_cdp_session(page))
        _open(page, port, name, every_chart=True)
        return found


def _kilobytes(count: int) -> Spread:
    return Spread(count / 1e3, count / 1e3, count / 1e3, "kB")
