"""An errand without a mouse, with the focus to be seen at every step."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.keys import Keys
from tests.browser.visit import Visit
from tests.browser.walking import HEADING
from tests.servers import Server

Visits = Callable[..., Visit]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_missed_target_and_its_reason_are_found(server: Callable[[str], Server], visit: Visits, scheme: str) -> None:
    here = visit(server("demo"), scheme=scheme)
    here.open("?period=104", ready=HEADING)
    keys = Keys(here.page)
    keys.to("每篇平均按讚未達")
    keys.enter()
    expect(here.page.locator(HEADING)).to_have_text("貼文成效")
    here.settle(HEADING)
    assert "上半年圖文仍以轉貼為主" in here.text()
    assert keys.unseen == []
