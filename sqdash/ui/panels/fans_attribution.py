"""活動帶動: what the days say that each fan event brought, beside what people reported."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from sqdash import formats, periods
from sqdash.analysis import attribution
from sqdash.analysis.attribution import Attribution
from sqdash.fan_view import FanView
from sqdash.ui import blocks, cards, drawn, loads, tables
from sqdash.ui.frame import Screen

_REPORTED = ("fans_gained_events", "fans_gained_promotion")


@drawn.kept
def activities(screen: Screen) -> Markup:
    """The estimates of the period's events with the reported figures beside them."""
    view = loads.fans(screen.store, screen.state, screen.period)
    reported = [
        line
        for key in _REPORTED
        for line in (
            blocks.line(f"陳報：{cards.label(key)}", dim=True),
            blocks.line(blocks.strong(formats.figure_with_unit(screen.result(key)))),
        )
    ]
    note = "每日數據的估算與陳報值算法不同，只並列對照，不相加，也不互相取代；推廣小組沒有起迄日，無從估算。"
    worked = blocks.stacked(*_estimates(view))
    beside = blocks.beside(worked, blocks.box(*reported), widths="3-1")
    return blocks.headed("活動帶動", beside, blocks.line(note, dim=True))


def _estimates(view: FanView) -> Iterator[Markup]:
    if not view.attributions:
        yield blocks.line("這個期間沒有登錄粉絲活動；在「資料登錄與上傳」登錄活動日期後，就能對照每日粉絲數估算。")
        return
    if not view.days:
        titles = "、".join(f"{a.title}（{periods.roc_day(a.first)}）" for a in view.activities)
        yield blocks.line(f"沒有每日粉絲數，無從估算活動帶動的人數；登錄的活動有：{titles}。")
        return
    yield blocks.line("單位：人；括號內是估計的範圍。", dim=True)
    noted = any(_notes(found) for found in view.attributions)  # a telephone has no room for an empty column
    rows = [_row(number, found, noted=noted) for number, found in enumerate(view.attributions, 1)]
    yield tables.table(rows, right=("淨增", "平常", "估計帶動"), alt="各粉絲活動的淨增、平常人數與估計帶動人數")
    together = attribution.together(view.attributions)
    if together is not None and len(view.attributions) > 1:
        people = blocks.strong(f"{formats.number(together)} 人")
        yield blocks.line(f"{len(view.attributions)} 場活動合計估計帶動約 ", people, "。")
    yield blocks.notes("怎麼算的", METHOD)


METHOD = (
    f"淨增：活動前一天到活動後第 {attribution.AFTER} 天的粉絲增減（單日活動共 {attribution.AFTER + 1} 天，含退讚）。",
    f"平常：活動前 {attribution.BASELINE} 天每日淨增的中位數 × 天數；其他活動的期間不算在內。",
    "估計帶動：淨增減平常。括號內是範圍：平常改用同樣長度各段淨增的 10% 與 90% 分位數。",
    f"前 {attribution.BASELINE} 天內可用的日子不到 {attribution.FEWEST_DAYS} 天、缺前一天或最後一天的數據、"
    "期間內來源改變或期間未結束，就不估算。",
    "與其他活動的期間重疊時只標明，不拆分，也不合計；估計值是前後比較，不能證明因果。",
)


def _row(number: int, found: Attribution, *, noted: bool) -> dict[str, str]:
    row = {
        "活動": f"{number} {found.activity.title}（{periods.roc_day(found.activity.first)}）",
        "淨增": "" if found.gain is None else _people(found.gain),
        "平常": "" if found.usual is None else _people(found.usual),
        "估計帶動": _estimate(found),
    }
    return row | {"備註": "；".join(_notes(found))} if noted else row


def _people(value: float) -> str:
    return formats.number(round(value)).replace("-", "−")


def _estimate(found: Attribution) -> str:
    if found.estimate is None or found.low is None or found.high is None:
        return "不估算"
    return f"{_people(found.estimate)}（{_people(found.low)} 至 {_people(found.high)}）"


def _notes(found: Attribution) -> list[str]:
    end = periods.roc_day(found.window.end)
    why = {
        None: "",
        "unfinished": f"{end} 結束後才能估算",
        "no_days": "缺活動前一天或最後一天的數據",
        "break": "期間內數據來源改變",
        "few_days": f"活動前可用的日子太少（{found.n} 天）",
    }[found.reason]
    overlap = f"與「{'」「'.join(found.overlaps)}」期間重疊，未拆分" if found.overlaps else ""
    return [part for part in (why, overlap) if part]
