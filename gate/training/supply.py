"""Draws batches for the recogniser in processes of their own: the network never waits for one."""

import multiprocessing
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event
from pathlib import Path
from queue import Empty, Full
from typing import Any

import cv2
import numpy as np

from gate.training.others import OtherSamples
from gate.training.plates import PlateArtist
from gate.training.real import RealPlate, RealSamples, read_real
from gate.training.samples import DrawnSamples, Sample
from gate.training.site import Labelled, SiteSamples

BATCH = 64
REAL_SHARE = 0.36
"""Of a batch, where real plates are given; the rest is drawn."""

SITE_SHARE = 0.25
"""Of a batch, where a site's corrections are given."""

OTHERS_SHARE = 0.12
"""Strips of a batch that show no plate of ours: the network must read nothing from them."""

_PATIENCE_S = 1.0
"""How long either side waits before it asks whether the other one lives."""

_WAITING = 6
"""How many batches wait for the network at most."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to draw from: folders of character pictures and of real plates, without the sources
    whose name contains ``left_out``; ``seed`` makes another run draw others. ``site``: the plates
    of a site whose own errors are learned.
    """

    glyphs: Path | None
    real: Path | None
    left_out: str | None
    seed: tuple[int, int]
    site: tuple[Labelled, ...] = ()


def read_wanted(wanted: Wanted, held_out: bool) -> list[RealPlate]:
    """The real plates, without those of a source that is left out."""
    plates = read_real(wanted.real, held_out)
    return [plate for plate in plates if not is_left_out(plate, wanted.left_out)]


def is_left_out(plate: RealPlate, left_out: str | None) -> bool:
    """Whether it is of a source that training shall never see."""
    return left_out is not None and left_out.lower() in plate.source.lower()


class Drawer:
    """Batches in the agreed mixture; without real plates all of it is drawn."""

    def __init__(self, wanted: Wanted, number: int) -> None:
        self._rng = np.random.default_rng((*wanted.seed, number))
        self._drawn = DrawnSamples(PlateArtist(wanted.glyphs, wanted.seed[0]))
        self._others = OtherSamples(wanted.real)
        self._real = RealSamples(read_wanted(wanted, held_out=False))
        self._site = SiteSamples(wanted.site)

    def batch(self, strength: float) -> list[Sample]:
        """One batch, as spoilt as ``strength`` (0 to 1) says."""
        samples = self._real.take(round(BATCH * REAL_SHARE), self._rng, strength)
        samples += self._site.take(round(BATCH * SITE_SHARE), self._rng, strength)
        samples += self._others.take(round(BATCH * OTHERS_SHARE), self._rng, strength)
        return samples + self._drawn.take(BATCH - len(samples), self._rng, strength)


class Supply:
    """Batches from the drawing processes, oldest first."""

    def __init__(
        self, queue: Any, strength: "Synchronized[float]", processes: Sequence[BaseProcess]
    ) -> None:
        self._queue, self._strength, self._processes = queue, strength, processes

    def batch(self, strength: float) -> list[Sample]:
        """The next batch; those that are begun from now on are as spoilt as ``strength`` says.

        Raises: RuntimeError where nobody draws any more; the cause is in the output of the process.
        """
        self._strength.value = strength
        while any(process.is_alive() for process in self._processes):
            with suppress(Empty):
                batch: list[Sample] = self._queue.get(timeout=_PATIENCE_S)
                return batch
        raise RuntimeError("every process that draws has ended")


@contextmanager
def supplied(wanted: Wanted, drawers: int) -> Iterator[Supply]:
    """A supply by as many processes as ``drawers``, which end with it."""
    spawning = multiprocessing.get_context("spawn")
    queue, ended = spawning.Queue(_WAITING), spawning.Event()
    strength = spawning.Value("d", 0.25)
    processes = [
        spawning.Process(target=_draw, args=(wanted, number, (queue, strength, ended)), daemon=True)
        for number in range(drawers)
    ]
    for process in processes:
        process.start()
    try:
        yield Supply(queue, strength, processes)
    finally:
        ended.set()
        for process in processes:
            process.terminate()
            process.join()


def _draw(wanted: Wanted, number: int, shared: "tuple[Any, Synchronized[float], Event]") -> None:
    """Draw until the training ends, or dies."""
    cv2.setNumThreads(1)
    queue, strength, ended = shared
    queue.cancel_join_thread()  # when it ends, nobody takes what still waits
    drawer, parent = Drawer(wanted, number), multiprocessing.parent_process()
    batch: list[Sample] = []
    while not ended.is_set() and (parent is None or parent.is_alive()):
        batch = batch or drawer.batch(strength.value)
        try:
            queue.put(batch, timeout=_PATIENCE_S)
        except Full:
            continue
        batch = []
