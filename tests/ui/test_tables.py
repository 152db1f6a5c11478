"""Text from files and people reaches the screen as text."""

from __future__ import annotations

import io
import re
import string
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from sqdash.jobs import sheets
from sqdash.ui import blocks, drawn, tables
from sqdash.ui.tables import plain, post_link

JOINER = "\u2060"
"""Invisible and without meaning; may stand between two marks to keep them from being read as one."""


@pytest.mark.parametrize(
    "address",
    [
        "https://www.facebook.com/xiaoanxin/posts/1",
        "http://m.facebook.com/story.php?story_fbid=1&id=2",
        "https://facebook.com/1_2",
        "https://fb.watch/abc/",
    ],
)
def test_an_address_of_facebook_may_be_opened(address: str) -> None:
    assert post_link(address) == address


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "javascript:alert(1)//https://www.facebook.com/",
        "https://www.facebook.com.evil.example/1",
        "https://evilfacebook.com/1",
        "https://www.facebook.com@evil.example/1",
        "https://evil.example\\@www.facebook.com/1",
        "https://www.facebook.com:8080/1",
        "//www.facebook.com/1",
        "https://www.facebook.com/1 2",
        "https://[www.facebook.com/1",
    ],
)
def test_no_other_address_is_a_link(address: str | None) -> None:
    assert post_link(address) is None


def bare(text: str) -> str:
    return text.replace(JOINER, "")


def shown(text: str) -> str:
    """What a reader of markdown sees of escaped text."""
    return re.sub(r"\\(.)", r"\1", bare(text), flags=re.DOTALL)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("第六課 16300 人", "第六課 16300 人"),
        ("![x](//e.tw/a.png)", r"\!\[x\]\(\/\/e\.tw\/a\.png\)"),
        ("[開啟](//e.tw)", r"\[開啟\]\(\/\/e\.tw\)"),
        ("**粗** _斜_ ~~刪~~", r"\*\*粗\*\* \_斜\_ \~\~刪\~\~"),
        ("<b onclick='x'>粗</b>", r"\<b onclick\=\'x\'\>粗\<\/b\>"),
        (":smile: :material/home:", r"\:smile\: \:material\/home\:"),
        ("$x^2$", r"\$x\^2\$"),
        (":red[x] :small[y]", r"\:red\[x\] \:small\[y\]"),
        ("# 一", r"\# 一"),
        ("1. 一", r"1\. 一"),
        ("a | b", r"a \| b"),
        ("`code`", r"\`code\`"),
        ("&lt;&amp;", r"\&lt\;\&amp\;"),
        (r"a\b", r"a\\b"),
        ("一\n\n二\t三  四", "一 二 三 四"),
        ("一　二 \n三　", "一　二 三"),
        ("", ""),
        (" \n ", ""),
    ],
)
def test_markup_loses_its_meaning(text: str, expected: str) -> None:
    assert bare(plain(text)) == expected


def test_anything_that_can_be_written_out_is_taken() -> None:
    assert plain(16300) == "16300"
    assert plain(-1.5) == r"\-1\.5"
    assert plain(ValueError("第 2 列 [x]")) == r"第 2 列 \[x\]"


@given(st.text(st.characters() | st.sampled_from(string.punctuation + " \n\\")))
def test_every_mark_is_escaped_and_nothing_else_changes(text: str) -> None:
    escaped = bare(plain(text))
    marks = string.punctuation
    assert not any(char in marks for char in re.sub(r"\\.", "", escaped, flags=re.DOTALL)), "a mark without escape"
    assert all(mark in marks for mark in re.findall(r"\\(.)", escaped, flags=re.DOTALL)), "an escape without a mark"
    assert shown(plain(text)) == bare(re.sub(r"[^\S\u3000]+", " ", text).strip())


ROWS = (
    {"編號": "100064000000001", "內容": "=cmd()", "篇數": "1,200", "備註": None},
    {"編號": "007", "內容": '他說"好"\n第二行', "篇數": "-3.5", "備註": "＠大家"},
    {"編號": "12", "內容": "1,200", "篇數": "—", "備註": "84.9 人"},
)


def test_a_download_is_offered_in_three_kinds_and_made_only_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    write = sheets.write

    def counted(found: Any, kind: sheets.Kind) -> bytes:
        made.append(kind)
        return write(found, kind)

    offered: dict[str, tuple[Callable[[], bytes], str]] = {}

    def button(label: str, data: Callable[[], bytes], *, file_name: str, key: str, **_: Any) -> None:
        offered[key] = data, file_name

    monkeypatch.setattr(sheets, "write", counted)
    monkeypatch.setattr("streamlit.download_button", button)
    tables.download(ROWS, name="每月篇數：1,200", key="chart", right=("篇數",))
    assert made == []
    assert {key: name for key, (_, name) in offered.items()} == {
        f"chart_{kind}": f"每月篇數_1_200.{kind}" for kind in ("xlsx", "ods", "csv")
    }
    assert offered["chart_csv"][0]().decode("utf-8-sig") == (
        "編號,內容,篇數,備註\r\n100064000000001,'=cmd(),1200,\r\n"
        '007,"他說""好""\n第二行",-3.5,\'＠大家\r\n12,"1,200",—,84.9 人\r\n'
    )
    for kind in ("xlsx", "ods"):
        rows = (
            CalamineWorkbook.from_filelike(io.BytesIO(offered[f"chart_{kind}"][0]())).get_sheet_by_index(0).to_python()
        )
        assert [row[0] for row in rows] == ["編號", "100064000000001", "007", "12"]
        assert [row[2] for row in rows] == ["篇數", 1_200, -3.5, "—"]
    assert made == ["csv", "xlsx", "ods"]


@pytest.mark.parametrize("named", [{"right": ("乙",)}, {"whole": ("甲", "乙")}])
def test_a_column_that_the_table_does_not_have_is_no_column_to_align(named: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no column 乙: 一張表"):
        tables.show([{"甲": "1"}], alt="一張表", **named)


def test_a_table_that_is_folded_away_is_noted_and_not_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "table", lambda *_, **__: pytest.fail("built for nobody"))
    drawn.begin()
    tables.show([{"月份": "103/06"}], alt="各月", drawn_now=False)
    (noted,) = drawn.taken()
    assert (noted.title, noted.load()) == ("各月", [{"月份": "103/06"}])
