"""Starts a child process that cannot outlive us."""

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
    """``command`` as a child that is killed when we die, however we die.

    Without it a killed supervisor leaves its MQTT server behind, and that keeps the port.
    ``notify_socket`` is where the child shall tell that it is ready; None: nowhere.
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
    """Ask ``child`` to end; kill it when it does not."""
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
