"""What a file or a person wrote is shown as it was written; what nobody foresaw is one sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.scratch import PLACES, TEXTS
from tests.browser.visit import Visit
from tests.servers import Server, serving

LAST = ".st-key-cells .sq-table"
JOINER = "\u2060"
"""Invisible; may stand between two marks to keep them from being read as one."""


@dataclass(frozen=True)
class Seen:
    """Each place's texts as they read, and how many links, pictures and foreign requests there were."""

    texts: Mapping[str, list[str]]
    links: list[str]
    pictures: int
    faults: list[str]


@pytest.fixture(scope="module")
def scratch(made: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for the page of texts."""
    log = tmp_path_factory.mktemp("scratch") / "log.txt"
    with serving(made("empty"), log, script=Path(__file__).with_name("scratch.py")) as running:
        yield running


@pytest.fixture(scope="module")
def seen(browser: Browser, scratch: Server) -> Seen:
    """The page of texts, looked at once."""
    context = browser.new_context(locale="zh-TW")
    here = Visit(context.new_page(), scratch)
    here.open("", ready=LAST)
    page = here.page
    texts = {
        place: [page.locator(f".st-key-{place}_{n} p").first.inner_text() for n in range(len(TEXTS))]
        for place in PLACES
        if place != "cell"
    }
    texts["cell"] = page.locator(f"{LAST} tbody td").all_inner_texts()
    links = page.eval_on_selector_all('[data-testid="stMain"] a', "all => all.map(one => one.href)")
    found = Seen(texts, links, page.locator('[data-testid="stMain"] img').count(), here.faults)
    context.close()
    return found


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("number", range(len(TEXTS)), ids=lambda n: TEXTS[n].strip().replace("\n", " ")[:24])
def test_a_text_reads_as_it_was_written(seen: Seen, number: int, place: str) -> None:
    assert seen.texts[place][number].replace(JOINER, "") == " ".join(TEXTS[number].split())


def test_no_text_becomes_a_link(seen: Seen) -> None:
    assert seen.links == []


def test_no_text_becomes_a_picture_or_a_request(seen: Seen) -> None:
    assert (seen.pictures, seen.faults) == (0, [])


def test_a_fault_that_nobody_foresaw_is_one_sentence_with_the_code_of_the_log(
    browser: Browser, scratch: Server
) -> None:
    context = browser.new_context(locale="zh-TW")
    here = Visit(context.new_page(), scratch)
    here.open("?fault", ready='[data-testid="stAlert"]')
    said = here.page.locator('[data-testid="stApp"]').inner_text()
    context.close()
    code = re.search("代碼 ([0-9a-f]{8})", said)
    assert code
    assert "未預期的問題" in said
    assert "token-123" not in said
    assert "ValueError" not in said
    log = scratch.log.read_text("utf-8")
    assert code[1] in log
    assert "ValueError" in log
