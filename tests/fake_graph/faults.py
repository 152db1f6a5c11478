"""A seeded sequence of passing faults: every one of them is over when the client asks again.

For "the end rows equal those of a run without faults": set ``server.plan = FaultPlan(seed)``.
"""

from __future__ import annotations

import random

from tests.fake_graph.calls import Call

# Any HTTP call, and those that are for batches only. None of them says anything about the data.
PASSING = ("server_error", "service_down", "transient_flag", "bad_gateway", "bare_503", "reset", "closed", "cut_body")
OF_BATCHES = ("batch_null", "batch_item_fails")


class FaultPlan:
    """Decides per HTTP call, by its place in the sequence, whether and which fault it meets.

    ``rate`` is the chance of a fault; never more than ``in_a_row`` one after the other, never more than ``share``
    of all calls so far, and none after ``most`` of them. ``kinds`` narrows the choice. The same seed and the same
    calls give the same faults; ``given`` lists them with the number of the call.
    """

    def __init__(
        self,
        seed: int,
        *,
        rate: float = 0.2,
        in_a_row: int = 2,
        share: float = 0.4,
        most: int = 1000,
        kinds: tuple[str, ...] = (*PASSING, *OF_BATCHES),
    ) -> None:
        self._rng = random.Random(f"{seed}-faults")  # noqa: S311 - seeded, no secret
        self.rate, self.in_a_row, self.share, self.most, self.kinds = rate, in_a_row, share, most, kinds
        self.calls, self.row = 0, 0
        self.given: list[tuple[int, str]] = []

    def decide(self, call: Call) -> str | None:
        """The fault for this HTTP call by its scenario's name, or None."""
        self.calls += 1
        drawn, kinds = self._rng.random(), self._fitting(call)
        name = self._rng.choice(kinds) if kinds else None
        spent = len(self.given)
        if (
            name is None
            or drawn >= self.rate
            or self.row >= self.in_a_row
            or spent >= self.most
            or spent + 1 > self.share * self.calls + 1
        ):
            self.row = 0
            return None
        self.row += 1
        self.given.append((self.calls, name))
        return name

    def _fitting(self, call: Call) -> tuple[str, ...]:
        return tuple(name for name in self.kinds if call.edge == "batch" or name not in OF_BATCHES)
