"""A client of the fake Graph that hides nothing, and what its answers say."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.fake_graph import PAGE_ID, TOKEN, FakeGraph
from tests.fake_graph.clocks import midnight

SECRET = "of-the-app"
NOON = datetime(2026, 11, 24, 20, tzinfo=UTC)  # noon in US Pacific
PAGE = f"/v25.0/{PAGE_ID}"
POSTS = f"{PAGE}/published_posts"
INSIGHTS = f"{PAGE}/insights"
FIELDS = (
    "id,created_time,updated_time,message,permalink_url,status_type,attachments{media_type},shares,"
    "reactions.summary(total_count).limit(0),reactions.type(LIKE).limit(0).summary(total_count).as(like),"
    "comments.filter(stream).summary(true).limit(0)"
)


@dataclass(frozen=True)
class Got:
    """One HTTP answer."""

    status: int
    headers: Mapping[str, str]
    raw: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.raw)

    @property
    def error(self) -> Any:
        return self.json["error"]

    @property
    def names(self) -> list[str]:
        return [series["name"] for series in self.json["data"]]

    @property
    def values(self) -> list[Any]:
        return [one["value"] for one in self.json["data"][0]["values"]]

    @property
    def ends(self) -> list[str]:
        return [one["end_time"] for one in self.json["data"][0]["values"]]


class Asker:
    """A client that hides nothing; one connection, opened anew after it was closed."""

    def __init__(self, server: FakeGraph) -> None:
        self.server = server
        self.link = http.client.HTTPConnection("127.0.0.1", urlsplit(server.base_url).port or 0, timeout=5)

    def get(self, path: str, *, token: str | None = TOKEN, **query: object) -> Got:
        target = f"{path}?{urlencode(query)}" if query else path
        return self._ask("GET", target, token)

    def batch(self, *urls: str, token: str | None = TOKEN, **more: str) -> Got:
        items = [{"method": "GET", "relative_url": url} for url in urls]
        return self._ask("POST", "/v25.0/", token, urlencode({"batch": json.dumps(items), **more}))

    def _ask(self, method: str, target: str, token: str | None, body: str | None = None) -> Got:
        headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self.link.request(method, target, body, headers)
            answer = self.link.getresponse()
            return Got(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        except (OSError, http.client.HTTPException):
            self.link.close()
            raise


def walk(ask: Asker, *, most: int = 200, **query: Any) -> Iterator[dict[str, Any]]:
    """The list calls' answers, following ``next`` by its cursor."""
    for _ in range(most):
        page = ask.get(POSTS, **query).json
        yield page
        following = page.get("paging", {}).get("next")
        if following is None:
            return
        query = {**query, "after": parse_qs(urlsplit(following).query)["after"][0]}


def ids(pages: Iterator[dict[str, Any]]) -> list[str]:
    return [post["id"] for page in pages for post in page["data"]]


def window(first: date, last: date) -> dict[str, Any]:
    """since and until that cover these Pacific days."""
    return {"since": midnight(first), "until": midnight(last + timedelta(days=1))}
