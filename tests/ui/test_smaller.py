"""Scripts and styles of the bundle come packed to who can unpack them, and are otherwise what Streamlit serves."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sqdash.ui import bundle, smaller
from tests.servers import Server, serving

ZIPPED = {"Accept_Encoding": "gzip, deflate, br"}
GRID = f"/static/js/{bundle.files((bundle.GRID,))[0]}"
STYLE = f"/static/css/{next((bundle.FILES / 'css').glob('index.*.css')).name}"
FONT = f"/static/media/{next((bundle.FILES / 'media').glob('MaterialSymbols*')).name}"


@pytest.fixture(scope="module")
def server(made: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The dashboard over the store of year 103."""
    with serving(made("report"), tmp_path_factory.mktemp("smaller") / "log.txt") as running:
        yield running


@pytest.mark.parametrize("path", [GRID, STYLE])
def test_a_file_of_the_bundle_is_a_third_packed_and_the_same_unpacked(server: Server, path: str) -> None:
    packed, whole = server.get(path, **ZIPPED), server.get(path)
    assert (packed.status, packed.header("content-encoding"), packed.header("vary")) == (200, "gzip", "Accept-Encoding")
    assert packed.header("content-length") == str(len(packed.body))
    assert gzip.decompress(packed.body) == smaller.told(bundle.FILES / path.removeprefix("/static/"))
    assert whole.header("content-encoding") is None
    assert len(packed.body) < 0.36 * len(whole.body)
    kind = "text/javascript" if path == GRID else "text/css"
    assert packed.header("content-type") == f"{kind}; charset=utf-8"


def test_three_files_say_something_else_than_streamlit_wrote() -> None:
    changed = {file.name for file in bundle.FILES.glob("*/*.?s*") if smaller.told(file) != file.read_bytes()}
    assert changed == {bundle.entry(), bundle.chart(), Path(STYLE).name}


@pytest.mark.parametrize("asked", [ZIPPED, {}])
def test_it_is_kept_for_a_year_since_its_name_changes_with_it(server: Server, asked: dict[str, str]) -> None:
    assert server.get(GRID, **asked).header("cache-control") == "public, immutable, max-age=31536000"


@pytest.mark.parametrize("more", [{"Range": "bytes=0-9"}, {"If_None_Match": "*"}])
def test_a_part_or_a_question_whether_it_changed_is_streamlits_to_answer(server: Server, more: dict[str, str]) -> None:
    answer = server.get(GRID, **(ZIPPED | more))
    assert answer.status in (206, 304)
    assert answer.header("content-encoding") is None


def test_who_refuses_gzip_gets_it_whole(server: Server) -> None:
    assert server.get(GRID, Accept_Encoding="gzip;q=0, br").header("content-encoding") is None


def test_the_head_alone_tells_the_packed_length(server: Server) -> None:
    answer = server.ask("HEAD", GRID, Accept_Encoding="gzip")
    assert (answer.status, answer.body) == (200, b"")
    assert answer.header("content-length") == str(len(server.get(GRID, **ZIPPED).body))


@pytest.mark.parametrize("path", [FONT, "/static/js/none.js", "/static/js/../../index.html", "/static/js/"])
def test_nothing_else_is_packed_or_found(server: Server, path: str) -> None:
    packed, whole = server.get(path, **ZIPPED), server.get(path)
    assert packed.status == whole.status
    assert packed.header("cache-control") == whole.header("cache-control")
    if path == FONT:
        assert packed.header("content-encoding") is None
