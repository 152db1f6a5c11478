"""The pages of the door as HTML: whole in themselves, without scripts, pictures or anything else to fetch."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from html import escape
from typing import Any

from sqdash import periods
from sqdash.people import ROLES, Person

_NAME = "服務品質儀表板"
_OFFICE = "經濟部標準檢驗局臺南分局"
_STYLE = (
    ":root{color-scheme:light dark;--Back:#f3f5f7;--Card:#ffffff;--Text:#0b1117;--Quiet:#5b6875;--Line:#8795a3;"
    "--Main:#12436d;--On:#ffffff;--Bad:#801650;--Bad-back:#f5e6ee}"
    "@media (prefers-color-scheme:dark){:root{--Back:#11161b;--Card:#1b232b;--Text:#e8edf2;--Quiet:#a9b5c0;"
    "--Line:#7d8b99;--Main:#8fc1ea;--On:#11161b;--Bad:#f3a3cc;--Bad-back:#40122b}}"
    "*{box-sizing:border-box}"
    "body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1.5rem 1rem;background:var(--Back);"
    "color:var(--Text);font:1rem/1.6 'Noto Sans TC','Noto Sans CJK TC','Microsoft JhengHei','PingFang TC',sans-serif}"
    "main{width:100%;min-width:0;max-width:26rem;padding:1.75rem 1.5rem;background:var(--Card);border-radius:10px}"
    "main.wide{max-width:44rem}"
    "h1{margin:0 0 1rem;font-size:1.45rem;font-weight:700}"
    "h2{margin:1.75rem 0 .5rem;font-size:1.05rem;font-weight:650}"
    "p{margin:0 0 1rem}.quiet{color:var(--Quiet);font-size:.9rem}"
    ".refused{padding:.6rem .8rem;border-left:4px solid var(--Bad);background:var(--Bad-back);color:var(--Bad)}"
    "label{display:block;margin:0 0 .25rem;font-weight:600}"
    "input{width:100%;min-height:2.75rem;margin:0 0 1rem;padding:.4rem .7rem;font:inherit;color:inherit;"
    "background:var(--Card);border:1px solid var(--Line);border-radius:8px}"
    "button,.button{display:inline-block;min-height:2.75rem;padding:.5rem 1.2rem;font:inherit;font-weight:600;"
    "text-decoration:none;cursor:pointer;border:1px solid var(--Main);border-radius:8px;color:var(--Main);"
    "background:var(--Card)}"
    ".first{color:var(--On);background:var(--Main)}form .first{width:100%}"
    "form{margin:0 0 1rem}.row form{margin:0}input:has(+.quiet){margin-bottom:.25rem}"
    "a{color:var(--Main)}:focus-visible{outline:3px solid var(--Main);outline-offset:2px}"
    ".row{display:flex;flex-wrap:wrap;gap:.75rem}"
    "dl{display:grid;grid-template-columns:auto 1fr;gap:.35rem 1rem;margin:0}dt{color:var(--Quiet)}dd{margin:0;"
    "overflow-wrap:anywhere}"
    ".scroll{overflow-x:auto}table{width:100%;border-collapse:collapse;font-size:.95rem}"
    "th,td{padding:.45rem .75rem .45rem 0;text-align:left;border-bottom:1px solid var(--Line);white-space:nowrap}"
)
POLICY = "; ".join(
    (
        "default-src 'none'",
        f"style-src 'sha256-{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""What these pages may do: their one style, and forms to this host."""
_HOW = {"account": "帳號與密碼", "oidc": "單位的登入服務", "proxy": "單位的登入服務"}


PROVIDER = "/login-provider"
"""The way to an identity provider."""


def login(wanted: str, name: str = "", refused: str = "", *, public: bool = False, provider: bool = False) -> str:
    """The form to sign in, with ``wanted`` to go on to; ``public`` offers to look without it, ``provider`` to sign in
    at the provider that is set up."""
    return _page(
        "登入",
        _refused(refused)
        + '<form method="post" action="/login">'
        + _hidden("next", wanted)
        + _field("帳號", "name", "text", "username", name, first=not name)
        + _field("密碼", "password", "password", "current-password", first=bool(name))
        + '<button class="first">登入</button></form>'
        + (f'<p><a class="button" href="{PROVIDER}">以單位的登入服務登入</a></p>' if provider else "")
        + (f'<p class="quiet"><a href="{escape(wanted)}">不登入，只檢視</a></p>' if public and not refused else "")
        + '<p class="quiet">忘記密碼或沒有帳號，請洽系統管理者。</p>',
    )


