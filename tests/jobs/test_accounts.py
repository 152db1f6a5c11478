"""Making, changing and disabling accounts; the last admin; the desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from sqdash import people
from sqdash.errors import AccountError, SignInRefused, StoreMissing
from sqdash.jobs import accounts
from sqdash.people import Role
from sqdash.store import accounts as written
from sqdash.store import gate
from tests.making import is_one_sentence, put, revisions, row
from tests.people_store import ADDRESS, BY, PASSWORD, Clock, account, audited, hashing_fast, rows

Copy = Callable[[str], Path]


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with hashing_fast(monkeypatch):
        yield


@pytest.fixture
def store(copy: Copy, clock: Clock) -> Path:
    """A store of year 103 with an admin and an editor."""
    path = copy("report")
    account(path, "admin")
    account(path, "editor", role="editor", unit="section-1")
    return path


def sign_in(store: Path, name: str = "editor", password: str = PASSWORD) -> accounts.Opened:
    return accounts.sign_in(store, name, password, address=ADDRESS)


def add(store: Path, name: str = "new", **given: object) -> str:
    details: dict[str, object] = {"shown": "新人", "role": "viewer", "unit": None, "by": BY} | given
    return accounts.add(store, name, **details)  # type: ignore[arg-type]


def everything(store: Path) -> list[list[tuple[object, ...]]]:
    tables = ("accounts", "account_passwords", "sessions", "sign_in_failures", "desk", "audit_log", "revisions")
    return [rows(store, f"SELECT * FROM {table}") for table in tables]


# --- making


def test_a_fresh_store_has_no_account_and_no_admin(copy: Copy) -> None:
    store = copy("report")
    assert (accounts.all_accounts(store), accounts.has_admin(store)) == ([], False)
    for name in ("admin", "root", ""):
        with pytest.raises(SignInRefused):
            accounts.sign_in(store, name, "admin", address=ADDRESS)


def test_a_new_account_is_listed_with_all_that_is_known(store: Path, clock: Clock) -> None:
    add(store, "Ｎew", shown="  王 小明 ", role=Role.REVIEWER, unit="section-2")
    [found] = [one for one in accounts.all_accounts(store) if one.name == "new"]
    assert found == accounts.Account(
        name="new",
        shown="王 小明",
        role=Role.REVIEWER,
        unit="section-2",
        unit_name="第二課",
        must_change=True,
        disabled=None,
        locked_until=None,
        last_seen=None,
        made_at=clock.at,
    )
    assert found.state == "可用，須變更首次密碼"
    assert accounts.account(store, "NEW") == found
    assert audited(store)[-1] == (BY, "", "add account", "new", "王 小明，研考審核，單位 section-2")


def test_accounts_take_no_revision(store: Path) -> None:
    before = revisions(store)
    add(store)
    accounts.change(store, "new", role="reviewer", by=BY)
    accounts.disable(store, "new", reason="試", by=BY)
    accounts.enable(store, "new", by=BY)
    accounts.reset_password(store, "new", by=BY)
    accounts.sign_out_everywhere(store, "new", by=BY)
    accounts.name_desk(store, "王", None, by=BY)
    assert revisions(store) == before


@pytest.mark.parametrize(
    ("name", "given", "sentence"),
    [
        ("editor", {}, "已經有帳號「editor」，請改用別的名稱。"),
        ("ＥDITOR", {}, "已經有帳號「editor」，請改用別的名稱。"),
        ("", {}, "帳號名稱是空的，請填寫 1 至 64 個字。"),
        ("new", {"shown": ""}, "姓名是空的，請填寫 1 至 64 個字。"),
        ("new", {"shown": "系統"}, "「系統」是程式自己用的名稱，請填寫本人的姓名。"),
        ("new", {"role": "boss"}, "沒有「boss」這個角色，請用viewer、editor、reviewer、admin其中之一。"),
        ("new", {"role": "editor"}, "登錄角色只能登錄本單位的資料，請指定單位。"),
        ("new", {"unit": "nix"}, "沒有「nix」這個單位，請用「設定」畫面所列的單位名稱，或單位的代碼。"),
        (
            "new",
            {"shown": "Ｅditor 先生", "unit": "section-1"},
            "帳號「editor」的姓名與單位相同，紀錄會分不清是誰，請在姓名加註，例如職稱。",
        ),
        (
            "new",
            {"shown": "editor 先生（第一課）"},
            "帳號「editor」的姓名與單位相同，紀錄會分不清是誰，請在姓名加註，例如職稱。",
        ),
        ("new", {"shown": "王小明（自報）"}, "「自報」是程式用來註記未登入者的，請填寫本人的姓名。"),
    ],
)
def test_an_account_that_cannot_be_made_is_refused_and_nothing_written(
    store: Path, name: str, given: dict[str, object], sentence: str
) -> None:
    before = everything(store)
    with pytest.raises(AccountError) as raised:
        add(store, name, **given)
    assert str(raised.value) == sentence
    assert is_one_sentence(raised.value)
    assert everything(store) == before


def test_people_of_one_name_in_two_units_are_told_apart(store: Path) -> None:
    add(store, shown="editor 先生", unit="section-2")
    accounts.change(store, "new", shown="editor 先生", by=BY)
    with pytest.raises(AccountError, match="紀錄會分不清是誰"):
        accounts.change(store, "new", unit="section-1", by=BY)


def test_a_name_that_a_unit_will_have_is_not_signed_with_yet(store: Path) -> None:
    named = {"unit": "section-1", "kind": "unit", "implementing": 1, "position": 1}
    before = accounts.account(store, "editor").unit_name
    put(store, "units", row("units", label="計量課", valid_from="2999-01-01", **named))
    assert accounts.account(store, "editor").unit_name == before == "第一課"


# --- changing


def test_what_is_given_is_changed_and_the_rest_stays(store: Path) -> None:
    accounts.change(store, "Editor", shown="林小姐", by=BY)
    accounts.change(store, "editor", unit="section-3", by=BY)
    found = accounts.account(store, "editor")
    assert (found.shown, found.role, found.unit, found.unit_name) == ("林小姐", Role.EDITOR, "section-3", "第三課")
    assert [line[2:] for line in audited(store, "change account")] == [
        (
            "change account",
            "editor",
            "editor 先生，登錄（本單位），單位 section-1 → 林小姐，登錄（本單位），單位 section-1",
        ),
        ("change account", "editor", "林小姐，登錄（本單位），單位 section-1 → 林小姐，登錄（本單位），單位 section-3"),
    ]


def test_a_change_to_what_stands_is_none(store: Path) -> None:
    token, before = sign_in(store).token, everything(store)
    accounts.change(store, "editor", shown="editor 先生", role="editor", unit="section-1", by=BY)
    assert everything(store) == before
    assert accounts.seen(store, token) is not None


def test_another_role_ends_the_sessions_and_another_name_or_unit_does_not(store: Path) -> None:
    token = sign_in(store).token
    accounts.change(store, "editor", shown="林小姐", unit="section-2", by=BY)
    said = accounts.seen(store, token)
    assert said is not None
    assert said.person.signature == "林小姐（第二課）"
    accounts.change(store, "editor", role="reviewer", by=BY)
    assert accounts.seen(store, token) is None
    assert sign_in(store).person.role == Role.REVIEWER


def test_a_unit_is_taken_away_by_naming_none_but_not_from_an_editor(store: Path) -> None:
    with pytest.raises(AccountError, match="請指定單位"):
        accounts.change(store, "editor", unit="", by=BY)
    accounts.change(store, "editor", role="viewer", unit="", by=BY)
    assert accounts.account(store, "editor").unit is None


def test_a_disabled_account_loses_its_sessions_at_once(store: Path) -> None:
    tokens = [sign_in(store).token for _ in range(2)]
    accounts.disable(store, "editor", reason=" 離\n職 ", by=BY)
    assert [accounts.seen(store, token) for token in tokens] == [None, None]
    found = accounts.account(store, "editor")
    assert (found.disabled, found.state) == ("離 職", "已停用：離 職")
    accounts.enable(store, "editor", by=BY)
    assert [accounts.seen(store, token) for token in tokens] == [None, None]
    assert sign_in(store).person.name == "editor"
    assert audited(store, "disable account", "enable account") == [
        (BY, "", "disable account", "editor", "離 職"),
        (BY, "", "enable account", "editor", ""),
    ]


def test_a_session_of_a_disabled_account_lets_nobody_in_even_if_nothing_ended_it(store: Path) -> None:
    token = sign_in(store).token
    with gate.write(store, by=BY, reason="試") as change:
        [(account_id,)] = change.connection.execute("SELECT account FROM accounts WHERE name = 'editor'").fetchall()
        written.set_disabled(change, account_id, "離職", now="2026-03-02T01:00:00+00:00")
    assert accounts.seen(store, token) is None
    with pytest.raises(SignInRefused, match="登入已結束"):
        accounts.change_password(store, token, PASSWORD, "another long password")


@pytest.mark.parametrize(
    ("work", "sentence"),
    [
        (lambda s: accounts.disable(s, "editor", reason="", by=BY), "停用帳號須寫明原因，請補上。"),
        (lambda s: accounts.disable(s, "editor", reason="長" * 501, by=BY), "原因超過 500 字，請縮短。"),
        (lambda s: accounts.enable(s, "editor", by=BY), "帳號「editor」沒有停用，不必啟用。"),
        (lambda s: accounts.disable(s, "no one", reason="x", by=BY), "沒有帳號「no one」，請檢查名稱。"),
        (lambda s: accounts.enable(s, "a\udc80\n", by=BY), "沒有帳號「a」，請檢查名稱。"),
        (lambda s: accounts.change(s, "", role="viewer", by=BY), "沒有帳號「」，請檢查名稱。"),
        (lambda s: accounts.reset_password(s, "x" * 100, by=BY), f"沒有帳號「{'x' * 64}」，請檢查名稱。"),
        (lambda s: accounts.sign_out_everywhere(s, "nobody", by=BY), "沒有帳號「nobody」，請檢查名稱。"),
        (lambda s: accounts.sessions(s, "nobody"), "沒有帳號「nobody」，請檢查名稱。"),
        (lambda s: accounts.account(s, "nobody"), "沒有帳號「nobody」，請檢查名稱。"),
        (lambda s: accounts.disable(s, "admin", reason="x", by=BY), None),
        (lambda s: accounts.change(s, "admin", role="reviewer", by=BY), None),
    ],
)
def test_what_cannot_be_done_is_refused_and_nothing_written(
    store: Path, work: Callable[[Path], object], sentence: str | None
) -> None:
    before = everything(store)
    with pytest.raises(AccountError) as raised:
        work(store)
    assert str(raised.value) == (sentence or "「admin」是最後一個可用的系統管理帳號，請先新增或啟用另一個。")
    assert is_one_sentence(raised.value)
    assert everything(store) == before


def test_disabling_twice_is_refused(store: Path) -> None:
    accounts.disable(store, "editor", reason="x", by=BY)
    with pytest.raises(AccountError, match=r"^帳號「editor」已經停用，不必再停用。$"):
        accounts.disable(store, "editor", reason="y", by=BY)


def test_a_disabled_admin_helps_nobody_and_may_be_changed(store: Path) -> None:
    account(store, "second")
    accounts.disable(store, "second", reason="x", by=BY)
    assert accounts.has_admin(store)
    with pytest.raises(AccountError, match="最後一個可用的系統管理帳號"):
        accounts.change(store, "admin", role="viewer", by=BY)
    accounts.change(store, "second", role="viewer", by=BY)


def test_with_two_admins_one_may_go(store: Path) -> None:
    account(store, "second")
    accounts.change(store, "admin", role="viewer", by=BY)
    assert accounts.has_admin(store)
    with pytest.raises(AccountError, match="最後一個可用的系統管理帳號"):
        accounts.disable(store, "second", reason="x", by=BY)


# --- passwords and sessions of others


def test_a_reset_gives_a_first_password_ends_the_sessions_and_lifts_the_lock(store: Path, clock: Clock) -> None:
    token = sign_in(store).token
    for _ in range(5):
        with pytest.raises(SignInRefused):
            sign_in(store, password="wrong")
    locked = accounts.account(store, "editor")
    assert (locked.locked_until, locked.state) == (clock.at + timedelta(minutes=15), "鎖定至 115/03/02 09:15")
    first = accounts.reset_password(store, "editor", by=BY)
    assert accounts.seen(store, token) is None
    found = accounts.account(store, "editor")
    assert (found.must_change, found.locked_until) == (True, None)
    with pytest.raises(SignInRefused):
        sign_in(store)
    assert sign_in(store, password=first).must_change
    assert audited(store, "reset password") == [(BY, "", "reset password", "editor", "")]


def test_a_reset_does_not_enable(store: Path) -> None:
    accounts.disable(store, "editor", reason="離職", by=BY)
    first = accounts.reset_password(store, "editor", by=BY)
    with pytest.raises(SignInRefused):
        sign_in(store, password=first)


def test_a_password_of_before_a_reset_is_not_taken_again(store: Path) -> None:
    first = accounts.reset_password(store, "editor", by=BY)
    token = sign_in(store, password=first).token
    for again in (PASSWORD, first):
        with pytest.raises(AccountError, match="不能與最近 3 次用過的相同"):
            accounts.change_password(store, token, first, again)


def test_signing_somebody_out_everywhere_counts_what_was_open(store: Path, clock: Clock) -> None:
    old = sign_in(store).token
    clock.forward(hours=8)
    tokens = [sign_in(store).token for _ in range(2)]
    admin = sign_in(store, "admin").token
    assert accounts.sign_out_everywhere(store, "editor", by=BY) == 2
    assert [accounts.seen(store, token) for token in (old, *tokens)] == [None] * 3
    assert accounts.seen(store, admin) is not None
    assert audited(store)[-1] == (BY, "", "sign-out everywhere", "editor", "2 個登入")
    assert accounts.sign_out_everywhere(store, "editor", by=BY) == 0


def test_all_sessions_of_everybody_can_be_ended_inside_another_change(store: Path) -> None:
    tokens = [sign_in(store, name).token for name in ("admin", "editor")]
    with gate.write(store, by=BY, reason="還原備份") as change:
        assert written.end_sessions(change, None, "restored", now="2026-03-02T01:00:00+00:00") == 2
    assert [accounts.seen(store, token) for token in tokens] == [None, None]


# --- the desk


def test_a_desk_at_which_nobody_gave_a_name_is_nobodys(store: Path) -> None:
    assert accounts.desk(store) == people.DESK
    assert accounts.desk(store).signature == "本機"


def test_who_sits_at_the_desk_is_recorded_as_said_by_themselves(store: Path) -> None:
    accounts.name_desk(store, " 王\t小明 ", "section-1", by="本機")
    found = accounts.desk(store)
    assert (found.name, found.shown, found.unit, found.how) == ("王 小明", "王 小明", "section-1", "desk")
    assert found.signature == "王 小明（第一課，自報）"
    accounts.name_desk(store, "林小姐", None, by=found.signature)
    assert accounts.desk(store).signature == "林小姐（自報）"
    assert audited(store, "desk") == [
        ("本機", "", "desk", "王 小明", "section-1"),
        ("王 小明（第一課，自報）", "", "desk", "林小姐", ""),
    ]


@pytest.mark.parametrize(("shown", "unit", "words"), [("", None, "姓名是空的"), ("王", "nix", "沒有「nix」這個單位")])
def test_a_desk_cannot_be_named_anyhow(store: Path, shown: str, unit: str | None, words: str) -> None:
    before = everything(store)
    with pytest.raises(AccountError, match=words):
        accounts.name_desk(store, shown, unit, by=BY)
    assert everything(store) == before


def test_without_a_store_there_is_one_sentence(tmp_path: Path) -> None:
    for ask in (accounts.has_admin, accounts.all_accounts, accounts.desk):
        with pytest.raises(StoreMissing):
            ask(tmp_path / "none.db")
