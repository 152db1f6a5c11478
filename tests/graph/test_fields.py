"""A field that is refused is given up and noted; what a post cannot be without is not."""

from __future__ import annotations

import pytest

from sqdash.errors import BadField, GraphError, PermissionMissing, Transient
from sqdash.graph.fields import PAGE_FIELDS, POST_FIELDS, Fields


def fields() -> Fields:
    return Fields(POST_FIELDS, {})


def test_everything_is_asked_by_name() -> None:
    assert Fields(PAGE_FIELDS, {}).text == (
        "id,name,username,link,fan_count,followers_count,talking_about_count,is_published"
    )
    assert "reactions.type(LIKE).limit(0).summary(total_count).as(like)" in fields().text


def test_an_unknown_field_is_dropped_and_noted() -> None:
    asked, why = fields(), BadField("x", field="is_published")
    assert asked.give_up(why)
    assert "is_published" not in asked.text
    assert asked.dropped == {"is_published": why}
    assert not asked.give_up(why)


def test_a_field_asked_under_another_name_goes_with_it() -> None:
    asked = fields()
    assert asked.give_up(BadField("x", field="reactions"))
    assert asked.dropped.keys() == {"reactions", "like"}


@pytest.mark.parametrize("name", ["media_type", "attachments.media_type", "attachments"])
def test_a_field_asked_within_another_takes_that_with_it(name: str) -> None:
    asked = fields()
    assert asked.give_up(BadField("x", field=name))
    assert asked.dropped.keys() == {"attachments"}


@pytest.mark.parametrize("name", ["summary", "limit", "filter", "as", "total_count", "stream", "LIKE"])
def test_how_a_field_is_asked_is_no_field(name: str) -> None:
    assert not fields().give_up(BadField("x", field=name))


def test_id_and_time_are_never_given_up() -> None:
    asked = fields()
    assert not asked.give_up(BadField("x", field="created_time"))
    assert not asked.give_up(BadField("x", field="never_asked"))
    assert asked.names == frozenset(POST_FIELDS)


def test_without_permission_reactions_go_first_then_comments_then_shares() -> None:
    asked, why = fields(), PermissionMissing("x")
    gone = []
    while asked.give_up(why):
        gone.append(set(asked.dropped))
    assert gone == [
        {"reactions", "like"},
        {"reactions", "like", "comments"},
        {"reactions", "like", "comments", "shares"},
    ]


def test_what_was_given_up_in_vain_is_taken_back_but_not_an_unknown_field() -> None:
    asked = fields()
    asked.give_up(BadField("x", field="message"))
    asked.give_up(PermissionMissing("x"))
    asked.take_back()
    assert asked.dropped.keys() == {"message"}
    assert asked.names == frozenset(POST_FIELDS) - {"message"}


def test_no_other_error_gives_anything_up() -> None:
    asked: Fields = fields()
    other: list[GraphError] = [Transient("x"), GraphError("x")]
    assert [asked.give_up(error) for error in other] == [False, False]
