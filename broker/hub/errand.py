"""What the hub has done beside its work, by processes of its own: the loop never waits."""

import logging
import subprocess
import sys
from pathlib import Path
from typing import Protocol

from broker.child_process import start_child, stop_child
from broker.handlers.context import Hub
from shared.words import LOG_LANGUAGE

log = logging.getLogger(__name__)

STOPS_WITHIN_S = 5.0
_FRONT_DOOR = Path(__file__).parents[2] / "yingbin.py"

Words = tuple[str, ...]
"""A command of ours, without ``yingbin``."""


class Job(Protocol):
    """Something that has to be done again and again, each time by one of our own commands."""

    @property
    def first_after_s(self) -> float:
        """How long after the hub's start it is first looked at."""

    @property
    def every_s(self) -> float:
        """How long after a look it is looked at again."""

    @property
    def at_most_s(self) -> float:
        """How long the command may take before it is killed."""

    def due(self, hub: Hub) -> Words | None:
        """The command that has to run now; None: none."""

    def ended(self, hub: Hub, *, has_failed: bool) -> float | None:
        """Note how the command ended; how long after its start is the next look, if not as ever."""


class Errand:
    """Does its job when it is due, gently, one process at a time; belongs to the hub's thread."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._child: subprocess.Popen[str] | None = None
        self._looked_at_s = 0.0
        self._next_at_s: float | None = None

    @property
    def is_idle(self) -> bool:
        """Whether nothing runs just now."""
        return self._child is None

    def step(self, hub: Hub, at_s: float) -> None:
        """Start the command when it is due, and see how it ended; ``at_s`` is monotonic."""
        if self._next_at_s is None:
            self._next_at_s = at_s + self._job.first_after_s
        if self._child is not None:
            self._watch(self._child, hub, at_s)
        elif at_s >= self._next_at_s:
            self._looked_at_s, self._next_at_s = at_s, at_s + self._job.every_s
            if words := self._due(hub):
                yingbin = (
                    "nice",
                    "-n",
                    "19",
                    sys.executable,
                    str(_FRONT_DOOR),
                    "--lang",
                    LOG_LANGUAGE,
                )
                self._child = start_child((*yingbin, *words))

    def _due(self, hub: Hub) -> Words | None:
        try:
            return self._job.due(hub)
        except OSError as error:  # what cannot be looked at never stops the hub
            log.warning("%s: %s", type(self._job).__name__, error)
            return None

    def stop(self) -> None:
        """End what runs."""
        if self._child is not None:
            stop_child(self._child, within_s=STOPS_WITHIN_S)

    def _watch(self, child: subprocess.Popen[str], hub: Hub, at_s: float) -> None:
        status = child.poll()
        if status is not None:
            self._child = None
            next_after_s = self._job.ended(hub, has_failed=status != 0)
            if next_after_s is not None:
                self._next_at_s = self._looked_at_s + next_after_s
        elif at_s - self._looked_at_s > self._job.at_most_s:
            child.kill()
