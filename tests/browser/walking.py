"""A walk over every screen and each of its tabs in one tab of a browser, by the menu where it stands."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqdash.ui import menu
from tests.browser.visit import MENU, Visit

MAIN = '[data-testid="stMain"]'
HEADING = f"{MAIN} h1"
PLANNED = {"plan": "?period=103"}
"""The demonstration has one year with a plan, and only there the page has its tabs."""
_DRAWN = """number => {
  const tab = document.querySelectorAll('[data-testid="stMain"] [role="tab"]')[number];
  return tab.ariaSelected === 'true' && document.getElementById(tab.getAttribute('aria-controls'))?.innerText.trim();
}"""


def walk(here: Visit, pages: Collection[str] = (), *, tabs: bool = True) -> Iterator[str]:
    """Each screen, or those of ``pages``, and where ``tabs`` each of its tabs, named ``upload/催報``, drawn, its folded
    parts open."""
    for entry in menu.entries():
        if pages and entry.name not in pages:
            continue
        _go(here, entry)
        found = here.page.locator(f'{MAIN} [role="tab"]')
        for number in range(max(1, found.count() if tabs else 1)):
            if number:
                found.nth(number).click()
                here.page.wait_for_function(_DRAWN, arg=number)
            here.settle(HEADING)
            here.unfold()
            here.settle(HEADING)
            yield f"{entry.name}/{found.nth(number).inner_text()}" if found.count() else entry.name


def _go(here: Visit, entry: menu.Entry) -> None:
    address = "" if entry.name == menu.FIRST else entry.name
    link = here.page.locator(f"{MENU} a[href$='/{address}']")
    menu_shown = (link.bounding_box() or {"x": -1})["x"] >= 0  # on a narrow screen it is there, but beside the window
    if entry.name in PLANNED or not menu_shown:
        here.open(address + PLANNED.get(entry.name, ""), ready=HEADING)
    else:
        link.click()
    here.page.locator(HEADING).get_by_text(entry.title, exact=True).wait_for()
    here.settle(HEADING)
