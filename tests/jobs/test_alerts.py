"""The log of alerts follows how things stand, and the digest goes once a day and channel, outside the quiet hours."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqdash.errors import SettingsError
from sqdash.jobs import alert_digest, alerts, entries
from sqdash.jobs.alert_digest import Quiet
from sqdash.records import Alert
from sqdash.secret import Secret
from sqdash.settings import AlertSettings, GraphSettings, Settings
from sqdash.store import alerts as log_of
from sqdash.store import gate
from sqdash.store.gate import Change
from sqdash.store.queries import alerts as queries
from sqdash.tables import BY_NAME
from tests import pulled
from tests.fake_graph import FakeGraph, World
from tests.graph.clocks import VirtualClock
from tests.jobs.receivers import webhook
from tests.making import looking, open_copy, put, revisions, row

Copy = Callable[[str], Path]
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
NOBODY = GraphSettings()
MISSED = ["missed:likes_per_post:103", "missed:reach_per_post:103"]


def causes(store: Path) -> list[str]:
    with looking(store) as connection:
        return sorted(one.said.cause for one in queries.standing(connection))


def contribution(store: Path, state: str = "planned", due: str = "2026-11-20") -> None:
    put(store, "contributions", row("contributions", contribution_id="c1", due_on=due, unit="section-1", state=state))


# --- the log


def test_year_103_is_alerted_of_as_the_report_has_it_and_a_second_look_writes_nothing(store: Path) -> None:
    assert len(alerts.evaluate(store, NOBODY, NOON).arose) == 2
    assert causes(store) == MISSED
    before = store.read_bytes()
    assert not alerts.evaluate(store, NOBODY, NOON + timedelta(days=3))
    assert store.read_bytes() == before


def test_an_empty_store_has_nothing_to_alert_of(copy: Copy) -> None:
    path = copy("empty")
    assert not alerts.evaluate(path, NOBODY, NOON)
    assert revisions(path) == 0


def test_a_cause_that_goes_is_closed_and_new_wording_takes_no_revision(store: Path) -> None:
    contribution(store)
    alerts.evaluate(store, NOBODY, NOON)
    assert causes(store) == [*MISSED, "overdue:c1"]
    counted = revisions(store)
    moved = alerts.evaluate(store, NOBODY, NOON + timedelta(days=1))
    assert [alert.text for _, alert in moved.reworded] == [
        "第一課應於 115/11/20 供稿，已逾期 5 天，請供稿，或到「供稿與審稿」取消後重排。"
    ]
    assert revisions(store) == counted
    contribution(store, "submitted")
    assert len(alerts.evaluate(store, NOBODY, NOON).went) == 1
    assert (causes(store), revisions(store)) == (MISSED, counted + 2)
    contribution(store)
    alerts.evaluate(store, NOBODY, NOON)
    with looking(store) as connection:
        assert [line["cleared_at"] is None for line in queries.log(connection, 9, "overdue")] == [True, False]


def test_a_daily_check_that_was_done_each_day_raises_no_alert_before_the_day_is_over(copy: Copy) -> None:
    path, year = copy("empty"), {"valid_from": "2026-01-01", "valid_to": "2026-12-31"}
    norm = {"kind": "norm", "definition": 1, "comparator": ">=", "value": 365, "every_days": 1, **year}
    put(path, "targets", row("targets", indicator="wifi_checks", **norm))
    days = [f"{NOON.date() - timedelta(days=back)}" for back in range(1, 328)]
    checks = [row("checks", n, check_id=day, kind="wifi", checked_on=day) for n, day in enumerate(days, 2)]
    put(path, "checks", *checks)
    alerts.evaluate(path, NOBODY, NOON)
    assert causes(path) == []
    alerts.evaluate(path, NOBODY, NOON + timedelta(days=1))
    assert causes(path) == ["behind:wifi_checks:115"]


def test_a_rule_that_is_switched_off_clears_its_alerts(store: Path) -> None:
    alerts.evaluate(store, NOBODY, NOON)
    texts = {"rule": "missed", "enabled": "0", "threshold": "", "note": ""}
    entries.enter(store, BY_NAME["alert_rules"], texts, reason="x", by="x")
    alerts.evaluate(store, NOBODY, NOON)
    assert causes(store) == []


def test_rows_left_out_of_an_import_are_told(store: Path) -> None:
    number = put(store, "holidays", row("holidays", day="2026-10-10", label="國慶日", working=0), file_name="假日.csv")
    with gate.write(store, by="x", reason="x") as change:
        change.note()
        change.connection.execute("UPDATE imports SET rejected = 3 WHERE batch = ?", (number,))
    alerts.evaluate(store, NOBODY)
    assert f"rejected:{number}" in causes(store)


def test_a_page_that_was_pulled_just_now_is_in_order(pulled_store: Copy, tmp_path: Path) -> None:
    with FakeGraph(World(3)) as server:
        facts = alerts.gathered(pulled_store(""), pulled.settings(server), datetime.now(UTC))
    (page,) = facts.pages
    assert (page.failures, page.fault, [late.source for late in page.late]) == (0, None, [])


def test_a_page_that_was_pulled_long_ago_is_late_in_each_source(pulled_store: Copy) -> None:
    with FakeGraph(World(3)) as server:
        facts = alerts.gathered(pulled_store(""), pulled.settings(server), datetime.now(UTC) + timedelta(days=10))
    assert [late.source for late in facts.pages[0].late] == ["counts", "days", "posts"]


def test_a_token_that_died_in_the_last_pull_is_told_as_the_tokens_fault(pulled_store: Copy) -> None:
    with FakeGraph(World(3)) as server:
        (page,) = alerts.gathered(pulled_store("token_expired"), pulled.settings(server), datetime.now(UTC)).pages
    assert (page.fault, page.failures) == ("已失效", 0)


# --- no cause twice

CAUSES = st.sets(st.sampled_from("abcd"))


@pytest.fixture(scope="module")
def memory(made: Copy) -> sqlite3.Connection:
    return open_copy(made("empty"))


@given(found=st.lists(st.tuples(CAUSES, st.booleans()), max_size=8))
def test_a_cause_stands_once_and_is_told_once_while_it_lasts(
    memory: sqlite3.Connection, found: list[tuple[set[str], bool]]
) -> None:
    memory.execute("BEGIN")
    with closing(memory.cursor()):
        last: set[str] = set()
        rises = dict.fromkeys("abcd", 0)
        told = dict.fromkeys("abcd", 0)
        for number, (now, works) in enumerate(found):
            day = (date(2026, 1, 1) + timedelta(days=number)).isoformat()
            at = f"{day}T04:00:00+00:00"
            change = Change(memory, "x", "x")
            log_of.put(change, [Alert(c, "missed", "urgent", f"{c}{number}", "fans") for c in sorted(now)], at)
            assert sorted(one.said.cause for one in queries.standing(memory)) == sorted(now)
            for cause in now - last:
                rises[cause] += 1
            new = queries.standing(memory, untold_on="mail")
            if new and log_of.begin_digest(change, day, "mail", len(new), at):
                log_of.end_digest(change, day, "mail", new, sent=works, outcome="x")
                for one in new:
                    told[one.said.cause] += works
            last = now
        assert all(told[cause] <= rises[cause] for cause in rises)
    memory.execute("ROLLBACK")


# --- the digest


def settings(url: str) -> AlertSettings:
    return AlertSettings(webhook=Secret(url))


def test_a_digest_goes_once_a_day_with_what_is_new(store: Path) -> None:
    with webhook() as hook:
        alerts.evaluate(store, NOBODY, NOON)
        (outcome,) = alert_digest.send_due(store, settings(hook.url), NOON)
        assert (outcome.sent, outcome.sentence) == (True, "已由通知網址送出 2 則提醒。")
        contribution(store)
        alerts.evaluate(store, NOBODY, NOON)
        assert alert_digest.send_due(store, settings(hook.url), NOON) == []
        assert len(alert_digest.send_due(store, settings(hook.url), NOON + timedelta(days=1))) == 1
        assert alert_digest.send_due(store, settings(hook.url), NOON + timedelta(days=2)) == []
    first, second = hook.bodies
    assert first["title"] == "臺南分局服務品質儀表板：2 則提醒（115/11/24）"
    assert [line["rule"] for line in first["alerts"]] == ["missed", "missed"]
    assert [line["rule"] for line in second["alerts"]] == ["overdue"]
    assert second["text"].endswith(
        "【注意】\n・第一課應於 115/11/20 供稿，已逾期 4 天，請供稿，或到「供稿與審稿」取消後重排。\n\n"
        "先前通知過、仍未解除的提醒還有 2 則。\n"
    )


def test_nothing_is_sent_in_the_quiet_hours_and_it_waits(store: Path) -> None:
    with webhook() as hook:
        alerts.evaluate(store, NOBODY, NOON)
        evening = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)  # 20:00 in Taipei
        assert alert_digest.send_due(store, settings(hook.url), evening) == []
        assert len(alert_digest.send_due(store, settings(hook.url), evening + timedelta(hours=12))) == 1


def test_what_failed_is_noted_and_tried_again_the_same_day(store: Path) -> None:
    alerts.evaluate(store, NOBODY, NOON)
    with webhook("500") as hook:
        (outcome,) = alert_digest.send_due(store, settings(hook.url), NOON)
        assert not outcome.sent
        hook.fault = ""
        assert alert_digest.send_due(store, settings(hook.url), NOON)[0].sent
    with looking(store) as connection:
        (noted,) = queries.digests(connection, 5)
    assert (noted["state"], noted["attempts"], noted["count"]) == ("sent", 2, 2)


def test_a_digest_whose_process_died_is_not_repeated_that_day(store: Path) -> None:
    alerts.evaluate(store, NOBODY, NOON)
    with gate.write(store, by="x", reason="x") as change:
        assert log_of.begin_digest(change, "2026-11-24", "webhook", 2, "2026-11-24T04:00:00+00:00")
    with webhook() as hook:
        assert alert_digest.send_due(store, settings(hook.url), NOON) == []
        assert alert_digest.send_due(store, settings(hook.url), NOON + timedelta(days=1))[0].sent


def test_a_demonstration_sends_nothing(copy: Copy) -> None:
    path = copy("demo")
    assert alerts.evaluate(path, NOBODY, NOON)
    assert alert_digest.send_due(path, settings("http://127.0.0.1:9/x"), NOON) == []


def test_the_address_stands_nowhere_in_store_or_log(store: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for fault in ("", "500", "redirect"):
        with webhook(fault) as hook:
            given = Settings(store, alerts=AlertSettings(webhook=Secret(hook.url), quiet_hours="none"))
            alerts.keep_up(store, lambda given=given: given)
    held = b"".join(path.read_bytes() for path in store.parent.iterdir() if path.is_file())
    assert b"canary" not in held
    assert "canary" not in caplog.text
    assert "canary" not in repr(given)


@pytest.mark.parametrize("error", [SettingsError("設定有誤。"), RuntimeError("canary")])
def test_nothing_that_goes_wrong_ends_the_process(
    store: Path, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    def load() -> Settings:
        raise error

    alerts.keep_up(store, load)
    assert len(caplog.records) == 1
    assert "canary" not in caplog.text


@pytest.mark.parametrize(
    ("text", "hour", "quiet"),
    [
        (None, "19:59", False),
        (None, "20:00", True),
        (None, "07:59", True),
        (None, "08:00", False),
        ("12:00-13:30", "13:29", True),
        ("12:00-13:30", "13:30", False),
        ("none", "03:00", False),
        ("9:00-9:00", "09:00", False),
    ],
)
def test_quiet_hours_are_taipeis(text: str | None, hour: str, quiet: bool) -> None:
    at = datetime.fromisoformat(f"2026-11-24T{hour}:00+08:00")
    assert alert_digest.quiet_of(AlertSettings(quiet_hours=text)).holds(at) is quiet


@pytest.mark.parametrize("text", ["20-8", "25:00-08:00", "off", "20:00"])
def test_quiet_hours_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="SQDASH_QUIET_HOURS"):
        alert_digest.quiet_of(AlertSettings(quiet_hours=text))


def test_no_quiet_hours_are_said_so() -> None:
    assert (Quiet(None, None).text, alert_digest.quiet_of(AlertSettings()).text) == (
        "沒有靜音時段",
        "20:00 至 08:00 不發送",
    )


# --- when it is looked


def test_a_watch_looks_at_once_when_the_store_changes_and_every_hour(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[float] = []
    clock = VirtualClock()
    monkeypatch.setattr(alerts, "keep_up", lambda *_: looked.append(clock.monotonic()))
    watch = alerts.Watch(store, lambda: Settings(store), clock)
    for second in range(7200):
        if second == 100:
            contribution(store)
        watch()
        clock.move(1)
    watch(now=True)
    assert looked == [0.0, 120.0, 3720.0, 7200.0]
