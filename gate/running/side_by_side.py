"""A gate with two readers (影子模式): a vendor's cameras and our own, one of whom the hub hears."""

import threading
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

from gate.intake.desk import Desk
from gate.loop import TIDY_EVERY_S, CourierLoop, Gate, Mute
from gate.own_file import OwnFile
from gate.passing.areas_file import AreasFile
from gate.pipeline import Passage
from gate.running.learning import keep_corrections
from gate.running.taking_in import Outlets, desk_open
from gate.running.watching import gate_open, remember
from gate.settings import GateSettings, ShadowSettings
from gate.shadow.comparison import FILE_SHAPE, Comparison
from shared.clock import now
from shared.own_file import open_own

LOOK_EVERY_S = 1.0


def side_by_side(
    settings: GateSettings, own: OwnFile, carrying: CourierLoop, stop: threading.Event
) -> None:
    """Let both read until ``stop``.

    Whatever becomes of the one that follows, which has a thread of its own, the other goes on.

    Raises:
        OperatorError: an address is not available, files are not there, or the disk takes nothing.
    """
    shadow, path = settings.shadow, Path(settings.data_dir, "shadow.sqlite3")
    comparison = Comparison(open_own(path, FILE_SHAPE, now()).db)
    heard, mute = Outlets(own.next_number, carrying), _mute()
    camera_leads = shadow.leads == "camera"
    areas = AreasFile(settings.areas_path)
    with (
        gate_open(settings, shadow, mute if camera_leads else heard, areas) as gate,
        desk_open(settings, heard if camera_leads else mute, comparison) as desk,
    ):
        carrying.courier.on_erased = desk.erased.put
        if not camera_leads:
            remember(gate, own)
            keep_corrections(settings, gate, carrying)
        gate.note_told = _both(gate.note_told, comparison.hear_reader)
        leader: Desk | Gate = desk if camera_leads else gate
        follower: Desk | Gate = gate if camera_leads else desk
        others = [
            threading.Thread(target=follower.run, args=(stop,), name="follower", daemon=True),
            threading.Thread(
                target=_keep_house,
                args=(gate, comparison, shadow, stop),
                name="shadow",
                daemon=True,
            ),
        ]
        for other in others:
            other.start()
        leader.run(stop)
        for other in others:
            other.join(5.0)


def _mute() -> Outlets:
    return Outlets(count(1).__next__, Mute(), lambda _state: None)


def _both(
    first: Callable[[Passage], None], then: Callable[[Passage], None]
) -> Callable[[Passage], None]:
    def hear(passage: Passage) -> None:
        first(passage)
        then(passage)

    return hear


def _keep_house(
    gate: Gate, comparison: Comparison, shadow: ShadowSettings, stop: threading.Event
) -> None:
    """Show the comparison what our camera sees, and delete what is old."""
    tidied_at_s = float("-inf")
    while not stop.wait(LOOK_EVERY_S):
        comparison.newest = None if gate.newest is None else gate.newest.image
        if time.monotonic() - tidied_at_s > TIDY_EVERY_S:
            tidied_at_s = time.monotonic()
            comparison.delete_old(now(), shadow.compared_days, shadow.kept_days)
