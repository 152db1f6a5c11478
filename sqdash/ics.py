"""Days as an iCalendar file (RFC 5545) that Outlook, Google and telephones subscribe to or open.

Lines end with CRLF and are folded at 75 octets (3.1); texts are escaped (3.3.11); events are whole days
(``DTSTART;VALUE=DATE``, 3.3.4, one day where there is no end, 3.6.1); UID stays the same for the same event, so that a
newer file replaces what an older one brought (3.8.4.7). No alarm, no attendee, no name of a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqdash.contributions import STATE_WORDS, Contribution

_OCTETS = 75
_ESCAPED = re.compile(r"[\\;,]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_PRODUCT = "-//sqdash//rota//ZH-TW"


@dataclass(frozen=True, slots=True)
class Event:
    """One whole day; ``uid`` is unique and lasting, ``description`` may have several lines."""

    uid: str
    day: date
    summary: str
    description: str = ""


def calendar(name: str, events: Iterable[Event], stamp: datetime) -> bytes:
    """The calendar file; ``stamp`` (aware) says when it was made."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{_PRODUCT}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
    ]
    for event in events:
        lines += _event(event, stamp)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line)).encode()


def _event(event: Event, stamp: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(event.uid)}"
    yield f"DTSTAMP:{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}"
    yield f"SUMMARY:{_text(event.summary)}"
    if event.description:
        yield f"DESCRIPTION:{_text(event.description)}"
    yield "TRANSP:TRANSPARENT"  # a slot on the rota keeps nobody's day busy
    yield "END:VEVENT"


def _text(text: str) -> str:
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return _ESCAPED.sub(r"\\\g<0>", _CONTROL.sub("", plain)).replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Parts of at most 75 octets, each after the first with the blank that unfolding takes away; no letter is cut."""
    part, octets = "", 0
    for letter in line:
        more = len(letter.encode())
        if octets + more > _OCTETS:
            yield part
            part, octets = " ", 1
        part, octets = part + letter, octets + more
    yield part


def of_rota(slots: Iterable[Contribution], units: Mapping[str, str]) -> Iterator[Event]:
    """The slots of the rota as whole days; ``units`` has code → name."""
    for slot in slots:
        lines = [
            f"狀態：{STATE_WORDS[slot.state]}",
            f"承辦角色：{slot.role}" if slot.role else "",
            slot.permalink or "",
        ]
        yield Event(
            f"{slot.contribution_id}@rota.sqdash",
            slot.due_on,
            f"供稿：{units.get(slot.unit, slot.unit)}　{slot.name}",
            "\n".join(line for line in lines if line),
        )
