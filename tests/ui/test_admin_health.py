"""The panel of findings, the page over a damaged store, and the page over one that may only be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sqdash.jobs import backup
from sqdash.store import damage, wholeness
from tests.apps import Opens, links, opening, press, said, tables, words

Copy = Callable[[str], Path]


@pytest.fixture
def opens(made: Copy, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opens]:
    wholeness._kept.clear()
    damage._met.clear()
    with opening(made, monkeypatch) as opened:
        yield opened
    wholeness._kept.clear()
    damage._met.clear()


def _panel() -> None:
    from sqdash.ui import forms, frame
    from sqdash.ui.panels import admin_health

    screen = frame.start("settings")
    forms.said()
    admin_health.show(screen)


@pytest.fixture
def panel(opens: Opens, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], AppTest]:
    def shown(store: Path) -> AppTest:
        monkeypatch.setenv("SQDASH_DB", str(store))
        return AppTest.from_function(_panel, default_timeout=60).run()

    return shown


def test_every_finding_is_listed_with_word_and_icon(panel: Callable[[Path], AppTest], copy: Copy) -> None:
    app = panel(copy("report"))
    (rows,) = tables(app)
    assert {row["狀態"] for row in rows} == {"✔ 正常", "◐ 注意"}
    assert [row["項目"] for row in rows][:3] == ["SQLite", "資料庫檔案", "完整性"]
    assert any(text.startswith("注意") and "提醒檢查" in text for text in said(app.warning))
    assert not app.exception


def test_a_bad_finding_is_an_error_with_its_remedy(panel: Callable[[Path], AppTest], copy: Copy) -> None:
    path = copy("report")
    path.chmod(0o444)
    app = panel(path)
    assert "異常\u3000寫入：唯讀：可以看，不能上傳、登錄或擷取。檢查檔案與資料夾權限。" in said(app.error)
    assert any(row["狀態"] == "✖ 異常" for row in tables(app)[0])


def test_the_button_looks_through_the_file_now(panel: Callable[[Path], AppTest], copy: Copy) -> None:
    path = copy("empty")
    app = panel(path)
    before = wholeness.last(path)
    app = press(app, "立即檢查")
    after = wholeness.last(path)
    assert before
    assert after
    assert after.at > before.at
    assert any(text.startswith("已檢查：異常 0 項") for text in said(app.success))


@pytest.mark.parametrize("page", ["overview", "fans", "posts", "plan", "upload", "sources", "settings"])
def test_no_page_shows_a_figure_of_a_damaged_store(opens: Opens, copy: Copy, page: str) -> None:
    path = copy("demo")
    name = backup.make(path, why="hand", by="測試").backup.name
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] + bytes(8192) + whole[len(whole) // 2 + 8192 :])
    app = opens(path, page)
    (error,) = said(app.error)
    assert f"還原最近的備份「{name}」" in error or "還原備份" in error
    ways = links(app)
    ways.pop("填寫姓名與單位", None)  # in the side bar, whatever the page
    assert ways == {"到「系統管理」還原備份": "./admin"}
    assert not app.metric
    assert tables(app) == []
    assert not app.exception
    assert not any(sign.isdigit() for sign in words(app).replace(error, ""))


def test_a_store_that_may_only_be_read_shows_its_figures_and_says_why_nothing_can_be_stored(
    opens: Opens, copy: Copy
) -> None:
    path = copy("demo")
    path.chmod(0o444)
    assert "19,026 人" in words(opens(path, "overview"))
    app = opens(path, "upload")
    assert not app.exception
    assert any("唯讀" in text for text in (*said(app.warning), *said(app.error), *said(app.info)))
    assert not app.get("file_uploader")
