"""A file's whole way through a real browser, wide and light, narrow and dark; what is downloaded is what was meant."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Download, Locator, expect

from sqdash.importers.base import Answers, Layout
from sqdash.importers.sources import Bytes
from sqdash.jobs import templates, upload
from tests.browser.test_screens import NAMES, STREAMLITS_OWN, assert_no_fault, sentence
from tests.browser.visit import SETTLED, Visit, english
from tests.making import current
from tests.servers import Server, serving

GOLDEN = Path(__file__).parents[1] / "importers" / "golden"
META = GOLDEN / "meta_posts" / "chinese.csv"
MONTHS = "月份,受理件數,辦結件數\n103/06,18,18\n103/13,20,21\n"
HOSTILE = ("![x](//elsewhere.example/a.png)", '<img src="//elsewhere.example/b.png">', ":material/delete: **粗**")
ALLOWED = NAMES | STREAMLITS_OWN | frozenset({"add", "icon", "chinese.csv", "utf-8", "bom", "big5"})
"""The uploader's button for more files is a picture named "add icon"."""
Visits = Callable[..., Visit]
SCREENS = pytest.mark.parametrize(
    ("width", "scheme"), [(1280, "light"), pytest.param(390, "dark", marks=pytest.mark.long)]
)


@pytest.fixture
def store(copy: Callable[[str], Path]) -> Path:
    """A store of year 103 that the test may change."""
    return copy("report")


@pytest.fixture
def fresh(store: Path, tmp_path: Path) -> Iterator[Server]:
    """A server over that store."""
    with serving(store, tmp_path / "log.txt") as running:
        yield running


def files_of(visit: Visit) -> None:
    """Go to where files are dropped."""
    visit.open("upload", ready=sentence("upload"))
    to_tab(visit, "上傳檔案")


