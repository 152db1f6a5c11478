"""Calendar files as RFC 5545 has them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from sqdash import ics
from sqdash.contributions import Contribution
from sqdash.ics import Event

STAMP = datetime(2014, 7, 1, 1, 2, 3, tzinfo=UTC)


def test_a_calendar_is_written_exactly_so() -> None:
    made = ics.calendar("供稿輪值", [Event("a@rota.sqdash", date(2014, 7, 5), "供稿", "一\n二")], STAMP)
    assert made.decode() == (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//sqdash//rota//ZH-TW\r\nCALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\n"
        "X-WR-CALNAME:供稿輪值\r\nBEGIN:VEVENT\r\nUID:a@rota.sqdash\r\nDTSTAMP:20140701T010203Z\r\n"
        "DTSTART;VALUE=DATE:20140705\r\nSUMMARY:供稿\r\nDESCRIPTION:一\\n二\r\nTRANSP:TRANSPARENT\r\nEND:VEVENT\r\n"
        "END:VCALENDAR\r\n"
    )


def test_marks_of_the_format_are_escaped_and_no_line_can_be_slipped_in() -> None:
    made = ics.calendar("x", [Event("a", date(2014, 7, 5), "a;b,c\\d\r\nEND:VEVENT\x07")], STAMP)
    assert b"SUMMARY:a\\;b\\,c\\\\d\\nEND:VEVENT\r\n" in made


@given(st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=200))
def test_no_line_is_longer_than_75_octets_and_unfolding_gives_the_text_back(text: str) -> None:
    made = ics.calendar("x", [Event("a", date(2014, 7, 5), text)], STAMP)
    lines = made.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    assert f"\r\nSUMMARY:{escaped}\r\n".encode() in made.replace(b"\r\n ", b"")


def test_a_slot_of_the_rota_is_a_day_with_a_lasting_name() -> None:
    slot = Contribution("2014-07-05-section-1-x", date(2014, 7, 5), "section-1", "submitted", "標識", "FB 工作小組")
    assert list(ics.of_rota([slot], {"section-1": "第一課"})) == [
        Event(
            "2014-07-05-section-1-x@rota.sqdash",
            date(2014, 7, 5),
            "供稿：第一課　標識",
            "狀態：已供稿\n承辦角色：FB 工作小組",
        )
    ]
