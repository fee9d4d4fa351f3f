"""What a machine must be for Yingbin to run on it, and how its memory is dealt out."""

import ctypes
import platform
import sys

from shared.errors import OperatorError

MACHINES_32_BIT = ("armv6l", "armv7l", "armv8l", "i686")
"""As their kernels call them; ``armv8l`` is a 64-bit processor that a 32-bit system is shown."""

ARENAS = 2
_M_ARENA_MAX = -8
"""glibc's ``malloc.h``."""


def require_64_bit() -> None:
    """Look before a library is imported that exists for 64 bits only.

    Raises:
        OperatorError: the machine's system is 32-bit, or its Python is, below a 64-bit kernel.
    """
    machine = platform.machine()
    if machine in MACHINES_32_BIT or sys.maxsize < 2**32:
        raise OperatorError("error.machine_32_bit", machine=machine)


def share_memory() -> None:
    """Let the threads that start from now on take memory from the same few arenas.

    glibc gives each thread its own, which keeps the most that one answer ever took: with 16 threads
    a hub held 80 MB more by noon. Another C library has no such arenas.
    """
    if set_option := getattr(ctypes.CDLL(None), "mallopt", None):
        set_option(_M_ARENA_MAX, ARENAS)
