"""Tokens of pages, each in a file of its own beside the store and never in it; only the owner may read it.

A page whose token came with the settings needs no file.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from sqdash.errors import SettingsError
from sqdash.secret import Secret
from sqdash.settings import GraphSettings, read_token

_PAGE = re.compile(r"[0-9]{1,40}")
_TOKEN = re.compile(r"[\x21-\x7e]{1,4096}")
_SUFFIX = ".token"


def folder(store: Path) -> Path:
    """Where the files are."""
    return store.with_name(f"{store.name}.tokens")


def path_of(store: Path, page_id: str) -> Path:
    """The page's file; :class:`SettingsError` for an id that is no number of Facebook's."""
    if not _PAGE.fullmatch(page_id):
        raise SettingsError("專頁編號應全為數字，請在粉絲專頁的「關於」頁面查看編號。")  # it may be a token: not quoted
    return folder(store) / f"{page_id}{_SUFFIX}"


def shown(page_id: str) -> str:
    """The id as it may be shown: what is no number could be a token that was put in the wrong place."""
    return page_id if _PAGE.fullmatch(page_id) else "（編號有誤）"


def keep(store: Path, page_id: str, token: str) -> Path:
    """Write the token whole or not at all, readable by its owner only; :class:`SettingsError` where that fails or the
    text can be no token. What is refused is not quoted: it may be one all the same."""
    path = path_of(store, page_id)
    text = token.strip()
    if not _TOKEN.fullmatch(text):
        raise SettingsError("權杖是空的、過長，或含有空白與英數字、符號以外的字，請重新複製貼上完整的權杖。")
    new = path.with_suffix(".new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(text + "\n")
        new.replace(path)
    except OSError as error:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        raise SettingsError(f"無法寫入權杖檔「{path}」，請檢查資料夾權限。") from error
    return path


def set_at(store: Path, page_id: str) -> datetime | None:
    """When the page's file was written (UTC, whole seconds); None where it has none."""
    try:
        return datetime.fromtimestamp(int(path_of(store, page_id).stat().st_mtime), UTC)
    except (OSError, SettingsError):
        return None


def forget(store: Path, page_id: str) -> None:
    """Remove the page's file."""
    path_of(store, page_id).unlink(missing_ok=True)


def pages(store: Path) -> tuple[str, ...]:
    """The pages that have a file."""
    if not folder(store).is_dir():
        return ()
    found = (path.stem for path in folder(store).glob(f"*{_SUFFIX}"))
    return tuple(sorted(page for page in found if _PAGE.fullmatch(page)))


def configured(store: Path, settings: GraphSettings) -> bool:
    """Whether any page is set up, without reading a token."""
    by_settings = settings.page_id and (settings.token_text or settings.token_file)
    return bool(by_settings) or bool(pages(store))


def token_of(store: Path, page_id: str, settings: GraphSettings) -> Secret | None:
    """The page's own token, else the settings' for their page; None without any. :class:`SettingsError` for a file
    that cannot be used."""
    path = path_of(store, page_id)
    if path.is_file():
        return read_token(path)
    return settings.token if page_id == settings.page_id else None
