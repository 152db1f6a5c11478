"""The only reader of environment and secrets; one frozen :class:`Settings`.

Each setting is looked up in the environment, then in ``.streamlit/secrets.toml`` beside the project.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqdash.errors import SettingsError

ROOT = Path(__file__).resolve().parents[1]
SECRETS = ROOT / ".streamlit" / "secrets.toml"


@dataclass(frozen=True, slots=True)
class Settings:
    """What is in force. ``db`` is the store's path."""

    db: Path


def load(environ: Mapping[str, str] | None = None, secrets: Path = SECRETS) -> Settings:
    """Read the settings; :class:`SettingsError` when the secrets file cannot be read as TOML."""
    environment = os.environ if environ is None else environ
    given = dict(_secrets(secrets)) | {name: value for name, value in environment.items() if value}
    return Settings(db=Path(given.get("SQDASH_DB") or ROOT / "data" / "sqdash.db"))


def _secrets(path: Path) -> Mapping[str, str]:
    if not path.is_file():
        return {}
    import tomllib  # most stores have no such file

    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"設定檔「{path.name}」不是有效的 TOML，請檢查引號與等號。") from error
    return {name: value for name, value in found.items() if isinstance(value, str)}
