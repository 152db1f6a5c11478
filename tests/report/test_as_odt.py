"""The report as ODT, read back by the library and converted where LibreOffice is present."""

from __future__ import annotations

import io
import shutil
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from odfdo import Document as Text

from sqdash.report import as_odt
from sqdash.report.document import Table
from tests.report import papers
from tests.report.papers import texts_of

Copy = Callable[[str], Path]


@pytest.fixture(scope="module")
def data(made: Copy) -> bytes:
    return as_odt.write(papers.paper(made("report")))


@pytest.fixture(scope="module")
def text(data: bytes) -> Text:
    return Text(io.BytesIO(data))


def test_every_cell_stands_where_the_document_has_it(made: Copy, text: Text) -> None:
    wanted = [block for block in papers.paper(made("report")).blocks if isinstance(block, Table)]
    tables = text.body.get_elements("//table:table")
    assert len(tables) == len(wanted)
    for table, want in zip(tables, wanted, strict=True):
        heads = table.get_elements("table:table-header-rows/table:table-row")
        assert [[cell.inner_text.strip() for cell in row.children] for row in heads] == [list(want.head)]
        rows = [row.children for row in table.get_elements("table:table-row")]
        found = [["\n".join(p.inner_text for p in cell.children) for cell in row] for row in rows]
        assert found == texts_of(want)
        spans = [int(row[0].get_attribute("table:number-rows-spanned") or 1) for row in rows]
        assert spans == [row[0].rows if row[0] else 1 for row in want.rows]


def test_the_page_is_a4_with_its_number_faces_and_language(text: Text, data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        styles = packed.read("styles.xml").decode()
        assert packed.infolist()[0].filename == "mimetype"
    assert 'fo:page-width="21cm"' in styles
    assert 'fo:page-height="29.7cm"' in styles
    assert "<text:page-number" in styles
    assert "'標楷體', 'DFKai-SB', 'TW-Kai'" in styles.replace("&#x27;", "'")
    assert "'Times New Roman'" in styles.replace("&#x27;", "'")
    assert 'style:language-asian="zh" style:country-asian="TW"' in styles
    assert (text.meta.language, text.meta.title[:3]) == ("zh-TW", "經濟部")


def test_headings_of_groups_and_short_tables_stay_with_what_follows(text: Text, data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        settings, styles = packed.read("settings.xml").decode(), packed.read("styles.xml").decode()
    assert settings.count('config:name="TableRowKeep" config:type="boolean">true<') == 1
    strong = styles[styles.index('style:name="small-strong"') :]
    assert 'fo:keep-with-next="always"' in strong[: strong.index("</style:style>")]
    # The last row but one of all indicators is a heading, which stays with the last anyway.
    for name, wanted in (("cell-kept", [0, 2, 4]), ("small-kept", [-3])):
        assert f'style:name="{name}"' in styles
        table = text.body.get_elements("//table:table")[2 if name == "cell-kept" else 3]
        rows = table.get_elements("table:table-row")
        kept = [row for row in rows if row.get_elements(f"table:table-cell[1]/text:p[@text:style-name='{name}']")]
        assert [rows.index(row) for row in kept] == [at % len(rows) for at in wanted]
    found = [
        style.get_element("style:table-properties").get_attribute("style:may-break-between-rows")
        for style in text.content.get_elements("//style:style[@style:family='table']")
    ]
    assert found == [True] * 4 + [False] * 3 + [True]


def test_charts_are_pictures_with_alternative_text(text: Text, data: bytes) -> None:
    frames = text.body.get_elements("//draw:frame")
    assert [frame.get_element("svg:title").inner_text[:4] for frame in frames] == ["粉絲人數", "每篇平均", "每篇平均"]
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        for at in (1, 2, 3):
            ET.fromstring(packed.read(f"Pictures/chart{at}.svg"))  # noqa: S314 - made here


def test_the_same_document_is_the_same_bytes_dated_by_the_store(made: Copy, data: bytes) -> None:
    paper = papers.paper(made("report"))
    assert as_odt.write(paper) == data
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        assert {part.date_time[:3] for part in packed.infolist()} == {paper.made.timetuple()[:3]}


def test_hostile_texts_stay_texts() -> None:
    text = Text(io.BytesIO(as_odt.write(papers.hostile())))
    said = [p.inner_text for p in text.body.get_elements("//text:p | //text:h")]
    for one in papers.SAFE:
        assert said.count(one) >= 5
    assert text.body.get_elements("//*[@table:formula]") == []
    assert text.body.get_elements("//script") == []


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_opens_it(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.odt").write_bytes(data)
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    command = ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "a.odt")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert (tmp_path / "a.pdf").read_bytes()[:5] == b"%PDF-"
