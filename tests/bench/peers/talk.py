"""The bench's end of the conversation with one reader's process."""

import json
import os
import select
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.bench.peers.roster import Peer
from tests.bench.scores import Answer
from tests.site import ROOT

_READERS = "tests.bench.peers.readers"
_START_WITHIN_S = 600.0
_READ_WITHIN_S = 600.0
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")


class PeerFailedError(Exception):
    """The reader's process ended, or says nothing any more."""


class Talk:
    """A running reader; leaving the block ends it."""

    def __init__(self, peer: Peer, python: Path, threads: int, log: Path) -> None:
        """Raises: PeerFailedError: it does not start; ``log`` then holds what it said."""
        self.peer = peer
        self.peak_mb = 0.0
        self._log = log
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        environment.update(dict.fromkeys(_THREADS, str(threads)))
        with log.open("w") as said:
            self._process = subprocess.Popen(
                [str(python), "-m", f"{_READERS}.{peer.module}", str(threads)],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
                env=environment,
                text=True,
                encoding="utf-8",
            )
        self._answer(_START_WITHIN_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        with self._process:  # closes its pipes, and waits
            self._process.kill()

    def read(self, picture: Path, *, is_crop: bool) -> tuple[tuple[Answer, ...], float | None]:
        """The plates in ``picture``, best first, and milliseconds; no time where it failed on it.

        Raises: PeerFailedError.
        """
        assert self._process.stdin is not None
        asked = json.dumps({"picture": str(picture), "is_crop": is_crop})
        try:
            self._process.stdin.write(asked + "\n")
            self._process.stdin.flush()
        except OSError as error:
            raise PeerFailedError(self._why()) from error
        said = self._answer(_READ_WITHIN_S)
        if "error" in said:
            return (), None
        return tuple(Answer(text, sure) for text, sure in said["plates"]), said["took_ms"]

    def _answer(self, within_s: float) -> dict[str, Any]:
        assert self._process.stdout is not None
        if not select.select([self._process.stdout], [], [], within_s)[0]:
            raise PeerFailedError(f"says nothing for {within_s:.0f} s")
        line = self._process.stdout.readline()
        if not line:
            raise PeerFailedError(self._why())
        said: dict[str, Any] = json.loads(line)
        self.peak_mb = said["peak_mb"]
        return said

    def _why(self) -> str:
        status = self._process.wait()
        lines = self._log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return f"ended with {status}: {lines[-1] if lines else 'it said nothing'}"
