"""Who one is, in the side bar: name, unit and role, the way to one's own account, or at a desk the name one gives."""

from __future__ import annotations

import streamlit as st

from sqdash.people import ROLES, Person
from sqdash.ui import tables


def card(person: Person) -> None:
    """Name, unit and role; below them the account where there is sign-in, else whose desk this is."""
    with st.sidebar.container(key="who", gap="xsmall"):
        st.markdown(f":material/person: **{tables.plain(person.shown)}**")
        st.caption(tables.plain("　".join(part for part in (person.unit_name, ROLES[person.role]) if part)))
