"""Rows about one post each: what the ids of the whole file decide, however it is cut into chunks."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from sqdash.errors import DataError, Unanswered
from sqdash.importers.base import Answers, Task
from sqdash.importers.post_rows import PostReader
from tests.importers.reading import EXPORTED, KNOWN, PAGE, Read, read_file

ANSWERS = Answers(observed_at=EXPORTED)
HEAD = "Post ID,Page ID,Publish time,Permalink,Reactions"
LONG_PAGE = "1000640000000010"


def post(number: int, text: str, page: str = PAGE) -> str:
    return f"{text},{page},09/30/2025 {number // 60 % 24:02d}:{number % 60:02d},https://www.facebook.com/p/{number},5"


def read(ids: Sequence[str], page: str = PAGE, answers: Answers = ANSWERS) -> Read:
    return read_file("a.csv", "\n".join([HEAD, *(post(n, text, page) for n, text in enumerate(ids, 2))]), answers)


def keys(ids: Sequence[str]) -> dict[int, str]:
    """What each row is stored under, by its number in the file."""
    found = read(ids)
    assert found.refused == []
    assert found.column("posts", "post_id") == found.column("snapshots", "post_id")
    stored = dict(sorted(zip(found.column("posts", "row"), found.column("posts", "post_id"), strict=True)))
    assert sorted(found.findings.lost_ids) == [n for n, key in stored.items() if key == f"lost:{n}"]
    return stored


def intact(count: int, digits: int = 16) -> list[str]:
    return [str(10 ** (digits - 1) + n * 10 + 7) for n in range(count)]


def shown(count: int) -> list[str]:
    """Ids of 16 digits as Excel leaves them."""
    return [f"{10**14 + 10 * n + 7}0" for n in range(count)]


def told(ids: Sequence[str]) -> list[str]:
    """The warnings about ids."""
    return [text for text in read(ids).findings.warnings if "第 16 位" in text]


# --- what is a key


def test_one_row_whose_id_may_be_damaged_is_taken_and_told() -> None:
    assert keys(["1221000000123410"]) == {2: f"{PAGE}_1221000000123410"}
    assert told(["1221000000123410"]) == [
        "「Post ID」第 2 列的編號（例如「1221000000123410」）從第 16 位起都是 0，可能被 Excel 改過，"
        "請與 Meta 上的編號核對，不符就從 Meta 重新匯出。"
    ]


def test_one_row_whose_id_is_surely_damaged_is_lost() -> None:
    assert keys(["122100000012341000"]) == {2: "lost:2"}
    assert keys(["122100000000000128.0"]) == {2: "lost:2"}
    assert told(["122100000012341000"]) == []


def test_two_rows() -> None:
    assert keys(shown(2)) == {2: f"{PAGE}_{shown(1)[0]}", 3: f"{PAGE}_{shown(2)[1]}"}
    assert told(shown(2))[0].startswith("「Post ID」第 2、3 列的編號")
    assert keys(["12210000001234100", "12210000001234200"]) == {2: "lost:2", 3: "lost:3"}


def test_twelve_rows() -> None:
    assert keys(shown(12)) == {n: f"lost:{n}" for n in range(2, 14)}
    mixed = [*intact(6), *shown(6)]
    assert keys(mixed) == {n: f"{PAGE}_{text}" if n < 8 else f"lost:{n}" for n, text in enumerate(mixed, 2)}
    chance = [*intact(11), *shown(1)]
    assert keys(chance) == {n: f"{PAGE}_{text}" for n, text in enumerate(chance, 2)}
    assert told(chance) == []


def test_trap_five_thousand_healthy_rows_of_which_a_tenth_ends_in_zero_are_taken_without_a_word() -> None:
    texts = [str(10**15 + n * 10_000 + n) for n in range(1, 5_001)]
    assert sum(text.endswith("0") for text in texts) == 500
    assert keys(texts) == {n: f"{PAGE}_{text}" for n, text in enumerate(texts, 2)}
    assert told(texts) == []


def test_trap_part_that_excel_saved_in_a_file_of_five_thousand_is_lost_and_one_healthy_id_does_not_save_it() -> None:
    texts = [*intact(1_995), *shown(12), *intact(4_988)[1_995:]]  # over the border of two chunks
    found = keys(texts)
    assert [n for n, key in found.items() if key.startswith("lost:")] == list(range(1_997, 2_009))
    assert len(found) == 5_000
    whole = [*shown(4_999), intact(1)[0]]
    assert [n for n, key in keys(whole).items() if not key.startswith("lost:")] == [5_001]


def test_the_size_of_chunks_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [*intact(3), *shown(5), *intact(6)[3:], *shown(6)[5:], *intact(60, 18)[5:], *shown(20)[8:]]
    whole = keys(texts)
    lost = [*range(5, 10), *range(69, 81)]
    assert whole == {n: f"lost:{n}" if n in lost else f"{PAGE}_{text}" for n, text in enumerate(texts, 2)}
    chunks = Task.chunks
    for size in (1, 2, 7):
        monkeypatch.setattr(Task, "chunks", lambda task, size=size: chunks(task, size))
        assert keys(texts) == whole


def test_float_without_a_loss_is_the_id() -> None:
    assert keys(["101.0"]) == {2: f"{PAGE}_101"}


@pytest.mark.parametrize("rows", [[2, 3, 4], [2, 3, 4, 5]])
def test_rows_of_a_daily_export_are_judged_together(rows: list[int]) -> None:
    ids = shown(len(rows))
    lines = [f"{post(n, text)},09/0{day}/2025" for n, text in zip(rows, ids, strict=True) for day in (1, 2)]
    found = read_file("a.csv", "\n".join([f"{HEAD},Date", *lines]), ANSWERS)
    assert found.format == "meta_daily_posts"
    assert [key.partition(":")[0] for key in found.column("posts", "post_id")] == ["lost"] * len(rows)
    assert found.column("snapshots", "reactions") == [10] * len(rows)


def test_ids_of_the_old_export_that_lost_their_digits_are_refused() -> None:
    head = "Post ID,Permalink,Posted,Lifetime Post Total Reach"
    lines = [f"{PAGE}_{text},x,11/22/2014 01:05:09 AM,1" for text in shown(3)]
    found = read_file("a.csv", "\n".join([head, *lines]), ANSWERS)
    assert [cell[:2] for cell in found.refused] == [("damaged_id", 2), ("damaged_id", 3), ("damaged_id", 4)]


# --- pages


def test_page_that_went_through_excel_with_its_posts_is_asked() -> None:
    with pytest.raises(Unanswered) as caught:
        read(shown(3), LONG_PAGE)
    (question,) = caught.value.questions
    assert (question.option, question.choices) == ("page", ((PAGE, "臺南分局"),))
    assert question.text == f"檔案裡的專頁編號「{LONG_PAGE}」已被 Excel 改壞，這是哪一個專頁的貼文"


def test_page_that_a_person_names_takes_the_place_of_what_excel_made_of_it() -> None:
    found = read(shown(3), LONG_PAGE, ANSWERS._replace(page="1000640000000017"))
    assert set(found.column("posts", "page_id")) == {"1000640000000017"}
    assert list(found.findings.lost_ids) == [2, 3, 4]


def test_another_page_than_the_damaged_one_is_refused() -> None:
    sentence = f"a.csv 的專頁編號「{LONG_PAGE}」已被 Excel 改壞，也不是指定的專頁「{PAGE}」，請從 Meta 重新匯出。"
    with pytest.raises(DataError) as caught:
        read(shown(3), LONG_PAGE, ANSWERS._replace(page=PAGE))
    assert str(caught.value) == sentence


def test_page_that_ends_in_zero_among_healthy_posts_is_that_page() -> None:
    found = read(intact(12), LONG_PAGE)
    assert set(found.column("posts", "page_id")) == {LONG_PAGE}
    assert [text for text in found.findings.warnings if "第 16 位" in text] == []


def test_page_that_ends_in_zero_with_nothing_to_compare_is_told_unless_it_is_known() -> None:
    short = ["101", "102"]
    assert [text for text in read(short, LONG_PAGE).findings.warnings if "第 16 位" in text] == [
        f"「Page ID」編號「{LONG_PAGE}」從第 16 位起都是 0，可能被 Excel 改過，"
        "請與 Meta 上的編號核對，不符就從 Meta 重新匯出。"
    ]
    known = KNOWN._replace(pages={LONG_PAGE: "臺南分局"})
    text = "\n".join([HEAD, *(post(n, text, LONG_PAGE) for n, text in enumerate(short, 2))])
    warnings = read_file("a.csv", text, ANSWERS, known).findings.warnings
    assert [text for text in warnings if "第 16 位" in text] == []


# --- memory


@pytest.mark.parametrize(
    ("ids", "most"),
    [(shown(5_000), 0), (intact(5_000), 0), ([str(10**15 + n * 10_000 + n) for n in range(1, 5_001)], 500)],
    ids=["all damaged", "none ends in zero", "a tenth ends in zero"],
)
def test_few_rows_wait_for_the_end_of_the_file(ids: list[str], most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting: list[int] = []
    monkeypatch.setattr(PostReader, "_say_doubtful", lambda _, held: waiting.append(len(held)))
    read(ids)
    assert waiting == [most]
