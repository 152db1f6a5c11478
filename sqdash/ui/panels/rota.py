"""The rota on screen: one month as weeks, the list, timeliness and results by unit, the calendar file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Literal

import streamlit as st
from markupsafe import Markup

from sqdash import formats, ics, periods
from sqdash.analysis import rota
from sqdash.contributions import STATE_WORDS, Contribution
from sqdash.periods import Period
from sqdash.ui import blocks, choices, frame, loads, tables
from sqdash.ui.frame import Screen
from sqdash.ui.memory import Kept
from sqdash.ui.palette import BadgeColor
from sqdash.written import Written

_LOOK: dict[str, tuple[str, BadgeColor]] = {
    "planned": ("◔", "gray"),
    "submitted": ("▲", "blue"),
    "first_review": ("▲", "blue"),
    "meeting": ("◑", "blue"),
    "published": ("✔", "green"),
}
_LATE: dict[rota.Lateness, tuple[str, BadgeColor, str]] = {
    "overdue": ("✖", "red", "逾期未供稿"),
    "stuck": ("▼", "orange", "逾時未刊登"),
}
WEEKDAYS = "一二三四五六日"
_WORKDAYS = 5


def state_text(slot: Contribution, today: date) -> str:
    """Icon and word of a slot's state, and what is wrong with its time."""
    late = rota.lateness(slot, today)
    if late == "overdue":
        return f"{_LATE[late][0]} {_LATE[late][2]}"
    text = f"{_LOOK[slot.state][0]} {STATE_WORDS[slot.state]}"
    return f"{text}，{_LATE[late][0]} {_LATE[late][2]}" if late else text


def state_color(slot: Contribution, today: date) -> BadgeColor:
    """The colour that goes with the state's icon and word."""
    late = rota.lateness(slot, today)
    return _LATE[late][1] if late else _LOOK[slot.state][1]


def slots_of(screen: Screen, period: Period) -> list[Contribution]:
    """The slots due in a period."""
    return loads.contributions(screen.store, screen.state, period.code)


def names(screen: Screen) -> dict[str, str]:
    """Code → name of the units up to the period's end, also of those that have ended."""
    return loads.units_called(screen.store, screen.state, screen.period.end.isoformat())


def standing(screen: Screen) -> None:
    """The period in a line, or how to begin where it has no slot."""
    if slots_of(screen, screen.period):
        blocks.draw(_of_period(screen, periods.today()))
        return
    days = loads.contribution_days(screen.store, screen.state)
    if days is None:
        st.info(
            "還沒有供稿輪值。可在「排定一個月」選供稿日與單位，一次排好；"
            "或到「資料登錄與上傳」下載「供稿輪值」範本，填好後上傳。",
            icon=":material/edit_calendar:",
        )
        return
    first, last = (periods.roc_day_of(day) for day in days)
    st.info(f"這個期間沒有供稿；輪值紀錄自 {first} 至 {last}，請改選期間。", icon=":material/inbox:")


def month(screen: Screen) -> None:
    """A month of the period week by week, and the period as a calendar file."""
    if not (slots := slots_of(screen, screen.period)):
        st.caption("沒有供稿可列。")
        return
    blocks.draw(_calendar(screen, _chosen_month(screen), periods.today()))
    _download(screen, slots)


def _chosen_month(screen: Screen) -> Period:
    """The month to look at, of the chosen period: the present one, or the next with a slot where it has none; else the
    last with one."""
    options = list(screen.period.months)
    today = f"{periods.today():%Y-%m}"
    known = [f"{slot.due_on:%Y-%m}" for slot in slots_of(screen, screen.period)]
    ahead = next((month for month in known if month >= today), today)
    index = options.index(ahead if today in options else known[-1] if known else options[-1])
    chosen = st.selectbox(
        "月份",
        options,
        index=index,
        format_func=lambda m: periods.month_period(m).label,
        key=f"rota_month_{screen.period.code}",
        placeholder="請選擇",
        width=160,
    )
    return periods.month_period(chosen)


@Kept
def _of_period(screen: Screen, today: date) -> Markup:
    return _summary(slots_of(screen, screen.period), screen.period, today)


