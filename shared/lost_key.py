"""Finds the key of a program's files again where it was lost or mixed up (找回密钥)."""

import logging
import os
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from shared.errors import OperatorError
from shared.file_check import mark_of, noted_key
from shared.replacing import replace_file
from shared.sealed_file import DATA_KEY_NAME, key_in, opens, sealed_in
from shared.systemd import starting_longer

log = logging.getLogger(__name__)


def find_key(folder: Path, key: Path, others: Iterable[str] = ()) -> None:
    """See that the files of ``folder`` have the key that opens them, before a new one is made.

    It is looked for beside its place ``key``, where programs may have changed theirs, and among
    ``others``: those in backups. One that is found arrives as a restored backup's does. None opens
    the files? They are then mended as damaged ones are, and set aside.

    Raises:
        OperatorError: there is a key that we may not read; without it the files would be set aside.
    """
    if key.exists() and not os.access(key, os.R_OK, effective_ids=True):
        raise OperatorError("error.data_key_closed", path=key, folder=folder)
    own = key_in(folder / DATA_KEY_NAME) or key_in(key)
    locked = next((path for path in sealed_in(folder) if not opens(path, own)), None)
    if locked is None or (own and noted_key(locked) == mark_of(own)):  # damaged; the key is right
        return
    with starting_longer(f"the key of {locked.name} is looked for"):
        for text in chain(_beside(key), others):
            if text != own and opens(locked, text):
                log.warning("%s: its key was lost and is found again", locked)
                (folder / DATA_KEY_NAME).unlink(missing_ok=True)
                replace_file(folder / DATA_KEY_NAME, f"{text}\n".encode())
                return
    log.error("%s: no key opens it; put the right one at %s and start again", locked, key)


def _beside(key: Path) -> Iterator[str]:
    """The keys of this program and others, those before a restore too."""
    yield from filter(None, map(key_in, sorted(key.parent.glob("*.data.key*"))))
