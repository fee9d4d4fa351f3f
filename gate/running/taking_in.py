"""A gate behind other people's cameras: connects door, spool, desk and courier."""

import threading
from pathlib import Path

from gate.intake.desk import Desk, Signs
from gate.intake.door import Door, networks, open_door
from gate.intake.mqtt_source import hearing
from gate.intake.same_car import Cars
from gate.intake.spool import FILE_SHAPE, Spool
from gate.intake.telling import Teller
from gate.loop import CourierLoop
from gate.own_file import OwnFile
from gate.page import intake_page_served
from gate.settings import GateSettings
from gate.vendors.adapters import ADAPTERS
from shared.clock import now
from shared.errors import OperatorError
from shared.own_file import open_own
from shared.systemd import notify
from shared.words import Voice, read_words


def take_in(
    settings: GateSettings, own: OwnFile, carrying: CourierLoop, stop: threading.Event
) -> None:
    """Take what the cameras post until ``stop``.

    Raises:
        OperatorError: the address is not available, or the disk takes nothing.
    """
    camera = settings.camera
    adapter, path = ADAPTERS[camera.source], Path(settings.data_dir, "intake.sqlite3")
    opened = open_own(path, FILE_SHAPE, now())
    if opened.refused is not None:  # what cannot be kept must not be answered
        raise OperatorError("error.camera_spool", path=path)
    spool, signs = Spool(opened.db, now, path.parent), Signs()
    voice = Voice(read_words("gate"), settings.language)
    teller = Teller(camera.source, settings.gate_id, own.next_number, now, voice)
    cars = Cars(settings.vote.rules(), adapter.settle_s)
    desk = Desk(spool, adapter, cars, teller, carrying, notify, camera.kept_days, signs)
    allowed = networks(camera.allowed)
    door = Door(camera.source, adapter, spool, signs, allowed, camera.token)
    name = f"yingbin-{settings.site}-{settings.gate_id}"
    with (
        open_door(camera, door),
        hearing(camera, name, adapter.topics, door.hear),
        intake_page_served(settings.page, camera, spool),
    ):
        desk.run(stop)
