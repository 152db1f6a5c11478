"""What a screen reader is told of pictures, tables and cards."""

from __future__ import annotations

import re

from playwright.sync_api import Page

_LINE = re.compile(r"^( *)- (figure|img|table|grid|combobox|textbox|spinbutton|switch|checkbox)(?= |:|$)( \"[^\"]+\")?")

_CARDS = """() => [...document.querySelectorAll('[data-card]:has(h3)')].flatMap(card => {
  const name = card.querySelector('h2')?.innerText.trim(), figure = card.querySelector('h3')?.innerText.trim() || '';
  const said = card.querySelector('img')?.alt || '';
  return name && said.startsWith(name) && said.length > name.length + 5 ? [] : [`card ${name} ${figure}: ${said}`];
})"""


def unnamed(snapshot: str) -> list[str]:
    """Elements of a snapshot without a name; what stands inside a named figure is drawn by it."""
    found, inside = [], None
    for line in snapshot.splitlines():
        indent = len(line) - len(line.lstrip())
        if inside is not None and indent > inside:
            continue
        inside = None
        if match := _LINE.match(line):
            if not match[3]:
                found.append(line.strip())
            elif match[2] == "figure":
                inside = indent
    return found


def unsaid(page: Page) -> list[str]:
    """Cards whose picture does not say what the card says."""
    found: list[str] = page.evaluate(_CARDS)
    return found
