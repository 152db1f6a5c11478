"""One visitor: where they go, what they see, and what went wrong meanwhile."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request, Response

from sqdash.ui import bundle
from tests.servers import Server

WAIT = 20_000  # milliseconds; a loaded machine is slow, and nothing waits longer than it must
SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]'
MENU = '[data-testid="stSidebarNav"]'

_SEEN = """
() => {
  const inside = [...document.querySelectorAll('[data-testid="stMain"], [data-testid="stSidebar"]')];
  const seen = [];
  for (const root of inside) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const parent = walker.currentNode.parentElement;
      // An icon is drawn by a font from its English name; the name itself is not to be seen.
      if (!parent || parent.closest('[translate="no"][aria-hidden="true"], [data-testid="stIconMaterial"]')) continue;
      if (parent.closest('style, script, noscript')) continue;
      if (!parent.checkVisibility({visibilityProperty: true, opacityProperty: true})) continue;
      const text = walker.currentNode.textContent.trim();
      if (text) seen.push(text);
    }
    for (const box of root.querySelectorAll('input:not([type="file"]), textarea'))
      if (box.checkVisibility()) seen.push(box.value || box.placeholder);
  }
  return seen.filter(text => text);
}
"""

_UNFOLD = """() => {
  const closed = [...document.querySelectorAll('[data-testid="stMain"] details:not([open]) > summary')];
  const seen = closed.filter(one => one.checkVisibility());
  seen.forEach(one => one.click());  // at once: a block of a tab that was left may go before a pointer has come to it
  return seen.length;
}"""


@dataclass
class Visit:
    """A page of the browser on a server; ``faults`` fills by itself."""

    page: Page
    server: Server
    faults: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(WAIT)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.faults.append(f"page error: {error}"))
        self.page.on("request", self._request)
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        self.asked.append(request.url)
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.netloc != f"127.0.0.1:{self.server.port}":
            self.faults.append(f"asked another host: {request.url}")

    def _failed(self, request: Request) -> None:
        if request.failure == "net::ERR_ABORTED" and request.url.endswith(bundle.chart()):
            return  # what is fetched ahead for another page is given up where one leaves meanwhile
        self.faults.append(f"failed: {request.url} ({request.failure})")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.faults.append(f"{response.status}: {response.url}")

    def open(self, path: str, *, ready: str) -> None:
        """Go there and wait until the page is drawn and ``ready`` is to be seen."""
        self.page.goto(f"{self.server.url}/{path.lstrip('/')}", wait_until="commit")
        self.settle(ready)

    def settle(self, ready: str) -> None:
        """Wait until the script has run, ``ready`` is there and every chart has its axes."""
        self.page.wait_for_selector(ready, state="attached")
        self.page.wait_for_selector(SETTLED, state="attached")
        self.page.wait_for_function(
            """() => [...document.querySelectorAll('[class*="st-key-chart_"]')]
                     .every(chart => !chart.checkVisibility()
                       || chart.querySelector('.main-svg .plot, .main-svg .cartesianlayer'))"""
        )
        # What was drawn by the run before is grey until the front end has heard that this one is over.
        gone = "[data-testid='stSkeleton'], [data-testid='stElementContainer'][data-stale='true']"
        self.page.wait_for_function("gone => !document.querySelector(gone)", arg=gone)

    def unfold(self) -> None:
        """Open every folded block of the main part, and those that come with them."""
        while self.page.evaluate(_UNFOLD):
            self.page.wait_for_selector(SETTLED, state="attached")

    def seen(self) -> list[str]:
        """Every piece of text that can be seen in the main part and the menu, inputs included."""
        return [text.replace("\u2060", "") for text in self.page.evaluate(_SEEN)]  # the joiner cannot be seen

    def text(self) -> str:
        return "\n".join(self.seen())

    def sizes(self, selector: str) -> list[dict[str, Any]]:
        """Left, top, right and bottom of each element, in page pixels from the top of the window."""
        found: list[dict[str, Any]] = self.page.eval_on_selector_all(
            selector, "all => all.map(one => one.getBoundingClientRect().toJSON())"
        )
        return found

    def overflow(self) -> dict[str, int]:
        """By how many pixels the document and the main part are wider than what is shown of them."""
        found: dict[str, int] = self.page.evaluate(
            """() => Object.fromEntries([['document', document.documentElement],
                 ['main', document.querySelector('[data-testid="stMain"]')]]
                 .map(([name, box]) => [name, box.scrollWidth - box.clientWidth]))"""
        )
        return found

    def squeezed(self) -> list[str]:
        """Cells of tables in which a text stands on three lines or more of fewer than five signs."""
        found: list[str] = self.page.evaluate(
            """() => [...document.querySelectorAll('.sq-table td')].filter(cell => {
              const range = document.createRange();
              range.selectNodeContents(cell);
              const lines = range.getClientRects(), em = parseFloat(getComputedStyle(cell).fontSize);
              return lines.length > 2 && Math.max(...[...lines].map(line => line.width)) < 5 * em;
            }).map(cell => cell.textContent)"""
        )
        return found


def english(texts: list[str], allowed: frozenset[str]) -> list[str]:
    """Words of three Latin letters or more that are not proper names; file names and addresses of ours pass."""
    found = []
    for text in texts:
        for word in re.findall(r"[A-Za-z][A-Za-z0-9_.'-]*", text):
            letters = re.sub("[^A-Za-z]", "", word)
            if len(letters) >= 3 and word.strip(".-'").lower() not in allowed:
                found.append(f"{word} in {text[:60]!r}")
    return found
