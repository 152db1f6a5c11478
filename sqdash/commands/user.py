"""``user``: accounts. A password is never taken from the command line: first ones are made here and shown once."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqdash.commands import common
from sqdash.people import ROLES

if TYPE_CHECKING:
    from sqdash.jobs.accounts import Account

_NAME = "帳號名稱"
_ROLES = [role.value for role in ROLES]


def declare(sub: argparse.ArgumentParser) -> None:
    """Its commands and their options."""
    commands = sub.add_subparsers(required=True, metavar="動作", dest="what")
    add = _command(commands, "add", _add, "新增帳號，印出只顯示一次的首次密碼")
    add.add_argument("name", metavar="帳號", help=_NAME)
    add.add_argument("--shown", metavar="姓名", help="姓名，預設同帳號名稱")
    add.add_argument("--role", choices=_ROLES, required=True, help="角色")
    add.add_argument("--unit", metavar="單位", help="單位的名稱或代碼")
    _command(commands, "list", _list, "列出帳號", by=False)
    for name, work, text in (
        ("enable", _enable, "啟用已停用的帳號"),
        ("password", _password, "重設密碼，印出只顯示一次的首次密碼"),
        ("sign-out", _sign_out, "結束這個帳號的所有登入"),
    ):
        _command(commands, name, work, text).add_argument("name", metavar="帳號", help=_NAME)
    disable = _command(commands, "disable", _disable, "停用帳號並結束其登入")
    disable.add_argument("name", metavar="帳號", help=_NAME)
    disable.add_argument("--reason", required=True, metavar="原因", help="原因")
    role = _command(commands, "role", _role, "變更角色並結束其登入")
    role.add_argument("name", metavar="帳號", help=_NAME)
    role.add_argument("role", choices=_ROLES, metavar="角色", help=f"角色：{'、'.join(_ROLES)}")
    unit = _command(commands, "unit", _unit, "變更單位")
    unit.add_argument("name", metavar="帳號", help=_NAME)
    unit.add_argument("unit", metavar="單位", help="單位的名稱或代碼；空字串為沒有單位")


def _command(
    commands: Any, name: str, work: Callable[[argparse.Namespace], int], text: str, *, by: bool = True
) -> argparse.ArgumentParser:
    found: argparse.ArgumentParser = commands.add_parser(
        name, help=text, description=text, parents=[common.shared(inner=True)]
    )
    found.set_defaults(work=work)
    if by:
        common.by(found)
    return found


def run(options: argparse.Namespace) -> int:
    """Its work; the exit code."""
    work: Callable[[argparse.Namespace], int] = options.work
    return work(options)


def _add(options: argparse.Namespace) -> int:
    from sqdash.jobs import accounts

    first = accounts.add(
        options.db,
        options.name,
        shown=options.name if options.shown is None else options.shown,
        role=options.role,
        unit=options.unit,
        by=options.by,
    )
    return _tell_password(options, first, "已新增帳號")


def _password(options: argparse.Namespace) -> int:
    from sqdash.jobs import accounts

    return _tell_password(options, accounts.reset_password(options.db, options.name, by=options.by), "已重設密碼")


def _tell_password(options: argparse.Namespace, first: str, done: str) -> int:
    account = _account(options)
    if options.json:
        common.print_json(_as_dict(account) | {"password": first})
    else:
        print(f"{done}：{_line(account)}")
        print(f"首次密碼：{first}（只顯示這一次，第一次登入時須變更）")
    return 0


def _list(options: argparse.Namespace) -> int:
    from sqdash.jobs import accounts

    found = accounts.all_accounts(options.db)
    if options.json:
        common.print_json([_as_dict(one) for one in found])
    else:
        for one in found:
            print(_line(one))
        if not found:
            print("沒有帳號")
    return 0


def _disable(options: argparse.Namespace) -> int:
    from sqdash.jobs import accounts

    accounts.disable(options.db, options.name, reason=options.reason, by=options.by)
    return _tell(options, "已停用")


def _enable(options: argparse.Namespace) -> int:
    from sqdash.jobs import accounts

    accounts.enable(options.db, options.name, by=options.by)
    return _tell(options, "已啟用")


def _role(options: argparse.Namespace) -> int:
    from sqdash.jobs import accounts

    accounts.change(options.db, options.name, role=options.role, by=options.by)
    return _tell(options, "已變更")


def _unit(options: argparse.Namespace) -> int:
    from sqdash.jobs import accounts

    accounts.change(options.db, options.name, unit=options.unit, by=options.by)
    return _tell(options, "已變更")


def _sign_out(options: argparse.Namespace) -> int:
    from sqdash.jobs import accounts

    count = accounts.sign_out_everywhere(options.db, options.name, by=options.by)
    if options.json:
        common.print_json(_as_dict(_account(options)) | {"ended": count})
    else:
        print(f"已結束 {count} 個登入")
    return 0


def _tell(options: argparse.Namespace, done: str) -> int:
    account = _account(options)
    if options.json:
        common.print_json(_as_dict(account))
    else:
        print(f"{done}：{_line(account)}")
    return 0


def _account(options: argparse.Namespace) -> Account:
    from sqdash.jobs import accounts

    return accounts.account(options.db, options.name)


def _as_dict(account: Account) -> dict[str, Any]:
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in asdict(account).items()
    }


def _line(account: Account) -> str:
    words = [account.name, account.shown, ROLES[account.role], account.unit_name or account.unit or "無單位"]
    return "　".join([*words, account.state])
