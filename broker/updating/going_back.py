"""``yingbin update --back``: the release that ran before runs again, if it can read the files."""

import subprocess
from pathlib import Path

from broker.updating.changing import Update, change_to
from broker.updating.installation import Installation
from shared.errors import OperatorError
from shared.migrations import needed_in

_KNOWN = "from broker.store.schema import migrations; print(migrations.number)"
_ANSWERS_WITHIN_S = 60.0


def go_back(update: Update, *, restores: bool) -> int:
    """Change to the previous release; 1: it did not work, and this one runs on.

    ``restores``: where it cannot read what this release wrote, the backup that was made before the
    update takes its place, and all since then is lost.

    Raises:
        OperatorError: there is none, or it cannot read the hub's file. Nothing was changed.
    """
    installation = update.installation
    previous = installation.previous
    if previous is None:
        raise OperatorError("error.no_previous", folder=installation.root)
    hub_file = update.hub_file
    if hub_file is None or needed_in(hub_file) <= _known_by(installation, previous):
        return change_to(update, previous)
    backup = _backup_before(installation, previous)
    if not restores:
        version = installation.version(previous)
        raise OperatorError("error.update_one_way", version=version, backup=backup or "–")
    if backup is None or not backup.is_file():
        raise OperatorError("error.backup_missing", path=backup or "–")
    return change_to(update, previous, restores=backup)


def _known_by(installation: Installation, environment: str) -> int:
    """The number of the last step that the hub of this release knows; 0: it cannot say."""
    command = [str(installation.python(environment)), "-c", _KNOWN]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=True, timeout=_ANSWERS_WITHIN_S, cwd="/"
        )
        return int(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return 0


def _backup_before(installation: Installation, previous: str) -> Path | None:
    """The backup that was made when ``previous`` was left."""
    taken = installation.taken
    return Path(taken.backup) if taken and taken.backup and taken.old == previous else None
