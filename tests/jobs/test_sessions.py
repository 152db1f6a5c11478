"""Signing in, locks, what a session says and when it ends, changing one's own password."""

from __future__ import annotations

import hashlib
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from filelock import FileLock

from sqdash.errors import AccountError, SignInRefused
from sqdash.jobs import accounts, attempts, passwords, sessions
from sqdash.people import Role
from sqdash.store import database
from tests.making import is_one_sentence, revisions
from tests.people_store import ADDRESS, BY, PASSWORD, Clock, Hasher, account, audited, hashing_fast, rows

Copy = Callable[[str], Path]
ROOT = Path(__file__).resolve().parents[2]
WRONG = "帳號或密碼不正確，或帳號已停用，請重新輸入；忘記密碼請洽系統管理者。"
LOCKED = "登入失敗次數太多，已暫時鎖定，請於 115/03/02 09:15 之後再試。"


@pytest.fixture(autouse=True)
def hasher(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hasher]:
    with hashing_fast(monkeypatch) as fast:
        yield fast


@pytest.fixture
def store(copy: Copy, clock: Clock) -> Path:
    """A store of year 103 with an admin, an editor and a disabled account, all of whom have chosen a password."""
    path = copy("report")
    account(path, "admin")
    account(path, "editor", role="editor", unit="section-1")
    account(path, "gone", role="viewer")
    accounts.disable(path, "gone", reason="離職", by=BY)
    return path


def refused(store: Path, name: str, password: str = "wrong", address: str = ADDRESS) -> SignInRefused:
    with pytest.raises(SignInRefused) as raised:
        accounts.sign_in(store, name, password, address=address)
    return raised.value


def sign_in(store: Path, name: str = "editor", password: str = PASSWORD, address: str = ADDRESS) -> accounts.Opened:
    return accounts.sign_in(store, name, password, address=address)


# --- signing in


def test_whoever_knows_the_password_gets_a_session_of_that_person(store: Path) -> None:
    opened = sign_in(store, " Ｅditor ")
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", opened.token)
    assert opened.must_change is False
    person = opened.person
    assert (person.name, person.shown, person.role, person.how) == ("editor", "editor 先生", Role.EDITOR, "account")
    assert (person.unit, person.unit_name, person.address) == ("section-1", "第一課", ADDRESS)
    said = accounts.seen(store, opened.token)
    assert said is not None
    assert said.person == person


def test_the_store_keeps_the_digest_of_the_token_only(store: Path) -> None:
    opened = sign_in(store)
    digest = hashlib.sha256(opened.token.encode()).hexdigest()
    assert rows(store, "SELECT token, how, address FROM sessions WHERE ended_at IS NULL") == [
        (digest, "account", ADDRESS)
    ]
    assert opened.token not in repr(opened)


def test_signing_in_takes_no_revision(store: Path) -> None:
    before = revisions(store)
    accounts.sign_out(store, sign_in(store).token)
    refused(store, "editor")
    assert revisions(store) == before


def test_a_sign_in_and_a_sign_out_are_lines_with_the_address(store: Path) -> None:
    accounts.sign_out(store, sign_in(store, address="192.0.2.99").token)
    assert audited(store)[-2:] == [
        ("editor 先生（第一課）", "192.0.2.99", "sign-in", "editor", ""),
        ("editor 先生（第一課）", "192.0.2.99", "sign-out", "editor", ""),
    ]


@pytest.mark.parametrize(
    ("name", "password", "said", "why"),
    [
        ("editor", "wrong", "editor", "密碼不正確"),
        ("editor", "", "editor", "密碼不正確"),
        ("nobody", PASSWORD, "不明帳號", "沒有這個帳號"),
        ("", "", "不明帳號", "沒有這個帳號"),
        ("a\x00\ud800", PASSWORD, "不明帳號", "沒有這個帳號"),
        ("gone", PASSWORD, "gone", "帳號已停用"),
        ("gone", "wrong", "gone", "帳號已停用"),
    ],
)
def test_who_is_not_let_in_hears_the_same_whatever_was_wrong(
    store: Path, hasher: Hasher, name: str, password: str, said: str, why: str
) -> None:
    refused(store, "x")  # the hash of nobody's password is made once
    hasher.hashed = hasher.verified = 0
    error = refused(store, name, password)
    assert (str(error), error.until) == (WRONG, None)
    assert is_one_sentence(error)
    assert (hasher.verified, hasher.hashed) == (1, 0)
    assert audited(store)[-1] == ("未登入", ADDRESS, "sign-in failed", said, why)


