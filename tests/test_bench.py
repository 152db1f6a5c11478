"""The measures' own book-keeping: goals, lines, parts that fail, what is compared with the run before."""

from __future__ import annotations

import io
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

import bench.__main__ as command
from bench import alike, browser, line, results
from bench.browsing import Traffic
from bench.measure import Finding, Goal, Outcome, Spread
from bench.serving import EMPTY, ours
from bench.wire import RUNS, Screen
from sqdash.ui import menu
from tests.servers import serving

TWICE = Outcome("page", "empty", [0.010, 0.030, 0.020], [0.010, 0.010, 0.010])


def test_a_finding_says_figure_floor_ratio_and_whether_each_goal_is_met() -> None:
    assert str(TWICE.finding()) == "page: 10.0/20.0/30.0 ms; floor empty: 10.0/10.0/10.0 ms; × 2.00"
    assert str(TWICE.finding(Goal(2))).endswith("; goal at most × 2: met")
    both = TWICE.finding(Goal(2), Goal(19, of="median"))
    assert str(both).endswith("; goal at most × 2 and at most 19 in the median: MISSED")
    assert Finding("errors", Spread(0, 0, 1, ""), goals=(Goal(0, of="most"),)).met is False


def test_a_printed_line_is_kept_with_the_same_numbers_as_the_finding_itself() -> None:
    for goals in ((), (Goal(2),), (Goal(1.5),)):
        kept, read = results.of_finding(TWICE.finding(*goals)), results.read_line(str(TWICE.finding(*goals)))
        assert {**read, "goals": None} == {**kept, "goals": None}
    assert results.read_line("peak memory of it: 61 MB") == {"text": "peak memory of it: 61 MB"}


def test_a_part_that_fails_is_told_and_the_others_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fails(_: command.Bench) -> Iterator[Finding]:
        yield TWICE.finding()
        raise OSError("no disk")

    monkeypatch.setattr(command, "PARTS", {"first": fails, "second": lambda _: iter(["said: 3 calls"])})
    out = io.StringIO()
    parts, failed = command.run(command.Bench(tmp_path, tmp_path, True), ["first", "second"], out)
    assert failed == ["first"]
    assert [row["name"] for row in parts["first"]] == ["page"]
    assert parts["second"] == [{"text": "said: 3 calls"}]
    assert "OSError: no disk" in out.getvalue()


def test_a_saved_run_names_no_machine_and_shows_what_moved_since(tmp_path: Path) -> None:
    file, parts = tmp_path / "results" / "run.json", {"pages": [results.of_finding(TWICE.finding(Goal(2)))]}
    results.save(file, parts, [], quick=True)
    before = results.load(file)
    assert before is not None
    assert set(before["machine"]) == {"cores", "system", "python", "sqlite", "libraries"}
    assert results.compared(before, parts) == []
    slower = Outcome("page", "empty", [0.03], [0.01]).finding(Goal(2))
    assert results.compared(before, {"pages": [results.of_finding(slower)]}) == [
        "pages: page: goal MISSED, before it was met"
    ]
    assert results.load(tmp_path / "none.json") is None


def test_every_page_can_be_opened_over_the_raw_connection(demo_port: int) -> None:
    for page in ("", *menu.addresses()):
        with Screen(demo_port, page) as screen:
            assert screen.run() > 0
            assert (screen.errors, screen.bytes > 1000) == ([], True)


def test_a_screen_says_what_it_has_as_a_browser_does_and_is_not_sent_that_again(demo_port: int) -> None:
    with Screen(demo_port, "fans") as screen:
        screen.run()
        first, drawn = screen.bytes, screen.drawn
        charts = Counter(kind for _, kind, _ in drawn)["plotly_chart"]
        for _ in range(RUNS + 2):  # as long as it is named at each run
            screen.run()
            assert screen.drawn == drawn
            assert first - screen.bytes > charts * 10_000


SHOWN = ("alert", "dataframe", "heading", "html", "markdown", "pagination", "plotly_chart")


def test_as_much_of_streamlit_alone_is_drawn_as_a_page_has(demo_port: int, made: Callable[[str], Path]) -> None:
    with ours(EMPTY, made("demo")) as empty:
        for page in ("activities", "posts", "settings"):
            with Screen(demo_port, page) as screen:
                screen.run()
            with Screen(empty.port, query=urlencode({"like": alike.told(screen.drawn, screen.menu)})) as bare:
                bare.run()
            assert bare.errors == []
            assert (kinds(bare), bare.menu) == (kinds(screen), screen.menu), page
            assert alike.FRAGMENT in kinds(bare)


def kinds(screen: Screen) -> Counter[str]:
    """How often each kind was drawn: what is only shown is of one kind there, boxes too."""
    same = dict.fromkeys(SHOWN, "shown") | {"grid_container": "flex_container"}
    return Counter(same.get(kind, kind) for _, kind, _ in screen.drawn)


def test_what_came_to_a_page_is_counted_by_files_and_messages() -> None:
    found = Traffic()
    found.file({"encodedDataLength": 120})
    found.file({"encodedDataLength": 0})
    found.message({"response": {"opcode": 2, "payloadData": "AAAAAAAA"}})
    found.message({"response": {"opcode": 1, "payloadData": "頁"}})
    assert (found.files, found.messages) == (120, 6 + 3)


def test_what_a_visitor_waits_for_is_a_part_with_a_title_for_every_page_it_opens() -> None:
    assert "browser" in command.PARTS
    assert {*browser.SEEN, *(page for page, _ in browser.COLD), "posts"} <= set(browser.TITLES)
    assert browser.TITLES["posts"] == "貼文成效"


def test_a_slow_line_brings_everything_in_order_and_no_faster_than_it_may() -> None:
    sent = bytes(range(256)) * 2_000  # half a megabyte: a fifth of a second at 20 Mbit/s

    def echo(server: socket.socket) -> None:
        with server.accept()[0] as one:
            one.sendall(sent)

    with socket.create_server(("127.0.0.1", 0)) as server, line.slow(server.getsockname()[1]) as port:
        threading.Thread(target=echo, args=(server,), daemon=True).start()
        begun, found = time.monotonic(), b""
        with socket.create_connection(("127.0.0.1", port)) as visitor:
            while data := visitor.recv(65_536):
                found += data
        taken = time.monotonic() - begun
    assert found == sent
    assert taken >= len(sent) * 8 / line.BITS


@pytest.fixture
def demo_port(made: object, tmp_path: Path) -> Iterator[int]:
    with serving(made("demo"), tmp_path / "log") as server:  # type: ignore[operator]
        yield server.port
