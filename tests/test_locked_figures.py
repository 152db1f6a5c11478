"""A locked year on every screen and in ``status``: as its lock found it, with what is otherwise today beside it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sqdash import cli, periods, plan_views, status_view, views
from sqdash.figures import Result
from sqdash.indicators import BY_KEY
from sqdash.jobs import entries, open_year, plan_texts, year_lock
from sqdash.report import binding
from sqdash.tables import BY_NAME
from sqdash.ui.panels import plan_years
from tests.apps import Opens, opening, said, tables, words
from tests.making import put, revisions, row

Copy = Callable[[str], Path]
BY = "研考"
YEAR = periods.year_period(103)
WHOLE: dict[str, Any] = {"period_from": "2014-01-01", "period_to": "2014-12-31"}


@pytest.fixture
def screen(made: Copy, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opens]:
    with opening(made, monkeypatch) as opens:
        yield opens


def come_later(store: Path) -> None:
    """One more seminar of 103 than the report states, and the lead unit's word that the ledger is complete."""
    late = row("activities", activity_id="late", kind="seminar", held_on="2014-05-01", title="補登", sessions=13)
    put(store, "activities", late)
    put(store, "ledger_marks", row("ledger_marks", indicator="seminars", **WHOLE, state="complete"))


@pytest.fixture
def locked(store: Path) -> Path:
    """Year 103 locked, and 13 seminars afterwards where the report states 12."""
    year_lock.lock(store, 103, reason="公布", by=BY)
    come_later(store)
    return store


def value(result: Result) -> float | None:
    return result.figure.value if result.figure else None


def test_the_board_is_as_locked_with_what_is_otherwise_today_beside(locked: Path) -> None:
    board = views.board(locked, YEAR)
    assert (value(board.results["seminars"]), board.results["seminars"].basis) == (12, "reported")
    assert {key: value(now) for key, now in board.now.items()} == {"seminars": 13}
    assert board.lock is not None
    assert (board.lock.year, board.revision, board.as_of) == (103, board.lock.revision, periods.today())
    assert board.revision == revisions(locked) - 2


@pytest.mark.parametrize(("code", "now"), [("103H1", 13), ("103Q2", 13), ("103-05", 13), ("103-06", 0)])
def test_parts_of_a_locked_year_are_as_locked_too(locked: Path, code: str, now: int) -> None:
    board = views.board(locked, periods.parse_period(code))
    assert (value(board.results["seminars"]), board.results["seminars"].missing) == (None, "no_rows")
    assert board.lock is not None
    assert {key: value(found) for key, found in board.now.items()} == {"seminars": now}


@pytest.mark.parametrize("code", ["2014-02-01..2015-02-01", "102", "104"])
def test_other_years_and_spans_of_two_years_are_as_the_store_is(locked: Path, code: str) -> None:
    board = views.board(locked, periods.parse_period(code))
    assert (board.lock, board.now, board.revision) == (None, {}, revisions(locked))


def test_a_year_is_compared_with_the_locked_one_as_that_is_shown(locked: Path) -> None:
    assert value(views.board(locked, periods.year_period(104)).before["seminars"]) == 12
    boards, trees = plan_views.compare(locked, (103, 104))
    assert value(boards[103].results["seminars"]) == value(boards[104].before["seminars"]) == 12
    (shown,) = {value(r) for method in trees[103].methods for r in method.indicators if r.key == "seminars"}
    assert shown == 12
    year_lock.unlock(locked, 103, reason="更正", by=BY)
    board = views.board(locked, periods.year_period(104))
    assert (value(board.before["seminars"]), value(views.board(locked, YEAR).results["seminars"])) == (13, 13)


def test_a_year_that_was_locked_first_keeps_what_it_was_compared_with(locked: Path) -> None:
    open_year.open_year(locked, 104, {}, title="104 年度", reason="開立", by=BY)
    year_lock.unlock(locked, 103, reason="更正", by=BY)
    year_lock.lock(locked, 104, reason="公布", by=BY)
    late = row("activities", activity_id="later", kind="seminar", held_on="2014-06-01", title="再補", sessions=1)
    put(locked, "activities", late)
    assert value(views.board(locked, YEAR).results["seminars"]) == 14
    assert value(views.board(locked, periods.year_period(104)).before["seminars"]) == 13


