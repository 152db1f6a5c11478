"""The only reader of environment and secrets; one frozen :class:`Settings`.

Each setting is looked up in the environment, then in ``.streamlit/secrets.toml`` beside the project.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqdash.errors import SettingsError

if TYPE_CHECKING:
    from sqdash.secret import Secret

ROOT = Path(__file__).resolve().parents[1]
SECRETS = ROOT / ".streamlit" / "secrets.toml"
STORE = ROOT / "data" / "sqdash.db"
"""Where the store is unless a setting says otherwise."""
GRAPH_URL, GRAPH_VERSION = "https://graph.facebook.com", "v25.0"
_LONGEST_TOKEN = 4096
_IDLE, _LONGEST_IDLE = 30, 480  # minutes; no session lasts longer
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = rf"{_LABEL}(?:\.{_LABEL})*|[0-9a-f]*:[0-9a-f:.]+"  # an IPv6 address has colons
_HEADER = r"[a-z0-9-]{1,64}"
_NEVER_A_USER = (
    r"accept.*|authorization|connection|content-.*|cookie|forwarded|host|origin|referer|sec-.*|user-agent|x-forwarded-.*"
    r"|x-real-ip"
)


@dataclass(frozen=True, slots=True)
class GraphSettings:
    """Where Graph is and who asks. The address is checked where it is used, not here.

    A token comes from ``token_text`` or, without it, from ``token_file`` (relative to the project) at each reading, so
    that a new token needs no restart and a bad file stops pulls only.
    """

    base_url: str = GRAPH_URL
    version: str = GRAPH_VERSION
    page_id: str | None = None
    app_id: str | None = None
    app_secret: Secret | None = None
    token_text: Secret | None = None
    token_file: Path | None = None

    @property
    def token(self) -> Secret | None:
        """The token, or None when none is set; :class:`SettingsError` as :func:`read_token` says."""
        if self.token_text or self.token_file is None:
            return self.token_text
        return read_token(self.token_file)


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """Where digests of alerts go, as it was set; what may be used of it is checked where it is used.

    ``host`` and ``recipients`` switch mail on, ``webhook`` (an address that is itself a secret) the webhook.
    """

    host: str | None = None
    port: str | None = None
    user: str | None = None
    password_text: Secret | None = None
    password_file: Path | None = None
    sender: str | None = None
    recipients: str | None = None
    security: str | None = None
    webhook: Secret | None = None
    quiet_hours: str | None = None

    @property
    def password(self) -> Secret | None:
        """The mail server's password, or None; :class:`SettingsError` as :func:`read_token` says."""
        if self.password_text or self.password_file is None:
            return self.password_text
        return read_token(self.password_file, "郵件密碼")


@dataclass(frozen=True, slots=True)
class BackupSettings:
    """Where backups go: ``folder`` instead of ``backups`` beside the store, ``second`` for a further copy of each."""

    folder: Path | None = None
    second: Path | None = None


@dataclass(frozen=True, slots=True)
class PeopleSettings:
    """Who gets in and how.

    ``sign_in`` asks for it on loopback too, ``public_viewing`` lets anybody look, ``allowed_hosts`` are the names
    (lower case) under which the dashboard may be asked for, ``idle_minutes`` end a session without activity,
    ``trusted_user_header`` is set by a proxy on this machine, ``https`` says that people come by https only,
    ``forwarders`` are those whom the web server is told to believe where somebody is.
    """

    sign_in: bool = False
    public_viewing: bool = False
    allowed_hosts: tuple[str, ...] = ()
    idle_minutes: int = _IDLE
    trusted_user_header: str | None = None
    https: bool = False
    forwarders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """What is in force. ``db`` is the store's path, ``graph`` what the Graph API is asked with, ``alerts`` where
    alerts go, ``backups`` where backups go, ``people`` who gets in."""

    db: Path
    graph: GraphSettings = GraphSettings()
    alerts: AlertSettings = AlertSettings()
    backups: BackupSettings = BackupSettings()
    people: PeopleSettings = PeopleSettings()


def load(environ: Mapping[str, str] | None = None, secrets: Path = SECRETS) -> Settings:
    """Read the settings; :class:`SettingsError` when the secrets file cannot be read as TOML, or when it is not clear
    who may get in."""
    environment = os.environ if environ is None else environ
    given = dict(_secrets(secrets)) | {name: value for name, value in environment.items() if value}
    db = Path(given.get("SQDASH_DB") or STORE)
    return Settings(db=db, graph=_graph(given), alerts=_alerts(given), backups=_backups(given), people=_people(given))


def named(environ: Mapping[str, str] | None = None, secrets: Path = SECRETS) -> dict[str, str]:
    """Name of every setting that is given → ``environment`` or ``file``, wherever it counts; never what it says."""
    environment = os.environ if environ is None else environ
    found = dict.fromkeys((name for name, value in _secrets(secrets).items() if value), "file")
    found |= {name: "environment" for name, value in environment.items() if value}
    return {name: found[name] for name in sorted(found) if name.startswith("SQDASH_")}


def _backups(given: Mapping[str, str]) -> BackupSettings:
    """The two folders, relative to the project; blank ones are as if not set."""

    def folder(name: str) -> Path | None:
        found = given.get(name, "").strip()
        return ROOT / _home(found) if found else None

    return BackupSettings(folder("SQDASH_BACKUP_DIR"), folder("SQDASH_BACKUP_COPY"))


