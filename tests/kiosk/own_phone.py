"""A visitor's own phone at a kiosk in memory: it scans what the screen shows."""

from dataclasses import dataclass, field

from werkzeug.test import TestResponse

from tests.kiosk.house import House, Visitor, settings

DOOR = "http://192.0.2.10:8080"
OWN_DATA = "http://192.0.2.10:8081"


def door_house() -> House:
    """A kiosk that phones reach, with its consultants."""
    built = House(settings=settings(own_phone_url=DOOR, visitor_page_url=OWN_DATA))
    built.tell_roster()
    return built


@dataclass(slots=True)
class Phone(Visitor):
    """A stranger's phone: it was never let in."""

    address: str = "192.0.2.50"
    last: TestResponse | None = field(default=None)

    def _arrive(self, response: TestResponse) -> str:
        self.last = response
        self.page, self.status = response.text, response.status_code
        return self.page

    def begin_by(self, link: str, language: str = "zh-CN") -> str:
        return self.send(f"/own-phone/{link}", language=language)

    def scan(self, house: House, language: str = "zh-CN") -> str:
        """Scan what the screen shows, and choose a language; the first question."""
        link = house.parts.door.links.shown()
        self.open(f"/own-phone/{link}")
        return self.begin_by(link, language)


def phone(house: House, address: str = "192.0.2.50") -> Phone:
    browser = house.browser()
    browser.environ_base["REMOTE_ADDR"] = address
    return Phone(browser, address=address)


def go_all_the_way(visitor: Visitor) -> None:
    visitor.answer("yes", "no", "no")
    visitor.consent("no")
