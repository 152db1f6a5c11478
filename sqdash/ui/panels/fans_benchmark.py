"""標竿專頁: public counts of other pages beside ours, compared in growth, each with its source and age."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from sqdash import periods
from sqdash.analysis import benchmark
from sqdash.analysis.benchmark import Compared, Line
from sqdash.fan_view import FanView
from sqdash.figures import DayFigure
from sqdash.ui import blocks, charts, drawn, loads, tables
from sqdash.ui.charts import Chart
from sqdash.ui.frame import Screen
from sqdash.ui.memory import Kept

_HEAD = "標竿專頁"
_MOST = 4
"""Lines of one chart, ours included."""


def side_by_side(screen: Screen, view: FanView, *above: Markup) -> None:
    """Indexed lines where days allow, and the newest figure of every page; below what stands ``above``."""
    if not view.benchmarks:
        none = blocks.line("尚未設定標竿專頁；請到「設定」把要對照的專頁標明為標竿。")
        blocks.draw(*above, blocks.headed(_HEAD, none))
        return
    if view.compared.lines:
        charts.show(_chart(screen), *above)
        blocks.draw(_below(screen))
        return
    why = (
        f"這個期間與本分局專頁共有數據的日子不到 {benchmark.FEWEST} 天，只列人數，不比較成長。"
        if any(page.newest for page in view.benchmarks)
        else "標竿專頁還沒有粉絲數；可在「資料來源」設定擷取，或到「資料登錄與上傳」上傳該專頁的每日數據。"
    )
    blocks.draw(*above, blocks.headed(_HEAD, _newest(view), blocks.line(why, dim=True)))


@drawn.kept
def _below(screen: Screen) -> Markup:
    view = loads.fans(screen.store, screen.state, screen.period)
    return Markup().join((*_notes(view.compared), _newest(view)))


def _newest(view: FanView) -> Markup:
    return tables.table(_rows(view), right=("最近人數",), whole=("截至",), alt="各專頁最近的粉絲人數、日期與來源")


@Kept
def _chart(screen: Screen) -> Chart:
    compared = loads.fans(screen.store, screen.state, screen.period).compared
    shown = compared.lines[:_MOST]
    figure = charts.days_index(
        [(line.label, [(day.isoformat(), value) for day, value in line.points]) for line in shown],
        palette=screen.palette,
    )
    return Chart(
        figure,
        finding=_finding(compared),
        name="與標竿比較",
        rows=lambda: [_grown(line) for line in compared.lines],
        right=("指數", "成長"),
        key="fans_benchmark",
        section=_HEAD,
    )


def _grown(line: Line) -> dict[str, str]:
    return {
        "專頁": line.label,
        "指數": f"{100 + line.growth:,.1f}",
        "成長": f"{line.growth:+.1f}%".replace("-", "−"),
    }


def _notes(compared: Compared) -> Iterator[Markup]:
    left_out = max(0, len(compared.lines) - _MOST)
    more = f"另有 {left_out} 個專頁只列在「看數字」。" if left_out else ""
    yield blocks.line(f"各專頁規模不同，只比成長：以共同有數據的第一天為 100。{more}", dim=True)
    if compared.left_out:
        names = "、".join(f"「{name}」" for name in compared.left_out)
        yield blocks.line(f"{names}與其他專頁共有數據的日子不到 {benchmark.FEWEST} 天，不列入比較。", dim=True)


def _finding(compared: Compared) -> str:
    """Growth of our page and of the others between the common days."""
    first, last = compared.first, compared.last
    span = f"{periods.roc_day(first)} 到 {periods.roc_day(last)}" if first and last else ""
    grown = "，".join(f"{line.label}{_growth(line.growth)}" for line in compared.lines[:_MOST])
    return f"{span}，{grown}"


def _growth(percent: float) -> str:
    return f"成長 {percent:.1f}%" if percent >= 0 else f"減少 {-percent:.1f}%"


def _rows(view: FanView) -> list[dict[str, str]]:
    pages: list[tuple[str, DayFigure | None, str]] = []
    if view.days:
        pages = [(f"{view.label}（本分局）", view.days[-1], "")]
    pages += [(page.label, page.newest, page.note or "") for page in view.benchmarks]
    return [
        {
            "專頁": f"{label}（{note}）" if note else label,
            "最近人數": f"{figure.value:,} 人" if figure else "未取得",
            "截至": _as_of(figure, view),
            "來源": figure.origin if figure else "",
        }
        for label, figure, note in pages
    ]


def _as_of(figure: DayFigure | None, view: FanView) -> str:
    """The figure's day and its age on the day judged."""
    if figure is None:
        return ""
    age = (view.until - figure.day).days
    return periods.roc_day(figure.day) + (f"（{age:,} 天前）" if age > 0 else "")
