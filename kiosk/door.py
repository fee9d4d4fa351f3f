"""The door by which visitors' own phones come in: where it is, its links, and how many may ask."""

import logging
from dataclasses import dataclass
from typing import Self

from kiosk.door_links import DoorLinks
from kiosk.settings import KioskSettings
from kiosk.throttle import Throttle
from kiosk.visitor_page import door_address
from shared.clock import Stopwatch

log = logging.getLogger(__name__)

LOOKS_EACH, LOOKS_IN_ALL = 30, 150
"""Opening the first page. A house whose Wi-Fi shows all phones as one address still has room."""
BEGINS_EACH, BEGINS_IN_ALL = 10, 40
"""Beginning a visit, which may end with somebody being called."""


@dataclass(frozen=True, slots=True)
class Door:
    """One kiosk's; may be used from any thread."""

    url: str | None
    """None: the site has no such way."""
    has_screens: bool
    """The tablet's welcome and the wall show a code."""
    links: DoorLinks
    looks: Throttle
    begins: Throttle

    @classmethod
    def at(cls, settings: KioskSettings, stopwatch: Stopwatch) -> Self:
        """A door that nobody has used yet."""
        url = settings.own_phone_url
        if settings.is_https and url is not None and not url.startswith("https:"):
            log.warning("`own_phone_url`: with `is_https` a phone keeps no cookie on %s", url)
            url = None
        return cls(
            url,
            settings.shows_own_phone,
            DoorLinks(stopwatch),
            Throttle(stopwatch, each=LOOKS_EACH, in_all=LOOKS_IN_ALL),
            Throttle(stopwatch, each=BEGINS_EACH, in_all=BEGINS_IN_ALL),
        )

    def on_screens(self) -> str | None:
        """Where the code that screens show leads now; None: they show none."""
        if self.url is None or not self.has_screens:
            return None
        return door_address(self.url, self.links.shown())
