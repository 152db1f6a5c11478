"""Setting a page up: each step's sentence over a real socket, what is kept, and that the token is said nowhere."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from sqdash.errors import SettingsError
from sqdash.jobs import page_setup, token_state, tokens
from sqdash.jobs.page_setup import Trial
from sqdash.secret import Secret
from sqdash.store import database
from sqdash.store.queries import pulls as queries
from tests.fake_graph import BENCHMARK_ID, PAGE_ID
from tests.jobs.pulling import Desk, desk, settings
from tests.making import is_one_sentence, put, row

Copy = Callable[[str], Path]
WRONG, INSIGHTS = "EAAwrong0000000000", "read_insights"


def tried(at: Desk, page_id: str = PAGE_ID, token: str | None = None) -> Trial:
    found, steps = page_setup.try_out(page_id, token or at.world.token, at.settings, at.clock)
    assert list(steps) == found.steps
    for step in found.steps:
        assert is_one_sentence(step.sentence), step.sentence
        assert (token or at.world.token) not in step.text
    assert at.server.tokens_in_urls() == []
    return found


def lines(found: Trial) -> dict[str, bool | None]:
    return {step.name: step.ok for step in found.steps}


def said(found: Trial, name: str) -> str:
    return next(step.sentence for step in found.steps if step.name == name)


def test_a_good_token_passes_every_step(at: Desk) -> None:
    found = tried(at)
    assert lines(found) == {
        "讀取專頁": True,
        "讀取貼文": True,
        "心情與留言數": True,
        "每日數據": True,
        "貼文成效": True,
        "權杖效期與權限": None,
    }
    assert (found.usable, found.whole) == (True, True)
    assert said(found, "讀取專頁") == f"「示範分局」，粉絲 {at.world.truth.fans():,} 人。"
    assert "不影響擷取" in said(found, "權杖效期與權限")


def test_the_test_says_of_the_token_what_the_screen_says_after_saving(copy: Copy) -> None:
    """A token without an end whose access to data ends was said to have none, and then to have 60 days."""
    with desk(copy("empty"), posts=2, app_secret="s3cret") as at:
        given = settings(at.server, app_id=at.world.app_id, app_secret=Secret("s3cret"))
        found, steps = page_setup.try_out(PAGE_ID, at.world.token, given, at.clock)
        list(steps)
        told = said(found, "權杖效期與權限")
        assert told.startswith("資料存取授權到 ")
        page_setup.save(at.store, found, at.world.token, by="甲")
        with database.reading(at.store) as connection:
            lines, _ = token_state.ends(queries.page_read(connection, PAGE_ID), at.clock.now())
        assert told == lines[0]


def test_nothing_is_written_by_testing(at: Desk) -> None:
    before = at.revision()
    tried(at)
    assert at.revision() == before
    assert tokens.pages(at.store) == ()


@pytest.mark.parametrize("page_id", ["", "abc", "../../etc/passwd", "1 2", "１２３４"])
def test_an_id_that_is_no_number_asks_nothing(at: Desk, page_id: str) -> None:
    found = tried(at, page_id)
    assert (lines(found), found.usable) == ({"填寫的內容": False}, False)
    assert at.server.calls == 0


@pytest.mark.parametrize("token", ["權杖一", "EAA two words", "\x00\x01"])
def test_a_token_that_cannot_be_one_asks_nothing(at: Desk, token: str) -> None:
    assert lines(tried(at, token=token)) == {"填寫的內容": False}
    assert at.server.calls == 0


def test_a_wrong_token_ends_the_test_at_its_first_step(at: Desk) -> None:
    found = tried(at, token=WRONG)
    assert (lines(found), found.usable) == ({"讀取專頁": False}, False)
    assert "存取權杖無效" in said(found, "讀取專頁")


def test_a_page_that_is_not_there_is_said(at: Desk) -> None:
    found = tried(at, "999")
    assert lines(found) == {"讀取專頁": False}
    assert "找不到「999」" in said(found, "讀取專頁")


def test_a_missing_permission_is_named_with_its_purpose(at: Desk) -> None:
    at.world.tokens[at.world.token].scopes -= {"read_insights", "pages_read_user_content"}
    found = tried(at)
    assert (found.usable, found.whole) == (True, False)
    assert lines(found)["心情與留言數"] is lines(found)["每日數據"] is lines(found)["貼文成效"] is False
    assert "pages_read_user_content（讀取心情與留言數）" in said(found, "心情與留言數")
    assert "read_insights（讀取每日數據與觸及、瀏覽、點擊）" in said(found, "每日數據")


def test_without_the_permission_for_posts_nothing_is_kept(at: Desk) -> None:
    at.server.scenarios.on("permission_10", edge="posts")
    found = tried(at)
    assert (lines(found)["讀取貼文"], found.usable) == (False, False)


def test_a_dead_metric_is_counted_and_no_reason_to_refuse(at: Desk) -> None:
    at.world.gone_metrics.add("page_video_views")
    found = tried(at)
    assert found.whole
    assert said(found, "每日數據").endswith("，另有 1 項 Meta 未提供。")


def test_what_is_saved_is_a_file_of_the_owner_and_the_page_is_ours(at: Desk) -> None:
    found = tried(at)
    page_setup.save(at.store, found, at.world.token, by="本機")
    path = tokens.path_of(at.store, PAGE_ID)
    assert path.read_text("ascii").strip() == at.world.token
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [(p["page_id"], p["kind"], p["label"]) for p in at.rows("pages")] == [(PAGE_ID, "own", "示範分局")]
    assert at.world.token.encode() not in at.store.read_bytes()


def test_a_page_that_files_brought_becomes_ours_and_a_benchmark_stays_one(at: Desk) -> None:
    put(at.store, "pages", row("pages", page_id=PAGE_ID, kind="unassigned", label="檔案裡的名稱", note="甲"))
    put(at.store, "pages", row("pages", page_id=BENCHMARK_ID, kind="benchmark", label="標竿"))
    page_setup.save(at.store, tried(at), at.world.token, by="本機")
    page_setup.save(at.store, Trial(BENCHMARK_ID, usable=True), at.world.token, by="本機")
    found = {p["page_id"]: (p["kind"], p["label"], p["note"]) for p in at.rows("pages")}
    assert found == {PAGE_ID: ("own", "檔案裡的名稱", "甲"), BENCHMARK_ID: ("benchmark", "標竿", None)}


def test_what_the_test_learnt_of_the_token_is_kept_and_goes_with_it(at: Desk) -> None:
    found = tried(at)
    found.token_state = page_setup.TokenState(True, "PAGE", None, None, (), (INSIGHTS,))
    page_setup.save(at.store, found, at.world.token, by="本機")
    with database.reading(at.store) as connection:
        assert queries.page_read(connection, PAGE_ID)["token_missing"] == INSIGHTS
    page_setup.remove(at.store, PAGE_ID, by="本機")
    assert tokens.pages(at.store) == ()
    with database.reading(at.store) as connection:
        assert set(queries.page_read(connection, PAGE_ID).values()) == {None}


def test_a_token_that_cannot_be_written_changes_nothing(at: Desk) -> None:
    found, before = tried(at), at.revision()
    tokens.folder(at.store).write_text("not a folder")
    with pytest.raises(SettingsError) as refused:
        page_setup.save(at.store, found, at.world.token, by="本機")
    assert is_one_sentence(refused.value)
    assert at.world.token not in str(refused.value)
    assert at.revision() == before


def test_the_token_of_the_settings_is_not_touched_by_a_test_of_another(at: Desk) -> None:
    assert at.settings.token_text == Secret(at.world.token)
    tried(at, token=WRONG)
    assert {seen.headers["authorization"] for seen in at.server.requests_seen} == {f"Bearer {WRONG}"}