def test_even_the_first_sign_in_of_a_process_costs_an_unknown_name_and_a_known_one_the_same(
    store: Path, hasher: Hasher
) -> None:
    costs = []
    for name in ("nobody", "editor"):
        passwords.dummy.cache_clear()
        hasher.hashed = hasher.verified = 0
        refused(store, name)
        costs.append((hasher.hashed, hasher.verified))
    assert costs == [(1, 1), (1, 1)]


def test_a_right_password_costs_what_a_wrong_one_costs(store: Path, hasher: Hasher) -> None:
    hasher.verified = 0
    sign_in(store)
    assert hasher.verified == 1


def test_what_was_typed_as_a_name_is_not_kept(store: Path) -> None:
    refused(store, "My Secret Password 1")
    found = store.read_bytes().lower()
    assert b"secret password" not in found
    assert hashlib.sha256(b"my secret password 1").hexdigest()[:16].encode() not in found


def test_a_hash_of_older_parameters_is_made_anew_at_the_next_sign_in(store: Path, hasher: Hasher) -> None:
    [(before,)] = rows(store, "SELECT hash FROM accounts WHERE name = 'editor'")
    hasher.real = type(hasher.real)(time_cost=2, memory_cost=16, parallelism=1)
    sign_in(store)
    [(after,)] = rows(store, "SELECT hash FROM accounts WHERE name = 'editor'")
    assert ("t=1" in before, "t=2" in after) == (True, True)
    sign_in(store)
    assert rows(store, "SELECT hash FROM accounts WHERE name = 'editor'") == [(after,)]


# --- locks


@pytest.mark.parametrize("name", ["editor", "nobody", "gone"])
def test_five_failures_lock_a_name_for_fifteen_minutes_whether_or_not_it_exists(
    store: Path, clock: Clock, hasher: Hasher, name: str
) -> None:
    errors = [refused(store, name, address=f"192.0.2.{n}") for n in range(5)]
    assert [str(error) for error in errors] == [WRONG] * 4 + [LOCKED]
    assert errors[-1].until == clock.at + timedelta(minutes=15)
    clock.forward(minutes=14, seconds=59)
    hasher.verified = 0
    assert str(refused(store, name, PASSWORD, "192.0.2.200")) == LOCKED
    assert hasher.verified == 0
    clock.forward(seconds=1)
    if name == "editor":
        sign_in(store)
    else:
        assert str(refused(store, name)) == WRONG


def test_a_locked_name_is_a_line_and_tries_during_the_lock_are_none(store: Path) -> None:
    for _ in range(9):
        refused(store, "editor")
    assert audited(store)[-6:] == [
        *[("未登入", ADDRESS, "sign-in failed", "editor", "密碼不正確")] * 5,
        ("未登入", ADDRESS, "lock", "editor", "5 次失敗，鎖定 15 分鐘"),
    ]


def test_a_lock_ends_at_a_whole_minute_that_is_not_too_early(store: Path, clock: Clock) -> None:
    clock.forward(seconds=1)
    assert "09:16" in str([refused(store, "editor") for _ in range(5)][-1])


def test_a_sign_in_forgets_the_failures_of_the_name(store: Path) -> None:
    for _ in range(3):
        for _ in range(4):
            assert str(refused(store, "editor")) == WRONG
        sign_in(store)


