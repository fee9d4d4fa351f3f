"""A gate behind other people's cameras: connects door, spool, desk and courier."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gate.intake.alert_stream import asking
from gate.intake.desk import Desk, Signs
from gate.intake.door import Door, networks, open_door
from gate.intake.greeting import Greeter
from gate.intake.mqtt_source import hearing
from gate.intake.same_car import Cars
from gate.intake.spool import FILE_SHAPE, Spool
from gate.intake.telling import Teller
from gate.loop import Carrying, CourierLoop
from gate.own_file import OwnFile
from gate.page import intake_page_served
from gate.settings import GateSettings
from gate.shadow.comparison import Comparison
from gate.vendors.adapters import ADAPTERS
from shared.clock import now, running_s
from shared.errors import OperatorError
from shared.own_file import open_own
from shared.systemd import notify
from shared.words import Voice, read_words


@dataclass(frozen=True, slots=True)
class Outlets:
    """Where a gate's numbers come from, and where what it tells goes."""

    next_number: Callable[[], int]
    carrying: Carrying
    notify: Callable[[str], None] = notify


def take_in(
    settings: GateSettings, own: OwnFile, carrying: CourierLoop, stop: threading.Event
) -> None:
    """Take what the cameras post until ``stop``.

    Raises:
        OperatorError: the address is not available, or the disk takes nothing.
    """
    with desk_open(settings, Outlets(own.next_number, carrying)) as desk:
        carrying.courier.on_erased = desk.erased.put
        desk.run(stop)


@contextmanager
def desk_open(
    settings: GateSettings, outlets: Outlets, comparison: Comparison | None = None
) -> Iterator[Desk]:
    """The desk, and all that brings it what the cameras say, inside the ``with`` block.

    Raises:
        OperatorError: the address is not available, or the disk takes nothing.
    """
    camera = settings.camera
    adapter, path = ADAPTERS[camera.source], Path(settings.data_dir, "intake.sqlite3")
    if (camera.speaks or camera.shows) and not adapter.greets:
        raise OperatorError("error.camera_mute", source=camera.source)
    opened = open_own(path, FILE_SHAPE, now())
    if opened.refused is not None:  # what cannot be kept must not be answered
        raise OperatorError("error.camera_spool", path=path)
    spool, signs = Spool(opened.db, now, path.parent), Signs()
    voice = Voice(read_words("gate"), settings.language)
    teller = Teller(camera.source, settings.gate_id, outlets.next_number, now, voice)
    cars, told = Cars(settings.vote.rules(), adapter.settle_s), outlets.notify
    desk = Desk(spool, adapter, cars, teller, outlets.carrying, told, camera.kept_days, signs)
    if comparison is not None:
        desk.note_told, desk.forget = comparison.hear_camera, comparison.forget
    door = Door(
        camera.source,
        adapter,
        spool,
        signs,
        networks(camera.allowed),
        camera.token,
        Greeter(camera, settings.vote.rules(), voice, running_s) if adapter.greets else None,
    )
    name = f"yingbin-{settings.site}-{settings.gate_id}"
    with (
        open_door(camera, door),
        hearing(camera, name, adapter.topics, door.hear),
        asking(camera, adapter.stream, door.hear),
        intake_page_served(settings.page, camera, spool, comparison),
    ):
        yield desk
