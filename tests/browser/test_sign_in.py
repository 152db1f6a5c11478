"""Signing in as a person does it: the door's pages in a real browser, and the tab that is left open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Page

from tests.servers import Server
from tests.ui.test_door import PASSWORD


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a narrow screen, in a browser that knows nobody yet."""
    with closing(browser.new_context(locale="zh-TW", viewport={"width": 390, "height": 800})) as context:
        yield context.new_page()


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def focused(page: Page, times: int) -> list[str]:
    """What has the focus at first, and after each press of the tab key."""
    found = []
    for _ in range(times):
        found.append(page.evaluate("document.activeElement.id || document.activeElement.innerText"))
        page.keyboard.press("Tab")
    return found


def sign_in(page: Page, name: str, password: str) -> None:
    page.get_by_label("帳號").fill(name)
    page.get_by_label("密碼").fill(password)
    page.get_by_role("button", name="登入").click()


def test_an_open_tab_is_led_to_the_door_once_its_session_has_ended(page: Page, guarded: tuple[Server, str]) -> None:
    server, _ = guarded
    page.goto(f"{server.url}/fans?period=103H1")
    assert page.url == f"{server.url}/login?next=/fans%3Fperiod%3D103H1"
    assert fits(page)
    assert focused(page, 3) == ["name", "password", "登入"]
    sign_in(page, "boss", PASSWORD)
    page.get_by_role("heading", name="粉絲人數").first.wait_for(timeout=60_000)
    assert page.url == f"{server.url}/fans?period=103H1"

    other = page.context.new_page()
    other.goto(f"{server.url}/account")
    assert fits(other)
    other.get_by_role("button", name="登出", exact=True).click()
    other.get_by_role("status").wait_for()
    page.bring_to_front()
    page.wait_for_url("**/login?next=/fans*", timeout=60_000)


def test_the_address_of_a_page_one_may_not_open_gives_a_sentence_and_no_window(
    page: Page, guarded: tuple[Server, str]
) -> None:
    server, _ = guarded
    page.goto(f"{server.url}/admin")
    sign_in(page, "guest", PASSWORD)
    page.get_by_text("您的帳號不能開啟「系統管理」，請洽系統管理者。").wait_for(timeout=60_000)
    assert page.url == f"{server.url}/admin"
    assert page.get_by_role("heading", level=1).all_inner_texts() == ["系統管理"]
    assert page.get_by_role("dialog").count() == 0
    menu = page.locator('[data-testid="stSidebarNavLink"]')
    assert "系統管理" not in menu.all_inner_texts()
    assert len(menu.all_inner_texts()) == 7


def test_a_first_password_is_changed_before_the_page_that_was_asked_for(
    page: Page, guarded: tuple[Server, str]
) -> None:
    server, first = guarded
    page.goto(f"{server.url}/fans?period=103H1")
    sign_in(page, "new", "wrong")
    assert "帳號或密碼不正確" in str(page.get_by_role("alert").text_content())
    assert focused(page, 2) == ["password", "登入"]  # the name is there already
    sign_in(page, "new", first)
    page.wait_for_url("**/password?next=/fans*")
    assert fits(page)
    for new in ("short", "another-horse-battery"):  # what is refused at first leads on all the same
        page.get_by_label("目前的密碼").fill(first)
        for label in ("新密碼", "再輸入一次新密碼"):
            page.get_by_label(label, exact=True).fill(new)
        page.get_by_role("button", name="更換密碼").click()
    page.get_by_role("heading", name="粉絲人數").first.wait_for(timeout=60_000)
    assert page.url == f"{server.url}/fans?period=103H1"
