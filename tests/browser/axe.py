"""The findings of axe-core on a page, less those that are known to be Streamlit's own."""

from __future__ import annotations

from collections.abc import Collection
from importlib import resources
from typing import NamedTuple

from playwright.sync_api import Page

SCRIPT = (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
GRAVE = ("serious", "critical")


class Known(NamedTuple):
    """A finding that is not ours to mend: rule, what it is found on, when it was looked at last, why it stays."""

    rule: str
    selector: str
    seen: str
    why: str


KNOWN = (
    Known(
        "list",
        '[data-testid="stSidebarNavItems"]',
        "2026-11-29",
        "Streamlit 1.67 puts a box for each section between the menu's list and its items.",
    ),
    Known("listitem", '[data-testid="stSidebarNavItems"] li', "2026-11-29", "The other side of the same."),
    Known(
        "button-name",
        '[data-testid="stFileUploaderDropzone"] button',
        "2026-11-29",
        "Streamlit's English word is replaced by a style; browsers read 選擇檔案 out, axe does not look at styles.",
    ),
)

_RUN = """async ([known, rules]) => {
  const options = {resultTypes: ['violations'], elementRef: true};
  if (rules.length) options.runOnly = {type: 'rule', values: rules};
  const found = [];
  for (const one of (await axe.run(document, options)).violations) for (const node of one.nodes)
    found.push({rule: one.id, impact: node.impact, html: node.html.slice(0, 160),
                known: known.findIndex(([rule, selector]) => rule === one.id && node.element.matches(selector))});
  return found;
}"""


class Found(NamedTuple):
    """``ours`` are to be mended, each with its rule and its element; ``known`` are the entries that occurred."""

    ours: list[str]
    known: set[Known]


def look(page: Page, rules: Collection[str] = ()) -> Found:
    """Serious and critical findings, by all rules of axe-core or by ``rules`` alone."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT)
    found = page.evaluate(_RUN, [[[one.rule, one.selector] for one in KNOWN], list(rules)])
    ours = [f"{one['rule']}: {one['html']}" for one in found if one["impact"] in GRAVE and one["known"] < 0]
    return Found(ours, {KNOWN[one["known"]] for one in found if one["known"] >= 0})
