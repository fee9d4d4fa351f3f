"""Runs Python code under a unit's system call filter and without memory both writable and code.

systemd itself is not needed, only its lists: CI has no systemd that could start a service.
"""

import ctypes
import errno
import re
import socket
import subprocess
import sys
from pathlib import Path

ALLOW = 0x7FFF0000
REFUSE = 0x00050000 | errno.EPERM
"""SCMP_ACT_ALLOW and SCMP_ACT_ERRNO(EPERM) of seccomp.h."""
EQUAL = 4
"""SCMP_CMP_EQ."""
PR_SET_MDWE = 65
"""prctl(2): since Linux 6.3; an older kernel refuses and the code runs without."""


def calls_in(name: str) -> set[str]:
    """The system calls of ``name``: a call, or a group of systemd's (``@system-service``)."""
    if not name.startswith("@"):
        return {name}
    listed = subprocess.run(
        ["systemd-analyze", "syscall-filter", name], capture_output=True, text=True, check=True
    )
    lines = [line.strip() for line in listed.stdout.splitlines()[1:]]
    return set().union(*(calls_in(line) for line in lines if line and not line.startswith("#")))


def allowed_calls(unit: Path) -> set[str]:
    """What the ``SystemCallFilter=`` lines of ``unit`` allow, read from top to bottom."""
    allowed = calls_in("@default") | {"execve"}
    for line in re.findall(r"^SystemCallFilter=(.*)$", unit.read_text(encoding="utf-8"), re.M):
        named = set().union(*(calls_in(name) for name in line.removeprefix("~").split()))
        allowed = allowed - named if line.startswith("~") else allowed | named
    return allowed


class Argument(ctypes.Structure):
    """``struct scmp_arg_cmp``: an argument of a call, and what it must be."""

    _fields_ = (
        ("number", ctypes.c_uint),
        ("how", ctypes.c_int),
        ("a", ctypes.c_uint64),
        ("b", ctypes.c_uint64),
    )


def allowed_families(unit: Path) -> list[int]:
    """The address families of ``unit``'s ``RestrictAddressFamilies=``."""
    (named,) = re.findall(r"^RestrictAddressFamilies=(.*)$", unit.read_text("utf-8"), re.M)
    return [getattr(socket, name) for name in named.split()]


def enter(unit: Path) -> None:
    """Put this process and its children under the filters of ``unit``; there is no way back."""
    allowed = allowed_calls(unit)
    libc = ctypes.CDLL(None)
    seccomp = ctypes.CDLL("libseccomp.so.2")
    seccomp.seccomp_init.restype = ctypes.c_void_p
    filters = ctypes.c_void_p(seccomp.seccomp_init(REFUSE))
    for family in allowed_families(unit):
        number = seccomp.seccomp_syscall_resolve_name(b"socket")
        same = Argument(0, EQUAL, family, 0)
        seccomp.seccomp_rule_add_array(filters, ALLOW, number, 1, ctypes.byref(same))
    for call in sorted(allowed - {"socket"}):
        number = seccomp.seccomp_syscall_resolve_name(call.encode())
        if number >= 0:
            seccomp.seccomp_rule_add(filters, ALLOW, number, 0)
    libc.prctl(PR_SET_MDWE, 1, 0, 0, 0)
    if seccomp.seccomp_load(filters) != 0:
        raise OSError("the kernel did not take the filter")


if __name__ == "__main__":
    enter(Path(sys.argv[1]))
    exec("import pathlib\n" + sys.argv[2])
