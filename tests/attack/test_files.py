"""What leaves the house of a store of hostile texts: documents, tables, calendars. Read back, all is text."""

from __future__ import annotations

import csv
import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from sqdash import ics, periods, plan_views, quoting
from sqdash.contributions import Contribution
from sqdash.errors import SqdashError
from sqdash.jobs import entries, export, plan_texts
from sqdash.report import writers
from sqdash.store import database
from sqdash.store.queries import rows
from sqdash.tables import BY_NAME
from tests.attack import making
from tests.attack.strings import FOREIGN, FORMULAS, STRINGS, UNSEEN

RUNS = re.compile(r"(?i)^(?:on\w+|href|src|srcset|action|formaction|data|poster|background|ping|style)$")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("files") / "hostile.db"
    making.make(path)
    return path


@pytest.fixture(scope="module")
def pulled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pulled") / "pulled.db"
    making.pull(path)
    return path


class Elements(HTMLParser):
    """The elements and attributes of a page, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("summary", [False, True])
def test_the_html_report_has_no_element_of_theirs(hostile: Path, summary: bool) -> None:
    page = Elements(_report(hostile, "html", summary).decode())
    tags = {tag for tag, _ in page.found}
    assert (
        tags & {"script", "iframe", "object", "embed", "form", "link", "base", "img", "a", "details", "button"} == set()
    )
    for tag, attributes in page.found:
        odd = {name for name in attributes if RUNS.match(name)} - {"style"}
        assert odd == set(), tag
        assert "url(" not in attributes.get("style", ""), tag
    assert "<script>marked(1)</script>" in page.text or summary


@pytest.mark.parametrize("summary", [False, True])
@pytest.mark.parametrize("kind", ["odt", "docx"])
def test_a_document_holds_no_script_link_or_field(hostile: Path, kind: writers.Format, summary: bool) -> None:
    for name, root in _parts(_report(hostile, kind, summary)):
        for element in root.iter():
            local = element.tag.rpartition("}")[2]
            assert local not in ("script", "event-listener", "a", "hyperlink", "instrText", "object-ole"), name
            if local == "fldSimple":
                assert {value.strip() for value in element.attrib.values()} <= {"PAGE", "NUMPAGES"}
            assert element.get("TargetMode") != "External", name
            for attribute, value in element.attrib.items():
                if attribute.rpartition("}")[2] in ("href", "Target"):
                    assert FOREIGN not in value, name
                    assert not value.lower().startswith(("javascript:", "data:", "http:")) or "schemas" in value, name


def test_the_exported_tables_are_as_they_were_and_begin_no_formula(hostile: Path, tmp_path: Path) -> None:
    export.export(hostile, tmp_path)
    guarded = 0
    for path in sorted(tmp_path.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file):
                for cell in row:
                    number = re.fullmatch(r"-?\d+(\.\d+)?", cell)
                    assert number or not re.match(r"[\s\ufeff]*[=+\-@＝＋－＠]|[\t\r\n]", cell), (path.name, cell[:60])
                    guarded += cell.startswith("'")
    assert guarded > 50
    with (tmp_path / "activities.csv").open(encoding="utf-8-sig", newline="") as file:
        exported = {row["activity_id"]: quoting.unguard(row["title"]) for row in csv.DictReader(file)}
    with database.reading(hostile) as connection:
        assert exported == {
            quoting.guard(row["activity_id"]): row["title"] for row in rows.current(connection, BY_NAME["activities"])
        }


def test_the_workbooks_hold_no_formula(hostile: Path, tmp_path: Path) -> None:
    export.workbook(hostile, tmp_path, "xlsx")
    book = openpyxl.load_workbook(tmp_path / "sqdash.xlsx")
    texts = 0
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", (sheet.title, cell.coordinate)
                assert cell.hyperlink is None, (sheet.title, cell.coordinate)
                texts += "marked(1)" in str(cell.value)
    assert texts > 50
    export.workbook(hostile, tmp_path, "ods")
    for name, root in _parts((tmp_path / "sqdash.ods").read_bytes()):
        for element in root.iter():
            assert not [key for key in element.attrib if key.endswith("}formula")], name
            assert element.tag.rpartition("}")[2] not in ("a", "script", "event-listener"), name


def test_a_calendar_has_one_event_a_slot_and_no_line_of_theirs() -> None:
    text = "\r\nEND:VEVENT\nBEGIN:VALARM\r" + "\n".join(STRINGS) + UNSEEN[0]
    slots = [Contribution("c1", periods.parse_day("2026-11-30"), "u", "planned", text, text, note=text, permalink=text)]
    made = ics.calendar(text, ics.of_rota(slots, {"u": text}), periods.now()).decode()
    lines = made.replace("\r\n ", "").split("\r\n")
    assert "\n" not in "".join(lines)
    assert "\r" not in "".join(lines)
    names = {line.partition(":")[0].partition(";")[0] for line in lines if line}
    assert names <= {
        *("BEGIN", "END", "VERSION", "PRODID", "CALSCALE", "METHOD", "X-WR-CALNAME", "X-WR-TIMEZONE"),
        *("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "CATEGORIES", "STATUS", "TRANSP"),
    }
    assert [line for line in lines if line.startswith("BEGIN")] == ["BEGIN:VCALENDAR", "BEGIN:VEVENT"]


@pytest.mark.parametrize("text", UNSEEN, ids=lambda text: f"U+{ord(text[1]):04X}")
def test_signs_that_nobody_sees_are_refused_wherever_a_person_says_something(store: Path, text: str) -> None:
    tried = (
        lambda: entries.enter(store, BY_NAME["activities"], ACTIVITY | {"title": text}, reason="登錄", by="測試員"),
        lambda: entries.enter(store, BY_NAME["activities"], ACTIVITY, reason=f"登錄{text}", by="測試員"),
        lambda: plan_texts.checked(f"成果{text}", frozenset()),
    )
    for attempt in tried:
        with pytest.raises(SqdashError, match="控制字元，請刪"):
            attempt()


ACTIVITY = {"kind": "training", "held_on": "103/06/10", "title": "講習", "attendees": "5"}


def test_marks_that_stay_where_they_are_are_kept(store: Path) -> None:
    title = "左\u200e右\u200f零\u200b寬👨\u200d👩"
    entries.enter(store, BY_NAME["activities"], ACTIVITY | {"title": title}, reason="登錄", by="測試員")
    with database.reading(store) as connection:
        assert title in {row["title"] for row in rows.current(connection, BY_NAME["activities"])}


def test_posts_from_outside_have_blanks_in_place_of_such_signs(pulled: Path) -> None:
    with database.reading(pulled) as connection:
        said = {row["message"] for row in rows.current(connection, BY_NAME["posts"])}
    assert {STRINGS[0], STRINGS[33], FORMULAS[0], "甲 乙"} <= said
    assert not any(sign in text for text in said if text for sign in "\u202e\u2066\x07\x9b\x00")


def _report(store: Path, kind: writers.Format, summary: bool) -> bytes:
    return writers.write(plan_views.material(store, periods.year_period(103)), kind, summary=summary)


def _parts(data: bytes) -> Iterator[tuple[str, ET.Element]]:
    """Name and content of each XML file in a packed document."""
    with zipfile.ZipFile(BytesIO(data)) as packed:
        for name in packed.namelist():
            if name.endswith((".xml", ".rels")):
                yield name, ET.fromstring(packed.read(name))  # noqa: S314 - written by us
