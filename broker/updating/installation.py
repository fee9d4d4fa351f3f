"""Where the releases lie on a machine, which of them runs, and which is on trial.

Below ``/opt/yingbin``: ``releases/1.2.3`` is an environment with our own wheel, ``libraries/…`` has
what several of them share. The services start ``current/bin/yingbin``; ``previous`` is the way
back. A source install (``make install``) is the environment ``.venv``.
"""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import msgspec
from msgspec import Struct

from broker.updating.release_file import Version
from shared.errors import OperatorError
from shared.replacing import flush

USUAL_ROOT = Path("/opt/yingbin")
CURRENT, PREVIOUS, JUDGE = "current", "previous", "judge"
RELEASES, LIBRARIES = "releases", "libraries"
TRIAL, TAKEN = "trial.json", "taken.json"
COMPLETE = "release.json"
"""In a release's folder, written last: its manifest."""
ANSWERS_WITHIN_S = 60.0


class Trial(Struct, frozen=True, kw_only=True):
    """A change to another release that is not yet known to work; it outlives a power cut."""

    old: str
    """The environment that ran before, below the root."""
    new: str
    units: tuple[str, ...] = ()
    """The services to start again."""
    known: tuple[str, ...] = ()
    """What the doctor had found wrong before."""
    backup: str | None = None
    boots: int = 0
    """How often the machine has started since."""
    why: str | None = None
    """The sentence that says why it is taken back; None: it is not."""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Installation:
    """The folder ``root``, and what its links say."""

    root: Path

    @property
    def current(self) -> str:
        """The environment that runs, below the root.

        Raises:
            OperatorError: none is installed there.
        """
        found = self._target(CURRENT)
        if found is None or not (self.root / found / "bin" / "yingbin").exists():
            raise OperatorError("error.not_installed", folder=self.root)
        return found

    @property
    def previous(self) -> str | None:
        """The environment that ran before; None: there is none."""
        found = self._target(PREVIOUS)
        return found if found and (self.root / found).is_dir() else None

    @property
    def trial(self) -> Trial | None:
        """The change that has not ended; None: there is none."""
        return self._noted(TRIAL)

    @property
    def taken(self) -> Trial | None:
        """The last change that ended well; None: there was none."""
        return self._noted(TAKEN)

    def program(self, environment: str) -> Path:
        """The command ``yingbin`` of an environment."""
        return self.root / environment / "bin" / "yingbin"

    def python(self, environment: str) -> Path:
        """The Python of an environment."""
        return self.root / environment / "bin" / "python"

    def version(self, environment: str) -> Version:
        """What an environment says that it is.

        Raises:
            OperatorError: it does not say so.
        """
        try:
            done = subprocess.run(
                [self.program(environment), "version"],
                capture_output=True,
                text=True,
                check=True,
                timeout=ANSWERS_WITHIN_S,
            )
            return Version.of(done.stdout.split()[-1])
        except (OSError, subprocess.SubprocessError, ValueError, IndexError) as error:
            path = self.root / environment
            raise OperatorError("error.environment", path=path, problem=error) from error

    def point(self, link: str, target: str) -> None:
        """Let ``link`` lead to ``target`` from now on; there is no moment without it."""
        fresh = self.root / f".{link}.new"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(target)
        fresh.replace(self.root / link)
        flush(self.root)

    def note(self, trial: Trial) -> None:
        """Keep ``trial``: who judges it is the release that ran before."""
        self.point(JUDGE, trial.old)
        fresh = self.root / f".{TRIAL}.new"
        fresh.write_bytes(msgspec.json.encode(trial))
        flush(fresh)
        fresh.replace(self.root / TRIAL)
        flush(self.root)

    def end_trial(self, *, is_taken: bool = False) -> None:
        """End the trial: nobody goes on with it after a power cut."""
        trial = self.root / TRIAL
        if is_taken:
            trial.replace(self.root / TAKEN)
        trial.unlink(missing_ok=True)
        flush(self.root)
        (self.root / JUDGE).unlink(missing_ok=True)

    def tidy(self) -> None:
        """Delete what no link leads to: releases, and libraries that no release has."""
        kept = {name for name in map(self._target, (CURRENT, PREVIOUS, JUDGE)) if name}
        for release in (self.root / RELEASES).glob("*"):
            if f"{RELEASES}/{release.name}" not in kept:
                shutil.rmtree(release)
        used = {path.readlink().name for path in (self.root / RELEASES).glob(f"*/{LIBRARIES}")}
        for libraries in (self.root / LIBRARIES).glob("*"):
            if libraries.name not in used:
                shutil.rmtree(libraries)

    def _noted(self, name: str) -> Trial | None:
        try:
            text = (self.root / name).read_bytes()
        except FileNotFoundError:
            return None
        return msgspec.json.decode(text, type=Trial)

    def _target(self, link: str) -> str | None:
        path = self.root / link
        return str(path.readlink()) if path.is_symlink() else None
