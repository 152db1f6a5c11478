"""A real browser on real servers, one server a kind of store, each started when a test first asks for it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from bench import browsing
from tests.browser.visit import WAIT, Visit
from tests.servers import Server, serving
from tests.ui.test_door import with_accounts

SITE = "http://127.0.0.1/"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium as the system has it; nothing is downloaded."""
    if browsing.program() is None:
        missing = "no Chromium on this machine (apt install chromium): the screens were not looked at"
        if os.environ.get("CI"):
            pytest.fail(missing)  # where every check must have run, a skip would read as a pass
        pytest.skip(missing)
    with sync_playwright() as playwright, browsing.chromium(playwright, "--process-per-site") as chromium:
        yield chromium


@pytest.fixture(scope="session")
def server(made: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Server]]:
    """The dashboard over a store of a kind."""
    running: dict[str, Server] = {}
    with ExitStack() as stack:

        def started(kind: str) -> Server:
            if kind not in running:
                log = tmp_path_factory.mktemp("served") / f"{kind}.log"
                running[kind] = stack.enter_context(serving(made(kind), log))
            return running[kind]

        yield started


@pytest.fixture(scope="session")
def guarded(made: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    """The dashboard with sign-in; the first password of ``new``."""
    folder = tmp_path_factory.mktemp("sign-in")
    store = Path(shutil.copy(made("report"), folder / "people.db"))
    first = with_accounts(store)["new"]
    with serving(store, folder / "log.txt", SQDASH_SIGN_IN="1") as server:
        yield server, first


@pytest.fixture(scope="session")
def profiles(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """The browser's profile for a kind of window: kept, and with it one process for all pages of this machine's
    servers, in which scripts are read and compiled once. With a process for each page, as a person's browser has it, a
    page takes twice as much of the processor."""
    kept: dict[tuple[int, int, str], BrowserContext] = {}

    def of(width: int, height: int, scheme: str) -> BrowserContext:
        if (width, height, scheme) not in kept:
            kept[width, height, scheme] = context = browser.new_context(
                locale="zh-TW",
                timezone_id="Asia/Taipei",
                viewport={"width": width, "height": height},
                color_scheme="dark" if scheme == "dark" else "light",
                reduced_motion="reduce",
            )
            _stays(context)
        return kept[width, height, scheme]

    yield of
    for context in kept.values():
        context.close()


@pytest.fixture
def visit(profiles: Callable[..., BrowserContext]) -> Iterator[Callable[..., Visit]]:
    """A visit that finds nothing left of earlier ones but the server's files; what went wrong on the way is told at the
    end by ``Visit.faults``."""
    with ExitStack() as stack:

        def begun(server: Server, *, width: int = 1280, height: int = 800, scheme: str = "light") -> Visit:
            context = profiles(width, height, scheme)
            stack.callback(_forgotten, context)
            return Visit(context.new_page(), server)

        yield begun


def _stays(context: BrowserContext) -> None:
    """Its first page, whose process lasts as long as it does: empty, and at this machine without a server."""
    page = context.new_page()
    page.route(SITE, lambda route: route.fulfill(body=""))
    page.goto(SITE)


def _forgotten(context: BrowserContext) -> None:
    """Close its pages, but for the one that stays, and let it forget what they kept."""
    for page in context.pages[1:]:
        if page.url.startswith("http"):
            page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
        page.close()
    context.clear_cookies()
    context.clear_permissions()


@pytest.fixture
def patience() -> Iterator[None]:
    """A loaded machine is slow; nothing waits longer than it must."""
    expect.set_options(timeout=WAIT)
    yield
    expect.set_options(timeout=5_000)
