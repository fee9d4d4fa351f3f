"""Whether Yingbin can run on this machine at all."""

import platform
import sys

from shared.errors import OperatorError

MACHINES_32_BIT = ("armv6l", "armv7l", "armv8l", "i686")
"""As their kernels call them; ``armv8l`` is a 64-bit processor that a 32-bit system is shown."""


def require_64_bit() -> None:
    """Look before a library is imported that exists for 64 bits only.

    Raises:
        OperatorError: the machine's system is 32-bit, or its Python is, below a 64-bit kernel.
    """
    machine = platform.machine()
    if machine in MACHINES_32_BIT or sys.maxsize < 2**32:
        raise OperatorError("error.machine_32_bit", machine=machine)
