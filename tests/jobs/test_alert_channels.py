"""Mail and webhook against real sockets: what arrives, each fault in one sentence, and secrets nowhere."""

from __future__ import annotations

import logging
import shutil
import ssl
import time
import traceback
from email import message_from_string, policy
from pathlib import Path

import pytest

from sqdash.errors import SendError, SettingsError
from sqdash.jobs import alert_digest, alert_mail, alert_webhook
from sqdash.secret import Secret
from sqdash.settings import AlertSettings
from tests.jobs.receivers import PASSWORD, USER, Mailbox, certificate, mail_server, webhook
from tests.making import is_one_sentence

CANARIES = ("canary", "MGFsZXJ0c", "YWxlcnRz")
"""What no output may hold: parts of the password and the address, also as base64."""


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, Path]:
    if not shutil.which("openssl"):
        pytest.skip("no openssl to make a certificate with")
    return certificate(tmp_path_factory.mktemp("tls"))


def to(box: Mailbox, security: str = "none", user: str | None = USER) -> AlertSettings:
    return AlertSettings(
        host="127.0.0.1",
        port=str(box.port),
        user=user,
        password_text=Secret(PASSWORD) if user else None,
        sender="sqdash@example.gov.tw",
        recipients="a@example.gov.tw, b@example.gov.tw",
        security=security,
    )


def send(settings: AlertSettings, total: float = 5.0) -> str:
    mail = alert_mail.mail_of(settings)
    assert mail is not None
    return mail.send("測試：2 則提醒", "・粉絲人數未達。\n", total)


def refusal(settings: AlertSettings, caplog: pytest.LogCaptureFixture, total: float = 5.0) -> str:
    """The one sentence of what went wrong; no secret in it, in the log or in the traceback."""
    caplog.set_level(logging.DEBUG)
    with pytest.raises(SendError) as raised:
        send(settings, total) if settings.host else post(settings, total)
    assert is_one_sentence(raised.value)
    told = "".join(traceback.format_exception(raised.value)) + caplog.text
    assert [canary for canary in CANARIES if canary in told] == []
    return str(raised.value)


def post(settings: AlertSettings, total: float = 5.0) -> None:
    hook = alert_webhook.webhook_of(settings)
    assert hook is not None
    hook.send({"text": "測試"}, total)


# --- mail


def test_a_message_arrives_whole() -> None:
    with mail_server() as box:
        assert send(to(box)) == ""
    (text,) = box.messages
    message = message_from_string(text, policy=policy.default)
    assert message["Subject"] == "測試：2 則提醒"
    assert (message["From"], message["To"]) == ("sqdash@example.gov.tw", "a@example.gov.tw, b@example.gov.tw")
    assert message.get_content().replace("\r\n", "\n") == "・粉絲人數未達。\n"


@pytest.mark.parametrize("at_once", [False, True])
def test_the_password_is_sent_only_behind_a_checked_certificate(
    tls: tuple[ssl.SSLContext, Path], at_once: bool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    security = "ssl" if at_once else "starttls"
    with mail_server(tls=tls[0], at_once=at_once) as box:
        assert "憑證無法驗證" in refusal(to(box, security), caplog)
        assert [line for line in box.lines if line.startswith("AUTH")] == []
        monkeypatch.setenv("SSL_CERT_FILE", str(tls[1]))
        assert send(to(box, security)) == ""
    assert len(box.messages) == 1


@pytest.mark.parametrize("fault", ["", "no_tls"])
def test_without_starttls_nothing_is_sent(
    fault: str, tls: tuple[ssl.SSLContext, Path], caplog: pytest.LogCaptureFixture
) -> None:
    with mail_server(fault, tls[0] if fault else None) as box:
        said = refusal(to(box, "starttls"), caplog)
    assert ("回覆代碼 454" if fault else "不支援加密") in said
    assert [line for line in box.lines if line.startswith(("AUTH", "MAIL"))] == []


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("password", "郵件主機（127.0.0.1）不接受帳號或密碼，提醒沒有寄出，下次會再試。"),
        ("data", "郵件主機（127.0.0.1）回覆代碼 451，提醒沒有寄出，下次會再試。"),
        ("rcpt", "郵件主機（127.0.0.1）拒收所有收件人，提醒沒有寄出，下次會再試。"),
    ],
)
def test_what_the_server_refuses_is_one_sentence(fault: str, said: str, caplog: pytest.LogCaptureFixture) -> None:
    with mail_server(fault) as box:
        assert refusal(to(box), caplog) == said


