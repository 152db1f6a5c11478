"""Every screen over a store whose every text is hostile: nothing runs, nothing is fetched, all is shown as written."""

from __future__ import annotations

import io
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import openpyxl
import pytest
from playwright.sync_api import APIResponse, Browser

from tests.attack import making, noted
from tests.attack.noted import NOTED
from tests.attack.strings import STRINGS
from tests.browser.visit import SETTLED, Visit
from tests.browser.walking import HEADING, walk
from tests.servers import Server, serving

TRAP = """
window.ran = [];
window.marked = what => window.ran.push(what);
addEventListener('securitypolicyviolation', e => window.ran.push(`${e.effectiveDirective} ${e.blockedURI}`));
"""
LINKS = frozenset(
    {"", "127.0.0.1", "www.facebook.com", "facebook.com", "developers.facebook.com", "business.facebook.com"}
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hostile") / "hostile.db"
    making.make(path)
    noted.note(path)
    return path


@pytest.fixture(scope="module")
def attacked(hostile: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(hostile, tmp_path_factory.mktemp("attacked") / "log.txt") as running:
        yield running


class Trapped:
    """A visitor whose browser tells whatever runs, opens or leaves."""

    def __init__(self, browser: Browser, server: Server) -> None:
        self.context = browser.new_context(
            locale="zh-TW", timezone_id="Asia/Taipei", viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
        )
        self.context.add_init_script(TRAP)
        self.dialogs: list[str] = []
        self.visit = Visit(self.context.new_page(), server)
        self.page = self.visit.page
        self.page.on("dialog", self._dialog)

    def _dialog(self, dialog: Any) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def harm(self) -> dict[str, Any]:
        """What ran, opened, failed, went elsewhere or could lead there by one click."""
        links = self.page.eval_on_selector_all("a[href]", "all => all.map(one => one.href)")
        odd = self.page.locator("iframe, object, embed, form[action], [onload], [onerror], [srcdoc]").count()
        return {
            "ran": self.page.evaluate("window.ran"),
            "dialogs": self.dialogs,
            "faults": self.visit.faults,
            "links": [link for link in links if _leads_away(link)],
            "elements": odd,
            "pages": len(self.context.pages) - 1,
        }


JOINER = "\u2060"
NO_HARM: dict[str, Any] = {"ran": [], "dialogs": [], "faults": [], "links": [], "elements": 0, "pages": 0}


def _leads_away(link: str) -> bool:
    parts = urlsplit(link)
    return parts.scheme not in ("http", "https") or (parts.hostname or "") not in LINKS


@pytest.fixture
def trapped(browser: Browser, attacked: Server) -> Iterator[Trapped]:
    visitor = Trapped(browser, attacked)
    yield visitor
    visitor.context.close()


def tour(here: Trapped, pages: Collection[str] = (), period: str = "103") -> str:
    """All texts of the pages and their tabs, folded parts opened; by the menu, as a person goes."""
    here.visit.open(f"?period={period}", ready=HEADING)
    texts = []
    for place in walk(here.visit, pages):
        texts.append(here.visit.text())
        assert here.harm() == NO_HARM, place
    return "\n".join(texts)


def flat(text: str) -> str:
    """The text with every run of blanks as one."""
    return " ".join(text.replace(JOINER, "").split())


def test_no_screen_runs_fetches_or_follows_a_text_and_all_are_shown_as_written(trapped: Trapped) -> None:
    shown = flat(tour(trapped))
    assert "未預期的問題" not in shown
    assert [text for text in STRINGS if flat(text)[:60] not in shown] == []
    assert [place for place, text in NOTED.items() if text not in shown and place != "鎖定"] == []


def test_the_reason_of_a_lock_is_text_too(browser: Browser, hostile: Path, tmp_path: Path) -> None:
    path = tmp_path / "locked.db"
    shutil.copy(hostile, path)
    noted.lock(path)
    with serving(path, tmp_path / "log.txt") as server:
        here = Trapped(browser, server)
        here.visit.open("plan?period=103&plan_tab=年度", ready=HEADING)  # no other tab tells the reason
        here.visit.unfold()
        here.visit.settle(HEADING)
        assert NOTED["鎖定"] in flat(here.visit.text())
        assert here.harm() == NO_HARM
        here.context.close()


def test_what_a_pull_brought_is_text_too(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "pulled.db"
    making.pull(path)
    with serving(path, tmp_path / "log.txt") as server:
        here = Trapped(browser, server)
        shown = tour(here, ["posts", "sources", "fans"], period="")
        here.context.close()
    assert STRINGS[0] in shown  # the page's name begins so
    assert "<svg onload=marked(1)>" in shown


SHEETS = ("<img src=x onerror=marked(1)>", "![x](elsewhere.example)", "=1+1")
FILES = (
    ("<img src=x onerror=marked(1)>.csv", "csv"),
    ("..\\..\\etc\\![x](https:elsewhere.example).csv", "csv"),
    ("甲\u202evsc.乙\u2066.csv", "csv"),
    (":red[紅]$x$**粗**.xlsx", "xlsx"),
)


def test_names_headings_and_cells_of_an_upload_are_text_and_its_download_is_a_file(trapped: Trapped) -> None:
    page = trapped.page
    trapped.visit.open("upload", ready='[role="tab"]')
    page.get_by_role("tab", name="上傳檔案").click()
    given: list[Any] = [
        {"name": name, "mimeType": "text/html", "buffer": _table(number, kind)}
        for number, (name, kind) in enumerate(FILES)
    ]
    page.locator('[data-testid="stFileUploaderDropzoneInput"]').first.set_input_files(given)
    titles = page.locator('[class*="st-key-file_"] h2')
    titles.nth(len(FILES) - 1).wait_for()
    page.wait_for_selector(SETTLED, state="attached")
    trapped.visit.unfold()
    shown = trapped.visit.text()
    assert trapped.harm() == NO_HARM
    assert [title.replace(JOINER, "") for title in titles.all_inner_texts()] == [
        "<img src=x onerror=marked(1)>.csv",
        "![x](https:elsewhere.example).csv",
        "甲vsc.乙.csv",
        ":red[紅]$x$**粗**.xlsx",
    ]
    assert "<script>marked(1)</script>" in shown
    with page.expect_download() as download:
        page.locator('[data-testid="stDownloadButton"] button:visible').first.click()
    address = download.value.url
    assert urlsplit(address).path.startswith("/media/")
    assert_harmless(page.request.get(address))  # the browser tells nothing of the answer to a download
    assert trapped.harm() == NO_HARM


def assert_harmless(answer: APIResponse) -> None:
    """A download is a file to keep: never shown, nothing in it runs."""
    headers = answer.headers
    assert headers["content-disposition"].startswith("attachment")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"


def _table(number: int, kind: str) -> bytes:
    head = ["月份", "受理件數", "辦結件數"] if number % 2 else [*STRINGS[:3], SHEETS[2]]
    body = [head, [*STRINGS[3:6]], ["103/06", "<script>marked(1)</script>", "5"]]
    if kind == "csv":
        return "\n".join(",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in body).encode()
    book = openpyxl.Workbook()
    for name in SHEETS:
        sheet = book.create_sheet()
        sheet._WorkbookChild__title = name  # as a file of another program may have it
        for row in body:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
