"""What is missing before a report is printed, made by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from sqdash import periods
from sqdash.analysis import attention, completeness, results
from sqdash.analysis.completeness import Finding, Written
from sqdash.figures import Evidence, Interval, Reading, Source, Target

YEAR = periods.year_period(103)
AFTER = date(2015, 2, 1)
FROM = Source(1, "手做.csv")
LEADS = {"fans": (("第六課",), frozenset({"section-6"}))}
NOBODY: frozenset[str] = frozenset()


def reading(key: str, value: float) -> Reading:
    return Reading(key, YEAR.start, YEAR.end, "result", Interval(value), "reported", None, None, None, FROM)


def target(key: str, value: float) -> Target:
    return Target(key, "target", 1, YEAR.start, YEAR.end, ">=", value, None, None, None, None, FROM)


def check(
    *methods: Written,
    evidence: Evidence | None = None,
    reasons: dict[str, tuple[str, ...]] | None = None,
    changed: dict[str, tuple[int, int]] | None = None,
    facts: dict[str, str] | None = None,
) -> completeness.Completeness:
    worked = results.work_out_all(YEAR, evidence or Evidence(), AFTER)
    noticed = attention.items(worked, {}, {}, {}, YEAR, AFTER)
    return completeness.check(103, methods, worked, reasons or {}, {}, noticed, changed or {}, LEADS, facts=facts or {})


def method(*texts: tuple[str, int, int, frozenset[str]], filled: bool = True) -> Written:
    return Written("1.1", "1.1 設置櫃檯", ("第六課",), frozenset({"section-6"}), filled, texts)


def test_nothing_missing_is_complete() -> None:
    found = check(method())
    assert found == completeness.Completeness(103, 1, 1, ())
    assert found.complete


def test_a_method_without_a_text_is_named_with_its_unit_and_the_text_to_write() -> None:
    found = check(method(filled=False), method())
    assert (found.methods, found.filled) == (2, 1)
    assert found.findings == (
        Finding("no_text", "1.1 設置櫃檯", ("第六課",), frozenset({"section-6"}), "plan", owner="1.1", number=1),
    )


def test_a_text_that_nothing_can_hold_is_named() -> None:
    worked = results.work_out_all(YEAR, Evidence(), AFTER)
    found = completeness.check(103, [], worked, {}, {}, [], {}, LEADS, [("9.9", 2)])
    told = "「9.9」的第 2 段文字：計畫裡沒有這個方法或策略，請補上計畫，或還原帶入這段文字的批次"
    assert found.findings == (Finding("unheld", told, (), frozenset(), "plan"),)
    assert (found.counts["unheld"], found.complete) == (1, False)


def test_a_missed_target_asks_for_a_reason_and_a_next_step() -> None:
    evidence = Evidence({"fans": (reading("fans", 90),)}, {"fans": (target("fans", 100),)})
    told = "粉絲人數未達（目標 100，還差 10）"
    assert [(one.kind, one.text, one.units) for one in check(evidence=evidence).findings] == [
        ("no_reason", told, ("第六課",)),
        ("no_next_step", told, ("第六課",)),
    ]
    assert check(evidence=evidence, reasons={"fans": ("人手不足。",)}).counts["no_reason"] == 0


def test_a_figure_that_was_not_stated_is_entered_on_the_upload_screen() -> None:
    evidence = Evidence(targets={"six_s_audits": (target("six_s_audits", 6),)}, report_years=frozenset({103}))
    found = [one for one in check(evidence=evidence).findings if one.key == "six_s_audits"]
    assert [(one.kind, one.text, one.page) for one in found] == [("unstated", "6S 稽核：103 年未陳報", "upload")]


@pytest.mark.parametrize(
    ("first", "newest", "outdated"),
    [
        (3, 9, True),  # there when the text was written, changed after
        (7, 9, False),  # came after the text, which shows it by itself
        (3, 5, False),  # changed before the text was written
        (3, 3, False),
    ],
)
def test_a_text_is_outdated_when_a_figure_it_showed_changed_after(first: int, newest: int, outdated: bool) -> None:
    text = ("1.1", 1, 5, frozenset({"seminars"}))
    found = check(method(text), changed={"seminars": (first, newest), "fans": (1, 9)}).findings
    wanted = "1.1 設置櫃檯：座談、說明、研討會的數字在文字寫好後有變更"
    assert [one.text for one in found] == ([wanted] if outdated else [])


def test_a_text_is_outdated_when_a_fact_it_showed_changed_after() -> None:
    text = ("1.1", 1, 5, frozenset({"seminars", "prizes"}))
    facts, changed = {"prizes": "獎盃座數", "others": "別的數字"}, {"prizes": (3, 9), "others": (3, 9)}
    (found,) = check(method(text), changed=changed, facts=facts).findings
    assert (found.kind, found.text, found.key) == ("outdated", "1.1 設置櫃檯：獎盃座數的數字在文字寫好後有變更", None)
    (found,) = check(method(text), changed=changed | {"seminars": (3, 9)}, facts=facts).findings
    assert (found.text, found.key) == (
        "1.1 設置櫃檯：獎盃座數、座談、說明、研討會的數字在文字寫好後有變更",
        "seminars",
    )
    assert not check(method(text), changed={"prizes": (3, 5)}, facts=facts).findings


def test_a_text_that_two_methods_rest_on_is_outdated_once() -> None:
    text = ("1", 2, 5, frozenset({"seminars"}))
    found = check(method(text), method(text), changed={"seminars": (1, 9)}).findings
    assert [(one.owner, one.number) for one in found] == [("1", 2)]


def test_a_text_that_would_print_an_error_is_named_once() -> None:
    one = replace(method(), unbound=(("1.1", 1, "「{gone_fact}」不是任何指標或數字的代碼"),))
    assert check(one, one).findings == (
        Finding(
            "unbound",
            "1.1 設置櫃檯：文字裡的「{gone_fact}」不是任何指標或數字的代碼",
            ("第六課",),
            frozenset({"section-6"}),
            "plan",
            owner="1.1",
            number=1,
        ),
    )


def test_a_text_whose_figures_are_not_there_yet_is_named_once() -> None:
    one = replace(method(), gaps=(("1.1", 1, ("每篇平均按讚", "粉絲人數（去年）")),))
    assert check(one, one).findings == (
        Finding(
            "gap",
            "1.1 設置櫃檯：文字引用的「每篇平均按讚」、「粉絲人數（去年）」沒有數字，會印成「未陳報」等字",
            ("第六課",),
            frozenset({"section-6"}),
            "plan",
            owner="1.1",
            number=1,
        ),
    )