@pytest.mark.parametrize("fault", ["silent", "drip"])
def test_a_server_that_takes_for_ever_is_left(fault: str, caplog: pytest.LogCaptureFixture) -> None:
    with mail_server(fault) as box:
        begun = time.monotonic()
        assert "逾時" in refusal(to(box), caplog, total=0.5)
        assert time.monotonic() - begun < 2


def test_nobody_there_is_one_sentence(caplog: pytest.LogCaptureFixture) -> None:
    assert "無法連線" in refusal(to(Mailbox(port=1)), caplog)


def test_a_recipient_who_is_refused_does_not_keep_it_from_the_others() -> None:
    with mail_server() as box:
        from dataclasses import replace

        assert send(replace(to(box), recipients="a@example.gov.tw,nobody@example.gov.tw")) == "其中 1 位收件人被拒收"
    assert len(box.messages) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"sender": "a@example.tw\r\nBcc: x@evil.example"},
        {"recipients": "a@example.tw\nX: y"},
        {"recipients": "甲 <a@example.tw>"},
        {"recipients": None},
        {"host": "mail.example.tw", "security": "none"},
        {"host": None},
        {"host": "mail\r\nexample"},
        {"port": "0"},
        {"port": "99999"},
        {"security": "tls"},
        {"user": None},
        {"password_text": None},
    ],
)
def test_settings_that_cannot_be_used_are_refused_before_anything_is_sent(changed: dict[str, str | None]) -> None:
    from dataclasses import replace

    with pytest.raises(SettingsError) as raised:
        alert_mail.mail_of(replace(to(Mailbox(port=25)), **changed))  # type: ignore[arg-type]
    assert is_one_sentence(raised.value)


def test_a_subject_stays_one_header() -> None:
    with mail_server() as box:
        mail = alert_mail.mail_of(to(box))
        assert mail is not None
        mail.send("一\r\nBcc: x@evil.example", "x\n")
    assert message_from_string(box.messages[0])["Bcc"] is None


# --- webhook


def test_the_webhook_gets_one_object() -> None:
    with webhook() as hook:
        post(AlertSettings(webhook=Secret(hook.url)))
    assert (hook.bodies, hook.paths) == ([{"text": "測試"}], ["/hooks/canary-T0ken-77aa?key=canary-k3y"])


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("redirect", "通知網址（127.0.0.1）回覆轉址而未被跟隨，提醒沒有送出，下次會再試。"),
        ("500", "通知網址（127.0.0.1）回覆 HTTP 500，提醒沒有送出，下次會再試。"),
        ("404", "通知網址（127.0.0.1）回覆 HTTP 404，提醒沒有送出，下次會再試。"),
        ("silent", "通知網址（127.0.0.1）逾時，提醒沒有送出，下次會再試。"),
        ("drip", "通知網址（127.0.0.1）逾時，提醒沒有送出，下次會再試。"),
    ],
)
def test_what_the_webhook_refuses_is_one_sentence(fault: str, said: str, caplog: pytest.LogCaptureFixture) -> None:
    with webhook(fault) as hook:
        begun = time.monotonic()
        assert refusal(AlertSettings(webhook=Secret(hook.url)), caplog, total=0.5) == said
        assert time.monotonic() - begun < 2
    assert len(hook.bodies) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://example.tw/x",
        "https://user:canary@example.tw/x",
        "ftp://127.0.0.1/x",
        "https://exa mple.tw/",
        "https://example.tw/\r\nX: y",
        "https://example.tw\\@evil.example/",
        "http://127.0.0.1.evil.example/x",
        "http://127.0.0.1@evil.example/x",
        "https:///x",
        "https://example.tw:0/x",
        "https://example.tw/#x",
        "canary",
    ],
)
def test_an_address_that_is_not_allowed_is_not_quoted(url: str) -> None:
    with pytest.raises(SettingsError) as raised:
        alert_webhook.webhook_of(AlertSettings(webhook=Secret(url)))
    assert is_one_sentence(raised.value)
    assert "canary" not in str(raised.value)


def test_a_test_message_says_how_it_went() -> None:
    with webhook() as hook, mail_server() as box:
        assert alert_digest.attempt("webhook", AlertSettings(webhook=Secret(hook.url))).sentence == (
            "已由通知網址送出試寄（127.0.0.1），請確認收到。"
        )
        given = alert_digest.attempt("mail", to(box))
    assert given.sentence == "已由電子郵件送出試寄（127.0.0.1，收件人 2 位），請確認收到。"
    assert "還沒有設定電子郵件" in alert_digest.attempt("mail", AlertSettings()).sentence
