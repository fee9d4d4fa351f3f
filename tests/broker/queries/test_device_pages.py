"""The page of devices: added by a link that is good once, named, seen, retired."""

import html
import re

import msgspec
import pytest
from werkzeug.test import TestResponse

from broker.console.join_view import DeviceKeys
from broker.console.secure_view import Secure
from broker.hub.page_accounts import PageAccounts
from broker.mqtt_server.accounts import Account, new_account, read_accounts, write_accounts
from broker.site_file import Device
from shared.ids import link_key
from shared.topics import Party
from tests.settings_rig import Manager, SettingsRig

PAGE = "/settings/devices"
TABLET = {"name": "北厅", "kind": "tablet", "kiosk_id": "lobby"}
GATE = {"name": "北门", "kind": "gate"}


@pytest.fixture(autouse=True)
def lobby(rig: SettingsRig) -> None:
    """A kiosk's program is there, and the site has certificates of its own."""
    rig.hear_kiosk()
    rig.site.secure = Secure(8443, 8080, 8884, b"the site's own authority")
    hub = new_account(Party.HUB, "hub")
    write_accounts(rig.folder / "accounts.json", (hub,))


def link_in(page: TestResponse) -> str:
    assert page.status_code == 200
    found = re.search(r'data-testid="address">([^<]+)<', page.text)
    assert found
    return html.unescape(found[1])


def only_device(rig: SettingsRig) -> Device:
    (device,) = rig.hub.people.devices
    return device


def line(manager: Manager) -> str:
    """The page's lines of the devices that were added."""
    text = manager.get(PAGE).text
    return text[text.index('data-testid="devices"') : text.index('data-testid="add"')]


def was(manager: Manager) -> str:
    found = re.search(r'name="was" value="([^"]*)"', manager.get(PAGE).text)
    assert found
    return html.unescape(found[1])


def accounts_of(rig: SettingsRig) -> dict[str, Account]:
    PageAccounts(rig.folder / "accounts.json", rig.hub).step()
    return {each.username: each for each in read_accounts(rig.folder / "accounts.json")}


def test_a_tablet_is_added_seen_named_and_retired(rig: SettingsRig, manager: Manager) -> None:
    address = link_in(manager.post(PAGE, TABLET))
    assert address.startswith("http://192.0.2.7:18832/enter/")
    secret = address.rpartition("/")[2]
    (told,) = rig.hub.roster().tablets
    assert (told.tablet_id, told.kiosk_id, told.key) == ("beiting", "lobby", link_key(secret))
    assert "等待扫码" in line(manager)
    assert 'data-online="no"' in line(manager)
    rig.hear_kiosk(beiting=3)
    assert 'data-online="yes"' in line(manager)
    assert "9.9" in line(manager)
    change = f"{PAGE}/{told.tablet_id}"
    manager.post(change, {"was": was(manager), "deed": "rename", "name": "东侧门"})
    assert only_device(rig).name == "东侧门"
    assert only_device(rig).key == told.key, "a new name lets nobody out"
    manager.post(change, {"was": was(manager), "deed": "retire"})
    assert rig.hub.roster().tablets == ()
    history = manager.get("/settings/history").text
    assert "东侧门" in history
    rows = rig.hub.inbox.db.execute("select body from journal").fetchall()
    assert not any(secret in str(row) for row in rows)
    assert secret not in history
    rig.assert_sound()


def test_an_id_is_never_given_again(rig: SettingsRig, manager: Manager) -> None:
    manager.post(PAGE, TABLET)
    first = only_device(rig).id
    manager.post(f"{PAGE}/{first}", {"was": was(manager), "deed": "retire"})
    manager.post(PAGE, TABLET)
    assert only_device(rig).id == f"{first}-2"


