"""A site as Home Assistant is told of it."""

from broker.home_assistant.bridge import House
from broker.mqtt_server.accounts import new_account
from shared.topics import Party
from shared.words import read_words
from tests.fakes import FakeLink

ACCOUNTS = [
    new_account(Party.HUB, "hub"),
    new_account(Party.GATE, "north"),
    new_account(Party.KIOSK, "lobby"),
    new_account(Party.STAFF, "li", ("consultant",)),
    new_account(Party.MONITOR, "monitor"),
    new_account(Party.HOME_ASSISTANT, "home_assistant"),
]


def chinese(key: str) -> str:
    return read_words("broker").say(key, "zh-CN")


def told(house: House, link: FakeLink, at_s: float = 0.0) -> list[object]:
    link.sent.clear()
    house.step(at_s)
    return list(link.sent)
