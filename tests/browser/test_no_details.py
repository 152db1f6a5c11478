"""Nothing of Streamlit's own tools and no detail of a fault is on any page, and no key brings them up."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from sqdash.store import damage
from tests.browser.visit import SETTLED, Visit
from tests.servers import Server, serving

PAGES = ["", "upload", "admin"]  # the frame is the same on every page
OURS_NOT = re.compile(
    r"Deploy|Rerun|Clear cache|Ask Google|Ask ChatGPT|Traceback|Record a screencast|Made with|localhost|site-packages"
    r"|File \"|line \d+, in|streamlit",
    re.IGNORECASE,
)
ALL = "() => document.body.innerText"


def opened(visit: Callable[..., Visit], server: Server, path: str) -> Visit:
    here: Visit = visit(server)
    here.page.goto(f"{server.url}/{path}", wait_until="commit")
    here.page.wait_for_selector(SETTLED, state="attached")
    return here


@pytest.mark.parametrize("path", PAGES)
def test_no_page_offers_streamlits_tools(
    visit: Callable[..., Visit], server: Callable[[str], Server], path: str
) -> None:
    here = opened(visit, server("report"), path)
    for key in ("c", "r"):  # clear the cache, run again: shortcuts of its own
        here.page.keyboard.press(key)
    here.page.wait_for_selector(SETTLED, state="attached")
    assert OURS_NOT.findall(here.page.evaluate(ALL)) == []
    assert here.page.locator('[data-testid="stMainMenu"], [data-testid="stAppDeployButton"]').count() == 0
    assert here.page.locator('[role="dialog"]').count() == 0


def test_a_fault_is_a_sentence_with_a_code_and_the_log_has_the_rest(
    visit: Callable[..., Visit], made: Callable[[str], Path], tmp_path: Path
) -> None:
    with serving(made("empty"), tmp_path / "log.txt", script=Path(__file__).with_name("scratch.py")) as running:
        here = opened(visit, running, "?fault=1")
        here.page.wait_for_selector('[data-testid="stAlert"]')
        text = here.page.evaluate(ALL)
    code = re.search(r"代碼 ([0-9a-f]{8})", text)
    log = (made("empty").parent / "logs" / "dashboard.log").read_text("utf-8")
    assert code
    assert OURS_NOT.findall(text) == []
    assert "/srv/path" not in text
    assert f"unforeseen error {code[1]}" in log
    assert "ValueError: /srv/path/and/token-123" in log


def test_a_damaged_store_is_a_sentence_on_every_page(
    visit: Callable[..., Visit], copy: Callable[[str], Path], tmp_path: Path
) -> None:
    path = copy("demo")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] + bytes(8192) + whole[len(whole) // 2 + 8192 :])
    said = str(damage.damaged(path))[:20]
    with serving(path, tmp_path / "log.txt") as running:
        for page in PAGES[:3]:
            here = opened(visit, running, page)
            here.page.wait_for_selector('[data-testid="stAlert"]')
            text = here.page.evaluate(ALL)
            assert said[:8] in text
            assert "已損壞" in text
            assert OURS_NOT.findall(text) == []
            assert "16,300" not in text
    assert "store is damaged" in (path.parent / "logs" / "dashboard.log").read_text("utf-8")


def test_no_report_is_downloaded_of_a_store_that_was_damaged_since_its_screen_was_drawn(
    visit: Callable[..., Visit], copy: Callable[[str], Path], tmp_path: Path
) -> None:
    path = copy("report")
    with serving(path, tmp_path / "log.txt") as running:
        here = opened(visit, running, "plan?period=103&plan_tab=列印")
        got: list[object] = []
        here.page.on("download", lambda one: got.append(one))
        value = path.read_bytes().index("臺南分局".encode())
        with path.open("r+b") as file:
            file.seek(value + 2)
            file.write(b"\x80")
        here.page.get_by_role("button", name="下載 ODT（公文格式）").click()
        here.page.get_by_text("已損壞").first.wait_for()
        assert OURS_NOT.findall(here.page.evaluate(ALL)) == []
        assert got == []
