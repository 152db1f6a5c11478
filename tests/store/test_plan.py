"""Who leads, and which units there are by which name."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqdash.periods import parse_period
from sqdash.store.queries import plan, series
from tests.making import add, open_copy, row
from tests.store.small_stores import add_numbered

Copy = Callable[[str], Path]


def test_an_indicators_lead_units_are_those_of_its_first_method_as_printed(made: Copy) -> None:
    with closing(open_copy(made("report"))) as connection:
        found = plan.lead_units(connection, 103)
        assert found["fans"] == ("秘書室(研考)", "資訊室", "第一課至第六課", "嘉辦", "斗辦")
        assert found["likes_per_post"] == ("第六課", "秘書室(研考)")
        assert found["training_sessions"] == ("各單位", "人事室")
        assert found["surveys_held"] == ("秘書室(研考)", "第六課", "第四課")
        assert len(found) == 34
        assert plan.lead_units(connection, 110) == found
        assert plan.lead_units(connection, 102) == {}


def test_a_newer_plan_says_who_leads_from_its_year_on(made: Copy) -> None:
    with closing(open_copy(made("report"))) as connection:
        before = plan.lead_units(connection, 103)
        method = {"year": 104, "method": "m"}
        add(connection, "plan_years", row("plan_years", year=104, title="計畫", goal="目標"))
        add(connection, "methods", row("methods", **method, strategy="1.1", number="(1)", label="方法", position=1))
        add(
            connection,
            "method_units",
            row("method_units", **method, position=1, printed="人事室", unit="personnel", role="lead"),
        )
        add(connection, "method_indicators", row("method_indicators", **method, indicator="fans", position=1))
        assert plan.lead_units(connection, 104) == {"fans": ("人事室",)}
        assert plan.lead_units(connection, 103) == before


def test_a_year_without_a_plan_has_none(made: Copy) -> None:
    with closing(open_copy(made("report"))) as connection:
        assert plan.load(connection, 104) is None
        found = plan.load(connection, 103)
        assert found is not None
        assert (len(found.methods), len(found.strategies), len(found.dimensions)) == (48, 7, 3)
        assert [method["position"] for method in found.methods] == list(range(1, 49))


def test_a_collective_holds_the_units_that_are_there_in_the_year(made: Copy) -> None:
    with closing(open_copy(made("report"))) as connection:
        sections = {f"section-{number}" for number in range(1, 7)}
        assert plan.lead_codes(connection, 104)["phone_tests"] > {"all-units", "douliu"}
        ending = {"label": "第六課", "kind": "unit", "implementing": 1, "position": 6, "valid_to": "2014-06-30"}
        add(connection, "units", row("units", unit="section-6", **ending))
        found = plan.load(connection, 103)
        assert found is not None
        assert found.members["sections-1-6"] == sections
        assert "section-6" in plan.lead_codes(connection, 103)["phone_tests"]
        assert "section-6" not in plan.lead_codes(connection, 104)["phone_tests"]


def test_explanations_are_those_of_exactly_the_period(made: Copy) -> None:
    with closing(open_copy(made("report"))) as connection:
        found = plan.explanations(connection, "2014-01-01", "2014-12-31")
        assert {key: len(texts) for key, texts in found.items()} == {
            ("likes_per_post", "reason"): 3,
            ("reach_per_post", "reason"): 1,
        }
        assert plan.explanations(connection, "2014-01-01", "2014-06-30") == {}


def test_unit_names_are_those_in_use_in_the_offices_order(made: Copy) -> None:
    with closing(open_copy(made("report"))) as connection:
        closed = row(
            "units", unit="old", valid_to="2013-12-31", label="舊單位", kind="unit", implementing=1, position=0
        )
        add(connection, "units", closed)
        names = plan.unit_names(connection, "2026-01-01")
        assert (len(names), list(names)[:2], names["chiayi"]) == (19, ["section-1", "section-2"], "嘉義辦事處")
        assert "舊單位" not in plan.implementing_units(connection, "2026-01-01")
        assert "old" not in names
        assert plan.units_called(connection, "2026-01-01")["old"] == "舊單位"


def test_a_unit_with_a_new_name_goes_by_it_from_its_first_day_though_the_old_row_has_no_end(made: Copy) -> None:
    with closing(open_copy(made("report"))) as connection:
        named = {"unit": "section-6", "kind": "unit", "implementing": 1, "position": 6}
        add(connection, "units", row("units", valid_from="2015-07-01", label="服務課", **named))
        training = {"kind": "training", "unit": "section-6", "sessions": 1}
        add_numbered(
            connection,
            "activities",
            "activity_id",
            {**training, "held_on": "2015-06-30", "title": "甲", "attendees": 10},
            {**training, "held_on": "2015-07-01", "title": "乙", "attendees": 20},
        )
        year = parse_period("104")
        names = [plan.unit_names(connection, day)["section-6"] for day in ("2015-06-30", "2015-07-01")]
        assert names == ["第六課", "服務課"]
        assert plan.units_called(connection, "2015-06-30")["section-6"] == "第六課"
        implementing = plan.implementing_units(connection, "2015-12-31")
        assert (len(implementing), implementing.count("服務課"), "第六課" in implementing) == (12, 1, False)
        assert sorted(series.activities_by_unit(connection, year), key=lambda found: found[3] or 0) == [
            ("第六課", "training", 1, 10),
            ("服務課", "training", 1, 20),
        ]
        found = [(one["title"], one["unit"]) for one in series.activities(connection, year, ["training"], 9)]
        assert found == [("乙", "服務課"), ("甲", "第六課")]
