"""進度與預估: how far we are from the pace line, and when the target is reached at this pace."""

from __future__ import annotations

from datetime import date

from markupsafe import Markup

from sqdash import fan_view, formats, periods
from sqdash.analysis import forecast
from sqdash.analysis.forecast import Forecast, Slope
from sqdash.analysis.pace import Pace
from sqdash.people import Action
from sqdash.ui import blocks, loads, who
from sqdash.ui.frame import Screen, way
from sqdash.ui.memory import Kept


@Kept
def outlook(screen: Screen) -> Markup:
    """One sentence for pace, one for the forecast; how it was worked out is folded away."""
    view = loads.fans(screen.store, screen.state, screen.period)
    applied = screen.result("fans").applied
    goal = "" if applied is None or applied.value is None else f"目標 {formats.number(applied.value)} 人"
    deadline = fan_view.target_span(screen.board).end if applied else None
    # on the last day the line is the target, which the card compares
    pace = _pace_sentence(view.pace) if view.pace and view.pace.day != deadline else ""
    said = (pace, sentence(view.forecast, goal, deadline, view.until))
    lines = [blocks.line(text) for text in said if text]
    if view.forecast.reason == "no_target" and who.may(Action.TARGETS):
        lines.append(blocks.onward(way("settings", "到設定登錄目標", icon="settings")))
    how = blocks.notes("怎麼算的", method(view.forecast.slope))
    return blocks.box(blocks.heading(2, "進度與預估"), *lines, how, key="fans_outlook")


def _pace_sentence(pace: Pace) -> str:
    """截至 104/06/30 比進度線多 120 人（約領先 12 天）。"""
    ahead = pace.people >= 0
    people = f"{'多' if ahead else '少'} {formats.number(abs(pace.people))} 人"
    days = f"（約{'領先' if ahead else '落後'} {abs(pace.days):,} 天）" if pace.days else ""
    return f"截至 {periods.roc_day(pace.day)}，比進度線應有的 {formats.number(pace.due)} 人{people}{days}。"


def sentence(found: Forecast, goal: str, deadline: date | None, until: date) -> str:
    """The forecast in one sentence; a refusal says why and what helps."""
    if found.kind == "reached":
        return _reached(found, goal)
    if found.kind == "due" and found.day and found.newest and found.day <= until:
        newest = f"最新的粉絲數是 {_day(found.newest.day)}，請擷取或上傳新的每日數據"
        return f"依最近的步調，{_day(found.day)} 可能已達到{goal}（{_range(found)}）；{newest}。"
    if found.kind == "due" and found.day and deadline:
        return f"依目前步調，預估 {_day(found.day)} 達到{goal}（{_range(found)}），{_in_time(found, deadline)}。"
    if found.kind == "beyond":
        return f"依目前步調，十年內達不到{goal}{_at_best(found)}。"
    if found.kind == "never":
        return f"近 {forecast.WINDOW} 天人數持平或減少，依此步調達不到{goal}{_at_best(found)}。"
    return _refused(found, until)


def _reached(found: Forecast, goal: str) -> str:
    if found.day is None:
        return f"{_day(found.since)} 目標起算時已達到{goal}。" if found.since else f"年初已達到{goal}。"
    if found.exact:
        return f"{_day(found.day)} 首次達到{goal}。"
    return f"最晚 {_day(found.day)} 已達到{goal}（前一天沒有數據）。"


def _day(day: date | None) -> str:
    return periods.roc_day(day) if day else ""


def _range(found: Forecast) -> str:
    """The two ends; the slow one may never get there, which is more than late."""
    if found.latest is None:
        return f"最早 {_day(found.earliest)}，最晚十年內也達不到"
    return f"可能範圍 {_day(found.earliest)} 至 {_day(found.latest)}"


def _at_best(found: Forecast) -> str:
    return f"；最快也要到 {_day(found.earliest)}" if found.earliest else ""


def _in_time(found: Forecast, deadline: date) -> str:
    """Whether the whole range, none of it, or part of it lies within the target's days."""
    term = f"期限 {_day(deadline)}"
    if found.latest and found.latest <= deadline:
        return f"在{term} 之前"
    if found.earliest and found.earliest > deadline:
        return f"晚於{term}"
    return f"不一定趕得上{term}"


def _refused(found: Forecast, until: date) -> str:
    if found.reason == "no_target":
        return "未設粉絲人數目標，無從預估達標日；請到「設定」的「目標與規律」登錄目標。"
    if found.reason == "too_old" and found.newest:
        return (
            f"最新的粉絲數是 {_day(found.newest.day)}，距 {_day(until)} 超過 {forecast.OLDEST} 天，"
            "不預估達標日；請擷取或上傳新的每日數據。"
        )
    if found.reason == "few_days":
        return (
            f"最近 {forecast.WINDOW} 天同一來源的數據不到 {forecast.FEWEST} 天，不預估達標日；"
            "請擷取或上傳更多每日數據。"
        )
    return "沒有每日粉絲數，無從預估達標日；請擷取專頁，或到「資料登錄與上傳」上傳每日數據。"


def method(slope: Slope | None) -> list[str]:
    """How pace and forecast are worked out, with the days and figures that were used."""
    used = (
        f"本次用 {_day(slope.first)}–{_day(slope.last)} 有數據的 {slope.n} 天：每天 {slope.middle:+.1f} 人，"
        f"95% 信賴區間 {slope.low:+.1f} 至 {slope.high:+.1f} 人。".replace("-", "−")
        if slope
        else ""
    )
    lines = (
        "進度線：從前一年底的人數，直線到目標期限最後一天的目標人數。",
        f"步調：最新一天往前 {forecast.WINDOW} 天，任兩天之間每日增減的中位數（Theil–Sen 斜率，Sen 1968）；"
        "少數幾天暴增暴減不會左右它。",
        used,
        "預估日：從最新一天的人數，照步調推到目標；範圍是照信賴區間兩端推算。區間假設各天互不相關，實際範圍可能更寬。",
        f"有數據的日子不到 {forecast.FEWEST} 天，或最新一天已過 {forecast.OLDEST} 天以上，就不預估；"
        "來源或日界改變之前的數據不用。",
    )
    return [line for line in lines if line]
