"""Ids, and how to tell those that Excel damaged: by themselves, or by what the ids of the whole file show."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sqdash.importers.ids import Ids, cleaned, cut, doubt, is_damaged, is_post_number

INTACT = "122100000000000123"


def met(*texts: str, chunk: int = 2_000) -> Ids:
    """The ids of a whole file, met a chunk at a time."""
    ids = Ids()
    for start in range(0, len(texts), chunk):
        ids.meet(texts[start : start + chunk])
    ids.close()
    return ids


def verdicts(texts: Sequence[str], chunk: int = 2_000) -> str:
    """What becomes of each id: x damaged, ? doubtful, . a key."""
    ids = met(*texts, chunk=chunk)
    return "".join("x" if ids.is_damaged(text) else "?" if ids.is_doubtful(text) else "." for text in texts)


def intact(count: int, digits: int = 16) -> list[str]:
    """Different ids, none of which ends in zero."""
    return [str(10 ** (digits - 1) + n * 10 + 7) for n in range(count)]


def saved(texts: Iterable[str]) -> list[str]:
    """What Excel makes of them."""
    return [cut(text) for text in texts]


def shown(count: int, digits: int = 16) -> list[str]:
    """Different ids as Excel leaves them."""
    return [f"{10**14 + 10 * n + 7}" + "0" * (digits - 15) for n in range(count)]


# --- what an id is


@pytest.mark.parametrize("text", ["1", INTACT, f"100064000000001_{INTACT}"])
def test_digits_and_a_pair_of_them_are_ids(text: str) -> None:
    assert is_post_number(text)


@pytest.mark.parametrize("text", ["", "1.2E+17", "12a", "_1", "1_", "1_2_3", "１２", "①", "-1", "pfbid02", "1" * 21])
def test_anything_else_is_none(text: str) -> None:
    assert not is_post_number(text)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (INTACT, INTACT),
        (f" '{INTACT}", INTACT),
        (f'="{INTACT}"', INTACT),
        ("１０１", "101"),
        ("100064000000001.0", "100064000000001"),
        ("101.00", "101"),
        ("1600600000000123.0", "1600600000000123.0"),
        ("101.5", "101.5"),
        ("", ""),
    ],
)
def test_an_id_is_freed_of_what_programs_put_around_it(text: str, plain: str) -> None:
    assert cleaned(text) == plain


def test_excel_keeps_fifteen_digits() -> None:
    assert cut(INTACT) == "122100000000000000"
    assert cut("100064000000001") == "100064000000001"


# --- what one id shows by itself


@pytest.mark.parametrize(
    "text",
    [
        "1.16883E+15",
        "1E+17",
        "1.60060000000000E+15",
        "1600600000000000",
        "122100000000000000",
        "122100000000000128.0",
        "1600600000000123.0",
        "1_122100000000000000",
        "1.00064E+14_101",
    ],
)
def test_trap_excel_s_forms_of_a_long_number_are_damaged_ids(text: str) -> None:
    assert is_damaged(text)
    assert Ids().is_damaged(text)


@pytest.mark.parametrize("text", ["100000000000000", "10", "", "1600600000100000", INTACT, "1" + "0" * 20, "9" * 5_000])
def test_short_ids_and_five_zeros_show_nothing_by_themselves(text: str) -> None:
    assert not is_damaged(text)


# --- what the whole file shows


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["1221000000123410"], "?"),  # one row: a tenth of all ids
        (["12210000001234100"], "?"),  # a hundredth
        (["122100000012341000"], "x"),  # a thousandth
        (["1221000000123411"], "."),
        (["1221000000123410", "1221000000123420"], "??"),  # two rows: a hundredth of all pairs
        (["1221000000123410", "1221000000123421"], "?."),
        (["12210000001234100", "12210000001234200"], "xx"),
        (["122100000012341000", "122100000012342001"], "?."),
        (["1221000000123410", "1221000000123420", "1221000000123430"], "xxx"),
        (["1221000000123410", "1221000000123421", "1221000000123431"], "..."),
    ],
)
def test_one_to_three_rows(texts: list[str], expected: str) -> None:
    assert verdicts(texts) == expected


def test_twelve_rows() -> None:
    assert verdicts(shown(12)) == "x" * 12
    assert verdicts(intact(12)) == "." * 12
    assert verdicts([*intact(11), *shown(1)]) == "." * 12  # more often than not there is one
    assert verdicts([*intact(8), *shown(4)]) == "." * 8 + "xxxx"
    assert verdicts([*intact(9), *shown(3)]) == "." * 9 + "???"
    assert verdicts([*intact(9)[::3], *shown(1), *intact(8)[1:], *shown(2)[1:]]) == "." * 12
    assert verdicts([*intact(11, 18), *shown(1, 18)]) == "." * 11 + "?"
    assert verdicts([*intact(10, 18), *shown(2, 18)]) == "." * 10 + "xx"


@pytest.mark.parametrize("digits", [16, 17, 18])
def test_five_thousand_rows(digits: int) -> None:
    texts = intact(5_000, digits)
    assert verdicts(saved(texts[::10])) == "x" * 500
    assert verdicts(texts) == "." * 5_000


@pytest.mark.parametrize(("count", "digits"), [(500, 16), (5_000, 16), (5_000, 17), (5_000, 18)])
def test_trap_a_healthy_file_in_which_some_ids_end_in_zeros_by_chance_is_taken(count: int, digits: int) -> None:
    share = 10 ** (digits - 15)
    texts = [str(10 ** (digits - 1) + n * 10_000 + n) for n in range(1, count + 1)]
    assert sum(text[15:] == "0" * (digits - 15) for text in texts) == count // share
    assert verdicts(texts) == "." * count


def test_trap_a_part_that_excel_saved_among_healthy_ids_is_told_apart() -> None:
    texts = [*intact(2_500), *shown(9), *intact(2_509)[2_500:]]
    assert verdicts(texts) == "." * 2_500 + "x" * 9 + "." * 9
    assert verdicts([*intact(2_500, 18), *shown(3, 18)]) == "." * 2_500 + "xxx"


def test_a_part_too_short_to_be_told_from_chance_is_kept() -> None:
    assert verdicts([*intact(4_997), *shown(3)]) == "." * 5_000
    assert verdicts([*intact(4_994), *shown(6)]) == "." * 4_994 + "?" * 6


def test_damage_that_was_sorted_in_between_shows_by_its_number() -> None:
    assert verdicts([text for pair in zip(intact(12), shown(12), strict=True) for text in pair]) == ".x" * 12
    twice = [*intact(12), *shown(12)]
    mixed = [text for i in range(12) for text in (twice[i], twice[i + 12])][:16]
    assert verdicts(mixed) == ".?" * 8  # more than in nineteen files of twenty, and not enough to refuse them


def test_scattered_damage_in_a_large_file_is_told() -> None:
    texts = intact(5_000)
    texts[::3] = shown(1_667)
    assert set(verdicts(texts)[::3]) == {"x"}
    assert set(verdicts(texts)[1::3]) == {"."}


def test_an_id_in_e_notation_tells_of_those_next_to_it() -> None:
    assert verdicts(["1.221E+15", *shown(1), *intact(100)]) == "xx" + "." * 100
    assert verdicts(["1.221E+15", *intact(100), *shown(1)]) == "x" + "." * 101


def test_ids_of_pages_and_posts_are_judged_together() -> None:
    page, posts = "1000640000000010", ["1221000000123410", "1221000000123420"]
    assert verdicts(posts) == "??"
    assert verdicts([page, *posts]) == "xxx"
    assert verdicts(["1000640000000011", posts[0]]) == ".?"


def test_an_id_counts_once_however_often_it_comes() -> None:
    assert verdicts(["1221000000123410"] * 28) == "?" * 28
    assert verdicts([*intact(1), "1221000000123410"] * 28) == ".?" * 28


def test_ids_of_fifteen_digits_and_cells_that_are_none_tell_nothing() -> None:
    assert verdicts(["100064000000000", *shown(2), "", "x", *shown(3)[2:]]) == ".xx..x"


def test_of_a_pair_the_post_tells() -> None:
    assert verdicts([f"1_{text}" for text in shown(3)]) == "xxx"
    assert verdicts([f"1_{text}" for text in shown(1)]) == "?"


def test_what_is_open_until_the_file_ends() -> None:
    ids = Ids()
    ids.meet(shown(8))
    assert [ids.is_open(text) for text in [*shown(8), INTACT, "1E+17"]] == [True] * 8 + [False] * 2
    assert not ids.is_damaged(shown(1)[0])
    ids.meet(shown(9))
    assert not ids.is_open(shown(1)[0])
    assert ids.is_damaged(shown(1)[0])
    assert ids.is_cut(shown(1)[0])
    assert not ids.is_cut("1E+17")
    ids.meet([*intact(3), *shown(10)])
    assert ids.is_open(shown(10)[-1])
    ids.close()
    assert not ids.is_open(shown(10)[-1])


def test_memory_does_not_grow_with_intact_ids() -> None:
    ids = Ids()
    ids.meet(intact(5_000, 18))
    assert len(ids._stretches) == 0
    assert len(ids._seen) == 2_097_143


NUMBERS = st.integers(10**15, 10**18 - 1).map(str)


@given(st.lists(NUMBERS | NUMBERS.map(cut), max_size=40), st.integers(1, 7))
@example([*shown(8), *intact(2), *shown(10)[8:]], 3)
def test_the_verdict_does_not_depend_on_the_chunks(texts: list[str], chunk: int) -> None:
    assert verdicts(texts, chunk) == verdicts(texts)


@given(st.lists(NUMBERS | NUMBERS.map(cut), max_size=40), st.integers(1, 7))
def test_what_is_damaged_before_the_end_stays_so(texts: list[str], chunk: int) -> None:
    whole, ids = verdicts(texts), Ids()
    for start in range(0, len(texts), chunk):
        ids.meet(texts[start : start + chunk])
        for text, verdict in zip(texts, whole, strict=True):
            assert verdict == "x" or not ids.is_damaged(text)


@given(st.lists(NUMBERS.filter(lambda text: not text.endswith("0"))))
def test_ids_without_zeros_at_the_end_are_always_keys(texts: list[str]) -> None:
    assert verdicts(texts) == "." * len(texts)


@given(st.lists(NUMBERS, min_size=3, unique_by=lambda text: text[:15]))
def test_three_ids_that_went_through_excel_are_always_told(texts: list[str]) -> None:
    assert verdicts(saved(texts)) == "x" * len(texts)


@given(st.lists(st.text("0123456789E+._ab", max_size=25)))
def test_whatever_stands_in_the_column_has_a_verdict(texts: list[str]) -> None:
    assert set(verdicts(texts)) <= {"x", "?", "."}


def test_of_a_thousand_healthy_files_hardly_any_loses_an_id() -> None:
    chance = random.Random(103)  # noqa: S311 - the same files each time
    files = [[str(chance.randrange(10**15, 10**16)) for _ in range(100)] for _ in range(1_000)]
    verdict = [verdicts(texts) for texts in files]
    assert sum("x" in text for text in verdict) <= 3
    assert sum("?" in text for text in verdict) <= 70


# --- what a person is told


def test_a_doubtful_id_is_told_with_its_rows_and_the_remedy() -> None:
    assert doubt("Post ID", "第 2、9 列", "1221000000123410") == (
        "「Post ID」第 2、9 列的編號（例如「1221000000123410」）從第 16 位起都是 0，可能被 Excel 改過，"
        "請與 Meta 上的編號核對，不符就從 Meta 重新匯出。"
    )
    assert doubt("Page ID", "", "1000640000000010").startswith("「Page ID」編號「1000640000000010」從第 16 位起都是 0")
