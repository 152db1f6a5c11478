"""How much of a fault is tried, in how many parts, and where the counts go."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests import counting
from tests.faults.shares import PARTS, Share
from tests.jobs.conftest import at, clock  # noqa: F401 - the same desk and clock


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes a ``share`` is one in its short form, and several in its long one, for as many processes."""
    if "share" in metafunc.fixturenames:
        long, whole = metafunc.config.getoption("--long"), metafunc.config.getoption("--share")
        shares = [Share(n, PARTS, whole) for n in range(PARTS)] if long else [Share(0, 1, 0)]
        metafunc.parametrize("share", shares, ids=str)


@pytest.fixture
def amount(request: pytest.FixtureRequest) -> Callable[[float, float], float]:
    """How much of something: (in the short form, in the long one)."""
    option = request.config.getoption
    return lambda short, long: long * option("--share") if option("--long") else short


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Say what was counted: whole numbers of things, floats for measures."""

    def told(**counts: float) -> None:
        request.node.user_properties.append((counting.PROPERTY, counts))

    return told
