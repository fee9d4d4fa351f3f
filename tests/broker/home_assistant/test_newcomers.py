"""Whoever comes while the hub runs appears in Home Assistant."""

from pathlib import Path

import msgspec

from broker.handlers.context import Hub
from broker.home_assistant.bridge import LOOK_EVERY_S, House
from broker.home_assistant.discovery import discovery
from broker.mqtt_server.accounts import KnownAccounts, new_account, write_accounts
from broker.rules import commands as c
from shared.messages import HouseDiscovery
from shared.topics import Party
from tests.broker.home_assistant.described import ACCOUNTS, chinese, told
from tests.fakes import NINE, SITE, FakeLink

LEFT = {
    "staff-zhou": b'{"platform":"binary_sensor"}',
    "staff-zhou-problem": b'{"platform":"binary_sensor"}',
    "car-staff-zhou": b'{"platform":"device_automation"}',
}


def test_who_gets_an_account_while_the_hub_runs_appears_there_at_once(
    hub: Hub, tmp_path: Path
) -> None:
    path, link = tmp_path / "accounts.json", FakeLink()
    write_accounts(path, ACCOUNTS)
    names = {"li": "李敏", "zhou": "周航"}
    house = House(
        hub, link, KnownAccounts(path), lambda them: discovery(SITE, "湖", them, names, chinese)
    )
    told(house, link)
    newcomer = new_account(Party.STAFF, "zhou", ("consultant",))
    write_accounts(path, [*ACCOUNTS, newcomer])
    (described,) = told(house, link, LOOK_EVERY_S)
    assert isinstance(described, HouseDiscovery)
    assert described.components["staff-zhou"].name == "手机 周航"
    assert described.components["car-staff-zhou"].payload == "zhou"
    log_in = msgspec.structs.replace(newcomer, session="a page")
    write_accounts(path, [*ACCOUNTS, newcomer, log_in])
    assert told(house, link, 2 * LOOK_EVERY_S) == []
    path.write_text("[{", encoding="utf-8")  # broken: nobody vanishes
    assert told(house, link, 3 * LOOK_EVERY_S) == []


def test_who_has_no_account_any_more_is_taken_away_there(hub: Hub, tmp_path: Path) -> None:
    path, link = tmp_path / "accounts.json", FakeLink()
    leaver = new_account(Party.STAFF, "zhou", ("consultant",))
    write_accounts(path, [*ACCOUNTS, leaver])
    names = {"li": "李敏", "zhou": "周航"}
    house = House(
        hub, link, KnownAccounts(path), lambda them: discovery(SITE, "湖", them, names, chinese)
    )
    told(house, link)
    write_accounts(path, ACCOUNTS)
    (described,) = told(house, link, LOOK_EVERY_S)
    assert isinstance(described, HouseDiscovery)
    for key, platform in LEFT.items():
        assert msgspec.json.encode(described.components[key]) == platform
    assert described.components["staff-li"].name == "手机 李敏"
    write_accounts(path, [*ACCOUNTS, leaver])
    (described,) = told(house, link, 2 * LOOK_EVERY_S)
    assert isinstance(described, HouseDiscovery)
    assert described.components["staff-zhou"].name == "手机 周航", "they are back"


def test_who_left_before_the_hub_was_started_is_taken_away_too(hub: Hub, tmp_path: Path) -> None:
    path, link = tmp_path / "accounts.json", FakeLink()
    write_accounts(path, ACCOUNTS)
    names = {"li": "李敏"}
    hub.decider.take(c.LeavesCompany(at=NINE, consultant_id="zhou"))
    house = House(
        hub, link, KnownAccounts(path), lambda them: discovery(SITE, "湖", them, names, chinese)
    )
    described = next(each for each in told(house, link) if isinstance(each, HouseDiscovery))
    for key, platform in LEFT.items():
        assert msgspec.json.encode(described.components[key]) == platform
    assert described.components["staff-li"].unique_id == f"yingbin-{SITE}-staff-li"