def test_a_judging_day_before_the_lock_is_kept_and_a_later_one_is_the_locks(locked: Path) -> None:
    early = views.board(locked, YEAR, date(2014, 6, 30))
    assert early.as_of == date(2014, 6, 30)
    assert views.board(locked, YEAR, date(2100, 1, 1)).as_of == periods.today()


def test_writing_and_checking_a_locked_year_use_the_figures_that_print(locked: Path) -> None:
    text = "辦理{seminars}。"
    desk = plan_views.desk(locked, 103)
    shown = binding.bind(text, desk.board.results, desk.board.before, desk.facts)
    assert (desk.locked, "12 場次" in shown, "13" in shown) == (True, True, False)


def test_a_text_that_a_figure_overtook_before_the_lock_is_still_told_after_it(store: Path) -> None:
    key = ("1.2.3.1", 1)
    seen = plan_views.desk(store, 103).texts[key]
    plan_texts.save(store, 103, *key, "辦理{seminars}。", seen=seen, reason="修訂", by=BY)
    known = {"indicator": "seminars", **WHOLE, "moment": "result", "ordinal": "1", "basis": "reported"}
    entries.enter(store, BY_NAME["readings"], known | {"value": "14", "source_place": "公文"}, reason="更正", by=BY)

    def outdated() -> list[tuple[str | None, int | None]]:
        return [(f.owner, f.number) for f in plan_views.completeness(store, 103).findings if f.kind == "outdated"]

    assert outdated() == [key]
    year_lock.lock(store, 103, reason="公布", by=BY)
    assert outdated() == [key]


def test_status_tells_when_it_was_locked_and_what_is_otherwise(
    locked: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["status", "--year", "103", "--json", "--db", str(locked)]) == 0
    told = json.loads(capsys.readouterr().out)
    rows = {one["key"]: one for one in told["indicators"]}
    lock = views.board(locked, YEAR).lock
    assert lock is not None
    assert (told["locked_at"], told["revision"]) == (lock.at, lock.revision)
    assert (rows["seminars"]["value"], rows["seminars"]["basis"]) == (12, "reported")
    assert rows["seminars"]["now"] == {
        "value": 13,
        "low": None,
        "high": None,
        "qualifier": None,
        "state": "no_target",
        "text": "13 場次",
    }
    assert [key for key, one in rows.items() if one["now"]] == ["seminars"]
    assert cli.main(["status", "--year", "103", "--db", str(locked)]) == 0
    lines = capsys.readouterr().out.splitlines()
    day = periods.roc_day(periods.today())
    assert lines[1] == f"103 年度已於 {day} 鎖定，以鎖定時為準；與現在不同的另註「現在」。"
    assert [line for line in lines if "現在 " in line] == [
        "座談、說明、研討會　12 場次　未設目標　未設目標　現在 13 場次"
    ]
    assert cli.main(["status", "--year", "104", "--json", "--db", str(locked)]) == 0
    assert json.loads(capsys.readouterr().out)["locked_at"] is None


def test_a_state_that_moved_is_told_with_the_figure(store: Path) -> None:
    year_lock.lock(store, 103, reason="公布", by=BY)
    for number in range(1, 7):
        audit: dict[str, Any] = {"check_id": f"s{number}", "kind": "six_s", "checked_on": f"2014-{number:02d}-03"}
        put(store, "checks", row("checks", **audit))
    board = views.board(store, YEAR)
    assert (board.results["six_s_audits"].state, board.now["six_s_audits"].state) == ("no_data", "reached")
    rows = {one["key"]: one for one in status_view.status(board)["indicators"]}
    assert (rows["six_s_audits"]["text"], rows["six_s_audits"]["now"]["text"]) == ("未陳報", "6 次")


# --- screens


def source_rows(store: Path, screen: Opens, page: str, period: str) -> dict[str, tuple[str, str | None]]:
    """Label → (figure, today's) in the sources below a page."""
    found = tables(screen(store, page, period))
    return {one["指標"]: (one["數值"], one.get("現在")) for one in found[-1]}


PAGES = {"overview": "seminars", "activities": "seminars", "plan": "seminars"}


def test_no_two_screens_disagree_about_a_locked_figure(screen: Opens, locked: Path) -> None:
    label = BY_KEY["seminars"].label
    for page in PAGES:
        assert source_rows(locked, screen, page, "103")[label] == ("12 場次", "13 場次"), page
    others = source_rows(locked, screen, "fans", "103")
    assert {now for _, now in others.values()} == {"相同"}


