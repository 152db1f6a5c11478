"""Many questions in one HTTP call, fifty at most, and one by one for those that the batch left unanswered.

Each answer is a value or an error *as a value*: one dead post must not stop the others. Errors that stop everything
(token, limit) are values too, so that what was answered before them is not lost; whoever reads them raises them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlencode

from sqdash.errors import GraphError, LimitReached, TokenError, TooMuchData, Transient, Unreadable
from sqdash.graph.answers import wrong
from sqdash.graph.failures import NOTHING, Asked
from sqdash.graph.transport import Transport

Answer = Mapping[str, Any] | GraphError
STOPS = (TokenError, LimitReached)
_WORTH_ASKING_ALONE = (Transient, TooMuchData, Unreadable)
_TOO_MANY = 3
"""So many objects failing alone, where nothing of the same batch was answered, are the network's trouble.

Where no other is left to ask, nothing is saved by saying so, and a few bad posts must not stop every run."""


class Ask(NamedTuple):
    """One question: path under the version, parameters, and what it is about."""

    path: str
    params: Mapping[str, str]
    asked: Asked = NOTHING

    @property
    def relative_url(self) -> str:
        """Path and query, as a batch names a call."""
        return f"{self.path}?{_query(tuple(self.params.items()))}"


@lru_cache(maxsize=64)
def _query(params: tuple[tuple[str, str], ...]) -> str:
    """The parameters as part of an address; thousands of posts are asked with the same ones."""
    return urlencode(params)


def ask_all(transport: Transport, asks: Sequence[Ask]) -> list[Answer]:
    """The answers in order. After one that stops everything, the rest is not asked and has that error too.

    Raises what fails as a whole: :class:`Transient` once retries are used up, :class:`Unreadable`.
    """
    size = transport.bounds.batch
    answers: list[Answer] = []
    for start in range(0, len(asks), size):
        answers += _chunk(transport, asks[start : start + size])
        if stop := stop_in(answers):
            return answers + [stop] * (len(asks) - len(answers))
    return answers


def stop_in(answers: Sequence[object]) -> GraphError | None:
    """The first error that stops everything."""
    return next((answer for answer in answers if isinstance(answer, STOPS)), None)


def _chunk(transport: Transport, asks: Sequence[Ask]) -> list[Answer]:
    if len(asks) == 1:
        return [_single(transport, asks[0])]
    try:
        items = transport.batch([ask.relative_url for ask in asks])
    except TooMuchData:
        half = len(asks) // 2
        first = _chunk(transport, asks[:half])
        stop = stop_in(first)
        return first + ([stop] * (len(asks) - half) if stop else _chunk(transport, asks[half:]))
    except STOPS as error:
        return [error] * len(asks)
    answers = [_item(transport, ask, item) for ask, item in zip(asks, items, strict=True)]
    return _filled(transport, asks, answers, stop_in(answers))


def _filled(
    transport: Transport, asks: Sequence[Ask], answers: list[Answer | None], stop: GraphError | None
) -> list[Answer]:
    """What the batch did not answer asked alone, unless everything has to stop.

    :class:`Transient` is raised where it is the network's; beside something that was answered it is the object's own.
    """
    filled: list[Answer] = []
    works = any(answer is not None for answer in answers)
    left = {_object(ask) for ask, answer in zip(asks, answers, strict=True) if answer is None}
    failed: set[str] = set()
    for ask, answer in zip(asks, answers, strict=True):
        if answer is None:
            answer = stop or _single(transport, ask)
            stop = stop_in((answer,))
            if not isinstance(answer, Transient):
                works = True
            else:
                failed.add(_object(ask))
                if transport.over or (not works and len(left) > len(failed) >= _TOO_MANY):
                    raise answer
        filled.append(answer)
    return filled


def _object(ask: Ask) -> str:
    return ask.asked.object_id or ask.path


def _item(transport: Transport, ask: Ask, item: Any) -> Answer | None:
    """One item's answer; None for one that timed out or failed in a way that may pass."""
    if item is None:
        return None
    code, body = (item.get("code"), item.get("body")) if isinstance(item, dict) else (None, None)
    if not isinstance(code, int) or not isinstance(body, str):
        return None
    try:
        value = transport.decode(code, body, ask.asked)
    except _WORTH_ASKING_ALONE:
        return None
    except TokenError as error:
        return None if transport.passing(error) else error
    except GraphError as error:
        return error
    return value if isinstance(value, dict) else wrong("body")


def _single(transport: Transport, ask: Ask) -> Answer:
    try:
        return transport.get(ask.path, ask.params, ask.asked)
    except GraphError as error:
        return error
