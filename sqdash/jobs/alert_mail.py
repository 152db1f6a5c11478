"""A digest handed to a mail server: STARTTLS or TLS with the certificate checked; without either on this machine only.

What the server says is never quoted, since it may repeat what it was sent. A watch ends the connection when the whole
conversation takes too long, because timeouts of sockets hold for one read each.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid

from sqdash.errors import SendError, SettingsError
from sqdash.graph.access import is_loopback
from sqdash.secret import Secret
from sqdash.settings import AlertSettings

TOTAL = 30.0
"""Seconds that one conversation may take."""
PORTS = {"starttls": 587, "ssl": 465, "none": 25}
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_HOST = re.compile(r"[A-Za-z0-9.:-]{1,253}")
_MOST = 50


@dataclass(frozen=True, slots=True)
class Mail:
    """A checked mail server with sender and recipients."""

    host: str
    port: int
    security: str
    sender: str
    recipients: tuple[str, ...]
    user: str | None = None
    password: Secret | None = None

    def send(self, subject: str, text: str, total: float = TOTAL) -> str:
        """Hand the message over; what to know of a message that was taken, mostly nothing. :class:`SendError` with one
        sentence where it was not taken."""
        trouble, refused = self._converse(self._message(subject, text), total)
        if trouble:  # raised here and not where it was found out: that exception quotes what the server said
            raise SendError(f"郵件主機（{self.host}）{trouble}，提醒沒有寄出，下次會再試。")
        return f"其中 {refused} 位收件人被拒收" if refused else ""

    def _message(self, subject: str, text: str) -> EmailMessage:
        message = EmailMessage(policy=SMTP)
        message["Subject"] = " ".join(subject.split())
        message["From"] = self.sender
        message["To"] = ", ".join(self.recipients)
        message["Date"] = formatdate(localtime=False)
        message["Message-ID"] = make_msgid(domain=self.sender.partition("@")[2])
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text, cte="base64")  # servers that take 7 bits only are still about
        return message

    def _converse(self, message: EmailMessage, total: float) -> tuple[str, int]:
        client = self._client(total)
        try:
            with _ended_after(client, total):
                client.connect(self.host, self.port)
                if self.security == "starttls":
                    client.starttls(context=ssl.create_default_context())
                if self.user and self.password:
                    client.login(self.user, self.password.reveal())
                refused = client.send_message(message)
                with suppress(smtplib.SMTPException, OSError):
                    client.quit()
                return "", len(refused)
        except (smtplib.SMTPException, OSError, UnicodeError, ValueError) as error:
            return _trouble(error), 0
        finally:
            with suppress(OSError):
                client.close()

    def _client(self, total: float) -> smtplib.SMTP:
        here = "[127.0.0.1]"  # or a slow look-up of this machine's own name comes first
        if self.security == "ssl":
            client: smtplib.SMTP = smtplib.SMTP_SSL(
                local_hostname=here, timeout=total, context=ssl.create_default_context()
            )
        else:
            client = smtplib.SMTP(local_hostname=here, timeout=total)
        # The certificate is checked against this name, which is otherwise set only where the host comes with creation.
        client._host = self.host  # type: ignore[attr-defined]
        return client


@contextmanager
def _ended_after(client: smtplib.SMTP, seconds: float) -> Iterator[None]:
    """End the connection when the block takes longer; whatever waits for it then fails as a timeout."""
    over = threading.Event()

    def end() -> None:
        over.set()
        if client.sock is not None:
            with suppress(OSError):
                socket.socket.shutdown(client.sock, socket.SHUT_RDWR)

    watch = threading.Timer(seconds, end)
    watch.daemon = True
    watch.start()
    try:
        yield
    except (smtplib.SMTPException, OSError):
        if over.is_set():
            raise TimeoutError from None
        raise
    finally:
        watch.cancel()


def _trouble(error: Exception) -> str:
    """What to say of a failed conversation without quoting it."""
    if isinstance(error, TimeoutError):
        return "逾時"
    if isinstance(error, ssl.SSLCertVerificationError):
        return "的憑證無法驗證"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "不接受帳號或密碼"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "不支援加密或登入"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "拒收所有收件人"
    if isinstance(error, smtplib.SMTPSenderRefused):
        return "拒收寄件人"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "中斷了連線"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"回覆代碼 {error.smtp_code}"
    return "無法連線" if isinstance(error, OSError) else "的往來有誤"


def mail_of(settings: AlertSettings) -> Mail | None:
    """The mail server that is set, None without one; :class:`SettingsError` where a setting cannot be used."""
    if not settings.host and not settings.recipients:
        return None
    security = (settings.security or "starttls").lower()
    host = settings.host or ""
    if not _HOST.fullmatch(host):
        raise SettingsError("郵件主機未設定或不是主機名稱，請檢查 SQDASH_SMTP_HOST。")
    if security not in PORTS or (security == "none" and not is_loopback(host)):
        raise SettingsError("郵件的加密方式須為 starttls 或 ssl（none 只能用於本機），請檢查 SQDASH_SMTP_SECURITY。")
    if bool(settings.user) != bool(settings.password_text or settings.password_file):
        raise SettingsError("郵件的帳號與密碼須一起設定，請檢查 SQDASH_SMTP_USER 與 SQDASH_SMTP_PASSWORD。")
    recipients = tuple(part.strip() for part in (settings.recipients or "").split(","))
    return Mail(
        host,
        _port(settings.port, security),
        security,
        _address(settings.sender or "", "SQDASH_SMTP_FROM"),
        tuple(_address(one, "SQDASH_SMTP_TO") for one in recipients[:_MOST]),
        settings.user,
        settings.password,
    )


def _port(text: str | None, security: str) -> int:
    if text is None:
        return PORTS[security]
    if not re.fullmatch("[0-9]{1,5}", text) or not 1 <= int(text) <= 65_535:
        raise SettingsError("郵件主機的連接埠須為 1 至 65535，請檢查 SQDASH_SMTP_PORT。")
    return int(text)


def _address(text: str, name: str) -> str:
    """An address that can be nothing else: no line break, no second header, no second recipient."""
    if len(text) > 254 or not _ADDRESS.fullmatch(text):
        raise SettingsError(f"寄件人與收件人須為電子郵件地址，請檢查 {name}（多位收件人以逗號分隔）。")
    return text
