"""Rows with one key: alike they count once, contradicting they are all refused, each naming another one."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sqdash.importers.base import Findings, Task
from sqdash.importers.headings import Head
from sqdash.importers.repeats import SAME_POST, Repeats, Said
from tests.importers.reading import KNOWN, NOBODY, ListSink


def tell(*marks: int, merge: bool = True) -> tuple[list[int], Findings, Repeats]:
    """The rows that were first, what was found, and the keys: row n (from 2) says the n-th mark of one key."""
    task = Task("a.csv", Head(1, (), ()), iter(()), NOBODY, KNOWN, ListSink(), Findings())
    repeats = Repeats(task)
    said = [Said(row, mark, "編號", f"編號 {row}") for row, mark in enumerate(marks, 2)]
    firsts = [one.row for one in said if repeats.is_first("key", one, SAME_POST, merge=merge)]
    return firsts, task.findings, repeats


def pairs(findings: Findings) -> list[tuple[int | None, str]]:
    """(row, the row that it names)."""
    return [(r.row, r.reason.removeprefix("與第 ").partition(" 列")[0]) for r in findings.rejected]


def test_same_again_is_counted_and_not_refused() -> None:
    firsts, findings, repeats = tell(7, 7, 7)
    assert (firsts, findings.repeated, findings.rejected, repeats.disputed("key")) == ([2], 2, [], False)


def test_two_rows_that_contradict_each_other_are_both_refused_with_their_own_cell() -> None:
    _, findings, repeats = tell(7, 8)
    assert [(r.code, r.row, r.column, r.value, r.reason) for r in findings.rejected] == [
        ("duplicate", 2, "編號", "編號 2", "與第 3 列是同一篇貼文但內容不同，無法判斷哪一列正確，請刪去其中一列。"),
        ("duplicate", 3, "編號", "編號 3", "與第 2 列是同一篇貼文但內容不同，無法判斷哪一列正確，請刪去其中一列。"),
    ]
    assert repeats.disputed("key")
    assert not repeats.disputed("other")


def test_rows_that_repeated_either_side_are_refused_with_it() -> None:
    _, findings, _ = tell(7, 7, 8, 7, 8, 9)
    assert pairs(findings) == [(2, "4"), (3, "4"), (4, "2"), (5, "4"), (6, "2"), (7, "2")]
    assert findings.repeated == 0  # nothing of the key is counted once any more


def test_same_again_is_refused_alone_where_only_a_person_can_tell_it_from_another_event() -> None:
    firsts, findings, repeats = tell(7, 7, merge=False)
    assert (firsts, pairs(findings), findings.repeated, repeats.disputed("key")) == ([2], [(3, "2")], 0, False)


@given(st.lists(st.integers(0, 2), min_size=1, max_size=12))
def test_a_key_is_told_whole_or_refused_whole_whatever_the_order(marks: list[int]) -> None:
    firsts, findings, repeats = tell(*marks)
    assert firsts == [2]
    if len(set(marks)) == 1:
        assert (findings.rejected, findings.repeated) == ([], len(marks) - 1)
    else:
        rows = sorted(r.row or 0 for r in findings.rejected)
        assert rows == list(range(2, len(marks) + 2))
        assert all(b - a == 1 for a, b in pairwise(rows))
        assert all(marks[(row or 0) - 2] != marks[int(other) - 2] for row, other in pairs(findings))
        assert (findings.repeated, repeats.disputed("key")) == (0, True)
