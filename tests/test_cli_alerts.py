"""``python -m sqdash alerts``: what it prints and sends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sqdash.cli import main
from tests.jobs.receivers import webhook


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
    assert capsys.readouterr().out.splitlines()[-1] == "這次沒有要發送的摘要"
