"""How figures, intervals, units, states and gaps are written for people, once.

Half-width digits, thousands comma, percent attached, an en dash in intervals, qualifiers as the source
has them. Knows nothing of screens: every function returns plain text; what writes one value alone remembers it
(:mod:`sqdash.written`).
"""

from __future__ import annotations

from sqdash.figures import Applied, Interval, Missing, Result, State
from sqdash.indicators import BY_KEY, Indicator
from sqdash.written import Written, like

STATES: dict[State, str] = {
    "reached": "達標",
    "partly": "部分達標",
    "missed": "未達",
    "on_track": "進度內",
    "behind": "落後",
    "no_target": "未設目標",
    "no_data": "未陳報",
}
SIGNS: dict[State, str] = {
    "reached": "✔",
    "partly": "◑",
    "missed": "✖",
    "on_track": "▲",
    "behind": "▼",
    "no_target": "–",
    "no_data": "◔",
}
"""What stands before the word, so that a state is never told by colour alone."""
MISSING: dict[Missing, str] = {
    "not_stated": "未陳報",
    "no_rows": "無資料",
    "not_served": "來源停供",
    "not_permitted": "未獲授權",
    "not_given": "未填",
}
BASES = {"computed": "計算值", "reported": "陳報值", "derived": "推得值"}


def nameless_page(page_id: str) -> str:
    """What a page is called whose name nobody has said yet: 專頁 555."""
    return f"專頁 {page_id}"


def page(name: str) -> str:
    """A page in a sentence that goes on: 專頁「小安心」, and by its number alone 專頁 555 with the blank behind it."""
    number = name.removeprefix("專頁 ")
    return f"{name} " if name == nameless_page(number) and number.isdecimal() else f"專頁「{name}」"


def shortened(text: str, most: int = 24) -> str:
    """The text, of one longer than ``most`` characters its beginning with … behind it."""
    return text if len(text) <= most else f"{text[:most]}…"


def number(value: float, decimals: int = 0) -> str:
    """16,300; 90.8. Fewer decimals are shown where the value has none, never more than asked."""
    return Written(f"{value:,.0f}" if float(value).is_integer() else f"{value:,.{decimals}f}", value)


def interval(stated: Interval, decimals: int = 0, *, qualified: bool = True) -> str:
    """約 30–50; 16,300; 逾 1,000."""
    prefix = f"{stated.qualifier} " if qualified and stated.qualifier else ""
    if stated.value is not None:
        return Written(prefix + number(stated.value, decimals), stated.value)
    if stated.low is None and stated.high is None:
        return MISSING["not_stated"]
    return Written(prefix + _between(stated.low, stated.high, decimals), (stated.low, stated.high))


def _between(low: float | None, high: float | None, decimals: int) -> str:
    if low is None:
        return f"至多 {number(high or 0, decimals)}"
    return f"至少 {number(low, decimals)}" if high is None else f"{number(low, decimals)}–{number(high, decimals)}"


def with_unit(text: str, unit: str) -> str:
    """55 場次; 90.8%."""
    return like(f"{text}%" if unit == "%" else f"{text} {unit}", text)


def percent(share: float) -> str:
    """A share of 0 to 1 as 67%, never rounded to all or nothing; its value is of percent, as that of 90.8% is."""
    text = f"{share:.0%}"
    if text == "100%" and share < 1:
        text = "超過 99%"
    elif text == "0%" and share > 0:
        text = "不到 1%"
    return Written(text, share * 100)


def of_all(share: float) -> str:
    """A share behind what it is of: 中 67%; 中超過 99%."""
    text = percent(share)
    return f"中 {text}" if text[0].isdecimal() else f"中{text}"


def places_of(indicator: Indicator) -> int:
    """Decimals that an indicator's figures may show; whole values show none."""
    return max(indicator.decimals, 1) if indicator.rollup == "mean_per_post" else indicator.decimals


def _distance(value: float, places: int) -> str:
    """A distance that is there never reads 0."""
    text = number(value, places)
    return text if text.strip("0.") else f"不到 {number(10.0**-places, places)}"


def decimals_of(result: Result) -> int:
    """The decimals of a result's figure."""
    return places_of(BY_KEY[result.key])


def figure(result: Result, *, qualified: bool = True) -> str:
    """The result's figure without its unit, or the word for what is missing."""
    if result.figure is None:
        return MISSING[result.missing or "no_rows"]
    return interval(result.figure, decimals_of(result), qualified=qualified)


def figure_with_unit(result: Result) -> str:
    """The result's figure with its unit; no unit where there is no figure."""
    text = figure(result)
    return with_unit(text, BY_KEY[result.key].unit) if result.figure else text


def measured_by(result: Result) -> str:
    """以心情（按讚未知時）計: how the figure was measured where that is not the first way; else nothing."""
    way = BY_KEY[result.key].way(result.definition)
    return f"以{way.label}計" if result.figure and way and way.version > 1 else ""


def figure_as_measured(result: Result) -> str:
    """The figure with its unit and, where its name would tell otherwise, how it was measured."""
    text, way = figure_with_unit(result), measured_by(result)
    return like(f"{text}（{way}）", text) if way else text


