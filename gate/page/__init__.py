"""The technician's pages: what our camera sees and did not read, or what other cameras post."""

from contextlib import AbstractContextManager, nullcontext

from gate.camera.settings import CameraSettings
from gate.intake.spool import Spool
from gate.loop import Gate
from gate.passing.areas_file import AreasFile
from gate.settings import PageSettings
from gate.shadow.comparison import Comparison
from shared.clock import running_s
from shared.pin_lock import PinLock
from shared.words import read_words


def page_served(
    settings: PageSettings, gate: Gate, areas: AreasFile
) -> AbstractContextManager[None]:
    """Serve the camera's pages inside the ``with`` block, if the settings ask for them.

    Raises:
        OperatorError: the address is not available.
    """
    if not settings.pin:
        return nullcontext()
    from gate.page.app import served  # a gate without a page saves the memory of Flask
    from gate.page.parts import Parts
    from gate.page.views import TABS, pages

    lock, words = PinLock(running_s), read_words("gate")
    return served(Parts(settings, lock, words, gate, areas), TABS, pages)


def intake_page_served(
    settings: PageSettings,
    camera: CameraSettings,
    spool: Spool,
    comparison: Comparison | None = None,
) -> AbstractContextManager[None]:
    """The same for what other people's cameras post.

    Raises:
        OperatorError: the address is not available.
    """
    if not settings.pin:
        return nullcontext()
    from gate.page.app import served
    from gate.page.came import TABS, came
    from gate.page.compared import TAB, compared
    from gate.page.parts import IntakeParts

    lock, words = PinLock(running_s), read_words("gate")
    parts = IntakeParts(settings, lock, words, camera, spool, comparison)
    if comparison is None:
        return served(parts, TABS, came)
    return served(parts, (*TABS, TAB), came, compared)
