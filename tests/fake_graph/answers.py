"""From a call to its JSON: routes, permissions, errors and batches, as Graph rules them.

Knows nothing of sockets. What is settled is rendered once and kept, so that a page of ten thousand posts is
answered about as fast as its bytes can be copied.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from itertools import count
from urllib.parse import parse_qsl, unquote

from tests.fake_graph import errors, fields, insights
from tests.fake_graph.admission import FIRST_DEFAULT, admit, debug_token, served_version
from tests.fake_graph.calls import Answer, Call
from tests.fake_graph.errors import Refused
from tests.fake_graph.links import here, windows
from tests.fake_graph.lists import posts_page
from tests.fake_graph.posts import Post, Posts
from tests.fake_graph.scenarios import Scenarios
from tests.fake_graph.world import Page, Token, World

MOST_ITEMS = 50
REMOVED = ("ids", "date_format", "pretty", "debug")
PEOPLE = {"reactions", "comments", "likes"}  # fields that need pages_read_user_content
HEADERS = '"headers":[{"name":"Content-Type","value":"application\\/json; charset=UTF-8"}],'


class Graph:
    """The fake service itself: ``answer`` takes a call and gives status, headers and body."""

    def __init__(self, world: World, scenarios: Scenarios) -> None:
        self.world, self.scenarios = world, scenarios
        self.base_url = "http://127.0.0.1"
        self.items = 0  # batch items and single calls answered
        self._traces = count(1)
        self._kept_nodes: dict[tuple[str | None, str], str] = {}
        self._kept_insights: dict[tuple[object, ...], str] = {}
        self._kept_for: object = None

    def answer(self, call: Call) -> Answer:
        """One HTTP call, batch or single."""
        trace = f"A{next(self._traces):010x}"
        self._forget_what_is_over()
        call.quirks = self.scenarios.quirks(call)
        served = served_version(call.version, self.world.clock.now().date())
        try:
            switched = self.scenarios.fault(call)
            if switched is not None:
                raise Refused(switched)
            if served is None:
                raise Refused(errors.unknown_path("/".join((call.version or "", *call.parts))))
            admit(self.world, call)
            answer = Answer(200, self._batch(call) if call.edge == "batch" else self._item(call))
        except Refused as refused:
            answer = _refusal(refused, call, trace)
        older = call.quirks.get("older_version")
        version = (served or FIRST_DEFAULT) if older is None else older.get("version", "v21.0")
        own = [("facebook-api-version", version), ("x-fb-trace-id", trace)]
        answer.headers = [*own, *answer.headers, *self.scenarios.headers(call, self.world.now)]
        return answer

    def _forget_what_is_over(self) -> None:
        """Kept insights hold for an hour (days and removals begin at full hours) and one set of living metrics."""
        stamp = (self.world.now // 3600, frozenset(self.world.gone_metrics))
        if stamp != self._kept_for:
            self._kept_insights, self._kept_for = {}, stamp

    # --- routes

    def _item(self, call: Call) -> str:
        self.items += 1
        if call.method != "GET":
            raise Refused(errors.unsupported(call.object_id or "", call.method.lower()))
        for name in REMOVED:
            if name in call.query:
                raise Refused(errors.bad_parameter(f"The parameter {name} is no longer supported."))
        if call.edge == "debug_token":
            return debug_token(self.world, call)
        token = self.world.tokens.get(call.token or "")
        if token is None:
            raise Refused(errors.ERRORS["page_token_wanted"])
        if call.edge in ("page", "posts", "page_insights"):
            return self._of_page(call, token)
        if call.edge in ("post", "post_insights"):
            return self._of_post(call, token)
        raise Refused(errors.unknown_path("/".join(call.parts)))

    def _of_page(self, call: Call, token: Token) -> str:
        page = self._page(token.page_id if call.object_id == "me" else call.object_id or "")
        if call.edge == "page":
            return fields.page_node(self.world, page, call.query.get("fields"))
        if call.edge == "posts":
            if not page.own or "pages_read_engagement" not in token.scopes:
                raise Refused(errors.permission("pages_read_engagement"))
            return posts_page(
                self.world, call, page.posts, self.base_url, lambda post: self._node(page.posts, post, token, call)
            )
        _may_read_insights(token)
        asked = insights.read(call.query, self.world.now, call.quirks)
        return self._with_windows(call, asked, json.dumps(insights.page_series(self.world, page, asked)))

    def _page(self, name: str) -> Page:
        page = self.world.pages.get(name)
        if page is None and not name.isdigit():
            text = f"(#803) Some of the aliases you requested do not exist: {name}"
            raise Refused(errors.Fault(404, 803, text))
        if page is None:
            raise Refused(errors.unsupported(name))
        return page

    def _of_post(self, call: Call, token: Token) -> str:
        found = self.world.find(call.object_id or "")
        if found is None:
            raise Refused(errors.unsupported(call.object_id or ""))
        posts, post = found
        if call.edge == "post":
            return self._node(posts, post, token, call)
        _may_read_insights(token)
        key = (post.id, call.version, call.token, *call.query.items())
        kept = None if call.quirks else self._kept_insights.get(key)
        if kept is not None:
            return kept
        asked = insights.read(call.query, self.world.now, call.quirks)
        made = self._with_windows(call, asked, self._post_data(posts, post, asked))
        if not call.quirks and posts.settled(post, self.world.now):
            self._kept_insights[key] = made
        return made

    def _post_data(self, posts: Posts, post: Post, asked: insights.Asked) -> str:
        return json.dumps(insights.post_series(self.world, post, posts.figures(post, self.world.now), asked))

    def _with_windows(self, call: Call, asked: insights.Asked, data: str) -> str:
        return '{"data":' + data + "," + windows(here(self.base_url, call), asked.since, asked.until) + "}"

    def _node(self, posts: Posts, post: Post, token: Token, call: Call) -> str:
        asked = call.query.get("fields")
        wanted = fields.names(asked)
        if "pages_read_user_content" not in token.scopes and wanted & PEOPLE:
            raise Refused(errors.ERRORS["reactions_refused"])
        kept = self._kept_nodes.get((asked, post.id))
        if kept is not None:
            return kept
        now = self.world.now
        more = self._nested(posts, post, asked, call, token) if "insights" in wanted else ""
        made = fields.post_node(post, posts.figures(post, now), now, fields.post_parts(asked), more)
        if posts.settled(post, now) and not more:
            self._kept_nodes[asked, post.id] = made
        return made

    def _nested(self, posts: Posts, post: Post, asked: str | None, call: Call, token: Token) -> str:
        """Insights asked for within a post's fields: one dead metric fails the whole list."""
        _may_read_insights(token)
        one = next(field for field in fields.read(asked or "") if field.name == "insights")
        query = {"metric": one.modifier("metric") or "", "period": one.modifier("period") or "lifetime"}
        read = insights.read(query, self.world.now, call.quirks)
        return '"insights":{"data":' + self._post_data(posts, post, read) + "}"

    # --- batches

    def _batch(self, call: Call) -> str:
        try:
            items = json.loads(call.query["batch"])
        except (KeyError, ValueError):
            items = None
        if not isinstance(items, list):
            raise Refused(errors.bad_parameter("batch parameter must be a JSON array"))
        if len(items) > MOST_ITEMS:
            raise Refused(errors.TOO_LARGE_BATCH)
        heads = HEADERS if call.query.get("include_headers", "true") != "false" else ""
        return "[" + ",".join([self._batched(item, call, place, heads) for place, item in enumerate(items)]) + "]"

    def _batched(self, item: Mapping[str, str], outer: Call, place: int, heads: str) -> str:
        call = _inside(item, outer, place)
        try:
            if self.scenarios.active:
                if self.scenarios.drops(call):
                    return "null"
                call.quirks = self.scenarios.quirks(call)
                switched = self.scenarios.fault(call)
                if switched is not None:
                    raise Refused(switched)
            if call.own_token:
                admit(self.world, call)
            status, body = 200, self._item(call)
        except Refused as refused:
            answer = _refusal(refused, call, f"B{next(self._traces):010x}")
            status, body = answer.status, answer.body
        return f'{{"code":{status},{heads}"body":{json.dumps(body)}}}'


