"""What one run has found out about metrics, so that it is not found out again for each of 10,000 posts.

A metric refused when asked alone is not asked again; a permission refused for two objects neither. A metric that
had no value for three objects when asked alone is taken as empty when a joint answer leaves it out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqdash.errors import DeadMetric, GraphError, PermissionMissing

REFUSALS = (DeadMetric, PermissionMissing)
_ENOUGH_EMPTY = _ENOUGH_ODD = 3


class Learned:
    """``refused`` metric → why; ``apart`` when metrics that work alone were refused together.

    ``objects`` refused before a missing permission is believed: 2 where objects differ, 1 for a page.
    """

    def __init__(self, objects: int) -> None:
        self.refused: dict[str, GraphError] = {}
        self.apart = False
        self._objects = objects
        self._unpermitted: Counter[str] = Counter()
        self._empty: Counter[str] = Counter()
        self._shy: set[str] = set()
        self._odd = 0

    def live(self, metrics: Sequence[str]) -> tuple[str, ...]:
        """The metrics that are worth asking for."""
        return tuple(metric for metric in metrics if metric not in self.refused)

    def refuse(self, metric: str, error: GraphError) -> None:
        """Note that the metric was refused when asked alone."""
        self._unpermitted[metric] += isinstance(error, PermissionMissing)
        if isinstance(error, DeadMetric) or self._unpermitted[metric] >= self._objects:
            self.refused[metric] = error

    def odd(self) -> None:
        """Note that an object had a metric refused in words that say nothing of other objects.

        Such a metric is asked again for each object, so after a few of them no question is wasted on all together.
        """
        self._odd += 1
        self.apart = self.apart or self._odd >= _ENOUGH_ODD

    def alone(self, metric: str, *, given: bool) -> None:
        """Note whether a metric had a value when asked alone."""
        if given:
            self._shy.add(metric)
        else:
            self._empty[metric] += 1

    def surely_empty(self, metric: str) -> bool:
        """Whether being left out of a joint answer needs no second question."""
        return metric not in self._shy and self._empty[metric] >= _ENOUGH_EMPTY