def password(token: str, wanted: str, *, forced: bool, refused: str = "") -> str:
    """The form to change the password; ``wanted`` as above, ``forced`` where nothing else may be done before."""
    why = "這是第一次登入或密碼已重設，請先換成自己的密碼。" if forced else "更換後，其他裝置上的登入都會結束。"
    return _page(
        "更換密碼",
        _refused(refused)
        + f"<p>{why}</p>"
        + '<form method="post" action="/password">'
        + _hidden("form", token)
        + _hidden("next", wanted)
        + _field("目前的密碼", "old", "password", "current-password", first=True)
        + _field("新密碼", "new", "password", "new-password", hint="至少 12 個字元，不能與帳號或最近用過的密碼相同。")
        + _field("再輸入一次新密碼", "again", "password", "new-password")
        + '<button class="first">更換密碼</button></form>'
        + (_leave(token) if forced else '<p class="quiet"><a href="/account">回到我的帳號</a></p>'),
    )


def account(person: Person, sessions: Sequence[Any], token: str, *, own: bool) -> str:
    """Who is signed in and where else; ``own`` where the session is one of ours, to be ended here."""
    facts = (
        ("姓名", person.shown),
        ("帳號", person.name),
        ("角色", ROLES[person.role]),
        ("單位", person.unit_name or "未設定"),
        ("登入方式", _HOW.get(person.how, "")),
    )
    listed = "".join(f"<dt>{escape(what)}</dt><dd>{escape(value)}</dd>" for what, value in facts)
    change = '<a class="button" href="/password">更換密碼</a>' if own and person.how == "account" else ""
    buttons = _button("/logout", token, "登出") + _button("/logout-everywhere", token, "登出所有裝置") if own else ""
    return _page(
        "我的帳號",
        f"<dl>{listed}</dl>{_sessions(sessions)}"
        f'<h2>操作</h2><div class="row"><a class="button first" href="/">回到儀表板</a>{change}{buttons}</div>',
        wide=True,
    )


def signed_out(*, everywhere: bool = False) -> str:
    """The word after signing out."""
    where = "所有裝置上的登入都已結束。" if everywhere else "您已登出。"
    return _page("已登出", f'<p role="status">{where}</p><p><a class="button first" href="/login">重新登入</a></p>')


def sentence(text: str) -> str:
    """A page that says one thing and leads back."""
    return _page("無法完成", f'{_refused(text)}<p><a class="button first" href="/login">回到登入畫面</a></p>')


def _sessions(sessions: Sequence[Any]) -> str:
    if not sessions:
        return ""
    rows = "".join(
        f"<tr><td>{periods.roc_moment(one.made)}</td><td>{periods.roc_moment(one.seen)}</td>"
        f"<td>{escape(one.address or '本機')}</td></tr>"
        for one in sessions
    )
    heads = "".join(f'<th scope="col">{name}</th>' for name in ("登入時間", "最近使用", "來源位址"))
    # Scrolled sideways by keyboard too: a narrow screen shows a part of the table only.
    return (
        '<h2 id="open">登入中的裝置</h2><div class="scroll" tabindex="0" role="region" aria-labelledby="open">'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _leave(token: str) -> str:
    return f"<p></p>{_button('/logout', token, '先登出')}"


def _button(action: str, token: str, words: str) -> str:
    return f'<form method="post" action="{action}">{_hidden("form", token)}<button>{words}</button></form>'


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{name}" value="{escape(value)}">'


def _field(
    label: str, name: str, kind: str, complete: str, value: str = "", *, hint: str = "", first: bool = False
) -> str:
    described = f' aria-describedby="{name}-hint"' if hint else ""
    said = f'<p class="quiet" id="{name}-hint">{hint}</p>' if hint else ""
    marks = ' autocapitalize="none" spellcheck="false"' if kind == "text" else ""
    return (
        f'<label for="{name}">{label}</label>'
        f'<input id="{name}" name="{name}" type="{kind}" autocomplete="{complete}" value="{escape(value)}" '
        f"required{marks}{described}{' autofocus' if first else ''}>{said}"
    )


def _refused(text: str) -> str:
    return f'<p class="refused" role="alert">⚠ {escape(text)}</p>' if text else ""


def _page(title: str, body: str, *, wide: bool = False) -> str:
    return (
        '<!doctype html><html lang="zh-Hant-TW"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        f"<title>{title}｜{_NAME}｜臺南分局</title><style>{_STYLE}</style></head>"
        f'<body><main{" class=wide" if wide else ""}><p class="quiet">{_OFFICE}<br>{_NAME}</p>'
        f"<h1>{title}</h1>{body}</main></body></html>"
    )
