"""The superuser without the right to pass over permissions, so that a folder marked read-only is read-only."""

from __future__ import annotations

import ctypes
import os
import platform

_SYSCALLS = {"x86_64": (125, 126), "aarch64": (90, 91)}
_VERSION = 0x20080522
_OVERRIDES = 1 << 1 | 1 << 2  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH


def can() -> bool:
    """Whether :func:`heed` is known to work here."""
    return platform.system() == "Linux" and (os.geteuid() != 0 or platform.machine() in _SYSCALLS)


def heed() -> None:
    """From now on this process heeds permissions. Not to be taken back: for a process that was forked for it."""
    if os.geteuid() != 0:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    head, sets = (ctypes.c_uint32 * 2)(_VERSION, 0), (ctypes.c_uint32 * 6)()
    get, put = _SYSCALLS[platform.machine()]
    if libc.syscall(get, head, sets):
        raise OSError(ctypes.get_errno(), "capget")
    sets[0] &= ~_OVERRIDES
    if libc.syscall(put, head, sets):
        raise OSError(ctypes.get_errno(), "capset")