def test_failures_of_a_quarter_of_an_hour_ago_count_no_more(store: Path, clock: Clock) -> None:
    for name in ("editor", "nobody"):
        for _ in range(3):
            for _ in range(4):
                assert str(refused(store, name)) == WRONG
            clock.forward(minutes=15)


def test_after_a_lock_counting_begins_anew(store: Path, clock: Clock) -> None:
    for _ in range(5):
        refused(store, "editor")
    clock.forward(minutes=15)
    assert [str(refused(store, "editor")) == WRONG for _ in range(5)] == [True] * 4 + [False]


def test_twenty_failures_lock_an_address_for_all_names_and_only_it(store: Path) -> None:
    errors = [refused(store, f"nobody {n}") for n in range(20)]
    assert [str(error) for error in errors] == [WRONG] * 19 + [LOCKED]
    assert str(refused(store, "editor", PASSWORD)) == LOCKED
    assert sign_in(store, address="192.0.2.8").person.name == "editor"
    assert audited(store, "lock") == [("未登入", ADDRESS, "lock", "登入位址", "20 次失敗，鎖定 15 分鐘")]


def test_the_addresses_of_one_network_of_ipv6_are_one(store: Path) -> None:
    """One machine may take any of them."""
    errors = [refused(store, f"nobody {n}", address=f"2001:db8:0:7::{n:x}") for n in range(20)]
    assert str(errors[-1]) == LOCKED
    assert str(refused(store, "editor", PASSWORD, address="2001:db8:0:7:ffff::1")) == LOCKED
    assert sign_in(store, address="2001:db8:0:8::1").person.name == "editor"


def test_an_address_of_ipv4_is_the_same_however_it_is_written() -> None:
    assert attempts.subjects("a", "::ffff:192.0.2.7") == attempts.subjects("a", "192.0.2.7")


def test_an_account_of_ones_own_does_not_help_to_guess_others(store: Path) -> None:
    for n in range(19):
        refused(store, f"nobody {n}")
        if n % 4 == 0:
            sign_in(store)
    assert refused(store, "nobody last").until is not None


def test_without_an_address_only_names_are_locked(store: Path) -> None:
    for n in range(30):
        assert str(refused(store, f"nobody {n}", address="")) == WRONG


def test_failures_that_count_no_more_are_not_kept(store: Path, clock: Clock) -> None:
    for n in range(10):
        refused(store, f"nobody {n}")
    clock.forward(minutes=16)
    refused(store, "editor")
    assert rows(store, "SELECT kind, failures FROM sign_in_failures ORDER BY kind") == [("address", 1), ("name", 1)]


def test_a_lock_made_by_a_clock_that_was_ahead_does_not_hold_until_then(store: Path, clock: Clock) -> None:
    clock.forward(days=100)
    for _ in range(5):
        refused(store, "editor")
    clock.forward(days=-100)
    assert sign_in(store).person.name == "editor"


def test_of_two_subjects_locked_the_later_one_counts(store: Path, clock: Clock) -> None:
    for _ in range(5):
        refused(store, "editor", address="192.0.2.8")
    clock.forward(minutes=5)
    for n in range(20):
        refused(store, f"nobody {n}")
    assert refused(store, "editor").until == clock.at + attempts.LOCK


# --- an account that nobody used


def test_an_account_without_a_sign_in_for_180_days_is_disabled_at_the_next(store: Path, clock: Clock) -> None:
    sign_in(store)
    clock.forward(days=180)
    assert str(refused(store, "editor", PASSWORD)) == WRONG
    assert accounts.account(store, "editor").disabled == "超過 180 天未登入"
    assert audited(store)[-2:] == [
        ("系統", ADDRESS, "disable account", "editor", "超過 180 天未登入"),
        ("未登入", ADDRESS, "sign-in failed", "editor", "帳號已停用"),
    ]
    accounts.enable(store, "editor", by=BY)
    clock.forward(days=179)
    assert sign_in(store).person.name == "editor"


def test_an_account_used_within_180_days_is_not(store: Path, clock: Clock) -> None:
    sign_in(store)
    clock.forward(days=179, hours=23)
    assert sign_in(store).person.name == "editor"


