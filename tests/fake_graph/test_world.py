"""The same seed is the same world; time moves it."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime

from tests.fake_graph import PAGE_ID, HandClock, World
from tests.fake_graph.asking import PAGE, Asker, ids, walk


def test_a_seed_gives_one_world(clock: HandClock) -> None:
    one, same, other = World(7, clock=clock), World(7, clock=clock), World(8, clock=clock)
    assert one.truth.posts() == same.truth.posts() != other.truth.posts()
    day = date(2026, 11, 20)
    assert one.truth.page_day_final("page_media_view", day) == same.truth.page_day_final("page_media_view", day)


def test_the_posts_have_all_that_breaks_careless_readers(clock: HandClock) -> None:
    posts = World(posts=2000, clock=clock).truth.posts()
    texts = [post.text for post in posts]
    assert texts.count(None) > 50
    assert any("👨‍👩‍👧‍👦" in (text or "") for text in texts)
    assert any("𠮷" in (text or "") for text in texts)
    numbers = [int(post.number) for post in posts]
    assert any(float(number) == float(number + 1) for number in numbers if number > 2**53)
    assert {post.owner for post in posts} == {PAGE_ID, "111222333"}
    assert len({post.created for post in posts}) < len(posts)
    assert any(post.final.shares == 0 for post in posts)
    assert len({post.id for post in posts}) == 2000


def test_figures_of_posts_grow_for_28_days_and_stay(world: World, clock: HandClock) -> None:
    newest = next(post for post in world.truth.posts() if post.final.likes > 20)
    clock.moment = datetime.fromtimestamp(newest.created, UTC)
    grown = []
    for _ in range(40):
        grown.append(world.truth.figures(newest.id).likes)
        clock.move(days=1)
    assert grown[0] == 0
    assert grown == sorted(grown)
    assert grown[27] < newest.final.likes
    assert set(grown[28:]) == {newest.final.likes}


def test_new_posts_appear_and_fans_change(world: World, clock: HandClock, ask: Asker) -> None:
    before, fans = ids(walk(ask)), world.truth.fans()
    clock.move(days=10)
    after = ids(walk(ask))
    assert len(after) > len(before)
    assert after[-len(before) :] == before
    assert world.truth.fans() != fans
    assert ask.get(PAGE, fields="fan_count").json["fan_count"] == world.truth.fans()


def test_with_a_pulse_everything_new_moves_every_few_seconds(clock: HandClock) -> None:
    world = World(clock=clock, pulse=5.0, new_post_every=60)
    clock.move(minutes=5)
    newest, fans = world.truth.posts()[0], world.truth.fans()
    likes = world.truth.figures(newest.id).likes
    clock.move(seconds=10)
    assert world.truth.fans() >= fans + 2
    assert world.truth.figures(newest.id).likes == likes + 2


def test_ten_thousand_posts_are_made_quickly(clock: HandClock) -> None:
    start = time.perf_counter()
    assert len(World(posts=10_000, clock=clock).truth.posts()) == 10_000
    assert time.perf_counter() - start < 5
