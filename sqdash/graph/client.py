"""What a pull asks of Graph: page, posts, figures, token. Gives values of our own; knows no store.

Errors of one post, or of one metric, come as values beside the others' figures; errors that concern everything
(:class:`TokenError`, :class:`LimitReached`, :class:`Transient` after the retries …) are raised, after what was
answered before them was given out.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from types import TracebackType
from typing import TypeVar
from urllib.parse import quote, urlencode

from sqdash.errors import BadField, GraphError, GraphSetup, PermissionMissing, Unreadable
from sqdash.graph.access import Access, proof_of
from sqdash.graph.answers import Outcome, PageNode, PostNode, TokenState, read_page, read_post, read_token, wrong
from sqdash.graph.batch import Answer, Ask, ask_all, stop_in
from sqdash.graph.clock import Clock, SystemClock
from sqdash.graph.failures import NOTHING, Asked
from sqdash.graph.fields import PAGE_FIELDS, POST_FIELDS, Fields
from sqdash.graph.learned import Learned
from sqdash.graph.listing import MOST, list_posts
from sqdash.graph.page_insights import PageInsights
from sqdash.graph.post_insights import PostInsights
from sqdash.graph.transport import Bounds, Transport
from sqdash.graph.usage import Usage

_ID = re.compile(r"[A-Za-z0-9_.]{1,128}")
_BOUNDS = Bounds()
Insights = Mapping[str, Outcome]
_Result = TypeVar("_Result")


class Client:
    """One run's conversation with Graph over one kept connection; not for several threads at once.

    ``dropped_fields`` says which fields are not asked any more and why: what they hold is unknown (None), not 0.
    """

    def __init__(
        self,
        access: Access,
        *,
        clock: Clock | None = None,
        rng: random.Random | None = None,
        limits: Bounds = _BOUNDS,
        until: datetime | None = None,
    ) -> None:
        jitter = rng or random.Random()  # noqa: S311 - spreads waits, hides nothing
        self._transport = Transport(access, clock or SystemClock(), jitter, limits, until)
        self._access, self._bounds = access, limits
        self.dropped_fields: dict[str, GraphError] = {}
        self._fields = Fields(POST_FIELDS, self.dropped_fields)
        self._of_posts, self._of_pages = Learned(objects=2), Learned(objects=1)

    def close(self) -> None:
        """Close the connection."""
        self._transport.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- what it took

    @property
    def calls(self) -> int:
        """HTTP requests made, those made again included."""
        return self._transport.calls

    @property
    def items(self) -> int:
        """What Meta counts as calls: single ones and each item of a batch."""
        return self._transport.items

    @property
    def retries(self) -> int:
        """HTTP requests that were made again."""
        return self._transport.retries

    @property
    def waited(self) -> float:
        """Seconds slept between calls."""
        return self._transport.waited

    @property
    def usage(self) -> Usage:
        """The allowance used, and when to go on if it is used up."""
        return self._transport.usage

    @property
    def clock_ahead(self) -> timedelta | None:
        """How far our clock was ahead of Graph's at the last answer; None where that had no date."""
        return self._transport.clock_ahead

    @property
    def version_answered(self) -> str | None:
        """The version by which Graph last answered."""
        return self._transport.version_answered

    @property
    def version_differs(self) -> bool:
        """Whether another version answers than was asked: the one asked for is over."""
        return self.version_answered not in (None, self._access.version)

    # --- what it asks

    def page(self, page_id: str) -> PageNode:
        """The page as it is now."""
        fields = Fields(PAGE_FIELDS, self.dropped_fields)
        while True:
            try:
                return read_page(self._transport.get(_path(page_id), {"fields": fields.text}, Asked(page_id)))
            except BadField as error:
                if not fields.give_up(error):
                    raise

    def posts(
        self, page_id: str, *, since: datetime | None = None, until: datetime | None = None, limit: int = MOST
    ) -> Iterator[tuple[PostNode, ...]]:
        """Published posts, one tuple (maybe empty) a list call, each post once; both ends of the span included.

        The order is Graph's, which need not be that of time.
        """
        _path(page_id)
        return list_posts(self._transport, self._fields, page_id, since, until, limit)

    def nodes(self, post_ids: Sequence[str]) -> Iterator[tuple[str, PostNode | GraphError]]:
        """Each post as it is now, or why it cannot be read."""
        for ids in _parts(post_ids, self._bounds.batch):
            found = self._nodes(ids, ask_all(self._transport, self._node_asks(ids)))
            yield from _before_stop(ids, found)

    def post_insights(
        self, post_ids: Sequence[str], metrics: Sequence[str]
    ) -> Iterator[tuple[str, Insights | GraphError]]:
        """Each post's lifetime figures, one outcome a metric, or why the post has none."""
        reader = PostInsights(self._transport, self._of_posts, metrics)
        for ids in _parts(post_ids, self._bounds.batch):
            yield from _before_stop(ids, reader.results(ids))

    def nodes_and_insights(
        self, post_ids: Sequence[str], metrics: Sequence[str]
    ) -> Iterator[tuple[str, PostNode | GraphError, Insights | GraphError]]:
        """Node and figures of each post from the same batch."""
        reader = PostInsights(self._transport, self._of_posts, metrics)
        for ids in _parts(post_ids, max(1, self._bounds.batch // 2)):
            asks = [reader.asks(post_id) for post_id in ids]
            answers = ask_all(self._transport, [*self._node_asks(ids), *(ask for group in asks for ask in group)])
            rest = iter(answers[len(ids) :])
            groups = [[next(rest) for _ in group] for group in asks]
            nodes, figures = self._nodes(ids, answers[: len(ids)]), reader.settle(ids, groups)
            stop = stop_in(nodes) or stop_in(figures)
            for post_id, node, insights in zip(ids, nodes, figures, strict=True):
                if not stop_in((node, insights)):
                    yield post_id, node, insights
            if stop:
                raise stop

    def page_insights(
        self, page_id: str, metrics: Sequence[str], day_from: date, day_to: date, *, period: str = "day"
    ) -> Insights:
        """One outcome a metric with the values of the Pacific days asked, both ends included."""
        _path(page_id)
        return PageInsights(self._transport, self._of_pages, page_id, period).read(metrics, day_from, day_to)

    def token_state(self) -> TokenState | None:
        """What Graph says of the token; None without the app's id and secret, by which alone it says so."""
        app, secret = self._access.app_token, self._access.app_secret
        if app is None or secret is None:
            return None
        query = {
            "input_token": self._access.token.reveal(),
            "access_token": app.reveal(),
            "appsecret_proof": proof_of(app, secret).reveal(),
        }
        item = self._transport.batch([f"debug_token?{urlencode(query)}"])[0]
        if not isinstance(item, dict) or not isinstance(item.get("code"), int) or not isinstance(item.get("body"), str):
            raise wrong("debug_token")
        answer = self._transport.decode(item["code"], item["body"], NOTHING)
        if not isinstance(answer, dict):
            raise wrong("debug_token")
        return read_token(answer)

    # --- nodes

    def _node_asks(self, ids: Sequence[str]) -> list[Ask]:
        params = {"fields": self._fields.text}
        return [Ask(_path(post_id), params, Asked(post_id)) for post_id in ids]

    def _nodes(self, ids: Sequence[str], answers: Sequence[Answer]) -> list[PostNode | GraphError]:
        """Read answers; where a field is refused for all of them, ask again without it."""
        while because := _refused_field(answers):
            if not self._fields.give_up(because):
                self._fields.take_back()
                break
            answers = ask_all(self._transport, self._node_asks(ids))
        return [_node(answer, self._fields.names) for answer in answers]


def _refused_field(answers: Sequence[Answer]) -> GraphError | None:
    """A field that no post has, or a permission missing for every post: for some it is their own matter."""
    bad = next((answer for answer in answers if isinstance(answer, BadField)), None)
    if bad:
        return bad if all(isinstance(answer, GraphError) for answer in answers) else None
    if not answers:
        return None
    refused = [answer for answer in answers if isinstance(answer, PermissionMissing)]
    return refused[0] if len(refused) == len(answers) else None


def _node(answer: Answer, asked: frozenset[str]) -> PostNode | GraphError:
    if isinstance(answer, GraphError):
        return answer
    try:
        return read_post(answer, asked)
    except Unreadable as error:
        return error


def _before_stop(ids: Sequence[str], found: Sequence[_Result]) -> Iterator[tuple[str, _Result]]:
    """The results, then the error that stops everything, if any."""
    yield from ((post_id, result) for post_id, result in zip(ids, found, strict=True) if not stop_in((result,)))
    if stop := stop_in(found):
        raise stop


def _parts(ids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))


def _path(object_id: str) -> str:
    """The id as a path; one that could lead elsewhere is a mistake of the settings, not quoted: it may be a token."""
    if not _ID.fullmatch(object_id) or not object_id.strip("."):
        raise GraphSetup("設定的編號不是粉絲專頁或貼文的編號，請檢查 SQDASH_GRAPH_PAGE_ID。")
    return quote(object_id, safe="")
