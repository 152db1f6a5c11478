"""What can be switched on to make Graph behave as it does on its bad days.

``scenarios.on("token_expired", after=5)``, ``.on("metric_dead", metric="page_media_view")``,
``.on("post_deleted", object="1_2")``, ``.on("server_error", once=True)``, ``.off("ranked")``, ``.clear()``.

A switch that names neither edge, object, metric nor place is about whole HTTP calls (a batch is one); one that
does is about calls of that kind, alone or as an item of a batch. ``NAMES`` lists every scenario with its meaning.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from typing import Any, Literal

from tests.fake_graph import errors
from tests.fake_graph.calls import NOTHING, Call
from tests.fake_graph.errors import ERRORS, Fault
from tests.fake_graph.usage import page_usage, usage_headers
from tests.fake_graph.wire import WIRES, Wire

Effect = Literal["fault", "quirk", "wire", "drop"]
INSIGHTS = ("page_insights", "post_insights")
WORD = re.compile(r"\w+")

# Oddities within good answers, and the calls they are about (empty: every HTTP call).
QUIRKS: Mapping[str, tuple[str, ...]] = {
    "metric_left_out": INSIGHTS,  # metric=: not refused, simply not there
    "insights_empty": INSIGHTS,  # "data": []
    "insights_zero": INSIGHTS,  # every number 0, every dict {}
    "insights_empty_dict": INSIGHTS,  # dict metrics {}
    "breakdown_part_missing": INSIGHTS,  # part="0" or "1"
    "values_revised": INSIGHTS,  # by=: numbers so much higher than the truth
    "newest_day_absent": ("page_insights",),  # days=: so many of the newest days not there yet, of metric= only
    "empty_page": ("posts",),  # no posts, but a next
    "endless_next": ("posts",),  # always another next, with a new cursor
    "repeated_cursor": ("posts",),  # a next whose cursor was given before
    "foreign_next": ("posts",),  # host=: next points to another machine
    "ranked": ("posts",),  # not in the order of their dates
    "since_ignored": ("posts",),  # since and until have no effect
    "older_version": (),  # version=: another version answers
    "dated": (),  # a Date header, seconds=: so much later than the world's clock says
    "usage": (),  # percent=, where="app"|"buc"|"page", regain=: usage headers
}
EDGES: Mapping[str, tuple[str, ...]] = {
    **QUIRKS,
    "metric_dead": INSIGHTS,
    "metric_refused": INSIGHTS,
    "joint_metrics_refused": INSIGHTS,
    "no_metric": INSIGHTS,
    "post_deleted": ("post", "post_insights"),
    "reactions_refused": ("posts", "post"),
    "field_dead": ("page", "posts", "post"),
    "reduce_amount": ("posts",),
    "reduce_amount_by_user_msg": ("posts",),
    "cursor_limit": ("posts",),
}


def _when(name: str, params: Mapping[str, Any]) -> Callable[[Call], bool] | None:
    """What a scenario looks at besides edge, object, metric and place."""
    if name.startswith("reduce_amount"):
        most = params.get("most", 25)
        return lambda call: call.limit > most
    return {
        "joint_metrics_refused": lambda call: len(call.metrics) > 1,
        "reactions_refused": lambda call: "reactions" in WORD.findall(call.query.get("fields", "")),
        "field_dead": lambda call: params.get("field") in WORD.findall(call.query.get("fields", "")),
        "cursor_limit": lambda call: "after" in call.query,
    }.get(name)


@dataclass
class Switch:
    """One scenario switched on; ``fired`` counts how often it has had its effect."""

    name: str
    effect: Effect
    edges: tuple[str, ...] = ()
    object: str | None = None
    metric: str | None = None
    place: int | None = None
    after: int = 0
    times: int | None = None
    when: Callable[[Call], bool] | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    seen: int = 0
    fired: int = 0

    def due(self, call: Call) -> bool:
        """Whether it takes effect on this call; counts the calls it is about."""
        if not self._about(call):
            return False
        self.seen += 1
        if self.seen <= self.after or (self.times is not None and self.fired >= self.times):
            return False
        self.fired += 1
        return True

    def fault(self) -> Fault:
        """The error it answers with, in the words of this case."""
        if self.name == "post_deleted" and self.object:
            return errors.unsupported(self.object)
        if self.name == "field_dead":
            return errors.bad_field(str(self.params.get("field")), "Post")
        if self.name == "page_limit":
            regain = self.params.get("regain", 19)
            return replace(ERRORS["page_limit"], headers=(page_usage(100, regain),))
        return ERRORS["server_error" if self.name == "batch_item_fails" else self.name]

    def _about(self, call: Call) -> bool:
        if self.place is not None:
            if call.place != self.place:
                return False
        elif call.place is not None and not (self.edges or self.object or self.metric):
            return False
        if self.edges and call.edge not in self.edges:
            return False
        if self.object is not None and call.object_id != self.object:
            return False
        if self.metric is not None and self.metric not in (*call.metrics, *WORD.findall(call.query.get("fields", ""))):
            return False
        return self.when is None or self.when(call)


class Scenarios:
    """The switches of one server. Without any, it costs a call nothing."""

    def __init__(self) -> None:
        self._switches: list[Switch] = []
        self._lock = threading.Lock()
        self.planning = False

    @property
    def active(self) -> bool:
        return bool(self._switches) or self.planning

    def on(
        self,
        name: str,
        *,
        after: int = 0,
        once: bool = False,
        times: int | None = None,
        edge: str | Iterable[str] | None = None,
        object: str | None = None,
        metric: str | None = None,
        place: int | None = None,
        **params: Any,
    ) -> Switch:
        """Switch a scenario on, after so many calls of its kind, for so many times; KeyError for an unknown name."""
        effect = NAMES[name]
        edges = (edge,) if isinstance(edge, str) else tuple(edge) if edge is not None else EDGES.get(name, ())
        if name in ("batch_null", "batch_item_fails") and place is None and object is None:
            place = 0 if name == "batch_null" else 1
        if name == "page_token_wanted" and times is None:
            once = True
        switch = Switch(
            name, effect, edges, object, metric, place, after, 1 if once else times, _when(name, params), params
        )
        with self._lock:
            self._switches.append(switch)
        return switch

    def off(self, name: str) -> None:
        """Switch off every switch of that name."""
        with self._lock:
            self._switches = [switch for switch in self._switches if switch.name != name]

    def clear(self) -> None:
        with self._lock:
            self._switches = []

    # --- what the server asks

    def quirks(self, call: Call) -> Mapping[str, Mapping[str, Any]]:
        """The oddities of this call with their parameters."""
        if not self._switches:
            return NOTHING
        return {switch.name: {**switch.params, "metric": switch.metric} for switch in self._due("quirk", call)}

    def fault(self, call: Call) -> Fault | None:
        """The error to give instead of the answer."""
        if call.planned is not None and call.planned in ERRORS and call.place is None:
            return ERRORS[call.planned]
        if call.planned == "batch_item_fails" and call.place == 0:
            return ERRORS["server_error"]
        return next((switch.fault() for switch in self._due("fault", call, first=True)), None)

    def drops(self, call: Call) -> bool:
        """Whether this item of a batch comes back as null."""
        return (call.planned == "batch_null" and call.place == 0) or bool(self._due("drop", call, first=True))

    def wire(self, call: Call) -> Wire | None:
        """What goes wrong on the way to the client."""
        if call.planned is not None and call.planned in WIRES:
            return Wire(call.planned)
        return next((Wire(switch.name, switch.params) for switch in self._due("wire", call, first=True)), None)

    def headers(self, call: Call, now: int) -> list[tuple[str, str]]:
        """The usage and date headers of this call, if any."""
        usage, dated = call.quirks.get("usage"), call.quirks.get("dated")
        found = [] if usage is None else [usage_headers(usage)]
        if dated is not None:
            found.append(("date", formatdate(now + dated.get("seconds", 0), usegmt=True)))
        return found

    def _due(self, effect: Effect, call: Call, *, first: bool = False) -> list[Switch]:
        if not self._switches:
            return []
        found = []
        with self._lock:
            for switch in self._switches:
                if switch.effect == effect and switch.due(call):
                    found.append(switch)
                    if first:
                        break
        return found


NAMES: Mapping[str, Effect] = {
    **dict.fromkeys(ERRORS, "fault"),
    **dict.fromkeys(QUIRKS, "quirk"),
    **dict.fromkeys(WIRES, "wire"),
    "batch_null": "drop",
    "batch_item_fails": "fault",
}
