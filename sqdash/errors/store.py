"""Errors of the store and of its backups."""

from __future__ import annotations

from sqdash.errors.base import SqdashError


class StoreError(SqdashError):
    """The store cannot be used as it is."""


class StoreMissing(StoreError):
    """There is no store at this path."""


class StoreUnusable(StoreError):
    """A directory, an empty file, another program's file or a damaged one; ``damage`` is what SQLite found in the
    latter, empty otherwise."""

    damage: str = ""


class StoreTooNew(StoreError):
    """The file was written by a newer version of this program."""


class StoreReadOnly(StoreError):
    """The store may be read, but not written."""


class StoreBusy(StoreError):
    """Another process holds the write gate for longer than the waiting time."""


class BackupError(StoreError):
    """A backup that could not be made, or one that is not whole."""


class AnotherLeads(StoreError):
    """Another process pulls into the store, or backs it up, at intervals or just now."""
