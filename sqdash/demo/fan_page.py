"""Posts with their snapshots, and the fans of each day."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import accumulate

from sqdash.demo.material import (
    BENCHMARK,
    CAMPAIGN,
    CAMPAIGN_FROM,
    ENDS,
    FAIR,
    FAN_EVENTS,
    FANS_END_2014,
    FEASTS,
    LAST_MOMENT,
    LEADS,
    LIKES,
    NOTE,
    PAGE,
    RDEC,
    REACH,
    SENTENCES,
    STARTS,
    THINGS,
    TOPICS,
    TYPES,
    UNTOLD_FROM,
    YEARS,
    Cells,
)
from sqdash.periods import TAIPEI, days_between, month_period
from sqdash.records import Value


def posts(rng: random.Random) -> tuple[list[Cells], list[Cells]]:
    """Posts in order of publishing, and their snapshots; the reach of every fiftieth was not given."""
    posts: list[Cells] = []
    snapshots: list[Cells] = []
    for month in (f"{year}-{number:02d}" for year in YEARS for number in range(1, 13)):
        year, at = int(month[:4]), int(month[5:]) - 1
        likes, reach = LIKES[year][at], REACH[year][at]
        moments = _moments(rng, month)
        drafts = [_post(rng, len(posts) + nth, when) for nth, when in enumerate(moments, 1)]
        posts += [post for post, _ in drafts]
        liked = _with_mean([weight for _, weight in drafts], likes + rng.uniform(-0.8, 0.8))
        seen = [w**0.7 * rng.uniform(0.8, 1.2) if not str(p[0]).endswith(("25", "75")) else 0 for p, w in drafts]
        reached = _with_mean(seen, reach + rng.uniform(-8, 8))
        for (post, _), when, a, b in zip(drafts, moments, liked, reached, strict=True):
            snapshots += _snapshots(rng, post[0], when, a or 0, b)
    return posts, snapshots


def _moments(rng: random.Random, month: str) -> list[datetime]:
    """18–28 moments of a month: mostly workdays, office hours and some evenings; each is seen a day later."""
    period = month_period(month)
    days = list(days_between(period.start, min(period.end, LAST_MOMENT.date() - timedelta(days=2))))
    chosen = rng.choices(days, [5 if day.weekday() < 5 else 1 for day in days], k=rng.randint(18, 28))
    return sorted(
        datetime.combine(day, time(rng.randint(18, 21) if rng.random() < 0.2 else rng.randint(8, 17)), TAIPEI)
        + timedelta(seconds=rng.randrange(3600))
        for day in chosen
    )


def _post(rng: random.Random, number: int, at: datetime) -> tuple[Cells, float]:
    """A post, and how well it does."""
    kind = rng.choices(list(TYPES), [often for often, _ in TYPES.values()])[0]
    topic = rng.choices(list(TOPICS), [often for often, _ in TOPICS.values()])[0]
    thing = rng.choice(THINGS[topic].split()) if topic in THINGS else FEASTS.split()[at.month - 1]
    sentence = rng.choice([text for about, text in map(str.split, SENTENCES) if about == topic])
    message = rng.choice(STARTS) + sentence.format(thing) + rng.choice(ENDS)
    link = f"https://www.facebook.com/{PAGE}/posts/{number}"
    boosted = int(at.date() >= CAMPAIGN_FROM and rng.random() < 0.05)
    weight = rng.lognormvariate(0, 0.35) * TYPES[kind][1] * TOPICS[topic][1] * (1 + 0.7 * boosted)
    unit = rng.choice((*LEADS, RDEC))
    told = topic if at.date() < UNTOLD_FROM else None  # the newest are for the rules to propose for
    post = (f"{PAGE}_{number}", PAGE, at.isoformat(), kind, message, link, told, unit, boosted, None)
    return post, weight * (1.2 if at.hour >= 18 else 1)


def _with_mean(weights: Sequence[float], mean: float) -> list[int | None]:
    """Whole numbers in proportion, their mean within a half of the one asked; None for no weight."""
    scale = mean * sum(1 for weight in weights if weight) / sum(weights)
    return [round(weight * scale) if weight else None for weight in weights]


def _snapshots(rng: random.Random, post: Value, at: datetime, likes: int, reach: int | None) -> Iterator[Cells]:
    """Observations about 1, 7 and 28 days later, as far as the data goes; the last has the whole figures."""
    moments = [at + timedelta(days=days, minutes=rng.randrange(180)) for days in (1, 7, 28)]
    moments = [moment for moment in moments if moment <= LAST_MOMENT]
    comments, shares, clicks = (likes * rng.uniform(*span) for span in ((0.02, 0.12), (0.02, 0.1), (0.3, 0.8)))
    parts = (rng.uniform(0.55, 0.75), rng.uniform(0.85, 0.97), 1.0)
    for index, moment in enumerate(moments, 1):
        part = 1.0 if index == len(moments) else parts[index - 1]
        reactions = int(likes * part)  # a like was the only reaction in these years
        few = (int(comments * part), int(shares * part))
        seen = None if reach is None else int(reach * part)
        yield post, moment.isoformat(), reactions, reactions, *few, seen, None, None, None, int(clicks * part)


def page_days(rng: random.Random) -> Iterator[Cells]:
    """The own page's fans of each day, and the benchmark's, which grows more slowly from more."""
    for day, fans in _fans(rng):
        yield PAGE, day.isoformat(), TAIPEI.key, "fans", fans
    fans = 30_000 + rng.randint(-150, 150)
    for day in days_between(date(YEARS[0], 1, 1), LAST_MOMENT.date()):
        yield BENCHMARK, day.isoformat(), TAIPEI.key, "fans", fans
        fans += rng.randint(6, 21)


def _fans(rng: random.Random) -> Iterator[tuple[date, int]]:
    """Each day's fans: steady growth, a campaign and a jump after each event, with a little noise."""
    opening, days = 10_900 + rng.randint(-25, 25), list(days_between(date(2013, 12, 31), LAST_MOMENT.date()))
    gains = dict.fromkeys(days, 0.0)
    jumps = [(day, gain) for day, _, _, gain in FAN_EVENTS] + [FAIR]
    known = opening + CAMPAIGN + sum(gain for day, gain in jumps if day.year == 2014)
    _gain(rng, gains, date(2014, 1, 1), 365, FANS_END_2014 - known)
    _gain(rng, gains, CAMPAIGN_FROM, 153, CAMPAIGN)
    _gain(rng, gains, date(2015, 1, 1), 365, 1_500 + rng.randint(-40, 40))
    for day, gain in jumps:
        _gain(rng, gains, day, 7, gain, fade=0.55)
    exact = {days[0], date(2014, 12, 31), days[-1]}
    for day, fans in zip(days, accumulate(gains.values()), strict=True):
        yield day, round(opening + fans) + (0 if day in exact else rng.randint(-3, 2))


def _gain(rng: random.Random, gains: dict[date, float], first: date, days: int, total: int, fade: float = 1) -> None:
    """Spread exactly ``total`` over the days, unevenly, less and less where it fades."""
    weights = [rng.uniform(0.4, 1.6) * fade**index for index in range(days)]
    for index, weight in enumerate(weights):
        gains[first + timedelta(days=index)] += total * weight / sum(weights)


def topic_rules() -> Iterator[Cells]:
    """Phrases by which topics are proposed: what the topics' posts are about."""
    for topic, phrases in (*THINGS.items(), ("節慶叮嚀", FEASTS)):
        yield from ((topic, phrase, NOTE) for phrase in phrases.split())
