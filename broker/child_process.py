"""Starts child processes that end with this process."""

import ctypes
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1
"""prctl(2): the signal this process gets when its parent dies; Linux only."""


def start_child(
    command: Sequence[str | Path], *, pipe_errors: bool = False, notify_socket: str | None = None
) -> "subprocess.Popen[str]":
    """Start ``command`` as a child that is killed when this process dies, for whatever reason.

    Otherwise a killed supervisor would leave its MQTT server behind, which keeps the port.
    The child reports to ``notify_socket`` that it is ready; None: it does not report.
    """
    told = [f"NOTIFY_SOCKET={notify_socket}"] if notify_socket else ["-u", "NOTIFY_SOCKET"]
    return subprocess.Popen(
        ["env", *told, *(str(part) for part in command)],
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE if pipe_errors else None,
        text=True,
        errors="replace",
        preexec_fn=_die_with_parent,
    )


def stop_child(child: "subprocess.Popen[str]", *, within_s: float) -> None:
    """Ask ``child`` to end, and kill it if it does not."""
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(within_s)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the group; the parent decides.
