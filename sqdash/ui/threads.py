"""Work that waits (a look into the store, a password's check) is done beside the server's loop."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from sqdash.store import gate

P = ParamSpec("P")
T = TypeVar("T")
_LOOKS = ThreadPoolExecutor(4, thread_name_prefix="door")
CHECKS = ThreadPoolExecutor(2, thread_name_prefix="password")
"""A password's check takes a processor for a while on purpose: two at once leave the screens alive."""


async def in_thread(work: Callable[P, T], /, *given: P.args, **named: P.kwargs) -> T:
    """Do it in a thread of the door."""
    return await asyncio.get_running_loop().run_in_executor(_LOOKS, partial(work, *given, **named))


async def changing(pool: ThreadPoolExecutor, address: str, work: Callable[[], T]) -> T:
    """Do something that writes; the audit log says from which address."""
    context = contextvars.copy_context()

    def done() -> T:
        gate.origin.set(address)
        return work()

    return await asyncio.get_running_loop().run_in_executor(pool, lambda: context.run(done))
