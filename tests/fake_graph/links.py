"""Addresses as Graph puts them into ``paging``: absolute, with every parameter of the call and with its token."""

from __future__ import annotations

import json
from functools import lru_cache
from urllib.parse import urlencode

from tests.fake_graph.admission import FIRST_DEFAULT
from tests.fake_graph.calls import Call

MOVING = {"after", "before", "since", "until", "access_token"}


def here(base_url: str, call: Call, *, keep: tuple[str, ...] = ()) -> str:
    """The call's own address without what changes from page to page, but with the parameters in ``keep``."""
    rest = tuple((key, value) for key, value in call.query.items() if key not in MOVING or key in keep)
    return f"{base_url}/{call.version or FIRST_DEFAULT}/{'/'.join(call.parts)}?{_quoted(call.token or '', rest)}"


def windows(url: str, since: int, until: int) -> str:
    """``"paging":{…}`` of insights: the neighbouring windows, also that of the future."""
    span, quoted = max(until - since, 1), json.dumps(url)[:-1]
    return (
        f'"paging":{{"previous":{quoted}&since={since - span}&until={since}",'
        f'"next":{quoted}&since={until}&until={until + span}"}}'
    )


@lru_cache(maxsize=256)
def _quoted(token: str, rest: tuple[tuple[str, str], ...]) -> str:
    return urlencode([("access_token", token), *rest])
