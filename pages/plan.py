"""計畫與成果: dimension → strategy → method, each with its units, result and indicators."""

from sqdash import periods
from sqdash.ui import frame, loads
from sqdash.ui.panels import plan

screen = frame.start("plan")
year = screen.period.roc_year
if not loads.rows_of_year(screen.store, screen.state, "plan_years", year):
    frame.nothing_yet(f" {year} 年度的計畫")
else:
    tree = loads.report(screen.store, screen.state, year, periods.today())
    plan.head(tree)
    unit, state = plan.filters(screen, tree)
    plan.dimensions(tree, unit, state)
plan.around(screen)
frame.sources(screen, list(screen.board.results))
