"""The contract of ``status --json``: the board's figures as plain values."""

from __future__ import annotations

from typing import Any

from sqdash import formats
from sqdash.figures import Interval, Result
from sqdash.indicators import BY_KEY, INDICATORS
from sqdash.views import Board


def status(worked: Board) -> dict[str, Any]:
    """The contract of ``status --json``."""
    return {
        "as_of": worked.as_of.isoformat(),
        "revision": worked.revision,
        "period": worked.period.code,
        "locked_at": worked.lock.at if worked.lock else None,
        "indicators": [
            _status_row(worked.results[i.key]) | {"now": _status_now(worked.now.get(i.key))} for i in INDICATORS
        ],
    }


def _status_now(now: Result | None) -> dict[str, Any] | None:
    """What stands beside a locked figure that is otherwise today."""
    if now is None:
        return None
    figure = now.figure or Interval()
    return {
        "value": _plain(figure.value),
        "low": _plain(figure.low),
        "high": _plain(figure.high),
        "qualifier": figure.qualifier,
        "state": now.state,
        "text": formats.figure_as_measured(now),
    }


def _interval(stated: Interval | None) -> dict[str, Any] | None:
    if stated is None:
        return None
    return {"low": _plain(stated.low), "high": _plain(stated.high), "qualifier": stated.qualifier}


def _plain(value: float | None) -> float | int | None:
    """Whole numbers without a decimal point, so that 13000 reads 13000."""
    return int(value) if value is not None and float(value).is_integer() else value


def _status_row(result: Result) -> dict[str, Any]:
    indicator, figure, applied = BY_KEY[result.key], result.figure or Interval(), result.applied
    norm = applied.target if applied and applied.target.kind == "norm" else None
    return {
        "key": result.key,
        "label": indicator.label,
        "unit": indicator.unit,
        "value": _plain(figure.value),
        "low": _plain(figure.low),
        "high": _plain(figure.high),
        "qualifier": figure.qualifier,
        "n": result.n,
        "coverage": coverage(result),
        "before": _interval(result.before),
        "target": _plain(applied.value) if applied else None,
        "comparator": applied.target.comparator if applied else None,
        "norm": norm.words if norm else None,
        "further_targets": [
            {"target": _plain(a.value), "comparator": a.target.comparator, "note": a.target.note}
            for a in result.further
        ],
        "also": [
            {
                "value": _plain(r.stated.value),
                "low": _plain(r.stated.low),
                "high": _plain(r.stated.high),
                "qualifier": r.stated.qualifier,
                "as_of": r.as_of.isoformat() if r.as_of else r.as_of_words,
                "note": r.note,
            }
            for r in result.also
        ],
        "state": result.state,
        "missing": result.missing,
        "basis": "reported" if result.basis == "derived" else result.basis,
        "derived_from": result.note or "以受理與辦結的陳報值推得" if result.basis == "derived" else None,
        "source": "；".join(source.text for source in result.sources) or None,
        "as_of": result.as_of.isoformat() if result.as_of else result.as_of_words,
        "note": formats.remarks(result) or None,
        "text": formats.figure_as_measured(result),
    }


def coverage(result: Result) -> dict[str, Any] | None:
    """How much a computed figure covers, and what stands beside a reported one."""
    if result.basis == "computed":
        first = result.ledger.first if result.ledger else None
        last = result.ledger.last if result.ledger else None
        return {
            "counted": result.n,
            "expected": result.expected_n,
            "first": first.isoformat() if first else None,
            "last": last.isoformat() if last else None,
            "reported": _plain(result.reading.stated.value) if result.reading else None,
        }
    if result.ledger and result.ledger.rows:
        return {"ledger": _plain(result.ledger.value), "rows": result.ledger.rows}
    if result.posts:
        return {"ledger": result.posts.n, "rows": result.posts.posts}
    return None
