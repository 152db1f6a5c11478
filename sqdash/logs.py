"""Logs: one file a program beside the store, no secret in any line, no line break from outside.

Every handler of the process, Streamlit's included, is given a formatter that cleans what the handler would write: known
secrets in every usual form, unknown ones by the key before them. A code ties what a person saw to the traceback.
"""

from __future__ import annotations

import logging
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

from sqdash import settings
from sqdash.errors import SqdashError
from sqdash.secret import HIDDEN, Redactor, Secret

LARGEST, KEPT = 10_000_000, 10
"""Bytes of a log file, and how many older ones are kept beside it."""
_AGAIN = 60.0
"""Seconds after which the configured secrets are read anew: a new token needs no restart."""
_FORM = "%(asctime)s %(levelname)s %(name)s %(message)s"
_FIELDS = (
    r"password|passwd|pwd|secret|token|authorization|cookie|set-cookie|__Host-sqdash_session|sqdash_session|密碼|權杖"
)
# A name and what it is said to be, up to the end of the quoted text or of the word: in headers, JSON, queries, repr.
_FIELD = re.compile(
    rf"(?i)((?:{_FIELDS})[\"']?\s*[:=：＝]\s*(?:b?[\"']|(?:basic|bearer|negotiate)\s+)?)(?!{HIDDEN}|(?:basic|bearer|negotiate)\s)[^\s\"',;&}})\]]+"
)
_META = re.compile(r"\bEAA[A-Za-z0-9]{16,}")
_LINES = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_log = logging.getLogger("sqdash")


class Cleaning:
    """Takes every secret out of a text. ``load`` gives the configured ones; it is asked once a minute at most."""

    def __init__(
        self, load: Callable[[], Iterable[Secret | None]], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._load, self._clock = load, clock
        self._at: float | None = None
        self._redactor = Redactor()

    def clean(self, text: str) -> str:
        """The text without secrets."""
        if self._at is None or self._clock() - self._at >= _AGAIN:
            self._at = self._clock()
            with suppress(SqdashError):  # a file that cannot be read holds a secret that cannot have been used
                self._redactor = Redactor(self._load())
        return _META.sub(HIDDEN, _FIELD.sub(rf"\g<1>{HIDDEN}", self._redactor.clean(text)))


class Clean(logging.Formatter):
    """What ``inner`` writes, without secrets; the message on one line, a traceback below it, indented."""

    def __init__(self, inner: logging.Formatter | None, cleaning: Cleaning) -> None:
        super().__init__()
        self._inner, self._cleaning = inner or logging.Formatter(_FORM), cleaning

    def format(self, record: logging.LogRecord) -> str:
        """The whole text of one record."""
        first = logging.makeLogRecord(record.__dict__)
        first.msg, first.args = _one_line(record.getMessage()), None
        first.exc_info = first.exc_text = first.stack_info = None
        below = [self._inner.formatException(record.exc_info)] if record.exc_info and record.exc_info[0] else []
        below += [record.stack_info] if record.stack_info else []
        lines = [f"    {_CONTROL.sub(' ', line)}" for part in below for line in _LINES.split(part)]
        return self._cleaning.clean("\n".join([self._inner.format(first), *lines]))


class _Rotating(RotatingFileHandler):
    """Goes on with the same file where another program keeps it from being renamed (Windows)."""

    def doRollover(self) -> None:  # noqa: N802 - the library's name
        with suppress(OSError):
            super().doRollover()
        if self.stream is None:
            self.stream = self._open()


def file_of(store: Path, program: str) -> Path:
    """Where a program (``dashboard``, ``pull``, ``backup``, ``command``) logs: each has its own, for a file that two
    processes turn over loses lines."""
    return store.parent / "logs" / f"{program}.log"


def set_up(store: Path, program: str, *, screen: bool = True) -> None:
    """Have this process log into its file and, with ``screen``, to standard error; may be called again.

    Where the folder cannot be written, standard error is all there is.
    """
    root = logging.getLogger()
    if not any(isinstance(handler, _Rotating) for handler in root.handlers):
        root.addHandler(_file(store, program) or logging.NullHandler())
    if screen and not any(type(handler) is logging.StreamHandler for handler in root.handlers):
        root.addHandler(logging.StreamHandler())
    _log.setLevel(logging.INFO)
    logging.getLogger("urllib3").setLevel(logging.WARNING)
    clean_handlers()
    threading.excepthook = _of_thread


def clean_handlers() -> None:
    """Give every handler that there is now a formatter that cleans."""
    known = [logging.getLogger(), *(logging.getLogger(name) for name in list(logging.root.manager.loggerDict))]
    for handler in {handler for logger in known for handler in logger.handlers}:
        if not isinstance(handler.formatter, Clean):
            handler.setFormatter(Clean(handler.formatter, _cleaning))


def unforeseen(error: BaseException, where: str) -> str:
    """Log an error that nobody foresaw with its traceback; the code under which it is found."""
    code = secrets.token_hex(4)
    _log.error("unforeseen error %s (%s)", code, where, exc_info=error)
    return code


def _file(store: Path, program: str) -> logging.Handler | None:
    path = file_of(store, program)
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        handler = _Rotating(path, maxBytes=LARGEST, backupCount=KEPT, encoding="utf-8", errors="backslashreplace")
        path.chmod(0o600)
    except OSError:
        return None
    handler.setFormatter(logging.Formatter(_FORM))
    return handler


def _of_thread(arguments: threading.ExceptHookArgs) -> None:
    if arguments.exc_value is not None and not isinstance(arguments.exc_value, SystemExit):
        unforeseen(arguments.exc_value, arguments.thread.name if arguments.thread else "thread")


def _one_line(text: str) -> str:
    return _CONTROL.sub(" ", _LINES.sub(" ", text))


def _configured() -> list[Secret | None]:
    """Every secret that is set; those in files too."""
    given = settings.load()
    found = [given.graph.app_secret, given.graph.token_text, given.alerts.password_text, given.alerts.webhook]
    with suppress(SqdashError):
        found.append(given.graph.token)
    with suppress(SqdashError):
        found.append(given.alerts.password)
    return found


_cleaning = Cleaning(_configured)
