"""The headers in which Graph says how much of its limits is used up."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.fake_graph.world import PAGE_ID


def page_usage(percent: int, regain: int = 0) -> tuple[str, str]:
    """``X-Business-Use-Case-Usage`` of the page; ``regain`` in minutes. Has a key that no list names."""
    one = {
        "type": "pages",
        "call_count": percent,
        "total_cputime": percent // 4,
        "total_time": percent // 3,
        "estimated_time_to_regain_access": regain,
        "some_new_key": "x",
    }
    return "x-business-use-case-usage", json.dumps({PAGE_ID: [one]})


def usage_headers(params: Mapping[str, Any]) -> tuple[str, str]:
    """The header asked for by ``where``: buc (as usual with a Page token), app or page."""
    percent, where = params.get("percent", 80), params.get("where", "buc")
    if where == "buc":
        return page_usage(percent, params.get("regain", 0))
    shares = {"call_count": percent, "total_time": percent // 2, "total_cputime": percent // 3}
    return f"x-{where}-usage", json.dumps(shares)
