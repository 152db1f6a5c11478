"""``python -m sqdash alerts``: what it prints and sends."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from sqdash import periods
from sqdash.cli import main
from tests.jobs.receivers import webhook
from tests.making import put, row


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SMTP_HOST", "SMTP_TO", "WEBHOOK_URL", "GRAPH_TOKEN", "GRAPH_PAGE_ID"):
        monkeypatch.setenv(f"SQDASH_{name}", "")
    monkeypatch.setenv("SQDASH_QUIET_HOURS", "none")


def test_open_alerts_are_listed_one_a_line(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["alerts", "--db", str(store)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert lines[0] == (
        "緊急　指標未達　103 年每篇平均按讚未達：目標超過 100，每篇還差 30 以上，請到「貼文成效」看原因並訂下一步。"
    )


@pytest.mark.parametrize(("fault", "code"), [("", 0), ("500", 1)])
def test_the_digest_goes_when_asked(
    store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], fault: str, code: int
) -> None:
    with webhook(fault) as hook:
        monkeypatch.setenv("SQDASH_WEBHOOK_URL", hook.url)
        assert main(["alerts", "--send", "--json", "--db", str(store)]) == code
    told = capsys.readouterr()
    found = json.loads(told.out)
    assert [alert["rule"] for alert in found["alerts"]] == ["missed", "missed"]
    (digest,) = found["digests"]
    assert (digest["channel"], digest["sent"]) == ("webhook", not fault)
    assert "canary" not in told.out + told.err


def test_without_a_channel_nothing_is_sent(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["alerts", "--send", "--db", str(store)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == (
        "這次沒有要發送的摘要：還沒有設定電子郵件或通知網址，請設定 SQDASH_SMTP_HOST 或 SQDASH_WEBHOOK_URL。"
    )


def test_why_nothing_is_sent_is_said(
    store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def said(db: Path) -> str:
        assert main(["alerts", "--send", "--db", str(db)]) == 0
        return capsys.readouterr().out.splitlines()[-1].removeprefix("這次沒有要發送的摘要：")

    with webhook("") as hook:
        monkeypatch.setenv("SQDASH_WEBHOOK_URL", hook.url)
        here = periods.now().astimezone(periods.TAIPEI)
        start, end = (f"{here + timedelta(hours=hours):%H:%M}" for hours in (-1, 1))
        monkeypatch.setenv("SQDASH_QUIET_HOURS", f"{start}-{end}")
        assert said(store) == f"現在是靜音時段（臺北時間 {start} 至 {end} 不發送），過了才發送。"
        monkeypatch.setenv("SQDASH_QUIET_HOURS", "none")
        assert said(store) == "已由通知網址送出 2 則提醒。"
        assert said(store) == "沒有還沒通知過的提醒。"
        late = {"due_on": (periods.today() - timedelta(days=9)).isoformat(), "unit": "section-1", "state": "planned"}
        put(store, "contributions", row("contributions", contribution_id="a", **late))
        assert said(store) == "今天的摘要已經發送過，新的提醒隨下一天的摘要發送。"
        assert len(hook.bodies) == 1
