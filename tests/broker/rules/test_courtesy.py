"""Who receives for an owner phones the owner first (R6); whose family one is (R6, R16)."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules.case import Case
from broker.rules.courtesy import owner_to_phone
from broker.rules.facts import Known, Reception
from broker.rules.family import protected_by_family, received_today_by_family
from broker.rules.policy import Policy
from broker.rules.state import MANAGER, Visit
from tests.office import NO, YES, Office

PHONE, OTHER_PHONE, PLATE = "13800138000", "13900001111", "浙A88888"


def helped(reason: str) -> Office:
    """Li receives for Wang, who can't."""
    office = Office(("wang", "li", "zhao"))
    office.known("wang")
    office.known("wang", phone=OTHER_PHONE)
    if reason == "busy":
        office.check_in("v0", phone=OTHER_PHONE)
        office.do(c.Ack, consultant_id="wang", visit_id="v0")
    if reason == "away":
        office.do(c.Away, consultant_id="wang", is_excused=True)
    if reason == "at home":
        office.do(c.Leave, consultant_id="wang")
    office.check_in("v1", phone=PHONE)
    if reason == "no answer":
        office.wait(121)
    assert office.host("v1") == "li"
    return office


def to_phone(office: Office) -> str | None:
    return owner_to_phone(office.state, office.state.visits["v1"])


@pytest.mark.parametrize("reason", ["busy", "away", "at home", "no answer"])
def test_who_receives_for_an_owner_who_cannot_phones_them_first(reason: str) -> None:
    assert to_phone(helped(reason)) == "wang"


def test_an_owner_who_gave_the_visitor_away_in_person_is_not_phoned() -> None:
    office = Office(("wang", "li", "zhao"))
    office.known("wang")
    office.check_in("v1", phone=PHONE)
    assert to_phone(office) is None
    office.do(c.Ack, consultant_id="wang", visit_id="v1")
    office.do(c.HandOver, visit_id="v1", consultant_id="li")
    assert to_phone(office) is None


def test_nobody_phones_for_a_visitor_who_waits_or_is_the_manager_s() -> None:
    office = Office(("wang",))
    office.known("wang")
    office.do(c.Away, consultant_id="wang")
    office.check_in("v1", phone=PHONE)
    assert to_phone(office) is None
    visit = replace(office.state.visits["v1"], owner_id=MANAGER, host_id="wang")
    assert owner_to_phone(office.state, visit) is None
    gone = replace(visit, owner_id="gone")
    assert owner_to_phone(office.state, gone) is None


@pytest.mark.parametrize("is_reached", [True, False])
def test_that_the_owner_was_phoned_is_a_fact_of_the_visit(*, is_reached: bool) -> None:
    office = helped("away")
    (phoned,) = office.do(c.OwnerCalled, visit_id="v1", by="li", is_reached=is_reached)
    assert isinstance(phoned, e.OwnerPhoned)
    assert (phoned.visit_id, phoned.consultant_id, phoned.by) == ("v1", "wang", "li")
    assert phoned.is_reached is is_reached


def test_nobody_phones_themselves_or_for_a_visit_without_an_owner() -> None:
    office = helped("away")
    assert office.do(c.OwnerCalled, visit_id="v1", by="wang") == ()
    assert office.do(c.OwnerCalled, visit_id="v9", by="li") == ()
    office.do(c.Arrive, visit_id="car", plate=PLATE)
    assert office.do(c.OwnerCalled, visit_id="car", by="li") == ()


def linked(office: Office, *keys: str, visit_id: str = "v1") -> list[e.FamilyLinked]:
    followed = office.do(c.LinkFamily, visit_id=visit_id, keys=keys, by="boss")
    return [event for event in followed if isinstance(event, e.FamilyLinked)]


def test_the_host_links_a_visitor_to_the_phones_of_the_family() -> None:
    office = Office()
    office.check_in("v1", phone=PHONE, plate=PLATE)
    (link,) = linked(office, PHONE, OTHER_PHONE)
    assert (link.visit_id, link.by) == ("v1", "boss")
    assert (link.keys, link.others) == ((PHONE,), (OTHER_PHONE,))
    assert linked(office, PHONE) == []
    assert linked(office, OTHER_PHONE, visit_id="v9") == []


def test_a_visitor_without_phone_and_plate_is_linked_to_nobody() -> None:
    office = Office()
    office.check_in("v1")
    assert linked(office, OTHER_PHONE) == []


@pytest.mark.parametrize(("family", "is_linked"), [(YES, True), (NO, False)])
def test_only_who_says_that_family_was_here_is_linked_at_the_tablet(
    family: object, *, is_linked: bool
) -> None:
    office = Office()
    office.do(c.CheckIn, visit_id="v1", phone=PHONE, family=family, family_phone=OTHER_PHONE)
    links = office.all_of(e.FamilyLinked)
    assert [(link.others, link.by) for link in links] == [((OTHER_PHONE,), None)] * is_linked


def of_family(office: Office, known: Known, policy: Policy | None = None) -> Case:
    """A visitor whose family is known by this."""
    return Case(
        state=office.state,
        policy=policy or office.policy,
        visit=Visit(visit_id="v1", arrived_at=office.now, entry=9, phone=PHONE),
        check_in=c.CheckIn(at=office.now, visit_id="v1", phone=PHONE),
        known=known,
        now=office.now,
        named_id=None,
    )


ALONE = Policy(is_family_one_party=False)


def test_a_family_member_s_protected_owner_is_the_visitor_s_the_earliest_first() -> None:
    office = Office()
    entries = (office.known("zhao", days_ago=9), office.known("wang"), office.known("zhao"))
    known = Known(family_registrations=entries)
    owned = protected_by_family(of_family(office, known))
    assert owned is not None
    assert (owned.rule, owned.owner_id, owned.flags) == ("R6", "zhao", ("returning", "family"))
    assert owned.basis.registration_ids == ("known-0", "known-2")
    assert protected_by_family(of_family(office, known, ALONE)) is None


@pytest.mark.parametrize(
    ("days_ago", "fields"),
    [
        (5, {"is_late": True}),
        (5, {"is_held": True}),
        (5, {"is_overruled": True}),
        (5, {"consultant_id": "gone"}),
        (0, {"entry": 10}),
        (16, {}),
    ],
)
def test_what_would_give_the_member_nothing_gives_the_family_nothing(
    days_ago: int, fields: dict[str, object]
) -> None:
    office = Office()
    entry = replace(office.known("wang", days_ago=days_ago), **fields)
    assert protected_by_family(of_family(office, Known(family_registrations=(entry,)))) is None


@pytest.mark.parametrize(
    ("seconds", "visit_id", "owner", "is_party"),
    [
        (0, "v0", "zhao", True),
        (-1, "v0", "zhao", False),
        (0, "v1", "zhao", False),
        (0, "v0", None, False),
    ],
)
def test_a_family_that_was_received_since_midnight_goes_to_the_same_host(
    seconds: int, visit_id: str, owner: str | None, *, is_party: bool
) -> None:
    office = Office()
    arrived_at = office.policy.midnight(office.now) + timedelta(seconds=seconds)
    earlier = Reception(visit_id=visit_id, arrived_at=arrived_at, owner_id=owner)
    known = Known(family_receptions=(earlier,))
    found = received_today_by_family(of_family(office, known))
    assert (found is not None) is is_party
    if found is not None:
        assert (found.rule, found.owner_id) == ("R16", "zhao")
        assert (found.flags, found.basis.visit_id) == (("same_day", "family"), "v0")
    assert received_today_by_family(of_family(office, known, ALONE)) is None
