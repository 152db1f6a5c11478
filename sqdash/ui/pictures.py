"""Small pictures as SVG: the result bar and the trend line."""

from __future__ import annotations

from collections.abc import Sequence

from sqdash.figures import Interval
from sqdash.ui.palette import Palette

_WIDTH, _HEIGHT = 600, 26


def _svg(width: int, height: int, body: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" preserveAspectRatio="none">{body}</svg>'
    )


def bar(figure: Interval | None, goal: float | None, palette: Palette) -> str:
    """Result against target: filled to the low end, pale to the high end, a tick at the target. Nothing ("") without a
    target, since a bar that is full or empty would be read as one that is met or missed."""
    if not goal:
        return ""
    low, high = figure.bounds if figure else (0.0, 0.0)
    low, high = max(low, 0.0), max(low, 0.0) if high == float("inf") else high
    scale = max(high, goal)

    def rect(width: float, color: str) -> str:
        return f'<rect x="0" y="5" width="{_WIDTH * min(width / scale, 1):.1f}" height="16" rx="8" fill="{color}"/>'

    at = min(_WIDTH * goal / scale, _WIDTH - 5)
    tick = f'<rect x="{at:.1f}" y="0" width="5" height="26" fill="{palette.ink}"/>'
    pale = rect(high, palette.pale) if high > low else ""
    return _svg(_WIDTH, _HEIGHT, rect(scale, palette.ground) + pale + rect(low, palette.main) + tick)


def trend(values: Sequence[float | None], goal: float | None, palette: Palette) -> str:
    """A line through the values in order, gaps left open, the target as a dashed line where it is near."""
    known = [v for v in values if v is not None]
    if len(known) < 2:
        return ""
    width, height, edge = 600, 64, 6
    near = goal is not None and 0.4 * min(known) <= goal <= 1.6 * max(known)
    shown = [*known, goal] if near and goal is not None else known
    top, bottom = max(shown), min(shown)
    span = (top - bottom) or 1.0
    step = (width - 2 * edge) / (len(values) - 1)

    def y(value: float) -> float:
        return height - edge - (value - bottom) / span * (height - 2 * edge)

    path, pen = [], "M"
    for index, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        path.append(f"{pen}{edge + index * step:.1f} {y(value):.1f}")
        pen = "L"
    drawn = [None, *values, None]
    dots = "".join(
        f'<circle cx="{edge + index * step:.1f}" cy="{y(value):.1f}" r="3" fill="{palette.main}"/>'
        for index, (before, value, after) in enumerate(zip(drawn, drawn[1:], drawn[2:], strict=False))
        if value is not None and before is None and after is None
    )
    line = dots + f'<path d="{" ".join(path)}" fill="none" stroke="{palette.main}" stroke-width="3"/>'
    if near and goal is not None:
        line += (
            f'<path d="M0 {y(goal):.1f}H{width}" stroke="{palette.dim}" stroke-width="2" '
            f'stroke-dasharray="8 6" fill="none"/>'
        )
    return _svg(width, height, line)
