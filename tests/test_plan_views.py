"""The report of a locked year and the store as it was known: the same for ever, whatever comes later."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sqdash import cli, periods, plan_views, views
from sqdash.errors import DataError
from sqdash.jobs import entries, plan_texts, year_lock
from sqdash.report import as_json
from sqdash.tables import BY_NAME
from tests.making import current, put, row

Copy = Callable[[str], Path]
BY = "研考"
TODAY = periods.today()


def report(store: Path) -> str:
    return json.dumps(as_json.write(plan_views.report(store, 103)), ensure_ascii=False)


def come_later(store: Path) -> None:
    """What may still come in after a year is locked: rows of its ledgers that change its figures, units, marks."""
    put(store, "activities", row("activities", activity_id="late", kind="training", held_on="2014-05-01", title="補登",
                                 sessions=70))  # fmt: skip
    mark = {"indicator": "training_sessions", "period_from": "2014-01-01", "period_to": "2014-12-31"}
    entries.enter(store, BY_NAME["ledger_marks"], mark | {"state": "complete"}, reason="補登", by=BY)
    entries.enter(
        store,
        BY_NAME["units"],
        {"unit": "section-1", "label": "檢驗一課", "kind": "unit", "implementing": "1", "position": "1"},
        reason="改名",
        by=BY,
    )


@pytest.mark.parametrize("kind", ["report", "demo"])
def test_a_locked_year_prints_the_same_for_ever(copy: Copy, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    store = copy(kind)
    plan_texts.note_figure(store, "fans", "103", "年底活動帶動。", by="首長")
    year_lock.lock(store, 103, reason="公布", by=BY)
    printed = report(store)
    come_later(store)
    monkeypatch.setattr(periods, "today", lambda: TODAY + timedelta(days=400))
    assert report(store) == printed
    assert "檢驗一課" not in printed
    year_lock.unlock(store, 103, reason="更正", by=BY)
    assert "檢驗一課" in report(store)


def test_a_year_locked_again_prints_as_of_the_second_lock(copy: Copy) -> None:
    store = copy("report")
    year_lock.lock(store, 103, reason="公布", by=BY)
    year_lock.unlock(store, 103, reason="更正", by=BY)
    come_later(store)
    year_lock.lock(store, 103, reason="再公布", by=BY)
    assert "檢驗一課" in report(store)


def test_what_was_known_at_the_end_of_a_past_day(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    store = copy("report")
    made = TODAY
    monkeypatch.setattr(periods, "today", lambda: made + timedelta(days=3))
    monkeypatch.setattr(periods, "now", lambda: later)
    later = datetime.now(UTC) + timedelta(days=2)
    come_later(store)
    period = periods.year_period(103)
    then, now = views.board(store, period, known=made), views.board(store, period)
    assert (then.as_of, then.results["training_sessions"].figure, then.results["training_sessions"].basis) == (
        made,
        now.results["training_sessions"].reading.stated,  # type: ignore[union-attr]
        "reported",
    )
    assert now.results["training_sessions"].basis == "computed"
    assert then.revision < now.revision
    assert plan_views.report(store, 103, known=made).units[0] == "第一課"
    assert plan_views.report(store, 103).units[0] == "檢驗一課"
    with pytest.raises(DataError, match="結束時資料庫裡還沒有 103 年度的計畫"):
        plan_views.report(store, 103, known=made - timedelta(days=1))


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.main(arguments)
    said = capsys.readouterr()
    return code, said.out, said.err


def test_the_check_of_a_report_tells_what_is_missing(made: Copy, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "report", "--year", "103", "--check", "--db", str(made("report")))
    assert code == 1
    assert out.splitlines()[0] == "103 年度：48 項執行方法，已有成果 48 項，待補 6 件"
    assert len(out.splitlines()) == 7
    code, out, _ = run(capsys, "report", "--year", "103", "--check", "--json", "--db", str(made("report")))
    told = json.loads(out)
    assert (code, told["year"], told["complete"]) == (1, 103, False)
    assert told["counts"] == {
        "no_text": 0,
        "unbound": 0,
        "unheld": 0,
        "gap": 0,
        "no_reason": 0,
        "no_next_step": 2,
        "unstated": 4,
        "stale": 0,
        "outdated": 0,
    }
    assert [one["key"] for one in told["findings"][:2]] == ["likes_per_post", "reach_per_post"]


def rewrite(store: Path) -> None:
    """A text that shows two figures, written after they came."""
    text = "全年辦理教育訓練 {training_sessions}，並有 {seminars}。"
    given = {"year": "103", "owner": "1.2.2.3", "number": "1", "text": text}
    entries.enter(store, BY_NAME["result_texts"], given, reason="改寫", by=BY)


def test_a_figure_that_a_text_lacks_is_told_and_printed_as_missing(copy: Copy) -> None:
    store = copy("report")
    text = "每篇平均按讚 {likes_per_post}，去年 {likes_per_post.last_year}。"
    given = {"year": "103", "owner": "1.2.2.3", "number": "1", "text": text}
    entries.enter(store, BY_NAME["result_texts"], given, reason="改寫", by=BY)
    [found] = [one for one in plan_views.completeness(store, 103).findings if one.kind == "gap"]
    assert (found.owner, found.number, found.page) == ("1.2.2.3", 1, "plan")
    assert found.text.endswith("：文字引用的「每篇平均按讚（去年）」沒有數字，會印成「未陳報」等字")
    [method] = [one for one in plan_views.report(store, 103).methods if one.method == "1.2.2.3"]
    assert method.result == "每篇平均按讚 60–70 人，去年 無資料。"


def test_what_was_missing_at_the_end_of_a_past_day(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    store = copy("report")
    rewrite(store)
    then = plan_views.completeness(store, 103).counts
    monkeypatch.setattr(periods, "today", lambda: TODAY + timedelta(days=3))
    monkeypatch.setattr(periods, "now", lambda: later)
    later = datetime.now(UTC) + timedelta(days=2)
    come_later(store)  # a ledger takes the reading's place after the text was written
    assert (then["outdated"], plan_views.completeness(store, 103).counts["outdated"]) == (0, 1)
    assert plan_views.completeness(store, 103, known=TODAY).counts == then
    entries.strike(store, BY_NAME["activities"], ("late",), reason="誤登", by=BY)
    assert plan_views.completeness(store, 103, known=TODAY).counts == then


def test_a_change_before_the_past_day_still_makes_a_text_outdated_on_it(
    copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = copy("report")
    rewrite(store)
    readings = BY_NAME["readings"]
    [old] = [one for one in current(store, "readings") if one["indicator"] == "training_sessions"]
    given = {name: "" if old[name] is None else str(old[name]) for name in readings.names}
    entries.enter(store, readings, given | {"value": "56"}, reason="更正", by=BY)
    monkeypatch.setattr(periods, "today", lambda: TODAY + timedelta(days=3))
    [found] = [one for one in plan_views.completeness(store, 103, known=TODAY).findings if one.kind == "outdated"]
    assert (found.owner, found.key) == ("1.2.2.3", "training_sessions")


def test_texts_of_strategies_are_looked_at_wherever_they_are_printed(copy: Copy) -> None:
    store = copy("report")
    put(
        store,
        "result_texts",
        row("result_texts", year=103, owner="1.1", number=1, text="共 {nothing}。"),
        row("result_texts", year=103, owner="9.9", number=1, text="沒有人要的文字。"),
    )
    found = plan_views.completeness(store, 103)
    assert [(one.kind, one.owner, one.number) for one in found.findings if one.kind in ("unbound", "unheld")] == [
        ("unbound", "1.1", 1),
        ("unheld", None, None),
    ]
    assert "「9.9」的第 1 段文字" in next(one.text for one in found.findings if one.kind == "unheld")


def test_braces_of_the_broad_width_that_are_stored_are_told_as_such(copy: Copy) -> None:
    store, text = copy("report"), "共 ｛fans｝。"
    put(store, "result_texts", row("result_texts", year=103, owner="1.1", number=1, text=text))
    (found,) = (one for one in plan_views.completeness(store, 103).findings if one.kind == "unbound")
    assert found.text.endswith("文字裡的「｛fans｝」的大括號是全形")


def test_a_strategy_without_methods_is_looked_at_too_and_is_no_method(copy: Copy) -> None:
    store = copy("report")
    before = plan_views.completeness(store, 103)
    for number in (8, 9):
        label = f"策略{number}"
        put(
            store,
            "strategies",
            row("strategies", year=103, strategy=f"1.{number}", dimension=1, number=number, label=label),
        )
    put(
        store,
        "result_texts",
        row("result_texts", year=103, owner="1.9", number=1, text="共 {nothing}、{fans.last_year}。"),
    )
    found, lacking = plan_views.completeness(store, 103), "沒有數字，會印成「未陳報」等字"
    assert [(one.kind, one.text, one.owner, one.number) for one in found.findings if one not in before.findings] == [
        ("no_text", "1.8 策略8（未列執行方法）", "1.8", 1),
        ("unbound", "1.9 策略9（未列執行方法）：文字裡的「{nothing}」不是任何指標或數字的代碼", "1.9", 1),
        ("gap", f"1.9 策略9（未列執行方法）：文字引用的「粉絲人數（去年）」{lacking}", "1.9", 1),
    ]
    assert (found.methods, found.filled) == (before.methods, before.filled)


def test_the_check_of_a_past_day_by_command(made: Copy, capsys: pytest.CaptureFixture[str]) -> None:
    told = ("report", "--year", "103", "--check", "--db", str(made("report")), "--known-at")
    code, out, err = run(capsys, *told, "110/01/01")
    assert (code, out, err.count("。")) == (1, "", 1)
    assert "110/01/01 結束時資料庫裡還沒有 103 年度的計畫" in err
    assert "還沒有過完" in run(capsys, *told, periods.today().isoformat())[2]


def test_a_command_asks_for_a_past_day_and_no_other(made: Copy, capsys: pytest.CaptureFixture[str]) -> None:
    store = str(made("report"))
    code, out, _ = run(capsys, "status", "--year", "103", "--known-at", "110/01/01", "--json", "--db", store)
    told = json.loads(out)
    assert (code, told["revision"], told["as_of"]) == (0, 0, "2021-01-01")
    assert {row["value"] for row in told["indicators"]} == {None}
    for name in ("status", "report"):
        code, _, err = run(capsys, name, "--year", "103", "--known-at", periods.today().isoformat(), "--db", store)
        assert (code, err.count("。"), "還沒有過完" in err) == (1, 1, True)


def test_without_a_year_a_past_day_is_of_the_newest_year_that_was_known_on_it(
    copy: Copy, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = copy("report")
    later = datetime.now(UTC) + timedelta(days=2)
    monkeypatch.setattr(periods, "today", lambda: TODAY + timedelta(days=3))
    monkeypatch.setattr(periods, "now", lambda: later)
    put(store, "activities", row("activities", activity_id="new", kind="training", held_on="2016-05-01", title="新的",
                                 sessions=1))  # fmt: skip
    asked = ("status", "--json", "--db", str(store))
    assert json.loads(run(capsys, *asked)[1])["period"] == "105"
    assert json.loads(run(capsys, *asked, "--known-at", TODAY.isoformat())[1])["period"] == "103"
    before = json.loads(run(capsys, *asked, "--known-at", "110/01/01")[1])
    assert (before["revision"], before["period"]) == (0, "110")
    code, _, err = run(capsys, *asked, "--known-at", (TODAY + timedelta(days=3)).isoformat())
    assert (code, "還沒有過完" in err) == (1, True)


def test_a_text_whose_fact_changed_after_it_was_written_is_one_to_read_again(copy: Copy) -> None:
    store = copy("report")

    def outdated() -> list[str]:
        return [f.text for f in plan_views.completeness(store, 103).findings if f.kind == "outdated"]

    assert outdated() == []
    (fact,) = (one for one in current(store, "facts") if one["fact"] == "six_s_prizes")
    put(store, "facts", row("facts", **fact | {"value": 9}))
    (found,) = outdated()
    assert found.startswith("1.2.1.1 ")
    assert found.endswith(f"：{fact['label']}的數字在文字寫好後有變更")
    given = {"year": "103", "owner": "1.2.1.1", "number": "1", "text": "頒獎盃 {six_s_prizes}。"}
    entries.enter(store, BY_NAME["result_texts"], given, reason="改寫", by=BY)
    assert outdated() == []


def test_a_number_typed_by_hand_is_outdated_once_its_figure_moved_as_a_bound_one_is(copy: Copy) -> None:
    store = copy("report")

    def outdated() -> list[str]:
        return [f.text for f in plan_views.completeness(store, 103).findings if f.kind == "outdated"]

    def write(text: str) -> None:
        given = {"year": "103", "owner": "1.2.2.3", "number": "1", "text": text}
        entries.enter(store, BY_NAME["result_texts"], given, reason="改寫", by=BY)

    write("辦理教育訓練 55 場，另有 3 場次線上課程。")
    assert outdated() == []  # nothing has moved: what else is typed is pointed out where it is written
    known = {"indicator": "training_sessions", "period_from": "2014-01-01", "period_to": "2014-12-31"}
    stated = known | {"moment": "result", "ordinal": "1", "basis": "reported", "source_place": "公文"}
    entries.enter(store, BY_NAME["readings"], stated | {"value": "56"}, reason="更正", by=BY)
    (found,) = outdated()
    assert found.startswith("1.2.2.3 ")
    assert found.endswith("：教育訓練的數字在文字寫好後有變更")
    write("辦理教育訓練 56 場。")
    assert outdated() == []


def test_of_a_locked_report_it_is_still_told_that_a_fact_changed_before_the_lock(copy: Copy) -> None:
    store = copy("report")
    (fact,) = (one for one in current(store, "facts") if one["fact"] == "six_s_prizes")
    put(store, "facts", row("facts", **fact | {"value": 9}))
    year_lock.lock(store, 103, reason="公布", by=BY)
    assert plan_views.completeness(store, 103).counts["outdated"] == 1
