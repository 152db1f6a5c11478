"""稽核紀錄 as a screen shows it: lines in words, as the command says them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sqdash.jobs import audit
from tests.apps import Opens, opening, said, tables

Copy = Callable[[str], Path]


@pytest.fixture
def opens(made: Copy, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opens]:
    with opening(made, monkeypatch) as opened:
        yield opened


def _panel() -> None:
    from sqdash.ui import frame
    from sqdash.ui.panels import admin_audit

    admin_audit.show(frame.start("admin"))


def test_what_a_line_is_about_is_said_in_words(opens: Opens, made: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SQDASH_DB", str(made("report")))
    app = AppTest.from_function(_panel, default_timeout=60).run()
    assert [e.value for e in app.exception] == []
    (rows,) = tables(app)
    assert [one["對象"] for one in rows] == [audit.said(line) for line in audit.lines(made("report")).lines]
    assert rows[-1]["對象"] == "批次 1（units.csv）：新增 19 列"


def test_days_that_are_the_wrong_way_round_are_told_so(
    opens: Opens, made: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SQDASH_DB", str(made("report")))
    app = AppTest.from_function(_panel, default_timeout=60).run()
    app.text_input(key="audit_first").input("115/03/03")
    app.text_input(key="audit_last").input("115/03/02").run()
    assert said(app.error) == ["期間的結束日 115 年 3 月 2 日 早於開始日 115 年 3 月 3 日，請對調。"]