def _graph(given: Mapping[str, str]) -> GraphSettings:
    """The settings that begin with ``SQDASH_GRAPH_``; blank ones are as if not set."""

    def value(name: str) -> str | None:
        return given.get(f"SQDASH_GRAPH_{name}", "").strip() or None

    def secret(name: str) -> Secret | None:
        found = value(name)
        return _secret(found) if found else None

    file = value("TOKEN_FILE")
    return GraphSettings(
        base_url=value("BASE_URL") or GRAPH_URL,
        version=value("VERSION") or GRAPH_VERSION,
        page_id=value("PAGE_ID"),
        app_id=value("APP_ID"),
        app_secret=secret("APP_SECRET"),
        token_text=secret("TOKEN"),
        token_file=ROOT / _home(file) if file else None,
    )


def _alerts(given: Mapping[str, str]) -> AlertSettings:
    """Where digests go; blank settings are as if not set."""

    def value(name: str) -> str | None:
        return given.get(f"SQDASH_{name}", "").strip() or None

    file, password, webhook = value("SMTP_PASSWORD_FILE"), value("SMTP_PASSWORD"), value("WEBHOOK_URL")
    return AlertSettings(
        host=value("SMTP_HOST"),
        port=value("SMTP_PORT"),
        user=value("SMTP_USER"),
        password_text=_secret(password) if password else None,
        password_file=ROOT / _home(file) if file else None,
        sender=value("SMTP_FROM"),
        recipients=value("SMTP_TO"),
        security=value("SMTP_SECURITY"),
        webhook=_secret(webhook) if webhook else None,
        quiet_hours=value("QUIET_HOURS"),
    )


def _people(given: Mapping[str, str]) -> PeopleSettings:
    """Who gets in. A slip here could open the door, so that each is refused and nothing falls back to a default."""

    def value(name: str) -> str:
        return given.get(f"SQDASH_{name}", "").strip()

    return PeopleSettings(
        sign_in=_switch("SQDASH_SIGN_IN", value("SIGN_IN")),
        public_viewing=_switch("SQDASH_PUBLIC_VIEWING", value("PUBLIC_VIEWING")),
        allowed_hosts=_hosts(value("ALLOWED_HOSTS")),
        idle_minutes=_minutes(value("IDLE_MINUTES")),
        trusted_user_header=_header(value("TRUSTED_USER_HEADER")),
        https=_switch("SQDASH_HTTPS", value("HTTPS")),
        forwarders=tuple(one.strip() for one in given.get("FORWARDED_ALLOW_IPS", "").split(",") if one.strip()),
    )


def _switch(name: str, text: str) -> bool:
    if text not in ("", "0", "1"):
        raise SettingsError(f"設定 {name} 的值「{text}」無法採用，請填 1（開啟）或 0（關閉）。")
    return text == "1"


def _hosts(text: str) -> tuple[str, ...]:
    """The names of a comma list in lower case, each once."""
    names = [name.strip().lower().rstrip(".").strip("[]") for name in text.split(",") if name.strip()]
    for name in names:
        if not re.fullmatch(_HOST, name):
            raise SettingsError(
                f"設定 SQDASH_ALLOWED_HOSTS 的「{name}」不是主機名稱，請填例如 dashboard.example.gov.tw，"
                "不含 http:// 與連接埠，多個以逗號隔開。"
            )
    return tuple(dict.fromkeys(names))


def _minutes(text: str) -> int:
    if not text:
        return _IDLE
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= _LONGEST_IDLE):
        raise SettingsError(f"設定 SQDASH_IDLE_MINUTES 的值「{text}」無法採用，請填 1 至 {_LONGEST_IDLE} 的整數分鐘。")
    return int(text)


def _header(text: str) -> str | None:
    """The header's name in lower case; what every browser may send or a proxy sends for another purpose is none."""
    name = text.lower()
    if name and (not re.fullmatch(_HEADER, name) or re.fullmatch(_NEVER_A_USER, name)):
        raise SettingsError(
            f"設定 SQDASH_TRUSTED_USER_HEADER 的值「{text}」無法採用，請填代理伺服器專用的標頭，例如 X-Remote-User。"
        )
    return name or None


def _home(file: str) -> Path:
    """The path with ``~`` resolved; as it is where there is no such user, so that reading it says what is wrong."""
    try:
        return Path(file).expanduser()
    except RuntimeError:
        return Path(file)


def read_token(path: Path, what: str = "權杖") -> Secret:
    """The token (or what else the file is said to hold) in a file of its own, without blanks around it.

    :class:`SettingsError` when the file is missing or empty, or on POSIX open to anyone but its owner.
    """
    shown = str(path).encode(errors="replace").decode()
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            text = file.read(_LONGEST_TOKEN + 1).decode("ascii").strip()
    except UnicodeDecodeError:
        text = ""  # and not as the cause: that error quotes what stands in the file
    except (OSError, ValueError) as error:  # ValueError: no disk can hold such a name
        raise SettingsError(f"{what}檔「{shown}」無法讀取，請檢查路徑與檔案權限。") from error
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        import shlex

        raise SettingsError(f"{what}檔「{shown}」其他使用者也能讀取，請執行 chmod 600 {shlex.quote(shown)} 後再試。")
    if not text or len(text) > _LONGEST_TOKEN:
        raise SettingsError(f"{what}檔「{shown}」裡沒有可用的{what}，請放入一行{what}文字。")
    return _secret(text)


def _secret(text: str) -> Secret:
    """Loaded where there is a secret: most commands need none, and start the sooner."""
    from sqdash.secret import Secret

    return Secret(text)


def _secrets(path: Path) -> Mapping[str, str]:
    if not path.is_file():
        return {}
    import tomllib  # most stores have no such file

    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"設定檔「{path.name}」不是有效的 TOML，請檢查引號與等號。") from error
    return {name: value for name, value in found.items() if isinstance(value, str)}
