"""Streamlit's own scripts and styles, packed once and kept: a first visit over a thin line brings a third of the bytes.

Streamlit leaves them as they are, because packing them for every request would cost more than it saves; their names
hold a digest of what is in them, so that once packed they are packed for good.
"""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from sqdash.ui import bundle, parts

_KINDS = {".js": b"text/javascript; charset=utf-8", ".css": b"text/css; charset=utf-8"}
_LEAST = 1_000  # bytes; smaller ones gain nothing
_MOST = 256  # files that are kept; the whole bundle has some more, in 7 MB
_YEAR = 365 * 24 * 3600


class Smaller:
    """ASGI middleware: a script or style of the bundle comes packed to whoever can unpack it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.files = {
            f"/static/{path.parent.name}/{path.name}": path
            for path in bundle.FILES.glob("*/*")
            if path.suffix in _KINDS and path.stat().st_size >= _LEAST
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The packed file where it is one of ours and may come packed; else as ever."""
        if scope["type"] != "http" or scope["path"] not in self.files or not _takes_packed(scope):
            await self.app(scope, receive, send)
            return
        file = self.files[scope["path"]]
        body = await run_in_threadpool(packed, file)
        headers = [
            (b"content-type", _KINDS[file.suffix]),
            (b"content-encoding", b"gzip"),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", f"public, immutable, max-age={_YEAR}".encode()),
            (b"vary", b"Accept-Encoding"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


def _takes_packed(scope: Scope) -> bool:
    """Whether the whole file is asked for, by a client that says it can unpack it."""
    headers = dict(scope["headers"])
    asked = {b"range", b"if-none-match", b"if-modified-since"} & headers.keys()
    accepted = headers.get(b"accept-encoding", b"").replace(b" ", b"").lower().split(b",")
    return scope["method"] in ("GET", "HEAD") and not asked and b"gzip" in accepted


def told(file: Path) -> bytes:
    """What a browser is given for the file of the bundle: what Streamlit wrote, in three of them with what is ours."""
    read = file.read_bytes()
    if file.suffix == ".css":
        return bundle.without_body_font(read)
    changed = {bundle.entry(): parts.hooked, bundle.chart(): parts.measured}.get(file.name)
    return changed(read) if changed else read


@lru_cache(maxsize=_MOST)
def packed(file: Path) -> bytes:
    """What it is given, packed; see :func:`told`."""
    return gzip.compress(told(file), compresslevel=6, mtime=0)


def prepare() -> None:
    """Pack what our pages need, before anybody asks."""
    needed = {part for page in bundle.PAGES for part in bundle.needed(page)}
    for name in (*sorted(bundle.anyway()), *bundle.files(sorted(needed))):
        packed(bundle.FILES / "js" / name)
