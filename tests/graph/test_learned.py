"""What is found out once is not found out for each post again, and no single post decides for all."""

from __future__ import annotations

from sqdash.errors import DeadMetric, PermissionMissing
from sqdash.graph.learned import Learned


def test_a_dead_metric_is_dead_for_the_run() -> None:
    learned, why = Learned(objects=2), DeadMetric("x")
    learned.refuse("a", why)
    assert (learned.live(("a", "b")), learned.refused) == (("b",), {"a": why})


def test_a_missing_permission_is_believed_of_two_posts() -> None:
    learned = Learned(objects=2)
    learned.refuse("a", PermissionMissing("x"))
    assert learned.live(("a",)) == ("a",)
    learned.refuse("a", PermissionMissing("x"))
    assert learned.live(("a",)) == ()


def test_a_missing_permission_of_a_page_is_believed_at_once() -> None:
    learned = Learned(objects=1)
    learned.refuse("a", PermissionMissing("x"))
    assert learned.live(("a",)) == ()


def test_being_left_out_is_believed_after_three_that_were_empty_alone() -> None:
    learned = Learned(objects=2)
    for _ in range(3):
        assert not learned.surely_empty("a")
        learned.alone("a", given=False)
    assert learned.surely_empty("a")
    assert not learned.surely_empty("b")


def test_being_left_out_is_never_believed_of_a_metric_that_came_alone() -> None:
    learned = Learned(objects=2)
    learned.alone("a", given=True)
    for _ in range(9):
        learned.alone("a", given=False)
    assert not learned.surely_empty("a")
