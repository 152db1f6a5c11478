"""Who sits in front of this screen and what they may do: the only place that hands out a name to write under.

What is drawn follows :func:`may`, which knows the person as of the beginning of the rerun; what is written follows
:func:`acting`, which looks again at that moment, since the right may have been taken while the screen was open.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec, TypeVar

import streamlit as st

from sqdash import periods, rights
from sqdash.entrance import Entrance
from sqdash.errors import NotAllowed, StoreError
from sqdash.jobs.accounts import unchanged
from sqdash.people import DESK, WORDS, Action, Person, Role
from sqdash.store import database, gate
from sqdash.store.queries import accounts, plan
from sqdash.ui import door

P = ParamSpec("P")
T = TypeVar("T")
Units = frozenset[str] | None
"""Codes of the units of which one suffices; None: what is changed belongs to nobody in particular."""
_KEPT = "who_kept"


@dataclass(frozen=True, slots=True)
class Known:
    """The store in force, the person, and the codes under which their unit is meant (None: they may write for all)."""

    store: Path
    person: Person
    mine: Units

    def may(self, action: Action, *units: Units) -> bool:
        """Whether the person may do it to things of all of these units."""
        return all(self.person.may(action, self._seen(some)) for some in units or (None,))

    def require(self, action: Action, *units: Units) -> None:
        """:class:`NotAllowed` where :meth:`may` says no."""
        for some in units or (None,):
            self.person.require(action, self._seen(some))

    def own(self, batch: int | None) -> bool:
        """Whether the person may take back that batch (None: there is nothing to take back): it is signed as the person
        signed then, whose unit may have got another name since, and the account had this name and unit then."""
        if batch is None or self.person.role != Role.EDITOR:
            return True
        with database.reading(self.store) as connection:
            found = accounts.signed(connection, self.person.name, batch)
            around = accounts.changed_around(connection, self.person.name, batch)
        signs = [self.person._replace(unit_name=one.unit_name).signature == one.by for one in found]
        return bool(signs) and all(signs) and unchanged(self.person, *around)

    def _seen(self, units: Units) -> Units:
        """The units as :class:`Person` judges them: a sub-unit or a collective of the person's unit is their unit."""
        unit = self.person.unit
        return units | {unit} if units and unit and self.mine and units & self.mine else units


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a request carries by which somebody is known."""

    cookies: Mapping[str, str]
    headers: Mapping[str, str]
    address: str | None


_carried: ContextVar[Evidence | None] = ContextVar("carried", default=None)


def begin() -> Person:
    """Find out who it is, once at the beginning of a rerun; :class:`NotAllowed` where nobody may look."""
    st.session_state.pop(_KEPT, None)
    st.session_state[_KEPT] = known = _look()
    return known.person


def current() -> Person:
    """Who sits there, as of the beginning of this rerun."""
    return _known().person


def store() -> Path:
    """The store that knows them, and that the page is drawn from."""
    return _known().store


def may(action: Action, *units: Units, of: int | None = None) -> bool:
    """Whether to draw what does this: to things of all of these units, or of nobody in particular.

    ``of``: the batch that would be taken back; an editor takes back only their own.
    """
    known = _known()
    return known.may(action, *units) and known.own(of)


def require(action: Action) -> None:
    """:class:`NotAllowed` where :func:`may` says no."""
    _known().require(action)


def acting(action: Action, *units: Units, of: int | None = None) -> str:
    """The right looked at afresh, and the name under which the write is recorded; :class:`NotAllowed` without it.

    ``units`` and ``of`` as in :func:`may`.
    """
    known = _look()
    known.require(action, *units)
    if not known.own(of):
        raise NotAllowed("這個批次由別人登錄，您的帳號只能還原自己的批次，請洽研考或系統管理者。")
    gate.origin.set(known.person.address)
    return known.person.signature


def later(work: Callable[P, T]) -> Callable[P, T]:
    """Work that is done outside a rerun, such as making a file once somebody asks for it; :func:`acting` in it looks
    at the person who sits there now as they are then."""
    carried = _evidence()

    def done(*given: P.args, **named: P.kwargs) -> T:
        before = _carried.set(carried)
        try:
            return work(*given, **named)
        finally:
            _carried.reset(before)

    return done


def reach() -> Units:
    """The codes of units for which the person may write rows, afresh; None for all."""
    return _look().mine


def tables() -> frozenset[str]:
    """The tables that the person may change by form or file, afresh."""
    return rights.tables_of(_look().person)


def own_unit() -> str | None:
    """The unit of a person who may write for that one alone; None for others."""
    known = _known()
    return None if known.mine is None else known.person.unit


def among(action: Action, units: Sequence[str]) -> list[str]:
    """Those of the units, in order, for which the person may do it."""
    known = _known()
    return [unit for unit in units if known.may(action, frozenset({unit}))]


def without(*actions: Action) -> None:
    """One kind sentence in place of a part that this person cannot use."""
    what = "、".join(WORDS[action] for action in actions)
    st.caption(f":material/visibility: 您的帳號可以查看，不能{what}。")


def signs_in() -> bool:
    """Whether people say who they are by signing in; else there is the one desk of this machine."""
    return door.rules().signs_in


def _known() -> Known:
    kept: Known | None = st.session_state.get(_KEPT)
    return kept or _look()


def _look() -> Known:
    rules = door.rules()
    store, person = rules.store, _person(rules)
    if person.role != Role.EDITOR:
        return Known(store, person, None)
    if person.unit is None:
        return Known(store, person, frozenset())
    with database.reading(store) as connection:
        return Known(store, person, plan.counted_as(connection, person.unit, periods.today().isoformat()))


def _person(rules: Entrance) -> Person:
    carried = _evidence()
    try:
        return door.person(rules, carried.cookies, carried.headers, carried.address)
    except StoreError:
        if rules.signs_in:
            raise
        return DESK  # the page itself says what is wrong with the store


def _evidence() -> Evidence:
    found = st.context
    return _carried.get() or Evidence(dict(found.cookies), dict(found.headers), found.ip_address)
