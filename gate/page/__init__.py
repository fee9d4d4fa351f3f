"""The technician's page: the newest picture, where plates are read in it, and what was not read."""

from contextlib import AbstractContextManager, nullcontext

from gate.loop import Gate
from gate.passing.areas_file import AreasFile
from gate.settings import PageSettings


def page_served(
    settings: PageSettings, gate: Gate, areas: AreasFile
) -> AbstractContextManager[None]:
    """While it is entered the page is there, if the settings want one.

    Raises:
        OperatorError: the address is not to be had.
    """
    if not settings.pin:
        return nullcontext()
    from gate.page.app import served  # a gate without a page goes without Flask's memory

    return served(settings, gate, areas)
