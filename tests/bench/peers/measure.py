"""Every reader on the same pictures, one picture at a time: a disturbance hits all alike."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import cv2

from gate.camera.picture import read_picture
from tests.bench.labels import Labelled
from tests.bench.peers.environment import NotInstalledError, python_of
from tests.bench.peers.roster import Peer
from tests.bench.peers.talk import PeerFailedError, Talk
from tests.bench.reading import show_progress
from tests.bench.scores import Outcome


@dataclass(slots=True)
class Measured:
    """What one reader gave on so many threads; ``problem``: why it gave no more."""

    peer: Peer
    threads: int
    outcomes: list[Outcome] = field(default_factory=list)
    failed: int = 0
    peak_mb: float = 0.0
    problem: str = ""


def measure(
    peers: Sequence[Peer],
    pictures: Sequence[Labelled],
    threads: int,
    folder: Path,
    *,
    is_crop: bool,
) -> list[Measured]:
    """All readers side by side; ``folder`` takes plain copies of the pictures, and their logs."""
    results = [Measured(peer, threads) for peer in peers]
    with ExitStack() as running:
        talks = [(measured, _started(measured, running, folder)) for measured in results]
        for number, picture in enumerate(pictures, start=1):
            copy = _plain_copy(picture.path, folder / "picture.png")
            for measured, talk in talks:
                show_progress(number, len(pictures), f"{threads} threads, {measured.peer.name}")
                if talk and not measured.problem:
                    _read(measured, talk, picture, copy, is_crop=is_crop)
    return results


def _started(measured: Measured, running: ExitStack, folder: Path) -> Talk | None:
    try:
        python = python_of(measured.peer)
        talk = Talk(measured.peer, python, measured.threads, folder / f"{measured.peer.name}.log")
    except (NotInstalledError, PeerFailedError) as error:
        measured.problem = str(error)
        return None
    return running.enter_context(talk)


def _read(measured: Measured, talk: Talk, picture: Labelled, copy: Path, *, is_crop: bool) -> None:
    try:
        answers, took_ms = talk.read(copy, is_crop=is_crop)
    except PeerFailedError as error:
        measured.problem = str(error)
        return
    measured.outcomes.append(Outcome(picture, answers, took_ms))
    measured.failed += took_ms is None
    measured.peak_mb = talk.peak_mb


def _plain_copy(source: Path, target: Path) -> Path:
    """The same pixels for all, whatever each one's library makes of odd files and names."""
    target.write_bytes(cv2.imencode(".png", read_picture(source))[1].tobytes())
    return target
