"""Who may say and hear what, written down once more by hand from the contract."""

import pytest

from broker.mqtt_server.access_matrix import (
    NOBODY,
    Breach,
    Delivery,
    breaches,
    expected,
    may,
    one_of_each,
    payload_of,
    sayings,
    speaker_of,
    topics_to_try,
)
from broker.mqtt_server.accounts import Access, Account, new_account
from shared.codec import read_delivery
from shared.errors import MessageError
from shared.topics import Party
from tests.fakes import SITE

ROOT = f"yingbin/v1/{SITE}/"
DISCOVERY = f"homeassistant/device/yingbin-{SITE}/config"
LI = new_account(Party.STAFF, "li", ("consultant",))
WANG = new_account(Party.STAFF, "wang", ("consultant",))
GUARD = new_account(Party.STAFF, "zhou", ("gate",))
CHEN = new_account(Party.STAFF, "chen", ("manager", "steward"))
NORTH = new_account(Party.GATE, "north")
SOUTH = new_account(Party.GATE, "south")
LOBBY = new_account(Party.KIOSK, "lobby")
HUB = new_account(Party.HUB, "hub")
MONITOR = new_account(Party.MONITOR, "monitor")
HOUSE = new_account(Party.HOME_ASSISTANT, "home_assistant")
LIGHTS = new_account(Party.DEVICE, "lights")
ACCOUNTS = [LI, WANG, GUARD, CHEN, NORTH, SOUTH, LOBBY, HUB, MONITOR, HOUSE, LIGHTS]
TOPICS = topics_to_try(ACCOUNTS, site=SITE)

A_PHONE_SAYS = "staff/{id}/ack staff/{id}/report staff/{id}/presence staff/{id}/registration"
A_PHONE_SAYS += " staff/{id}/look_up staff/{id}/booking"
A_PHONE_HEARS = "alert/staff/{id} say/staff/{id} staff/{id}/answer receipt/{id}"
A_PHONE_HEARS += " alert/closed hub/status"
A_ROLE_HEARS = "alert/role/{id} say/role/{id}"
A_GATE_SAYS = "gate/{id}/arrival gate/{id}/departure gate/{id}/correction gate/{id}/status"
A_GATE_SAYS += " gate/{id}/picture"
A_KIOSK_SAYS = "kiosk/{id}/check_in kiosk/{id}/service_visit kiosk/{id}/service_visit_end"
A_KIOSK_SAYS += " kiosk/{id}/status"
PEOPLE, GATES, KIOSKS = ("li", "wang", "zhou", "chen"), ("north", "south"), ("lobby",)
ROLES = ("consultant", "gate", "manager", "steward")


def each(text: str, *ids: str) -> set[str]:
    return {topic.format(id=name) for name in ids for topic in text.split()}


ALL_HEARD_BY_THE_HUB = (
    each(A_PHONE_SAYS, *PEOPLE, NOBODY)
    | each("staff/{id}/customers_given", *PEOPLE, NOBODY)
    | each(A_GATE_SAYS, *GATES, NOBODY)
    | each(A_KIOSK_SAYS, *KIOSKS, NOBODY)
    | each("scene/{id}/state", "lights", NOBODY)
)
ALL_SAID_BY_THE_HUB = (
    each("alert/staff/{id} say/staff/{id} staff/{id}/answer", *PEOPLE, NOBODY)
    | each(A_ROLE_HEARS, *ROLES, NOBODY)
    | each("receipt/{id}", *PEOPLE, *GATES, *KIOSKS, NOBODY)
    | each("kiosk/{id}/assignment", *KIOSKS, NOBODY)
    | each("gate/{id}/picture_asked gate/{id}/corrected", *GATES, NOBODY)
    | {"alert/closed", "hub/status", "kiosk/roster", "kiosk/recent_arrivals"}
    | {"house/arrival", "house/counts", DISCOVERY}
    | each("scene/{id}", "lights", NOBODY)
)
TABLE: list[tuple[Account, set[str], set[str]]] = [
    # an account, what it may say, what it may hear
    (LI, each(A_PHONE_SAYS, "li"), each(A_PHONE_HEARS, "li") | each(A_ROLE_HEARS, "consultant")),
    (
        GUARD,
        each(A_PHONE_SAYS, "zhou") | each("gate/{id}/correction", *GATES, NOBODY),
        each(A_PHONE_HEARS, "zhou") | each(A_ROLE_HEARS, "gate"),
    ),
    (
        CHEN,
        each(A_PHONE_SAYS, "chen") | {"staff/chen/customers_given"},
        each(A_PHONE_HEARS, "chen") | each(A_ROLE_HEARS, "manager", "steward"),
    ),
    (
        NORTH,
        each(A_GATE_SAYS, "north") | {"say/role/gate"},
        {"receipt/north", "hub/status", "gate/north/picture_asked", "gate/north/corrected"},
    ),
    (
        LOBBY,
        each(A_KIOSK_SAYS, "lobby"),
        {"receipt/lobby", "hub/status", "kiosk/lobby/assignment"}
        | {"kiosk/roster", "kiosk/recent_arrivals"},
    ),
    (HUB, ALL_SAID_BY_THE_HUB, ALL_HEARD_BY_THE_HUB),
    (
        HOUSE,
        each("scene/{id}/state", "lights", NOBODY),
        each("gate/{id}/status", *GATES, NOBODY)
        | each("kiosk/{id}/status", *KIOSKS, NOBODY)
        | each("staff/{id}/presence", *PEOPLE, NOBODY)
        | each("scene/{id}", "lights", NOBODY)
        | {"hub/status", "house/arrival", "house/counts", DISCOVERY},
    ),
    (LIGHTS, {"scene/lights/state"}, {"scene/lights"}),
]