def _summary(slots: Sequence[Contribution], span: Period, today: date) -> Markup:
    """What is due, in, out and behind, in one line."""
    late = [rota.lateness(slot, today) for slot in slots]
    published = sum(slot.state == "published" for slot in slots)
    submitted = sum(slot.state != "planned" for slot in slots)
    parts = [f"排定 {len(slots):,} 篇", f"已供稿 {submitted:,} 篇", f"已刊登 {published:,} 篇"]
    behind = [
        blocks.colored(f"{icon} {word} {late.count(kind):,} 篇　", color)
        for kind, (icon, color, word) in _LATE.items()
        if late.count(kind)
    ]
    head = blocks.line(blocks.strong(span.label), f"　{'、'.join(parts)}")
    return Markup().join((head, *([blocks.line(*behind)] if behind else [])))


@Kept
def _calendar(screen: Screen, span: Period, today: date) -> Markup:
    """The month week by week; on a narrow screen the days with a slot, one below the other."""
    slots, called = slots_of(screen, span), names(screen)
    weekend = any(slot.due_on.weekday() >= _WORKDAYS for slot in slots)
    shown: Literal[5, 7] = 7 if weekend else 5
    weeks = rota.weeks(span)
    drawn = slots_of(screen, periods.span(weeks[0][0], weeks[-1][-1]))  # an empty box would say that nothing is due
    days = [
        (_day(screen, day, here := [slot for slot in drawn if slot.due_on == day], span, today, called), bool(here))
        for week in weeks
        if any(span.contains(day) for day in week[:shown])
        for day in week[:shown]
    ]
    return Markup().join((_summary(slots, span, today), blocks.days(days, shown)))


def _day(
    screen: Screen, day: date, slots: Sequence[Contribution], span: Period, today: date, called: dict[str, str]
) -> Markup:
    number = f"{day.day}" if span.contains(day) else f"{day.month}/{day.day}"
    mark = "・今天" if day == today else ""
    return Markup().join(
        (
            blocks.line(f"{number}（{WEEKDAYS[day.weekday()]}）{mark}", dim=True),
            *(line for slot in slots for line in _on_day(screen, slot, today, called)),
        )
    )


def _on_day(screen: Screen, slot: Contribution, today: date, called: dict[str, str]) -> Iterator[Markup]:
    """Whose slot it is, which opens it; how it stands; what it is."""
    name = called.get(slot.unit, slot.unit)
    within = screen.period if screen.period.contains(slot.due_on) else periods.month_period(f"{slot.due_on:%Y-%m}")
    yield blocks.line(frame.way("editorial", name, period=within.code, slot=slot.contribution_id))
    yield blocks.line(blocks.colored(_short(slot, today), state_color(slot, today)), small=True)
    yield blocks.line(slot.name, small=True)


def _short(slot: Contribution, today: date) -> str:
    """Icon and one word: what is wrong with its time comes before its state."""
    late = rota.lateness(slot, today)
    icon, word = (_LATE[late][0], _LATE[late][2]) if late else (_LOOK[slot.state][0], STATE_WORDS[slot.state])
    return f"{icon} {word}"


def listing(screen: Screen) -> None:
    """The period's slots with filters by unit, role and state."""
    slots, called, today = rota.to_do_first(slots_of(screen, screen.period)), names(screen), periods.today()
    if not slots:
        st.caption("沒有供稿可列。")
        return
    reached = _reached(rota.outcome(slots))
    with st.container(horizontal=True):
        unit = _filter("供稿單位", [slot.unit for slot in slots], "rota_unit", called)
        role = _filter("承辦角色", [slot.role for slot in slots if slot.role], "rota_role", {})
        state = _filter("狀態", [state_text(slot, today) for slot in slots], "rota_state", {})
    chosen = [
        slot
        for slot in slots
        if unit in (None, slot.unit) and role in (None, slot.role) and state in (None, state_text(slot, today))
    ]
    tables.browse(
        [
            {
                "供稿日": periods.roc_day(slot.due_on),
                "單位": called.get(slot.unit, slot.unit),
                "主題": slot.name,
                "狀態": state_text(slot, today),
                "實際供稿日": periods.roc_day(slot.submitted_on) if slot.submitted_on else None,
                "承辦角色": slot.role,
                "刊登日": periods.roc_day(slot.published_on) if slot.published_on else None,
                "按讚": slot.likes,
                **{label: getattr(slot, name) for name, label in reached.items()},
            }
            for slot in chosen
        ],
        alt=f"供稿清單，共 {len(chosen):,} 篇",
        config={name: st.column_config.NumberColumn(name, format="localized") for name in ("按讚", *reached.values())},
    )
    st.caption(f"共 {len(chosen):,} 篇。要推進、退回或取消，請在上方「打開一篇供稿」選取。")


