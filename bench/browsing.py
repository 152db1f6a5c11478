"""A real browser for measures: Chromium as the system has it, when a page is whole, what came over the network."""

from __future__ import annotations

import base64
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
WHOLE = """([title, last, query, all]) => {
  const app = document.querySelector('[data-testid="stApp"][data-test-script-state="notRunning"]');
  if (!app || app.querySelector('[data-testid="stMain"] h1')?.textContent.trim() !== title) return 0;
  if (last && !app.querySelector(last)) return 0;
  if (query && !location.search.includes(query)) return 0;
  if ([...app.querySelectorAll('img')].some(i => !i.complete) || document.fonts.status !== 'loaded') return 0;
  const seen = one => {
    const box = one.getBoundingClientRect();  // without height where what is in it is still to come
    return one.checkVisibility() && (all || (box.top < innerHeight && box.bottom >= 0));
  };
  if ([...app.querySelectorAll('[data-testid="stSkeleton"]')].some(seen)) return 0;
  for (const chart of app.querySelectorAll('[class*="st-key-chart_"]'))
    if (seen(chart) && !chart.querySelector('.main-svg .plot, .main-svg .cartesianlayer')) return 0;
  return performance.now() - (window.since || 0);
}"""
"""Milliseconds since the visit began, or since ``window.since``, once a page of that title is whole: its script has
run, its last block is there, pictures and fonts are complete, and the charts that the window shows (or ``all``) have
axes."""


def program() -> str | None:
    """The path of Chromium on this machine; None where there is none."""
    return os.environ.get("CHROMIUM") or next((path for name in NAMES if (path := shutil.which(name))), None)


_VISITOR: dict[str, Any] = {"locale": "zh-TW", "viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"}


def _found() -> str:
    if (path := program()) is None:
        raise RuntimeError("no Chromium on this machine (apt install chromium)")
    return path


@contextmanager
def chromium(playwright: Playwright, *switches: str) -> Iterator[Browser]:
    """A browser without a window, with more ``switches``; RuntimeError where the machine has none."""
    browser = playwright.chromium.launch(executable_path=_found(), args=[*QUIET, *switches])
    yield browser
    browser.close()


def profile(browser: Browser) -> BrowserContext:
    """A visitor's browser that has not been anywhere yet, and forgets everything; compiled scripts too."""
    return browser.new_context(**_VISITOR)


def returning(playwright: Playwright, folder: Path) -> BrowserContext:
    """A visitor's browser that keeps what a browser keeps, in that folder."""
    start = playwright.chromium.launch_persistent_context
    return start(folder, executable_path=_found(), args=list(QUIET), **_VISITOR)


def whole(page: Page, title: str, last: str = "", query: str = "", *, every_chart: bool = False) -> float:
    """Wait until the page of that title, block (a selector) and ``query`` in its address is whole; seconds by the
    browser's clock."""
    found = page.wait_for_function(WHOLE, arg=[title, last, query, every_chart], polling="raf")
    return float(found.json_value()) / 1000


@dataclass
class Traffic:
    """Bytes that came to a page: files as they were sent, messages of the live connection as they were unpacked."""

    files: int = 0
    messages: int = 0

    @classmethod
    def of(cls, session: CDPSession) -> Traffic:
        """Counts from now on."""
        found = cls()
        session.on("Network.dataReceived", found.file)
        session.on("Network.webSocketFrameReceived", found.message)
        session.send("Network.enable")
        return found

    def file(self, event: dict[str, Any]) -> None:
        """A part of a file came."""
        self.files += event["encodedDataLength"]

    def message(self, event: dict[str, Any]) -> None:
        """A message came."""
        frame = event["response"]
        binary = frame["opcode"] == 2  # such a payload is told in base64
        self.messages += len(base64.b64decode(frame["payloadData"]) if binary else frame["payloadData"].encode())
