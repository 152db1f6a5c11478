"""An order of posts that is not that of their dates: "ranked", as some of Graph's lists come."""

from __future__ import annotations

import random
from functools import lru_cache


@lru_cache(maxsize=8)
def ranked(seed: int, size: int) -> list[int]:
    """The places 0 … size - 1, roughly newest first, mixed within reach of twenty; the same for the same arguments."""
    rng = random.Random(f"{seed}-rank")  # noqa: S311 - seeded, no secret
    return sorted(range(size), key=lambda n: -n + rng.uniform(0, 20))
