"""A slow line to a server of this machine: a relay that lets through so many bits a second, and each after a while.

Chromium has a slow line of its own, which leaves the live connection as fast as ever and now and then stands still.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

BITS, LATE = 20e6, 0.02
"""Bits a second each way, over all connections; seconds each way, so that an answer takes twice as long."""
_AT_ONCE = 16_384


class _Way:
    """One direction of the line: every connection waits for its turn."""

    def __init__(self) -> None:
        self.free = 0.0

    def due(self, size: int) -> float:
        """When so many bytes have come through that are sent now, by the loop's clock."""
        now = asyncio.get_running_loop().time()
        self.free = max(now, self.free) + size * 8 / BITS
        return self.free + LATE


async def _carry(way: _Way, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    """Everything in order, each piece when it is due."""
    pieces: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(maxsize=64)

    async def deliver() -> None:
        while (piece := await pieces.get())[1]:
            await asyncio.sleep(max(0.0, piece[0] - asyncio.get_running_loop().time()))
            target.write(piece[1])
            await target.drain()

    async def collect() -> None:
        while data := await source.read(_AT_ONCE):
            await pieces.put((way.due(len(data)), data))
        await pieces.put((0.0, b""))

    try:
        with suppress(OSError):
            await asyncio.gather(collect(), deliver())
    finally:
        target.close()


@contextmanager
def slow(port: int) -> Iterator[int]:
    """A port of this machine from which a slow line leads to ``port``."""
    up, down = _Way(), _Way()

    async def visitor(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        theirs, mine = await asyncio.open_connection("127.0.0.1", port)
        with suppress(
            asyncio.CancelledError
        ):  # the line is taken down; asyncio would print a traceback for each visitor
            await asyncio.gather(_carry(up, reader, mine), _carry(down, theirs, writer))

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="slow line", daemon=True)
    thread.start()  # of its own: whoever asks for a line may be in another loop
    opening = asyncio.run_coroutine_threadsafe(asyncio.start_server(visitor, "127.0.0.1", 0), loop)
    server = opening.result()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(_ended(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _ended(server: asyncio.Server) -> None:
    server.close()
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    await asyncio.sleep(LATE)  # until what was closed is