def test_the_last_enabled_admin_is_let_in_after_years(store: Path, clock: Clock) -> None:
    clock.forward(days=800)
    assert sign_in(store, "admin").person.role == Role.ADMIN


def test_one_of_two_admins_is_disabled_like_anybody(store: Path, clock: Clock) -> None:
    account(store, "second")
    clock.forward(days=180)
    refused(store, "admin", PASSWORD)
    assert accounts.account(store, "admin").disabled == "超過 180 天未登入"
    assert sign_in(store, "second").person.name == "second"


# --- what a session says, and until when


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "x" * 44, "字" * 43, "a\n" * 21 + "a", "é" * 43])
def test_no_other_text_is_a_token(store: Path, token: str) -> None:
    sign_in(store)
    assert accounts.seen(store, token) is None
    accounts.sign_out(store, token)
    with pytest.raises(SignInRefused, match=r"^登入已結束，請重新登入。$"):
        accounts.change_password(store, token, PASSWORD, PASSWORD)


def test_a_digest_from_the_store_is_no_token(store: Path) -> None:
    sign_in(store)
    [(digest,)] = rows(store, "SELECT token FROM sessions WHERE ended_at IS NULL")
    assert accounts.seen(store, digest) is None


def test_a_session_is_idle_after_thirty_minutes_unless_it_is_used(store: Path, clock: Clock) -> None:
    token = sign_in(store).token
    for _ in range(3):
        clock.forward(minutes=29)
        said = accounts.seen(store, token)
        assert said is not None
        assert said.ends == clock.at + timedelta(minutes=30)
    clock.forward(minutes=30)
    assert accounts.seen(store, token) is None


def test_the_limit_of_idleness_is_what_the_settings_say(store: Path, clock: Clock) -> None:
    token = sign_in(store).token
    clock.forward(minutes=5)
    assert accounts.seen(store, token, idle=timedelta(minutes=5)) is None
    assert accounts.seen(store, token, idle=timedelta(minutes=6)) is not None


def test_looking_whether_a_session_stands_does_not_keep_it_alive(store: Path, clock: Clock) -> None:
    token = sign_in(store).token
    for _ in range(2):
        clock.forward(minutes=14)
        assert accounts.seen(store, token, touch=False) is not None
    clock.forward(minutes=2)
    assert accounts.seen(store, token, touch=False) is None


def test_a_session_ends_after_eight_hours_however_busy(store: Path, clock: Clock) -> None:
    token, end = sign_in(store).token, clock.at + timedelta(hours=8)
    for _ in range(24):
        clock.forward(minutes=19)
        said = accounts.seen(store, token)
        assert said is not None
    assert said.ends == end
    clock.at = end
    assert accounts.seen(store, token) is None


def test_activity_is_written_at_most_once_a_minute(store: Path, clock: Clock) -> None:
    token, begun = sign_in(store).token, clock.at
    written = []
    for _ in range(7):
        clock.forward(seconds=25)
        accounts.seen(store, token)
        [(at,)] = rows(store, "SELECT seen_at FROM sessions WHERE ended_at IS NULL")
        written.append((datetime.fromisoformat(at) - begun).seconds)
    assert written == [0, 0, 75, 75, 75, 150, 150]


def test_activity_waits_for_nobody_who_writes(store: Path, clock: Clock) -> None:
    token = sign_in(store).token
    clock.forward(minutes=10)
    with FileLock(f"{store}.write.lock"):
        said = accounts.seen(store, token)
    assert said is not None
    assert said.ends == clock.at + timedelta(minutes=20)


