"""Elements that are repeated: the same in every run and session, made once."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from sqdash.ui import replay, tables


def _page() -> None:
    import streamlit as st

    from sqdash.ui import tables

    for round_ in range(2):
        with st.container(key=f"round_{round_}"):
            tables.browse([{"月": "1 月", "場次": st.session_state.get("number", 3)}], alt="場次")


def _cells(app: AppTest) -> list[list[str]]:
    return [list(grid.value["月"]) for grid in app.dataframe]


def test_a_repeated_grid_stands_in_its_own_place_each_time_and_in_every_session() -> None:
    first, second = AppTest.from_function(_page).run(), AppTest.from_function(_page).run()
    assert _cells(first) == _cells(second) == _cells(first.run()) == [["1 月"], ["1 月"]]


def test_a_grid_with_another_cell_is_another_grid() -> None:
    app = AppTest.from_function(_page).run()
    before = [grid.proto.SerializeToString() for grid in app.dataframe]
    app.session_state["number"] = 4
    after = [grid.proto.SerializeToString() for grid in app.run().dataframe]
    assert all(one != other for one, other in zip(before, after, strict=True))
    app.session_state["number"] = 3
    assert [grid.proto.SerializeToString() for grid in app.run().dataframe] == before


def _chosen() -> None:
    import streamlit as st

    from sqdash.ui import tables

    tables.browse([{"月": "1 月", "場次": st.session_state.get("number", 3)}], alt="場次", choose="grid")


def test_a_grid_to_choose_from_is_turned_over_once_and_anew_with_another_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    turned = tables.frame
    monkeypatch.setattr(tables, "frame", lambda rows: made.append(rows) or turned(rows))
    app = AppTest.from_function(_chosen)
    app.session_state["number"] = 17
    assert [list(app.run().dataframe[0].value["場次"]) for _ in range(3)] == [[17]] * 3
    assert len(made) == 1
    app.session_state["number"] = 18
    assert list(app.run().dataframe[0].value["場次"]) == [18]
    assert len(made) == 2


def test_what_is_kept_is_made_once_for_the_same_and_anew_for_another() -> None:
    made = [replay.made(("a test", what), lambda: object()) for what in (1, 1, 2)]
    assert made[0] is made[1]
    assert made[0] is not made[2]
