"""What people correct is kept, so that a site's reader can learn from it."""

import logging
from collections.abc import Collection
from pathlib import Path

from gate.corrections.kept import FILE_NAME, FILE_SHAPE, Kept
from gate.loop import CourierLoop, Gate
from gate.pipeline import Passage
from gate.settings import GateSettings
from shared.clock import now
from shared.own_file import open_own

log = logging.getLogger(__name__)


def keep_corrections(settings: GateSettings, gate: Gate, carrying: CourierLoop) -> None:
    """Keep the strips of what ``gate`` tells the hub and a person corrects, for as long as it runs.

    Whoever is erased at the hub goes here too, and the frames in which their plate was read.
    To be called once everything else is connected: it hears beside what hears already.
    """
    path = Path(settings.data_dir, FILE_NAME)
    kept = Kept(open_own(path, FILE_SHAPE, now()).db, now)
    note_told, on_erased = gate.note_told, carrying.courier.on_erased

    def told(passage: Passage) -> None:
        note_told(passage)
        kept.hear(passage)

    def erased(names: Collection[str]) -> None:
        on_erased(names)
        kept.erase(names)
        try:
            gate.images.erase(names)
            gate.trace.erase(names)
        except OSError as error:
            log.warning("pictures of who was erased go when they are old (%s)", error)

    gate.note_told, carrying.courier.on_erased = told, erased
    carrying.on_correction, gate.tidy = kept.correct, kept.delete_old