def earlier(before: Result, result: Result) -> str:
    """An earlier result to stand beside a later one; where they measure different things, it says so on a new line."""
    differ = before.figure and result.figure and before.definition != result.definition
    text = figure_with_unit(before)
    return like(f"{text}\n（定義不同，不能比較）", text) if differ else text


def differ(locked: Result, now: Result) -> bool:
    """Whether a locked figure or its state reads otherwise today."""
    return (figure_as_measured(locked), state(locked)) != (figure_as_measured(now), state(now))


def today(locked: Result, now: Result | None) -> str:
    """What a locked figure is today: 57 場次，達標; the state only where it moved, 相同 where nothing did."""
    if now is None:
        return "相同"
    text = figure_as_measured(now)
    return text if state(locked) == state(now) or now.state == "no_data" else like(f"{text}，{state(now)}", text)


def beside(locked: Result, now: Result) -> str:
    """What stands beside a locked figure that is otherwise today: 現在 57 場次，達標."""
    return f"現在 {today(locked, now)}"


def state(result: Result) -> str:
    """The state's word; what is missing is named precisely."""
    if result.state == "no_data":
        return MISSING[result.missing or "no_rows"]
    return STATES[result.state]


def target(indicator: Indicator, applied: Applied | None) -> str:
    """目標 13,000; 目標超過 100; 規律每 2 個月 1 次（6 次）."""
    if applied is None:
        return "未設目標"
    more = "超過 " if applied.target.comparator == ">" else " "
    amount = "" if applied.value is None else number(applied.value, places_of(indicator))
    if applied.target.kind == "norm":
        count = f"（{with_unit(amount, indicator.unit)}）" if amount else ""
        return f"規律{applied.target.words or ''}{count}"
    if not amount:
        return "目標未定數值"
    whose = "" if applied.whole or indicator.rollup == "last" else _whose(applied)
    return f"{whose}目標{more}{amount}"


def unaimed(result: Result) -> str:
    """What stands behind 未設目標 where there is a target that does not count here: （指標的定義已改變…）."""
    return f"（{result.unaimed}）" if result.unaimed else ""


def remarks(result: Result) -> str:
    """What must be known of the figure, and why no target judges it although there is one."""
    return "；".join(filter(None, (result.note, result.unaimed)))


def _whose(applied: Applied) -> str:
    """What sort of days a target is for that a part of them is judged by."""
    first, last = (applied.line[0][0].start, applied.line[-1][0].end) if applied.line else (None, None)
    year = first and last and (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)
    return "全年" if year else "全期"


def _part(words: str, figure: Interval, due: float) -> str:
    """A part of a target's days against its share of them, never against the whole."""
    rest = figure.bounds[0] - due
    if rest == float("-inf"):
        beside = "下限未陳報"
    else:
        beside = f"{'多' if rest > 0 else '少'} {_distance(abs(rest), 1)}".replace(" 不到", "不到") if rest else "剛好"
    return f"{words}，這段期間照天數應有 {number(due, 1)}，{beside}"


def _times(figure: float, goal: float) -> str:
    """（125%）of the target; nothing where that would read as all of it and no more."""
    share = f"{figure / goal:.0%}"
    return "" if share == "100%" else f"（{share}）"


def gap(result: Result) -> str:
    """The distance to the target in words: 目標 13,000，超出 3,300（125%）; 目標超過 100，每篇還差 30 以上; of a sum
    that is behind also what there should be by now: 目標 56，還差 36（至今應有 27.8）; behind 未設目標 what
    :func:`unaimed` says."""
    indicator = BY_KEY[result.key]
    applied = result.applied
    words = target(indicator, applied)
    if applied is None or applied.value is None or result.figure is None:
        return words + unaimed(result)
    low, high = result.figure.bounds
    if applied.due is not None and not applied.whole and result.state != "reached":
        return _part(words, result.figure, applied.due)
    goal, places = applied.value, decimals_of(result)
    each = "每篇" if indicator.rollup == "mean_per_post" else ""
    if result.state == "reached":
        if result.figure.qualifier == "逾" and result.figure.value == goal:
            return f"{words}，{each}已超過"
        if low > goal:
            return f"{words}，{each}超出 {_distance(low - goal, places)}{_times(low, goal)}" if goal else words
        return f"{words}，{each}剛好達到"
    if high < goal:
        rest = _distance(goal - high, places)
        strict = applied.target.comparator == ">" or low < high
        now = "" if applied.due is None else f"（至今應有 {number(applied.due, 1)}）"
        return f"{words}，{each}還差 {rest}{' 以上' if strict and not rest.startswith('不到') else ''}{now}"
    if high == goal and applied.target.comparator == ">":
        return f"{words}，{each}{'上限' if low < high else ''}剛好 {number(goal, places)}，須再多"
    if low == float("-inf"):
        return f"{words}，下限未陳報"
    if low == goal:
        return f"{words}，下限剛好 {number(goal, places)}，須再多"
    return f"{words}，下限還差 {_distance(goal - low, places)}"
