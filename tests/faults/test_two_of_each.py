"""Two schedulers and two servers on one store, each a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from sqdash.jobs import leader
from tests.fake_graph import PAGE_ID, FakeGraph, World
from tests.faults.killing import needs_fork
from tests.faults.standing import standing
from tests.making import is_one_sentence, looking, put, row
from tests.people_store import PASSWORD, account
from tests.servers import ROOT, serving
from tests.ui.door_visits import PAGE, Client

Copy = Callable[[str], Path]
pytestmark = needs_fork
ANOTHER_LEADS = 75


@pytest.fixture
def graph() -> Iterator[FakeGraph]:
    with FakeGraph(World(3, posts=10)) as server:
        yield server


@contextmanager
def scheduler(store: Path, graph: FakeGraph) -> Iterator[subprocess.Popen[str]]:
    """``pull --every`` as ``run.py`` starts it; killed at the end."""
    settings = {
        "SQDASH_GRAPH_BASE_URL": graph.base_url,
        "SQDASH_GRAPH_TOKEN": graph.world.token,
        "SQDASH_GRAPH_PAGE_ID": PAGE_ID,
        "PYTHONUTF8": "1",
    }
    command = [sys.executable, "-m", "sqdash", "pull", "--every", "5m", "--db", str(store)]
    child = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **settings}, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    )
    with child:
        try:
            yield child
        finally:
            child.kill()


def runs(store: Path) -> list[str]:
    with looking(store) as connection:
        return [state for (state,) in connection.execute("SELECT state FROM pulls ORDER BY pull")]


def until(what: Callable[[], bool]) -> None:
    """Wait for what must come; the limit is for a machine that hangs."""
    give_up = time.monotonic() + 60
    while not what():
        assert time.monotonic() < give_up
        time.sleep(0.05)


def test_of_two_schedulers_one_pulls_and_the_other_takes_over_when_it_is_killed(copy: Copy, graph: FakeGraph) -> None:
    store = copy("empty")
    with scheduler(store, graph) as first:
        until(lambda: runs(store) == ["done"])
        with scheduler(store, graph) as second:
            assert second.stderr
            said = second.stderr.read()
            assert second.wait() == ANOTHER_LEADS
        assert is_one_sentence(said.strip().splitlines()[-1])
        assert f"程序 {first.pid}（" in said
        assert runs(store) == ["done"]
        before = standing(store)
        first.kill()
        first.wait()
    assert leader.current(store) is None
    with scheduler(store, graph) as third:
        until(lambda: (found := leader.current(store)) is not None and found.pid == third.pid)
        leader.wish(store)
        until(lambda: runs(store) == ["done", "done"])
    after = standing(store)
    assert [line for line in before["posts"] if line not in after["posts"]] == []


def test_two_servers_share_what_is_written_and_who_is_signed_in(
    copy: Copy, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    if not pytestconfig.getoption("--long"):
        pytest.skip("two servers take long to start")
    store = copy("report")
    account(store, "wang", role="admin", password=PASSWORD)
    with ExitStack() as servers:
        one, two = (
            Client(servers.enter_context(serving(store, tmp_path / f"{n}.log", SQDASH_SIGN_IN="1"))) for n in (1, 2)
        )
        assert one.sign_in("wang", PASSWORD).status == 303
        two.cookie = known = one.cookie
        for client, day in ((one, "2014-01-01"), (two, "2014-02-28")):
            assert client.get("/account", **PAGE).status == 200
            put(store, "holidays", row("holidays", day=day, label="元旦", working=0))
            with client.screen() as screen:
                assert screen.rerun()
        assert two.send("/logout", {"form": two.form()}).status == 200
        one.cookie = known
        assert one.get("/account", **PAGE).status in (303, 401)
        assert [client.get("/healthz").status for client in (one, two)] == [200, 200]
    assert len(standing(store)["holidays"]) == 2
