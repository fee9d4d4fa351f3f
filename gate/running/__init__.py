"""What a gate does all day: watches with our own reader, or takes what other cameras read."""

import threading
from collections.abc import Callable

from gate.loop import CourierLoop
from gate.own_file import OwnFile
from gate.settings import GateSettings
from gate.vendors.adapters import ADAPTERS

Work = Callable[[GateSettings, OwnFile, CourierLoop, threading.Event], None]


def work_of(settings: GateSettings) -> Work:
    """The work that these settings ask for; it ends when the event is set.

    Each is imported only where it is done: one needs no networks, the other no web server.
    """
    if settings.camera.source in ADAPTERS and settings.shadow.source:
        from gate.running.side_by_side import side_by_side

        return side_by_side
    if settings.camera.source in ADAPTERS:
        from gate.running.taking_in import take_in

        return take_in
    from gate.running.watching import watch

    return watch