def test_screens_of_an_open_year_have_no_word_of_locks(screen: Opens, store: Path) -> None:
    assert all(now is None for _, now in source_rows(store, screen, "overview", "103").values())


def test_a_card_says_the_locked_figure_and_todays(screen: Opens, locked: Path) -> None:
    app = screen(locked, "overview", "103")
    text = words(app)
    assert "12 場次" in text
    assert "≠ 現在 13 場次（鎖定後有變）" in text
    assert text.count("鎖定後有變") == 1


def test_the_results_say_how_many_moved_and_which(screen: Opens, locked: Path) -> None:
    app = screen(locked, "plan", "103")
    day = periods.roc_day(periods.today())
    assert said(app.info)[0] == (
        f"103 年度已於 {day} 鎖定：成果與數字以鎖定時為準，之後的變更不影響這份報告。有 1 項數字現在不同，註在旁邊。"
    )
    lines = [line for line in words(app).splitlines() if "現在 13 場次" in line]
    assert lines
    assert all(line.startswith("座談、說明、研討會 12 場次") for line in lines)


def test_the_comparison_has_a_column_for_today(screen: Opens, locked: Path) -> None:
    boards, _ = plan_views.compare(locked, (103, 104))
    row_ = plan_years._indicator("seminars", boards, ())
    assert (row_["103 年"], row_["103 年現在"]) == ("12 場次", "13 場次")
    assert plan_years._indicator("fans", boards, ())["103 年現在"] == "相同"
    open_year.open_year(locked, 104, {}, title="104 年度", reason="開立", by=BY)
    app = screen(locked, "plan", "103")
    app.query_params["plan_tab"] = "年度"
    app.session_state["plan_tab"] = "年度"
    app.run()
    day = periods.roc_day(periods.today())
    assert f":material/lock: 103 年度以鎖定時為準（{day} 鎖定）；現在不同的另列一欄。" in said(app.caption)


def test_a_locked_year_offers_no_form_that_would_be_refused(screen: Opens, locked: Path) -> None:
    app = screen(locked, "posts", "103")
    assert "103 年度已鎖定，原因與下一步不能再改；要改請先到計畫與成果的「年度」解除鎖定。" in words(app)
    assert [area.label for area in app.text_area] == []
    app = screen(locked, "plan", "103")
    app.query_params["plan_tab"] = "完整性"
    app.session_state["plan_tab"] = "完整性"
    app.run()
    assert [area.label for area in app.text_area] == []
    assert (
        "這個年度已鎖定，文字、原因與下一步都不能再改；要補請先到「年度」解除鎖定。補登的數字不影響這份報告。"
    ) in said(app.info)


def test_a_figure_that_came_only_after_the_lock_is_compared_too(screen: Opens, locked: Path) -> None:
    put(locked, "checks", row("checks", check_id="s1", kind="six_s", checked_on="2014-01-03"))
    open_year.open_year(locked, 104, {}, title="104 年度", reason="開立", by=BY)
    app = screen(locked, "plan", "103")
    app.query_params["plan_tab"] = "年度"
    app.session_state["plan_tab"] = "年度"
    app.run()
    (compared,) = [t for t in tables(app) if t and "103 年現在" in t[0]]
    assert "6S 稽核" in [one["指標"] for one in compared]


def test_a_target_of_a_locked_year_that_nobody_confirmed_is_told_with_the_lock(store: Path) -> None:
    put(store, "pages", row("pages", page_id="1", kind="own", label="臺南分局"))
    put(store, "posts", row("posts", post_id="1_1", page_id="1", published_at="2015-03-02T09:00:00+08:00"))
    put(store, "snapshots", row("snapshots", post_id="1_1", observed_at="2015-04-02T09:00:00+08:00", reactions=80))
    days = {"valid_from": "2015-01-01", "valid_to": "2015-12-31", "comparator": ">", "value": 100}
    put(store, "targets", row("targets", indicator="likes_per_post", kind="target", definition=1, **days))
    open_year.open_year(store, 104, {}, title="104 年度", reason="新年度", by=BY)
    year_lock.lock(store, 104, reason="公布", by=BY)
    (found,) = (one for one in views.board(store, periods.year_period(104)).attention if one.kind == "unconfirmed")
    assert "請先解除 104 年度的鎖定，再到「設定」" in found.detail
