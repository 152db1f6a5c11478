"""Files that are packed XML (OpenDocument, Office Open XML): texts they can hold, and the same bytes every time."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import datetime
from html import escape

EARLIEST = datetime(1980, 1, 1)
"""The first moment that a ZIP archive can write."""
LEFT_OVER = ("Thumbnails/", "Configurations2/")
"""Parts of the empty OpenDocument that odfdo begins with, and that no file of ours has."""
_ILLEGAL = re.compile("[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010fffd]")


def legal(text: str) -> str:
    """The text as XML can hold it: □ for control characters, line ends as one sign.

    Source: XML 1.0, section 2.2; the characters it discourages are left out as well.
    """
    return _ILLEGAL.sub("□", text.replace("\r\n", "\n").replace("\r", "\n"))


def escaped(text: str) -> str:
    """The same between tags and in attributes: what would be markup is written out."""
    return escape(legal(text))


def repacked(
    made: io.BytesIO,
    moment: datetime = EARLIEST,
    *,
    without: tuple[str, ...] = (),
    instead: Mapping[str, bytes] | None = None,
) -> bytes:
    """The archive's parts in the same order, all dated ``moment``.

    Parts whose names begin with one of ``without`` are left out; ``instead`` has other contents for some, by name.
    """
    out = io.BytesIO()
    other = instead or {}
    date = max(moment.replace(tzinfo=None), EARLIEST).timetuple()[:6]
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            if part.filename.startswith(without):
                continue
            entry = zipfile.ZipInfo(part.filename, date)
            entry.compress_type, entry.external_attr, entry.create_system = part.compress_type, 0o644 << 16, 3
            new.writestr(entry, other.get(part.filename) or old.read(part))
    return out.getvalue()
