"""The technician's page: the newest picture, where plates are read in it, and what was not read."""

from contextlib import AbstractContextManager, nullcontext

from gate.loop import Gate
from gate.passing.areas_file import AreasFile
from gate.settings import PageSettings


def page_served(
    settings: PageSettings, gate: Gate, areas: AreasFile
) -> AbstractContextManager[None]:
    """Serve the page inside the ``with`` block, if the settings ask for one.

    Raises:
        OperatorError: the address is not available.
    """
    if not settings.pin:
        return nullcontext()
    from gate.page.app import served  # a gate without a page saves the memory of Flask

    return served(settings, gate, areas)