def _may_read_insights(token: Token) -> None:
    if "read_insights" not in token.scopes:
        raise Refused(errors.permission("read_insights", 200))


def _refusal(refused: Refused, call: Call, trace: str) -> Answer:
    fault = refused.fault
    body = fault.body(trace).replace("{token}", json.dumps(call.token or "")[1:-1])
    words = json.loads(body)["error"]["message"].encode("ascii", "replace").decode().replace('"', "'")
    said = ("www-authenticate", f'OAuth "Facebook Platform" "invalid_request" "{words}"')
    return Answer(fault.status, body, [said, *fault.headers])


def _inside(item: Mapping[str, str], outer: Call, place: int) -> Call:
    """An item of a batch as a call; it has the token and version of the whole unless it names its own."""
    path, _, query = item.get("relative_url", "").partition("?")
    version, parts = split_path(path)
    asked = read_query(query)
    own = asked.get("access_token")
    method, token = item.get("method", "GET").upper(), own or outer.token
    made = Call(method, version or outer.version, parts, asked, token, place=place, own_token=own is not None)
    made.planned = outer.planned
    return made


@lru_cache(maxsize=1024)
def read_query(query: str) -> dict[str, str]:
    """Parameters by name, the last one counts; the dict is shared and not to be changed."""
    return dict(parse_qsl(query, keep_blank_values=True))


def split_path(path: str) -> tuple[str | None, tuple[str, ...]]:
    """``/v25.0/1_2/insights`` as version and the rest."""
    parts = tuple(path.strip("/").split("/"))
    if "%" in path:
        parts = tuple(unquote(part) for part in parts)
    first = parts[0]
    if first[:1] == "v" and first[1:].replace(".", "", 1).isdigit():
        return first, parts[1:]
    return None, parts if first else ()
