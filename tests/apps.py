"""The dashboard run as Streamlit runs it but without a browser, and what can be read on it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from sqdash.ui import folds, memory
from sqdash.ui.menu import entries
from tests import blocks

DASHBOARD = Path(__file__).resolve().parents[1] / "dashboard.py"
TITLES = {entry.name: entry.title for entry in entries()}
Opens = Callable[..., AppTest]
_found_once = cache(manifest_scanner.scan_component_manifests)
"""Streamlit reads the metadata of every installed package for each AppTest: more than a page of ours takes."""


@contextmanager
def opening(made: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Opens]:
    """Opens a page over a store (a kind, or a path), with a period in the address if one is given.

    Whatever is folded away is drawn as if somebody had unfolded it.
    """
    memory.forget()
    monkeypatch.setattr(folds, "asked", lambda key, *, unfolded: True)
    monkeypatch.setattr(manifest_scanner, "scan_component_manifests", _found_once)

    def opened(store: str | Path, page: str = "overview", period: str | None = None) -> AppTest:
        monkeypatch.setenv("SQDASH_DB", str(made(store) if isinstance(store, str) else store))
        app = AppTest.from_file(str(DASHBOARD), default_timeout=60)
        if period is not None:
            app.query_params["period"] = period
        app.run()
        return app if page == "overview" else app.switch_page(f"pages/{page}.py").run()

    yield opened
    memory.forget()


def unmarked(text: object) -> str:
    """Markdown as a reader sees it: escapes and our colour and size marks gone."""
    return re.sub(r"\\(.)", r"\1", re.sub(r":[a-z-]+\[((?:[^][]|\[[^]]*\])*)\]", r"\1", str(text))).replace(
        "\u2060", ""
    )


def words(app: AppTest) -> str:
    """Everything that is said on the page, in order, pictures left out."""
    return "\n".join(line for node in app.main for line in lines(node))


_SAYING = ("markdown", "caption", "text", "info", "warning", "error", "success")


def lines(node: Any) -> list[str]:
    """What an element says, tables and pictures left out."""
    if node.type == "html":
        return blocks.read(node.value).lines
    return [unmarked(unmarked(str(node.value)))] if node.type in _SAYING else []


def tables(app: AppTest) -> list[list[dict[str, str]]]:
    """Each table's rows as they read on the screen, heading → text."""
    return [rows for node in app.get("html") for rows in blocks.read(str(node.value)).tables]


def titles(app: AppTest) -> list[str]:
    """What the page calls itself."""
    return [line for node in app.main for line in (blocks.read(node.value).titles if node.type == "html" else [])]


def headings(app: AppTest) -> list[str]:
    """The headings of the page's parts, in order."""
    return [line for node in app.main for line in (blocks.read(node.value).headings if node.type == "html" else [])]


def card(app: AppTest, key: str) -> list[str]:
    """The lines of the card that the page calls so."""
    (found,) = (some for node in app.get("html") if (some := blocks.read(str(node.value)).cards.get(key)))
    return found


def links(app: AppTest) -> dict[str, str]:
    """Our links to other pages, text → address."""
    return {text: way for node in app.get("html") for text, way in blocks.read(str(node.value)).links.items()}


def folded(app: AppTest) -> list[str]:
    """The lines behind which a block has something folded away."""
    return [line for node in app.get("html") for line in blocks.read(str(node.value)).folds]


def counts(app: AppTest) -> dict[str, list[str]]:
    """What each small card says under its name."""
    return {box[0]: box[1:] for node in app.get("html") for box in blocks.read(str(node.value)).boxes}


def said(nodes: Any) -> list[str]:
    """What each of the boxes says."""
    return [unmarked(node.value) for node in nodes]


def starting(widgets: Any, key: str) -> Any:
    """The one widget whose key starts so: forms carry a number that grows with each change."""
    (found,) = (widget for widget in widgets if str(widget.key).startswith(key))
    return found


def field(app: AppTest, form: str, label: str) -> Any:
    """The text input with that label in the form whose inputs begin with that key."""
    (found,) = (t for t in app.text_input if t.key and t.key.startswith(form) and t.label.startswith(label))
    return found


def cleared(box: Any) -> AppTest:
    """Take the choice out of a box as a browser lets one: only where the box has no choice of its own to go back to."""
    assert not box.proto.HasField("default"), box.label
    found: AppTest = box.set_value(None)
    return found


def press(app: AppTest, label: str) -> AppTest:
    """Click the one button that is labelled so."""
    (button,) = (b for b in app.button if unmarked(b.label) == label)
    return button.click().run()
