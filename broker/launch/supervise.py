"""Runs several programs as systemd would: waits until they are ready, restarts those that end."""

import logging
import os
import re
import secrets
import socket
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from broker.child_process import start_child, stop_child

log = logging.getLogger(__name__)

RESTART_AFTER_S = 1.0
_STATUS = re.compile(r"^STATUS=(.*)$", re.MULTILINE)
SILENT_AFTER_S = 30.0
"""A program that was ready and then gives no sign of life for so long is killed."""


@dataclass(slots=True)
class Program:
    """A program and its state."""

    name: str
    command: Sequence[str]
    is_ready: bool = False
    said: str = ""
    """What it says that it is at, while it starts."""
    started_at: float = 0.0
    beat_at: float = 0.0
    child: "subprocess.Popen[str] | None" = None
    ear: socket.socket = field(init=False)
    address: str = field(init=False)

    def __post_init__(self) -> None:
        """Open a datagram socket for it in the abstract name space (sd_notify(3))."""
        self.address = f"@yingbin-{os.getpid()}-{self.name}-{secrets.token_hex(4)}"
        self.ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
        self.ear.bind(self.address.replace("@", "\0", 1))
        self.ear.setblocking(False)


class Supervisor:
    """Keeps programs running. Belongs to the thread that starts the children."""

    def __init__(self, programs: Sequence[Program]) -> None:
        self._programs = programs

    def step(self) -> None:
        """Start programs that do not run, and hear the signs of life of those that do."""
        moment = time.monotonic()
        for program in self._programs:
            _hear(program, moment)
            ended = program.child is not None and program.child.poll() is not None
            if ended and program.started_at:
                log.warning("%s ended; starting it again", program.name)
                program.started_at, program.is_ready = 0.0, False
                program.beat_at = moment
            if program.child is None or (ended and moment - program.beat_at >= RESTART_AFTER_S):
                _start(program, moment)
            elif program.is_ready and moment - program.beat_at > SILENT_AFTER_S:
                log.warning("%s is silent; killing it", program.name)
                program.child.kill()

    def is_ready(self) -> bool:
        """Whether every program says that it is ready."""
        return all(program.is_ready for program in self._programs)

    def has_asked_for_time(self, within_s: float) -> bool:
        """Whether a program that is not ready has said of late that it needs longer."""
        moment = time.monotonic()
        return any(
            program.said and moment - program.beat_at < within_s
            for program in self._programs
            if not program.is_ready
        )

    def missing(self) -> list[str]:
        """The programs that are not ready."""
        return [program.name for program in self._programs if not program.is_ready]

    def stop(self) -> None:
        """Stop every program, the last started first."""
        for program in reversed(self._programs):
            if program.child is not None:
                stop_child(program.child, within_s=5.0)
            program.ear.close()


def _start(program: Program, moment: float) -> None:
    program.child = start_child(program.command, notify_socket=program.address)
    program.started_at = program.beat_at = moment


def _hear(program: Program, moment: float) -> None:
    try:
        while said := program.ear.recv(1024):
            program.beat_at = moment
            program.is_ready = program.is_ready or b"READY=1" in said
            if status := _STATUS.search(said.decode(errors="replace")):
                program.said = status[1]
    except BlockingIOError:
        return
