"""Elements that are repeated: the same in every run and session, made once."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def _page() -> None:
    import streamlit as st

    from sqdash.ui import tables

    for round_ in range(2):
        with st.container(key=f"round_{round_}"):
            tables.show([{"月": "1 月", "場次": st.session_state.get("number", "3")}], alt="場次", right=("場次",))


def _cells(app: AppTest) -> list[list[str]]:
    return [list(table.value["月"]) for table in app.table]


def test_a_repeated_table_stands_in_its_own_place_each_time_and_in_every_session() -> None:
    first, second = AppTest.from_function(_page).run(), AppTest.from_function(_page).run()
    assert _cells(first) == _cells(second) == _cells(first.run()) == [["1 月"], ["1 月"]]


def test_a_table_with_another_cell_is_another_table() -> None:
    app = AppTest.from_function(_page).run()
    before = [table.proto.SerializeToString() for table in app.table]
    app.session_state["number"] = "4"
    after = [table.proto.SerializeToString() for table in app.run().table]
    assert all(one != other for one, other in zip(before, after, strict=True))
    app.session_state["number"] = "3"
    assert [table.proto.SerializeToString() for table in app.run().table] == before
