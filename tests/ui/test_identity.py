"""The card in the side bar: who one is, in a few words whatever a file calls a unit."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from sqdash.people import Person, Role
from sqdash.ui import identity
from tests import blocks


def page(person):  # type: ignore[no-untyped-def]  # run by itself, without this module's names
    from sqdash.ui import identity

    identity.card(person)


def card(shown: str, unit: str | None) -> tuple[list[str], list[str]]:
    """What the card says below whose dashboard it is, and what is told only to who asks."""
    person = Person("ann", shown, Role.EDITOR, "account", unit="x", unit_name=unit)
    app = AppTest.from_function(page, args=(person,)).run()
    assert [e.value for e in app.exception] == []
    (said,) = app.sidebar.get("html")
    house, branch, *mine = blocks.read(said.value).lines
    assert (house, branch) == identity.HOUSE
    return mine, [node.help for node in app.sidebar.caption]


def test_name_unit_and_role_stand_there_as_they_are() -> None:
    assert card("王小明", "第六課") == (["王小明", "第六課，登錄（本單位）"], [])


@pytest.mark.parametrize("length", [25, 300])
def test_a_long_name_is_shortened_and_whole_for_who_asks(length: int) -> None:
    name = "課" * length
    assert card(name, name) == ([f"{'課' * 24}…", f"{'課' * 24}…，登錄（本單位）"], [f"{name}；{name}"])