def to_tab(visit: Visit, name: str) -> None:
    visit.page.get_by_role("tab", name=name).click()
    expect(visit.page.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")
    visit.page.wait_for_selector(SETTLED, state="attached")


def drop(visit: Visit, files: dict[str, bytes]) -> None:
    """Let go of the files over the field, as a person who drags them there does."""
    given = json.dumps([[name, list(data)] for name, data in files.items()])
    transfer = visit.page.evaluate_handle(
        """given => {
             const transfer = new DataTransfer();
             for (const [name, data] of JSON.parse(given))
               transfer.items.add(new File([new Uint8Array(data)], name, {type: 'text/csv'}));
             return transfer;
           }""",
        given,
    )
    field = visit.page.locator('[data-testid="stFileUploaderDropzone"]')
    for event in ("dragenter", "dragover", "drop"):
        field.dispatch_event(event, {"dataTransfer": transfer})
    for name in files:
        card(visit, name).wait_for()
    visit.page.wait_for_selector(SETTLED, state="attached")


def card(visit: Visit, name: str) -> Locator:
    """The block of one dropped file."""
    return visit.page.locator('[class*="st-key-file_"]').filter(has=visit.page.get_by_role("heading", name=name))


def press(visit: Visit, where: Locator, label: str | re.Pattern[str]) -> None:
    where.get_by_role("button", name=label).click()
    visit.page.wait_for_selector(SETTLED, state="attached")


def unroll(visit: Visit, where: Locator, label: str) -> Locator:
    """The options of a box; by the keyboard, since a page that scrolls under a click closes them again."""
    box = where.locator('[data-testid="stSelectbox"]').filter(has_text=label).locator("input")
    box.focus()
    box.press("ArrowDown")
    return visit.page.get_by_role("option")


def assert_looks_right(visit: Visit) -> None:
    assert english(visit.seen(), ALLOWED) == []
    assert visit.overflow() == {"document": 0, "main": 0}
    assert_no_fault(visit)


def contrast(*colours: str) -> float:
    """The contrast of two colours, written ``rgb(r, g, b)``, by WCAG 2.2."""
    lights = []
    for colour in colours:
        parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
        r, g, b = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        lights.append(0.2126 * r + 0.7152 * g + 0.0722 * b)
    return (max(lights) + 0.05) / (min(lights) + 0.05)


def saved(download: Download) -> bytes:
    return Path(download.path()).read_bytes()


@SCREENS
def test_where_files_are_dropped_speaks_chinese_to_eyes_and_to_screen_readers(
    server: Callable[[str], Server], visit: Visits, width: int, scheme: str
) -> None:
    here = visit(server("report"), width=width, scheme=scheme)
    files_of(here)
    zone = here.page.locator('[data-testid="stFileUploaderDropzone"]')
    expect(zone.get_by_role("button", name="選擇檔案")).to_be_visible()
    assert english(here.seen(), ALLOWED) == []
    assert "或把檔案拖到這裡" in zone.aria_snapshot()
    transfer = here.page.evaluate_handle(
        "() => {const t = new DataTransfer(); t.items.add(new File([], 'a')); return t}"
    )
    for event in ("dragenter", "dragover"):
        zone.dispatch_event(event, {"dataTransfer": transfer})
    here.page.wait_for_function(
        """zone => zone.children[1].tagName === 'DIV'
                 && getComputedStyle(zone.children[1], '::after').content.includes('放開即可上傳')""",
        arg=zone.element_handle(),
    )
    assert english(here.seen(), ALLOWED) == []
    assert_no_fault(here)
    here.page.close()


@SCREENS
def test_a_remembered_assignment_is_made_anew_in_the_same_form(
    store: Path, fresh: Server, visit: Visits, width: int, scheme: str
) -> None:
    layout = Layout("activities", {"哪一天": "held_on", "做了什麼": "title"}, {"kind": "教育訓練"})
    lines = ("哪一天,做了什麼,幾人\n103/06/10,甲,3\n".encode(), "哪一天,做了什麼,幾人\n103/06/11,乙,4\n".encode())
    upload.import_file(store, Bytes("甲.csv", lines[0]), by="測試員", answers=Answers(layout=layout))
    here = visit(fresh, width=width, scheme=scheme)
    files_of(here)
    drop(here, {"乙.csv": lines[1]})
    file = card(here, "乙.csv")
    expect(file).to_contain_text("沿用先前為這種欄名指定的欄位對應")
    assert_looks_right(here)
    press(here, file, "重新指定欄位")
    unroll(here, file, "人次").filter(has_text="幾人").click()
    assert_looks_right(here)
    press(here, file, "套用欄位對應")
    expect(file).to_contain_text("幾人→人次")
    press(here, file, re.compile("匯入 1 列$"))
    expect(file).to_contain_text("已匯入")
    assert [row["attendees"] for row in current(store, "activities") if row["title"] == "乙"] == [4]
    to_tab(here, "匯入紀錄")
    here.page.get_by_text("已記住的欄位對應").wait_for()  # the tab is drawn by the run that its click asks for
    here.unfold()
    press(here, here.page.locator("body"), "忘記")
    expect(here.page.get_by_text("已忘記這個欄位對應")).to_be_visible()
    assert_no_fault(here)
    here.page.close()


@SCREENS
def test_a_meta_export_goes_in_and_comes_out_again(
    store: Path, fresh: Server, visit: Visits, width: int, scheme: str
) -> None:
    here = visit(fresh, width=width, scheme=scheme)
    files_of(here)
    drop(here, {META.name: META.read_bytes()})
    file = card(here, META.name)
    expect(file).to_contain_text("這份數據是什麼時候匯出的")
    assert_looks_right(here)
    now = file.get_by_role("button", name="剛剛匯出（現在）")
    colours = now.evaluate("b => [getComputedStyle(b).color, getComputedStyle(b).backgroundColor]")
    assert contrast(*colours) >= 4.5
    press(here, file, "剛剛匯出（現在）")
    expect(file).to_contain_text("Meta 內容匯出（每篇一列）")
    expect(file.locator('[data-testid="stMetric"]')).to_have_count(4)
    assert file.locator('[data-testid="stMetric"]').all_inner_texts() == [
        f"{label}\n\n{count} 列" for label, count in (("新增", 1), ("變更", 0), ("未變", 0), ("不能採用", 0))
    ]
    here.unfold()
    assert_looks_right(here)
    press(here, file, re.compile("匯入 1 列$"))
    expect(file).to_contain_text(re.compile("已匯入（批次 [0-9]+）：新增 1、變更 0、未變 0。"))
    assert len(current(store, "posts")) == 1
    here.unfold()
    assert_looks_right(here)
    press(here, file, "還原")
    expect(here.page.get_by_text("已還原批次")).to_be_visible()
    expect(file).to_contain_text(re.compile("批次 [0-9]+ 已還原。"))
    assert current(store, "posts") == []
    assert_looks_right(here)
    here.page.close()


@SCREENS
def test_three_files_dropped_at_once_are_three_blocks(fresh: Server, visit: Visits, width: int, scheme: str) -> None:
    here = visit(fresh, width=width, scheme=scheme)
    files_of(here)
    refused = b"<html><table><tr><td>1</td></tr></table></html>"
    drop(here, {"一.csv": MONTHS.encode(), "二.xls": refused, "三.csv": META.read_bytes()})
    assert here.page.locator('[class*="st-key-file_"] h2').all_inner_texts() == ["一.csv", "二.xls", "三.csv"]
    expect(card(here, "一.csv")).to_contain_text("1 列不能採用")
    expect(card(here, "二.xls").locator('[data-testid="stAlert"]')).to_have_text(
        "二.xls 的內容是 HTML 網頁表格，請以試算表軟體開啟後另存為 XLSX 或 ODS。"
    )
    expect(card(here, "三.csv")).to_contain_text("這份數據是什麼時候匯出的")
    assert here.overflow() == {"document": 0, "main": 0}
    press(here, card(here, "一.csv"), re.compile("匯入其餘 1 列"))
    expect(card(here, "一.csv")).to_contain_text("略過 1 列。")
    assert_no_fault(here)
    here.page.close()


def test_a_template_and_the_rows_that_were_refused_are_downloaded_as_files(fresh: Server, visit: Visits) -> None:
    here = visit(fresh)
    files_of(here)
    drop(here, {"一.csv": MONTHS.encode()})
    with here.page.expect_download() as rejected:
        card(here, "一.csv").get_by_role("button", name="CSV").click()
    assert rejected.value.suggested_filename == "不能採用的列.csv"
    assert saved(rejected.value).decode("utf-8-sig").splitlines() == [
        "列,欄,內容,原因",
        "3,月份,103/13,沒有這個月份，請改成 1 至 12 月。",
    ]
    to_tab(here, "範本下載")
    with here.page.expect_download() as template:
        here.page.locator(".st-key-template_petitions_csv button").click()
    assert template.value.suggested_filename == templates.file_name("petitions", "csv")
    assert saved(template.value) == templates.make("petitions", "csv")
    with here.page.expect_download() as workbook:
        here.page.locator(".st-key-template_petitions_ods button").click()
    assert saved(workbook.value).startswith(b"PK\x03\x04")
    assert b"application/vnd.oasis.opendocument.spreadsheet" in saved(workbook.value)[:200]
    assert_no_fault(here)
    here.page.close()


def test_the_original_of_a_batch_is_downloaded_byte_for_byte(fresh: Server, visit: Visits) -> None:
    here = visit(fresh)
    files_of(here)
    data = "月份,受理件數,辦結件數\r\n103/06,18,18\r\n".encode("cp950")
    drop(here, {"陳情.csv": data})
    press(here, card(here, "陳情.csv"), re.compile("匯入 1 列$"))
    expect(card(here, "陳情.csv")).to_contain_text("已匯入")
    to_tab(here, "匯入紀錄")
    box = here.page.locator('[data-testid="stSelectbox"]').filter(has_text="查看、下載原始檔").locator("input")
    box.press("ArrowDown")
    here.page.get_by_role("option").first.click()
    here.page.get_by_role("button", name="還原這個批次").wait_for()
    digest = hashlib.sha256(data).hexdigest()[:16]
    assert digest in here.text()
    assert english([text.replace(digest, "") for text in here.seen()], ALLOWED) == []
    with here.page.expect_download() as original:
        here.page.get_by_role("button", name="下載原始檔").click()
    assert original.value.suggested_filename == "陳情.csv"
    assert saved(original.value) == data
    assert_no_fault(here)
    here.page.close()


def test_names_headings_and_cells_of_a_file_load_nothing_and_read_as_they_are(fresh: Server, visit: Visits) -> None:
    here = visit(fresh)
    files_of(here)
    name = "![x](b).csv"
    heading, cell, other = HOSTILE
    drop(here, {name: f"哪一天,做了什麼,{heading}\n{cell.replace(chr(34), '')},{other},3\n".encode()})
    file = card(here, name)
    table = file.locator(".sq-table")
    said = table.inner_text().replace("\u2060", "")
    assert [text for text in (heading, cell.replace('"', ""), other) if text not in said] == []
    what = file.locator('[data-testid="stSelectbox"]').filter(has_text="這個檔案是什麼資料").locator("input")
    what.click()
    here.page.get_by_role("option").filter(has_text="活動紀錄").click()
    expect(unroll(here, file, "人次")).to_have_text(["沒有這一欄", "哪一天", "做了什麼", heading])
    assert file.locator('img, a, [data-testid="stIconMaterial"]:has-text("delete")').count() == 0
    assert [url for url in here.asked if "elsewhere" in url] == []
    assert_no_fault(here)
    here.page.close()