def test_activity_waits_for_nobody_who_reads_or_holds_the_file(store: Path, clock: Clock) -> None:
    token = sign_in(store).token
    clock.forward(minutes=10)
    with closing(sqlite3.connect(store, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert accounts.seen(store, token) is not None
        other.execute("ROLLBACK")
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM accounts").fetchone()
        assert accounts.seen(store, token) is not None
    said = accounts.seen(store, token)
    assert said is not None
    assert said.ends == clock.at + timedelta(minutes=30)


def test_activity_is_the_accounts_last_seen_and_no_line_of_the_log(store: Path, clock: Clock) -> None:
    token = sign_in(store).token
    before = len(audited(store))
    clock.forward(minutes=10)
    accounts.seen(store, token)
    assert accounts.account(store, "editor").last_seen == clock.at
    assert len(audited(store)) == before


def test_a_session_of_a_clock_that_was_ahead_is_none(store: Path, clock: Clock) -> None:
    clock.forward(days=100)
    token = sign_in(store).token
    clock.forward(days=-100)
    assert accounts.seen(store, token) is None
    assert accounts.seen(store, sign_in(store).token) is not None


def test_the_address_is_that_of_the_request_or_else_of_the_sign_in(store: Path) -> None:
    token = sign_in(store).token
    found = [accounts.seen(store, token, address=address) for address in ("", "192.0.2.50")]
    assert [said.person.address for said in found if said] == [ADDRESS, "192.0.2.50"]


def test_the_store_is_not_opened_again_for_a_session_while_nobody_commits(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A screen asks with each message and each of its files."""
    token, opened = sign_in(store).token, []
    reading = database.reading
    monkeypatch.setattr(database, "reading", lambda path: opened.append(path) or reading(path))
    said = [accounts.seen(store, token) for _ in range(3)]
    assert said[0] is not None
    assert said == [said[0]] * 3
    assert opened == [store]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE sessions SET ended_at = seen_at, why = 'signed_out'",
        "UPDATE accounts SET disabled = '離職'",
        "DELETE FROM sessions",
    ],
)
def test_what_another_process_changes_counts_at_once(store: Path, change: str) -> None:
    token = sign_in(store).token
    assert accounts.seen(store, token) is not None
    with closing(sqlite3.connect(store)) as connection, connection:
        connection.execute(change)
    assert accounts.seen(store, token) is None


def test_a_session_is_not_known_to_the_store_that_takes_the_place_of_its_own(store: Path, tmp_path: Path) -> None:
    before = Path(shutil.copy(store, tmp_path / "before.db"))
    token = sign_in(store).token
    assert accounts.seen(store, token) is not None
    before.replace(store)
    assert accounts.seen(store, token) is None


def test_a_role_that_was_changed_is_the_next_look_s(store: Path) -> None:
    token = sign_in(store).token
    assert accounts.seen(store, token) is not None
    with closing(sqlite3.connect(store)) as connection, connection:
        connection.execute("UPDATE accounts SET role = 'viewer' WHERE name = 'editor'")
    said = accounts.seen(store, token)
    assert said is not None
    assert said.person.role == Role.VIEWER


def test_a_signed_out_token_is_worth_nothing_and_others_stay(store: Path) -> None:
    one, other = sign_in(store).token, sign_in(store).token
    accounts.sign_out(store, one)
    accounts.sign_out(store, one)
    assert accounts.seen(store, one) is None
    assert accounts.seen(store, other) is not None
    assert len(audited(store, "sign-out")) == 3 + 1  # three when the passwords were chosen


def test_sessions_are_told_newest_first_without_anything_that_lets_in(store: Path, clock: Clock) -> None:
    first = clock.at
    sign_in(store)
    clock.forward(minutes=2)
    sign_in(store, address="192.0.2.8")
    found = accounts.sessions(store, "editor")
    assert [(one.made, one.seen, one.ends, one.address) for one in found] == [
        (clock.at, clock.at, clock.at + timedelta(hours=8), "192.0.2.8"),
        (first, first, first + timedelta(hours=8), ADDRESS),
    ]
    clock.forward(hours=8)
    assert accounts.sessions(store, "editor") == []


def test_sessions_long_over_are_not_kept(store: Path, clock: Clock) -> None:
    sign_in(store)
    clock.forward(days=31)
    sign_in(store)
    assert rows(store, "SELECT count(*) FROM sessions") == [(1,)]


# --- one's own password


def test_a_first_password_must_be_changed(store: Path) -> None:
    first = accounts.add(store, "new", shown="新人", role="viewer", unit=None, by=BY)
    opened = sign_in(store, "new", first)
    assert opened.must_change is True
    changed = accounts.change_password(store, opened.token, first, "another long password")
    assert changed.must_change is False
    assert accounts.seen(store, opened.token) is None
    said = accounts.seen(store, changed.token)
    assert said is not None
    assert (said.must_change, said.person.name) == (False, "new")
    assert str(refused(store, "new", first)) == WRONG
    assert sign_in(store, "new", "another long password").must_change is False


def test_another_password_ends_all_sessions_and_opens_one(store: Path) -> None:
    tokens = [sign_in(store).token for _ in range(3)]
    changed = accounts.change_password(store, tokens[0], PASSWORD, "another long password")
    assert [accounts.seen(store, token) for token in tokens] == [None] * 3
    assert accounts.seen(store, changed.token) is not None
    assert [line[2:4] for line in audited(store)[-2:]] == [("password", "editor"), ("sign-in", "editor")]


@pytest.mark.parametrize(
    ("new", "words"),
    [("short", "至少要 12 個字元"), ("editor先生", "至少要"), ("editor 先生editor 先生", "不能是帳號或姓名")],
)
def test_a_password_that_may_not_be_chosen_changes_nothing(store: Path, new: str, words: str) -> None:
    token = sign_in(store).token
    with pytest.raises(AccountError, match=words):
        accounts.change_password(store, token, PASSWORD, new)
    assert accounts.seen(store, token) is not None
    sign_in(store)


def test_the_last_three_passwords_are_not_taken_again(store: Path) -> None:
    token = sign_in(store).token
    chosen = [PASSWORD, *(f"another password {n}" for n in range(3))]
    for old, new in pairwise(chosen):
        token = accounts.change_password(store, token, old, new).token
    for kept in chosen[1:]:
        with pytest.raises(AccountError, match="不能與最近 3 次用過的相同"):
            accounts.change_password(store, token, chosen[-1], kept)
    assert accounts.change_password(store, token, chosen[-1], chosen[0]).person.name == "editor"
    editor = "(SELECT account FROM accounts WHERE name = 'editor')"
    assert rows(store, f"SELECT count(*) FROM account_passwords WHERE account = {editor}") == [(2,)]


def test_a_wrong_old_password_counts_as_a_failure_and_locks_the_name(store: Path) -> None:
    token = sign_in(store).token
    for _ in range(4):
        with pytest.raises(AccountError, match=r"^目前的密碼不正確，請重新輸入。$"):
            accounts.change_password(store, token, "wrong", "another long password")
    for old in ("wrong", PASSWORD):
        with pytest.raises(SignInRefused, match=LOCKED):
            accounts.change_password(store, token, old, "another long password")
    assert str(refused(store, "editor", PASSWORD)) == LOCKED
    assert audited(store)[-2:] == [
        ("editor 先生（第一課）", ADDRESS, "password failed", "editor", "目前的密碼不正確"),
        ("editor 先生（第一課）", ADDRESS, "lock", "editor", "5 次失敗，鎖定 15 分鐘"),
    ]


def test_of_two_who_change_the_password_at_once_the_second_is_told(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = [sign_in(store).token for _ in range(2)]
    real = passwords.require

    def meanwhile(password: str, *, names: tuple[str, ...]) -> None:
        monkeypatch.setattr(passwords, "require", real)
        accounts.change_password(store, tokens[1], PASSWORD, "the other's password")

    monkeypatch.setattr(passwords, "require", meanwhile)
    with pytest.raises(SignInRefused, match=r"^登入已結束，請重新登入。$"):
        accounts.change_password(store, tokens[0], PASSWORD, "one's own password")
    assert sign_in(store, password="the other's password").person.name == "editor"


def test_a_password_changed_while_it_was_verified_lets_nobody_in(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    token, real = sign_in(store).token, passwords.fits

    def meanwhile(kept: str, password: str) -> bool:
        monkeypatch.setattr(passwords, "fits", real)
        accounts.change_password(store, token, PASSWORD, "another long password")
        return real(kept, password)

    monkeypatch.setattr(passwords, "fits", meanwhile)
    assert str(refused(store, "editor", PASSWORD)) == WRONG


# --- whom somebody else knows


def test_a_person_whom_an_identity_provider_knows_gets_a_session_of_that_kind(store: Path) -> None:
    opened = accounts.admit(store, "EDITOR", address=ADDRESS)
    assert opened is not None
    said = accounts.seen(store, opened.token)
    assert said is not None
    assert (said.person.name, said.person.how) == ("editor", "oidc")
    assert [accounts.admit(store, name, address=ADDRESS) for name in ("gone", "nobody")] == [None, None]


def test_whom_a_provider_knows_is_disabled_too_after_180_days_without_a_sign_in(store: Path, clock: Clock) -> None:
    assert accounts.admit(store, "editor", address=ADDRESS)
    clock.forward(days=179)
    assert accounts.admit(store, "editor", address=ADDRESS)
    clock.forward(days=180)
    assert accounts.admit(store, "editor", address=ADDRESS) is None
    assert accounts.account(store, "editor").disabled == "超過 180 天未登入"
    assert audited(store)[-2:] == [
        ("系統", ADDRESS, "disable account", "editor", "超過 180 天未登入"),
        ("未登入", ADDRESS, "sign-in failed", "editor", "帳號已停用"),
    ]
    assert accounts.admit(store, "admin", address=ADDRESS)


def test_a_person_whom_a_proxy_knows_is_one_with_an_enabled_account(store: Path) -> None:
    found = accounts.person(store, "Editor", how="proxy", address=ADDRESS)
    assert found is not None
    assert (found.name, found.how, found.unit_name, found.address) == ("editor", "proxy", "第一課", ADDRESS)
    assert [accounts.person(store, name, how="proxy") for name in ("gone", "nobody", "")] == [None] * 3


# --- many at once, and death in between


def together(count: int, work: Callable[[int], object]) -> list[object]:
    """What that many threads that begin at once came to, or their errors."""
    barrier, found = threading.Barrier(count), [None] * count  # type: list[object]

    def one(n: int) -> None:
        barrier.wait()
        try:
            found[n] = work(n)
        except Exception as error:
            found[n] = error

    threads = [threading.Thread(target=one, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_twenty_who_sign_in_at_once_all_get_a_session_of_their_own(store: Path) -> None:
    found = together(20, lambda _: sign_in(store))
    tokens = {one.token for one in found if isinstance(one, accounts.Opened)}
    assert len(tokens) == 20
    assert all(accounts.seen(store, token) for token in tokens)
    assert len(accounts.sessions(store, "editor")) == 20


def test_of_twenty_guesses_at_once_five_are_answered(store: Path) -> None:
    found = together(20, lambda n: sign_in(store, password=f"guess {n}"))
    assert sorted(str(error) == WRONG for error in found) == [False] * 16 + [True] * 4
    assert all(isinstance(error, SignInRefused) for error in found)
    assert [len(audited(store, action)) for action in ("sign-in failed", "lock")] == [5, 1]


def test_a_right_guess_after_five_wrong_ones_at_once_is_not_told(store: Path) -> None:
    slow = threading.Event()
    real = passwords.fits

    def fits(kept: str, password: str) -> bool:
        if password == PASSWORD:
            slow.wait(30)
        return real(kept, password)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(passwords, "fits", fits)
        found: list[object] = []
        guess = threading.Thread(target=lambda: found.append(refused(store, "editor", PASSWORD)))
        guess.start()
        for n in range(5):
            refused(store, "editor", f"guess {n}")
        slow.set()
        guess.join()
    assert [str(error) for error in found] == [LOCKED]


KILLED = """
import os, pathlib, signal, sys
from argon2 import PasswordHasher
from sqdash.jobs import accounts, passwords, sessions
from sqdash.store import accounts as written, gate
passwords.hasher = lambda fast=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1): fast
def die(*_, **__): os.kill(os.getpid(), signal.SIGKILL)
def after(module, name):
    real = getattr(module, name)
    def dying(*given, **named):
        real(*given, **named)
        die()
    setattr(module, name, dying)
match sys.argv[2]:
    case "verified": after(passwords, "fits")
    case "session written": after(written, "open_session")
    case "line written": after(gate.Change, "_line")
    case "before the commit": gate._finish = die
    case "after the commit": after(gate, "_finish")
    case "failure written": after(written, "set_failures")
accounts.sign_in(pathlib.Path(sys.argv[1]), "editor", sys.argv[3], address="192.0.2.7")
"""


@pytest.mark.parametrize(
    ("moment", "password", "left"),
    [
        ("verified", PASSWORD, (0, 0)),
        ("session written", PASSWORD, (0, 0)),
        ("line written", PASSWORD, (0, 0)),
        ("before the commit", PASSWORD, (0, 0)),
        ("after the commit", PASSWORD, (1, 1)),
        ("failure written", "wrong", (0, 0)),
        ("before the commit", "wrong", (0, 0)),
        ("after the commit", "wrong", (0, 1)),
    ],
)
def test_a_process_killed_while_signing_in_leaves_all_of_it_or_nothing(
    copy: Copy, moment: str, password: str, left: tuple[int, int]
) -> None:
    store = copy("report")
    account(store, "editor", role="editor", unit="section-1")
    lines = len(audited(store))
    killed = subprocess.run([sys.executable, "-c", KILLED, str(store), moment, password], cwd=ROOT)
    assert killed.returncode == -signal.SIGKILL
    database.quick_check(store)
    assert (len(accounts.sessions(store, "editor")), len(audited(store)) - lines) == left
    assert sign_in(store).person.name == "editor"


# --- nothing secret anywhere


def test_no_token_and_no_password_is_in_any_file_of_the_store(store: Path, clock: Clock) -> None:
    secrets = {PASSWORD, "a wrong password", "another long password"}
    first = accounts.add(store, "new", shown="新人", role="viewer", unit=None, by=BY)
    opened = sign_in(store, "new", first)
    changed = accounts.change_password(store, opened.token, first, "another long password")
    refused(store, "new", "a wrong password")
    clock.forward(minutes=2)
    accounts.seen(store, changed.token)
    again = accounts.reset_password(store, "new", by=BY)
    secrets |= {first, again, opened.token, changed.token, sign_in(store).token}
    found = {path: path.read_bytes() for path in store.parent.iterdir() if path.is_file()}
    assert store in found
    assert len(secrets) == 8
    for secret in secrets:
        assert [path for path, content in found.items() if secret.encode() in content] == []


def test_no_error_and_no_trace_shows_a_password(store: Path, caplog: pytest.LogCaptureFixture) -> None:
    token = sign_in(store).token
    error = refused(store, "editor", "a wrong password")
    with pytest.raises(AccountError) as raised:
        accounts.change_password(store, token, PASSWORD, "editor 先生editor 先生")
    with pytest.raises(AccountError) as old:
        accounts.change_password(store, token, "a wrong password", "another long password")
    said = " ".join([str(error), str(raised.value), str(old.value), caplog.text])
    assert [one for one in ("a wrong password", PASSWORD, "editor 先生editor", token) if one in said] == []


def test_times_are_what_the_clock_says(store: Path, clock: Clock) -> None:
    sign_in(store)
    assert rows(store, "SELECT made_at, ends_at FROM sessions WHERE ended_at IS NULL") == [
        ("2026-03-02T01:00:00+00:00", "2026-03-02T09:00:00+00:00")
    ]
    assert clock.at == datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    assert timedelta(hours=8) == sessions.LENGTH
