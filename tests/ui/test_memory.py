"""Kept results: worked out once for the same arguments, by one of those who ask at once; an error is not kept."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from sqdash.ui import memory
from sqdash.ui.memory import Kept


def test_the_same_arguments_get_the_same_object_and_others_another() -> None:
    asked: list[tuple[int, int]] = []

    @Kept
    def found(first: int, second: int = 0) -> list[int]:
        asked.append((first, second))
        return [first, second]

    assert found(1) is found(1)
    assert found(1, second=2) is found(1, second=2)
    assert found(2) == [2, 0]
    assert asked == [(1, 0), (1, 2), (2, 0)]


def test_the_oldest_that_nobody_asked_for_leaves_first() -> None:
    asked: list[int] = []

    @Kept
    def found(number: int) -> int:
        asked.append(number)
        return number

    for number in range(memory.MOST):
        found(number)
    found(0)
    found(memory.MOST)
    asked.clear()
    found(0)
    found(1)
    assert asked == [1]


def test_those_who_ask_at_once_wait_for_one_answer() -> None:
    asked: list[int] = []
    begun, go = threading.Event(), threading.Event()

    @Kept
    def found(number: int) -> object:
        asked.append(number)
        begun.set()
        assert go.wait(10)
        return object()

    with ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(found, 1) for _ in range(4)]
        assert begun.wait(10)
        go.set()
        first, *others = [one.result(10) for one in waiting]
    assert all(other is first for other in others)
    assert asked == [1]


def test_an_error_is_told_and_the_next_who_asks_tries_again() -> None:
    answers = iter([OSError("once"), "there"])

    @Kept
    def found() -> str:
        answer = next(answers)
        if isinstance(answer, OSError):
            raise answer
        return answer

    with pytest.raises(OSError, match="once"):
        found()
    assert found() == "there"


def test_what_is_forgotten_is_worked_out_anew() -> None:
    asked: list[int] = []

    @Kept
    def found(number: int) -> int:
        asked.append(number)
        return number

    found(1)
    memory.forget()
    found(1)
    assert asked == [1, 1]
