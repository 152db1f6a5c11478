"""Stores to test on: each is made once a run and copied for the tests that change it."""

from __future__ import annotations

import gc
import logging
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from sqdash.jobs import setup
from sqdash.store import damage, gate
from tests import counting, people_store, pulled

# How long an example takes says more of the machine than of the code; what is to be fast is measured in bench/.
settings.register_profile("sqdash", deadline=None)
settings.load_profile("sqdash")


MEMORY, ROOM = Path("/dev/shm"), 4 << 30  # noqa: S108 - pytest makes a folder of the user's own there
if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM:
    # Thousands of stores are made and written to, and each commit waits for its disk: without that wait, tests of
    # stores take two thirds of the time.
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Short or long tests of faults."""
    counting.options(parser)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Half as many workers again as processors: a third of a run is waiting for servers and browsers, and on two
    processors three workers need 690 seconds where two need 845."""
    return ((os.cpu_count() or 1) * 3 + 1) // 2


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is marked ``long`` waits for ``--long``."""
    if not config.getoption("--long"):
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("long")])
        items[:] = [item for item in items if not item.get_closest_marker("long")]


def pytest_collection_finish() -> None:
    """The tests stay to the end: what looks for garbage need not go through them again and again, nor as often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """What the tests of faults counted."""
    reports = [r for outcome in ("passed", "failed") for r in terminalreporter.stats.get(outcome, ())]
    if found := counting.gathered(reports):
        terminalreporter.section("faults")
        for line in counting.lines(found):
            terminalreporter.line(line)
        if (path := config.getoption("--counts")) and not hasattr(config, "workerinput"):  # once, not in each process
            counting.add_to(path, found, long=config.getoption("--long"))


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """A password costs a sixth of a second by intention, and an account of every kind has two: here they cost nothing.
    The tests of passwords themselves have the real ones."""
    with pytest.MonkeyPatch.context() as patch, people_store.hashing_fast(patch):
        yield


@pytest.fixture(autouse=True)
def own_handlers() -> Iterator[None]:
    """A command logs into a file beside its store; the next test's command has another store."""
    root = logging.getLogger()
    before = list(root.handlers)
    formatters = {handler: handler.formatter for handler in before}
    yield
    for handler in set(root.handlers) - set(before):
        handler.close()
    root.handlers[:] = before
    for handler, formatter in formatters.items():
        handler.setFormatter(formatter)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Path of a store of a kind: empty, report (year 103) or demo. Not to be changed by a test."""
    folder = tmp_path_factory.mktemp("stores")

    def make(kind: str) -> Path:
        path = folder / f"{kind}.db"
        if not path.exists():
            setup.init(path, empty=kind == "empty", demonstration=kind == "demo")
        return path

    return make


@pytest.fixture
def copy(made: Callable[[str], Path], tmp_path: Path) -> Callable[[str], Path]:
    """Path of a copy of a store of a kind that the test may change."""

    def make(kind: str) -> Path:
        return Path(shutil.copy(made(kind), tmp_path / f"{kind}.db"))

    return make


@pytest.fixture
def store(copy: Callable[[str], Path]) -> Path:
    """A store of year 103 that the test may change."""
    return copy("report")


@pytest.fixture(scope="session")
def pulled_store(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Path of a store into which a page was pulled, the last time with that scenario ("" for none). Not to be changed
    by a test."""
    folder = tmp_path_factory.mktemp("pulled")

    def make(last: str = "") -> Path:
        path = folder / f"{last or 'good'}.db"
        return path if path.exists() else pulled.make(path, last)

    return make


@pytest.fixture(autouse=True)
def nobody_comes_from_anywhere() -> Iterator[None]:
    """From where a test's person came is not said of the next one's."""
    before = gate.origin.set("")
    yield
    gate.origin.reset(before)


@pytest.fixture(autouse=True)
def no_way_out_is_known() -> Iterator[None]:
    """What a command told this process of the way out of damage ends with its test."""
    before = list(damage.ways_out)
    yield
    damage.ways_out[:] = before