def test_an_id_is_nobody_else_s(rig: SettingsRig, manager: Manager) -> None:
    accounts = (new_account(Party.HUB, "hub"), new_account(Party.GATE, "north"))
    write_accounts(rig.folder / "accounts.json", accounts)
    for name in ("North", "Li", "Hub"):
        manager.post(PAGE, {**GATE, "name": name})
    assert {device.id for device in rig.hub.people.devices} == {"north-2", "li-2", "hub-2"}
    manager.fill_in("/settings/people/new", name="North", roles=["bar"])
    assert rig.hub.people.staff[-1].id == "north-3"


def test_the_second_of_two_managers_sees_what_the_first_did(
    rig: SettingsRig, manager: Manager
) -> None:
    manager.post(PAGE, TABLET)
    device = only_device(rig).id
    seen_by_second = was(manager)
    manager.post(f"{PAGE}/{device}", {"was": seen_by_second, "deed": "rename", "name": "北侧门"})
    second = rig.by_code("he")
    answer = second.post(f"{PAGE}/{device}", {"was": seen_by_second, "deed": "retire"})
    assert answer.status_code == 409
    assert "陈经理" in answer.text
    assert "北侧门" in answer.text
    assert only_device(rig).name == "北侧门"


def test_a_gate_joins_once_by_its_link_and_its_account_ends_with_it(
    rig: SettingsRig, manager: Manager
) -> None:
    command = link_in(manager.post(PAGE, GATE))
    path = command.partition("8443")[2].partition("?")[0]
    stranger = Manager(rig.app).client
    asks = {"Accept": "application/json"}
    secure = "https://localhost"
    assert stranger.get(path, base_url=secure, headers=asks).status_code == 503
    before = accounts_of(rig)["gate-beimen"]
    assert stranger.get(path, headers=asks).status_code == 403, "a password goes by https only"
    assert "yingbin join" in stranger.get(path, base_url=secure).text
    given = stranger.get(path, base_url=secure, headers=asks)
    joined = msgspec.json.decode(given.data, type=DeviceKeys)
    assert (joined.node_id, joined.password) == ("beimen", before.password)
    assert stranger.get(path, base_url=secure, headers=asks).status_code == 403, "used"
    manager.post(f"{PAGE}/beimen", {"was": was(manager), "deed": "link"})
    assert accounts_of(rig)["gate-beimen"].password != before.password
    manager.post(f"{PAGE}/beimen", {"was": was(manager), "deed": "retire"})
    assert set(accounts_of(rig)) == {"hub", *(name for name in accounts_of(rig) if "staff" in name)}
    rig.assert_sound()


def test_a_link_is_over_after_half_an_hour(rig: SettingsRig, manager: Manager) -> None:
    path = link_in(manager.post(PAGE, GATE)).partition("8443")[2].partition("?")[0]
    accounts_of(rig)
    rig.clock.pass_s(1801)
    asks = {"Accept": "application/json"}
    late = Manager(rig.app).client.get(path, base_url="https://localhost", headers=asks)
    assert late.status_code == 403


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({**TABLET, "name": " \u202e "}, "name"),
        ({**TABLET, "name": "门" * 41}, "name"),
        ({**TABLET, "kind": "toaster"}, "kind"),
        ({**TABLET, "kiosk_id": "nowhere"}, "kiosk_id"),
    ],
)
def test_what_cannot_be_a_device_is_refused_at_its_field(
    rig: SettingsRig, manager: Manager, form: dict[str, str | list[str]], field: str
) -> None:
    answer = manager.post(PAGE, form)
    assert answer.status_code == 422
    assert f'data-testid="problem-{field}"' in answer.text
    assert rig.hub.people.devices == ()


def test_only_a_device_that_there_is_can_be_changed(rig: SettingsRig, manager: Manager) -> None:
    for form in ({"was": "null", "deed": "retire"}, {"was": "{", "deed": "link"}, {}):
        assert manager.post(f"{PAGE}/side", {**form}).status_code in (404, 409)
    made_up = {"was": '{"name": "x"}', "deed": "link"}
    assert manager.post(f"{PAGE}/side", {**made_up}).status_code == 409
    assert rig.hub.people.devices == ()
