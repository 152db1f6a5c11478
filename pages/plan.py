"""計畫與成果: the results as reported, then writing, review, completeness, printing and the years."""

import streamlit as st

from sqdash.ui import below, forms, frame, loads
from sqdash.ui.panels import plan, plan_check, plan_opening, plan_print, plan_review, plan_write, plan_years

screen = frame.start("plan")
forms.said()
year = screen.period.roc_year
if year not in loads.planned_years(screen.store, screen.state):
    plan_opening.absent(screen)
    plan_opening.opening(screen)
    plan.around(screen)
else:
    tabs = dict(zip(plan.TABS, st.tabs(plan.TABS, key="plan_tab", bind="query-params"), strict=True))
    for name, draw in (
        ("成果", plan.results),
        ("撰寫", plan_write.draw),
        ("審核", plan_review.draw),
        ("完整性", plan_check.draw),
        ("列印", plan_print.draw),
        ("年度", plan_years.draw),
    ):
        with tabs[name]:
            if tabs[name].open:
                if of_year := draw is not plan_print.draw:
                    plan_years.of_the_year(screen)
                draw(screen)
                if of_year:
                    screen = plan_years.whole_year(screen)  # sources and file are of the figures above them
below.draw(screen, list(screen.board.results))
