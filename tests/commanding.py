"""A command run in this process, and what it gave back."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from sqdash import cli


@dataclass
class Done:
    """What a command gave back."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Done]


def runs(capsys: pytest.CaptureFixture[str], *always: object) -> Run:
    """Runs commands that begin so; wrong usage counts as its exit code."""

    def command(*arguments: object) -> Done:
        try:
            code = cli.main([str(argument) for argument in (*always, *arguments)])
        except SystemExit as ended:
            code = int(ended.code or 0)
        captured = capsys.readouterr()
        return Done(code, captured.out, captured.err)

    return command