def allowed(account: Account, access: Access) -> set[str]:
    found = {topic for topic in TOPICS if may(account, access, topic, site=SITE)}
    return {topic.removeprefix(ROOT) for topic in found}


@pytest.mark.parametrize(
    ("account", "says", "hears"), TABLE, ids=lambda part: getattr(part, "username", "")
)
def test_each_account_may_say_and_hear_what_the_contract_gives_it_and_nothing_else(
    account: Account, says: set[str], hears: set[str]
) -> None:
    assert allowed(account, Access.WRITE) == says
    assert allowed(account, Access.READ) == hears


def test_the_monitor_hears_the_whole_site_and_nothing_of_another_one() -> None:
    of_the_site = {topic for topic in TOPICS if topic.startswith(ROOT) or topic == ROOT[:-1]}
    assert allowed(MONITOR, Access.WRITE) == set()
    assert allowed(MONITOR, Access.READ) == {topic.removeprefix(ROOT) for topic in of_the_site}


def test_every_topic_of_the_table_is_tried_with_a_name_that_nobody_has() -> None:
    assert len(TOPICS) == len(set(TOPICS))
    assert f"{ROOT}alert/role/{NOBODY}" in TOPICS
    assert not all(topic.startswith(ROOT) for topic in TOPICS)


def test_one_account_of_every_kind_stands_for_the_others() -> None:
    assert one_of_each(ACCOUNTS) == [
        account for account in ACCOUNTS if account not in (WANG, SOUTH)
    ]


def test_on_a_live_site_no_other_program_is_told_anything() -> None:
    """A radio gateway would speak it, and Home Assistant would keep it."""
    live = sayings(HUB, TOPICS, site=SITE, is_live=True)
    spared = {topic.removeprefix(ROOT) for topic in {*TOPICS} - {*live}}
    real_names = each("say/role/{id}", *ROLES) | each("say/staff/{id}", *PEOPLE)
    assert spared == real_names | {"house/arrival", "house/counts", DISCOVERY, "scene/lights"}
    assert f"{ROOT}say/role/{NOBODY}" in live


def test_who_speaks_says_first_what_they_may_not() -> None:
    order = [
        may(LI, Access.WRITE, topic, site=SITE)
        for topic in sayings(LI, TOPICS, site=SITE, is_live=False)
    ]
    assert order == sorted(order)


def test_what_a_trial_says_is_no_message_at_all() -> None:
    assert speaker_of(payload_of("staff-li")) == "staff-li"
    assert speaker_of(b'{"alert_id": "a"}') is None
    with pytest.raises(MessageError):
        read_delivery(f"{ROOT}alert/closed", payload_of("hub"), site=SITE)


ACK = f"{ROOT}staff/li/ack"


def test_what_came_as_it_must_is_no_breach() -> None:
    said = [(account.username, topic) for account in ACCOUNTS for topic in TOPICS]
    assert list(breaches(ACCOUNTS, said, expected(ACCOUNTS, said, site=SITE), site=SITE)) == []


@pytest.mark.parametrize(
    ("heard", "breach"),
    [
        (Delivery("hub", ACK, "staff-wang"), Breach("staff-wang", "write", ACK, False)),
        (Delivery("staff-wang", ACK, "staff-li"), Breach("staff-wang", "read", ACK, False)),
        # A message that was not part of the trial is a breach too.
        (Delivery("staff-wang", ACK), Breach("staff-wang", "read", ACK, False)),
        (Delivery("hub", NOBODY, "staff-li"), Breach("staff-li", "write", NOBODY, False)),
    ],
)
def test_a_delivery_that_may_not_be_is_a_breach(heard: Delivery, breach: Breach) -> None:
    said = [("staff-li", ACK)]
    usual = expected(ACCOUNTS, said, site=SITE)
    assert breach in breaches(ACCOUNTS, said, {*usual, heard}, site=SITE)


def test_what_is_allowed_and_does_not_come_is_a_breach_too() -> None:
    said = [("staff-li", ACK)]
    nothing = list(breaches(ACCOUNTS, said, [], site=SITE))
    only_the_monitor = [Delivery("monitor", ACK, "staff-li")]
    deaf_hub = list(breaches(ACCOUNTS, said, only_the_monitor, site=SITE))
    assert nothing == [Breach("staff-li", "write", ACK, True)]
    assert deaf_hub == [Breach("hub", "read", ACK, True)]
