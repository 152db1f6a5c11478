"""資料來源: how new each source is, what Meta does not give, the last pulls, gaps, and connecting a page."""

from sqdash.ui import below, folds, forms, frame
from sqdash.ui.panels import sources, sources_tabs

PANELS = {
    "現況": sources_tabs.now,
    "擷取紀錄": sources_tabs.runs,
    "缺漏與差異": sources_tabs.days,
    "專頁與權杖": sources_tabs.connection,
}

screen = frame.start("sources")
forms.said()
source = sources.choose(screen)
sources_tabs.head(screen, source)
folds.tabs(PANELS, "sources_tab", screen, source)
below.draw(screen)
