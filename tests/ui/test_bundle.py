"""What a page's head says of Streamlit's bundle: files that exist, each once, and what the page draws."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from sqdash.ui import bundle, menu
from tests.apps import DASHBOARD
from tests.servers import Server, serving

PAGE = {"Accept": "text/html"}
LINK = re.compile(r'<link\b[^>]*\bhref="([^"]+)"[^>]*>')


def scripts(head: str) -> list[str]:
    """The files that a head has preloaded as scripts, in order."""
    links = [link[0] for link in LINK.finditer(head) if 'rel="preload" as="script"' in link[0]]
    return [LINK.findall(link)[0] for link in links]


@pytest.fixture(scope="module")
def server(made: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The dashboard over the store of year 103."""
    with serving(made("report"), tmp_path_factory.mktemp("bundle") / "log.txt") as running:
        yield running


def test_every_part_is_one_file_of_this_streamlit() -> None:
    for page in bundle.PAGES:
        for part in bundle.needed(page):
            assert len(list(bundle.FILES.glob(f"js/{part}.*.js"))) == 1, part


def test_the_addresses_are_those_of_the_menu() -> None:
    assert set(bundle.PAGES) <= {"", *menu.addresses()}


DRAWN_BY = {
    "button": "Button",
    "button_group": "ButtonGroup",
    "dataframe": bundle.GRID,
    "download_button": "DownloadButton",
    "file_uploader": "FileUploader",
    "html": "Html",
    "multiselect": "Multiselect",
    "pagination": "Pagination",
    "plotly_chart": bundle.CHART,
    "selectbox": "Selectbox",
    "text_area": "TextArea",
    "text_input": "TextInput",
}
"""What is drawn → the part that draws it, of all that have a file of their own."""


def kinds(node: Any) -> Iterator[str]:
    """What is drawn, here and below."""
    yield node.type
    for child in getattr(node, "children", {}).values():
        yield from kinds(child)


@pytest.mark.parametrize("entry", list(menu.entries()), ids=lambda entry: entry.name)
def test_a_page_names_the_parts_that_it_draws_before_anything_is_unfolded(
    made: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch, entry: menu.Entry
) -> None:
    monkeypatch.setenv("SQDASH_DB", str(made("demo")))
    found: set[str] = set()
    for period in ("103", "104"):
        app = AppTest.from_file(str(DASHBOARD), default_timeout=60)
        app.query_params["period"] = period
        app.run().switch_page(f"pages/{entry.name}.py").run()
        found |= {DRAWN_BY[kind] for kind in kinds(app._tree) if kind in DRAWN_BY}
    assert found - set(bundle.FRAME) == set(bundle.PAGES.get("" if entry.name == menu.FIRST else entry.name, ()))


def test_a_part_brings_what_it_imports_and_nothing_that_every_page_has() -> None:
    found = bundle.files((bundle.GRID,))
    assert found[0].startswith(f"{bundle.GRID}.")
    assert [name for name in found if name.startswith("arrowFormatUtils.")]
    assert set(found) & bundle.anyway() == set()
    assert bundle.files(("NoSuchPart",)) == []


@pytest.mark.parametrize("page", ["", *menu.addresses()])
def test_a_page_names_files_that_exist_each_once(server: Server, page: str) -> None:
    found = scripts(server.get(f"/{page}", **PAGE).body.decode())
    assert len(found) == len(set(found)) > len(bundle.anyway())
    for href in found:
        assert (bundle.FILES.parent / href).is_file(), href


def test_what_every_page_needs_is_asked_for_first(server: Server) -> None:
    found = [Path(href).name for href in scripts(server.get("/fans", **PAGE).body.decode())]
    assert set(found[: len(bundle.anyway())]) == bundle.anyway()


def test_no_module_is_preloaded_in_the_way_that_forgets_compiled_code(server: Server) -> None:
    body = server.get("/posts", **PAGE).body.decode()
    assert "modulepreload" not in body
    (entry,) = re.findall(r'<script type="module" crossorigin src="([^"]+)">', body)
    assert entry in scripts(body)


def test_a_page_with_charts_in_its_window_asks_for_their_library_once_it_is_connected_and_others_later(
    server: Server,
) -> None:
    later = f"}},{bundle.AFTER})"
    for page, once in {"fans": "CONNECTED", "posts": later, "": later, "settings": later}.items():
        body = server.get(f"/{page}", **PAGE).body.decode()
        assert [href for href in scripts(body) if bundle.CHART in href] == [], page
        (script,) = (one for one in re.findall(r"<script>(.*?)</script>", body) if once in one)
        (waiting,) = re.findall(r"for\(const href of (\[[^\]]*\])\)", script)
        assert bundle.chart() in waiting, page
        for href in json.loads(waiting):
            assert (bundle.FILES.parent / href).is_file(), href


def test_what_a_page_draws_lets_pass_what_connects_it(server: Server) -> None:
    body = server.get("/activities", **PAGE).body.decode()
    low = [LINK.findall(link[0])[0] for link in LINK.finditer(body) if 'fetchpriority="low"' in link[0]]
    assert {Path(href).name for href in low} == set(bundle.files(bundle.needed("activities"))) - {bundle.chart()}


def test_the_font_that_is_preloaded_is_the_one_of_our_icons(server: Server) -> None:
    body = server.get("/", **PAGE).body.decode()
    fonts = [LINK.findall(link[0])[0] for link in LINK.finditer(body) if ".woff2" in link[0]]
    (font,) = fonts or re.findall(r'href="(\./static/media/[^"]+\.woff2)"', body)
    assert "MaterialSymbols" in font
    assert (bundle.FILES.parent / font).is_file()


def test_the_style_comes_without_a_font_that_our_theme_does_not_name() -> None:
    (file,) = (path for path in bundle.FILES.glob("css/index.*.css"))
    own = file.read_bytes()
    ours = bundle.without_body_font(own)
    left_out = [face for face in re.findall(rb"@font-face\{[^{}]*\}", own) if face not in ours]
    assert [re.findall(rb"font-family:([^;]+)", face) for face in left_out] == [[b"Source Sans"]] * 2
    assert ours == own.replace(left_out[0], b"").replace(left_out[1], b"")
    assert "Source Sans" not in (file_of_settings := Path(".streamlit/config.toml").read_text(encoding="utf-8"))
    assert "\nfont = " in file_of_settings
