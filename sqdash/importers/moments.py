"""Times of day as exports write them, to Taipei's clock. Knows no columns and no days without a time.

Meta's ``Publish time`` carries no zone and, by all evidence, is US Pacific; the caller says which zone a file has.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from sqdash.importers.cells import CellError
from sqdash.importers.folding import folded, refuse_formula
from sqdash.patterns import later
from sqdash.periods import ROC_OFFSET, stored

_YEAR = r"(?P<y>(?:19|20|21)[0-9]{2})"
_CLOCK = r"(?P<h>[0-9]{1,2}):(?P<min>[0-5][0-9])(?::(?P<s>[0-5][0-9])(?:\.[0-9]+)?)?"
_US = later(rf"(?P<m>[0-9]{{1,2}})/(?P<d>[0-9]{{1,2}})/{_YEAR} {_CLOCK}(?: ?(?P<half>[AP]M))?")
_EXCEL = later(rf"{_YEAR}/(?P<m>[0-9]{{1,2}})/(?P<d>[0-9]{{1,2}}) (?P<zh>[上下]午)? ?{_CLOCK}(?: ?(?P<half>[AP]M))?")
_ISO = later(rf"{_YEAR}-(?P<m>[0-9]{{2}})-(?P<d>[0-9]{{2}})[T ]{_CLOCK} ?(?P<offset>Z|[+-][0-9]{{2}}:?[0-9]{{2}})?")
_ROC = later(
    rf"(?:民國)?(?P<roc>[0-9]{{3}})[/.-](?P<m>[0-9]{{1,2}})[/.-](?P<d>[0-9]{{1,2}}) (?P<zh>[上下]午)? ?{_CLOCK}"
)
_TAILS = {f"{m:02d}": f":{m:02d}:00+08:00" for m in range(60)}
_META = later(r"([0-9]{2})/([0-9]{2})/((?:19|20|21)[0-9]{2}) ([0-9]{2}):([0-9]{2})")
"""The one form that content exports write; the others are looked at more closely."""


def moment(text: str, zone: ZoneInfo) -> datetime:
    """The time with its offset, to the second; an offset in the text wins over the zone.

    ``09/30/2025 21:13[:05] [PM]``, ``2025/9/30 下午 09:13``, ``103/11/22 09:05`` and ISO; where the slash form
    ends in its year, the month is first. Of an hour that autumn repeats, the first is taken. :class:`CellError`
    "not_moment", "no_such_day".
    """
    plain = folded(text).upper()
    refuse_formula(plain)
    found = _US.fullmatch(plain) or _EXCEL.fullmatch(plain) or _ISO.fullmatch(plain) or _ROC.fullmatch(plain)
    part = found.groupdict() if found else {}
    hour = _hour(int(part["h"]), part.get("half") or part.get("zh")) if part else None
    if hour is None or (part.get("half") and part.get("zh")):
        raise CellError("不是看得懂的時間，請寫成 103/11/22 09:05。", "not_moment")
    try:
        year = int(part["roc"]) + ROC_OFFSET if part.get("roc") else int(part["y"])
        local = datetime(year, int(part["m"]), int(part["d"]), hour, int(part["min"]), int(part["s"] or 0))
        return local.replace(tzinfo=_offset(part["offset"]) if part.get("offset") else zone)
    except ValueError:
        raise CellError("沒有這個時間，請檢查年、月、日與時區。", "no_such_day") from None


def _hour(hour: int, half: str | None) -> int | None:
    """Of 24; None where there is no such hour."""
    if half is None:
        return hour if hour < 24 else None
    return hour % 12 + (12 if half in ("PM", "下午") else 0) if 1 <= hour <= 12 else None


def _offset(text: str) -> timezone:
    if text == "Z":
        return timezone(timedelta(0))
    size = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    return timezone(-size if text[0] == "-" else size)


def taipei(text: str, zone: ZoneInfo, cache: dict[str, str]) -> str:
    """:func:`moment` as ISO text with +08:00 and seconds; ``cache`` is the caller's, one for each zone.

    The cache holds Taipei's hour for everything before the minutes, wherever the hour lies wholly in one
    whole-hour offset; half-hour zones and times that carry their own offset go the slow way.
    """
    head, _, rest = text.partition(":")
    tail, hour = _TAILS.get(rest), cache.get(head)
    if tail and hour:
        return hour + tail
    when = _exported(text, zone) or moment(text, zone)
    shown = stored(when)
    if tail and _steady(when):
        cache[head] = shown[:13]
    return shown


def _exported(text: str, zone: ZoneInfo) -> datetime | None:
    """A time in the form of content exports, where there is such a time; else None, and :func:`moment` says why."""
    if not (found := _META.fullmatch(text)):
        return None
    month, day, year, hour, minute = map(int, found.groups())
    try:
        return datetime(year, month, day, hour, minute, tzinfo=zone)
    except ValueError:
        return None


def _steady(when: datetime) -> bool:
    first, last = when.replace(minute=0).utcoffset(), when.replace(minute=59, second=59).utcoffset()
    return first is not None and first == last and not first.seconds % 3600
