"""The root of the tree, how a command line says an error, and the errors of settings, periods, people and alerts."""

from __future__ import annotations

from datetime import datetime


class SqdashError(Exception):
    """Base of all expected errors. ``str(error)`` is one complete sentence, for any screen.

    ``option``: the answer that would help (see :func:`naming_option`); None for none. ``understood``: what a job had
    learnt of a file before it had to stop, in the job's own form; None for nothing.
    """

    option: str | None = None
    understood: object = None

    def __reduce__(self) -> tuple[object, ...]:
        """The error as it stands, for another process: its sentence was made once."""
        return _again, (type(self), self.args), self.__dict__

    @property
    def in_command(self) -> str:
        """The same sentence for a person at a command line, who answers by an option."""
        return naming_option(str(self), self.option)


def _again(kind: type[SqdashError], args: tuple[object, ...]) -> SqdashError:
    error = kind.__new__(kind)
    error.args = args
    return error


def naming_option(sentence: str, option: str | None) -> str:
    """The sentence with the command line option that does what it asks: ``…請改選（--sheet）。`` for ``sheet``."""
    return f"{sentence.removesuffix('。')}（{flag(option)}）。" if option else sentence


def flag(option: str) -> str:
    """``--observed-at`` for ``observed_at``."""
    return "--" + option.replace("_", "-")


class PeriodError(SqdashError):
    """A ROC year, date or period that cannot be read."""


class SettingsError(SqdashError):
    """A setting that is missing or not allowed."""


class NobodySignsIn(SettingsError):
    """``where`` (a clause) people have to sign in, and there is no account that could let others in."""

    def __init__(self, where: str) -> None:
        command = ".venv/bin/python -m sqdash user add 名稱 --role admin"
        super().__init__(f"{where}，但還沒有可用的管理者帳號，請先執行 {command} 建立。")


class NotAllowed(SqdashError):
    """This person may not do this."""


class SignInRefused(SqdashError):
    """A name and password that do not let anyone in; the sentence is the same whatever was wrong.

    ``until`` (aware, UTC) is when one may try again where too many tries failed, None otherwise.
    """

    def __init__(self, sentence: str, *, until: datetime | None = None) -> None:
        super().__init__(sentence)
        self.until = until


class AccountError(SqdashError):
    """An account that cannot be made or changed like this."""


class SendError(SqdashError):
    """A digest of alerts was not taken by the mail server or the webhook. Quotes nothing that either said."""
