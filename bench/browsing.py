"""A real browser for measures: Chromium as the system has it, when a page is whole, what came over the network."""

from __future__ import annotations

import base64
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
WHOLE = """([title, last, query]) => {
  const app = document.querySelector('[data-testid="stApp"][data-test-script-state="notRunning"]');
  if (!app || app.querySelector('[data-testid="stMain"] h1')?.innerText.trim() !== title) return 0;
  if (last && !app.querySelector(last)) return 0;
  if (query && !location.search.includes(query)) return 0;
  if (app.querySelector('[data-testid="stSkeleton"]') || [...app.querySelectorAll('img')].some(i => !i.complete))
    return 0;
  for (const chart of app.querySelectorAll('[data-testid="stPlotlyChart"]'))
    if (!chart.querySelector('.main-svg .plot, .main-svg .cartesianlayer')) return 0;
  return performance.now() - (window.since || 0);
}"""
"""Milliseconds since the visit began, or since ``window.since``, once a page of that title is whole: its script has
run, its last block is there, every chart has its axes and every picture is complete."""


def program() -> str | None:
    """The path of Chromium on this machine; None where there is none."""
    return os.environ.get("CHROMIUM") or next((path for name in NAMES if (path := shutil.which(name))), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window; RuntimeError where the machine has none."""
    if (path := program()) is None:
        raise RuntimeError("no Chromium on this machine (apt install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


def profile(browser: Browser) -> BrowserContext:
    """A visitor's browser that has not been anywhere yet."""
    return browser.new_context(locale="zh-TW", viewport={"width": 1280, "height": 800}, reduced_motion="reduce")


def whole(page: Page, title: str, last: str = "", query: str = "") -> float:
    """Wait until the page of that title, block (a selector) and ``query`` in its address is whole; seconds by the
    browser's clock."""
    found = page.wait_for_function(WHOLE, arg=[title, last, query], polling="raf")
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
