"""The report as DOCX, read back by the library."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from sqdash.report import as_docx, as_emf, as_svg, contents, summary
from sqdash.report.document import Chart, Table
from tests.report import docx_rules, papers
from tests.report.papers import texts_of

Copy = Callable[[str], Path]


@pytest.fixture(scope="module")
def data(made: Copy) -> bytes:
    return as_docx.write(papers.paper(made("report")))


@pytest.fixture(scope="module")
def word(data: bytes) -> Any:
    return docx.Document(io.BytesIO(data))


def test_every_cell_stands_where_the_document_has_it(made: Copy, word: Any) -> None:
    wanted = [block for block in papers.paper(made("report")).blocks if isinstance(block, Table)]
    assert len(word.tables) == len(wanted)
    for table, want in zip(word.tables[:3], wanted[:3], strict=True):
        rows = [row.findall(qn("w:tc")) for row in table._tbl.tr_lst]
        said = [["\n".join(docx.text.paragraph.Paragraph(p, None).text for p in c.p_lst) for c in r] for r in rows]
        assert said == [list(want.head), *texts_of(want)]
        assert [row[0].vMerge for row in rows[1:]] == ["restart" if row[0] else "continue" for row in want.rows]


def test_heading_rows_repeat_and_rows_stay_whole(word: Any) -> None:
    first = word.tables[0]._tbl.tr_lst
    assert [bool(row.findall(f".//{qn('w:tblHeader')}")) for row in first] == [True, *[False] * 24]
    assert all(row.findall(f".//{qn('w:cantSplit')}") for row in first)


def test_headings_of_groups_and_short_tables_stay_with_what_follows(word: Any) -> None:
    def keeps(at: int) -> list[bool]:
        return [bool(row.findall(f".//{qn('w:keepNext')}")) for row in word.tables[at]._tbl.tr_lst]

    groups = [len(row.findall(qn("w:tc"))) == 1 for row in word.tables[3]._tbl.tr_lst]
    assert keeps(3)[:-3] == groups[:-3]
    assert keeps(3)[-3:] == [True, True, False], "no page has the last row alone"
    assert keeps(2) == [False, True, False, True, False, True, True, True, False], "strategies of 2, 2 and 4 methods"
    assert sum(groups) > 5
    assert keeps(4) == [*[True] * (len(word.tables[4].rows) - 1), False]


def test_faces_language_page_and_page_number(word: Any, data: bytes) -> None:
    section = word.sections[0]
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        styles, fonts = packed.read("word/styles.xml").decode(), packed.read("word/fontTable.xml").decode()
    assert 'w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman" w:eastAsia="標楷體"' in styles
    assert 'w:eastAsia="zh-TW"' in styles
    assert '<w:altName w:val="DFKai-SB,TW-Kai,' in fonts
    assert 'w:instr="PAGE"' in section.footer._element.xml
    assert word.core_properties.language == "zh-TW"


def test_the_same_document_is_the_same_bytes(made: Copy, data: bytes) -> None:
    assert as_docx.write(papers.paper(made("report"))) == data


def test_hostile_texts_stay_texts() -> None:
    word = docx.Document(io.BytesIO(as_docx.write(papers.hostile())))
    said = [paragraph.text for paragraph in word.paragraphs]
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    for one in papers.SAFE:
        assert said.count(one) == 3
        assert cells.count(one) == 1
        assert cells.count(f"{one}\n{one}") == 1


def test_charts_are_pictures_with_alternative_text(made: Copy, word: Any, data: bytes) -> None:
    charts = [block for block in papers.paper(made("report")).blocks if isinstance(block, Chart)]
    shapes = [shape._inline for shape in word.inline_shapes]
    assert [shape.docPr.get("descr") for shape in shapes] == [chart.alt for chart in charts]
    assert [shape.docPr.id for shape in shapes] == [1, 2, 3]
    assert {round(shape.width.cm, 1) for shape in word.inline_shapes} == {14.0}
    for shape, chart in zip(shapes, charts, strict=True):
        blip = shape.find(f".//{qn('a:blip')}")
        newer = next(one for one in blip.iter() if one.tag.endswith("}svgBlip"))
        assert word.part.related_parts[blip.get(qn("r:embed"))].blob == as_emf.write(chart, 140)
        assert word.part.related_parts[newer.get(qn("r:embed"))].blob.decode() == as_svg.write(chart)
    body = list(word.element.body)
    for shape in shapes:
        picture = next(shape.iterancestors(qn("w:p")))
        assert picture.find(f".//{qn('w:keepNext')}") is not None
        assert body[body.index(picture) + 1].tag == qn("w:tbl")


@pytest.mark.parametrize("period", ["103", "103H1", "103Q3"])
def test_word_finds_nothing_to_repair(made: Copy, period: str) -> None:
    for build in (contents.build, summary.build):
        assert list(docx_rules.faults(as_docx.write(build(papers.material(made("report"), period))))) == []


def test_word_finds_nothing_to_repair_in_hostile_texts() -> None:
    assert list(docx_rules.faults(as_docx.write(papers.hostile()))) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("<w:tblHeader/></w:trPr>", "<w:tblHeader/></w:trPr><w:trPr/>", "trPr is empty"),
        ('<w:vMerge w:val="restart"/>', "<w:vMerge/>", "a cell continues nothing"),
        ('<w:gridSpan w:val="7"/>', '<w:gridSpan w:val="6"/>', "a row of 6 columns in a table of 7"),
        ("<w:keepNext/><w:spacing ", '<w:jc w:val="left"/><w:keepNext/><w:spacing ', "keepNext does not stand there"),
        ('wp:docPr id="2"', 'wp:docPr id="1"', "docPr id 1 given twice"),
        ("</w:tbl><w:p/>", "</w:tbl><w:sectPr/>", "a table without a paragraph behind it"),
        ('r:embed="rId', 'r:embed="none', "leads nowhere"),
        ("<w:tblGrid>", "<w:tblGrid/><w:tblGrid>", "tblGrid is empty"),
    ],
)
def test_what_word_would_repair_is_found(data: bytes, old: str, new: str, fault: str) -> None:
    body = docx_rules.part(data, "word/document.xml").decode()
    assert old in body
    spoilt = docx_rules.spoilt(data, "word/document.xml", body.replace(old, new, 1).encode())
    assert any(fault in one for one in docx_rules.faults(spoilt))


def test_it_opens_as_a_document_of_todays_word(data: bytes) -> None:
    settings = docx_rules.part(data, "word/settings.xml").decode()
    assert 'w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"' in settings
    assert 'w:percent="100"' in settings
    assert "ja-JP" not in settings


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_opens_it(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(data)
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    command = [
        "soffice",
        home,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "a.docx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert (tmp_path / "a.pdf").read_bytes()[:5] == b"%PDF-"
