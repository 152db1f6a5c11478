"""The report as HTML for print: complete, closed to the outside, nothing of a text taken for markup."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from sqdash.report import as_html, summary
from sqdash.report.document import Table
from tests.report import papers

Copy = Callable[[str], Path]


class Reader(HTMLParser):
    """Tags with their attributes, and the texts of cells."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.fixture(scope="module")
def written(made: Copy) -> str:
    return as_html.write(papers.paper(made("report")))


def test_it_says_its_language_and_prints_on_a4_with_page_numbers(written: str) -> None:
    assert written.startswith('<!DOCTYPE html>\n<html lang="zh-Hant-TW">')
    assert "@page { size: A4;" in written
    assert "counter(page)" in written
    assert "thead { display: table-header-group; }" in written
    assert '"標楷體"' in written


def test_it_holds_every_line_of_every_cell(made: Copy, written: str) -> None:
    said = set(Reader(written).texts)
    for table in (block for block in papers.paper(made("report")).blocks if isinstance(block, Table)):
        lines = {line for row in table.rows for cell in row if cell for line in cell.lines if line}
        assert lines <= said


def test_strategies_reach_over_their_methods_and_headings_name_columns(written: str) -> None:
    tags = Reader(written).tags
    assert [a["rowspan"] for t, a in tags if t == "td" and "rowspan" in a] == [
        *("8", "16", "10", "6"),
        *("2", "2", "2", "2", "4", "4"),
    ]
    assert all(a.get("scope") == "col" for t, a in tags if t == "th")


def test_headings_of_groups_and_short_tables_stay_with_what_follows(made: Copy, written: str) -> None:
    tags = Reader(written).tags
    groups = [block for block in papers.paper(made("report")).blocks if isinstance(block, Table)][3]
    assert sum(a.get("class") == "group" for t, a in tags if t == "tr") == sum(
        bool(row[0] and row[0].columns > 1) for row in groups.rows
    )
    assert "tr.group { break-after: avoid; } table.whole { break-inside: avoid; }" in written
    assert [a["class"] for t, a in tags if t == "table"][3:] == ["small", *["small whole"] * 3, "small"]


def test_nothing_is_fetched_and_nothing_runs(written: str) -> None:
    tags = Reader(written).tags
    assert {t for t, _ in tags} & {"script", "img", "link", "iframe", "object", "a", "base"} == set()
    assert not any(name.startswith("on") or name in ("src", "href") for _, given in tags for name in given)
    assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)", written) == []
    assert "default-src 'none'" in written


def test_hostile_texts_stay_texts() -> None:
    reader = Reader(as_html.write(papers.hostile()))
    assert {"script"} & {tag for tag, _ in reader.tags} == set()
    assert not any("onload" in given for _, given in reader.tags)
    for one in papers.SAFE:
        assert reader.texts.count(one) >= 6


def test_the_summary_has_three_targets_counts_and_what_was_missed(made: Copy) -> None:
    document = summary.build(papers.material(made("report")))
    targets, counts, missed = (block for block in document.blocks if isinstance(block, Table))
    assert [[c.lines[0] for c in row if c][:3] for row in targets.rows] == [
        ["粉絲人數", "達標", "已達 16,300 人"],
        ["每篇平均按讚", "未達", "60–70 人"],
        ["每篇平均觸及", "未達", "約 700–800 人"],
    ]
    said = [cell.lines[0] for row in counts.rows for cell in row if cell]
    assert {"教育訓練：55 場次", "人民陳情辦結率：100%", "6S 稽核：未陳報"} <= set(said)
    assert len(missed.rows) == 2
    assert document.title == "103 年服務品質成果摘要"