def _filter(label: str, values: Sequence[str], key: str, called: dict[str, str]) -> str | None:
    labels = {value: called.get(value, value) for value in values}
    return choices.optional(label, labels, placeholder="全部", key=key, width=200)


def units(screen: Screen) -> None:
    """Timeliness and results by unit, with the formula."""
    slots, called, today = slots_of(screen, screen.period), names(screen), periods.today()
    if not slots:
        st.caption("沒有供稿可算。")
        return
    groups = [*((called.get(unit, unit), found) for unit, found in rota.by_unit(slots).items()), ("合計", list(slots))]
    blocks.section("準時率")
    tables.show(
        [_time_row(name, rota.timeliness(found, today)) for name, found in groups],
        right=("已到期", "準時", "遲交", "未供稿", "準時率"),
        whole=("單位",),
        alt=f"{screen.period.label}各單位供稿準時率",
    )
    _results(screen, groups)
    whole = rota.timeliness(slots, today)
    unknown = f"另有 {whole.unknown:,} 篇已供稿但未填實際供稿日，不列入準時率。" if whole.unknown else ""
    out = rota.outcome(slots)
    reached = _reached(out)
    only = out.viewers_only if len(reached) > 1 else 0
    newer = f"其中 {only:,} 篇只有瀏覽者人數，定義不同，未併入平均觸及。" if only else ""
    st.caption(
        f"準時率＝供稿日（含）以前供稿的篇數÷供稿日已過的篇數（截至 {periods.roc_day(today)}）；"
        f"合計為總數相除。平均按讚（人）與平均{'、'.join(reached.values())}（人）是已連結貼文最近一次觀測的平均，"
        f"括號內為篇數；{'與'.join(reached.values())}是每篇平均，不跨篇加總。{unknown}{newer}"
        f"逾期未供稿：供稿日已過仍未供稿；逾時未刊登：供稿日後超過 {rota.STUCK_DAYS} 天仍未刊登"
        "（計畫未訂天數，暫以此計）。供稿篇數未訂規律。"
    )


def _results(screen: Screen, groups: Sequence[tuple[str, list[Contribution]]]) -> None:
    """What the posts did, by unit; of no post it is known before one is linked."""
    blocks.section("貼文成效")
    out = rota.outcome(groups[-1][1])
    if not out.linked:
        st.caption(f"已刊登 {out.published:,} 篇，都還沒有連結貼文；在上方「打開一篇供稿」連結之後，這裡會列出成效。")
        return
    means = {"likes": "按讚"} | _reached(out)
    tables.show(
        [_result_row(name, rota.outcome(found), means) for name, found in groups],
        right=("已刊登", *map(_mean_of, means.values())),
        whole=("單位",),
        alt=f"{screen.period.label}各單位供稿的貼文成效",
    )


def _time_row(name: str, time: rota.Timeliness) -> dict[str, str]:
    return {
        "單位": name,
        "已到期": f"{time.due:,}",
        "準時": f"{time.on_time:,}",
        "遲交": f"{time.late:,}",
        "未供稿": f"{time.missing:,}",
        "準時率": "—" if time.rate is None else formats.percent(time.rate),
    }


def _reached(out: rota.Outcome) -> dict[str, str]:
    """How many people saw the posts, in the ways that are known of any: reach of older ones, viewers of newer."""
    known = {"reach": "觸及", "viewers": "瀏覽者"}
    return {name: label for name, label in known.items() if getattr(out, name)} or {"reach": "觸及"}


def _mean_of(label: str) -> str:
    return f"平均{label}（篇數）"


def _result_row(name: str, out: rota.Outcome, means: Mapping[str, str]) -> dict[str, str]:
    found = {_mean_of(label): _mean(getattr(out, measure)) for measure, label in means.items()}
    return {"單位": name, "已刊登": f"{out.published:,}"} | found


def _mean(mean: rota.Mean | None) -> str:
    return "—" if mean is None else Written(f"{mean.value:,.1f}（{mean.n:,}）", mean.value)


def _download(screen: Screen, slots: Sequence[Contribution]) -> None:
    """The period's slots as a calendar file, made once somebody asks for it."""
    called = names(screen)
    st.download_button(
        "下載行事曆檔（可匯入手機與電腦的行事曆）",
        lambda: ics.calendar("供稿輪值", ics.of_rota(slots, called), periods.now()),
        f"供稿輪值_{screen.period.code}.ics",
        "text/calendar",
        icon=":material/event:",
        on_click="ignore",
        key="rota_ics",
    )
