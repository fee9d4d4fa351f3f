"""Who a visitor belongs to turns out later: reported by the host, and given back (R12)."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.policy import Policy
from shared.messages import Evidence, Ground
from tests.office import MORNING, NO, YES, Office, entered

PHONE, OTHER_PHONE, PLATE = "13800138000", "13900001111", "浙A88888"


def received(*order: str, policy: Policy | None = None) -> Office:
    """Li was called for a natural visitor, and receives."""
    office = Office(order or ("li", "wang", "zhao"), policy or Policy())
    office.check_in("v1", phone=PHONE)
    office.do(c.Ack, consultant_id="li", visit_id="v1")
    return office


def found(office: Office, who: str, visit_id: str = "v1", **said: object) -> list[type[e.Event]]:
    """What followed when somebody reported that ``who`` is the owner."""
    followed = office.do(c.OwnerFound, visit_id=visit_id, consultant_id=who, **said)
    return [type(event) for event in followed]


def make_ups(office: Office) -> list[tuple[str, str]]:
    """Who is owed a turn, and by which rule."""
    return [(turn.consultant_id, turn.cause) for turn in office.state.make_ups]


def owner(office: Office) -> tuple[str | None, str | None, str | None]:
    """Owner, host and turn of the first visit."""
    visit = office.state.visits["v1"]
    return visit.owner_id, visit.host_id, visit.turn_of


def test_the_host_gives_to_a_registered_owner_and_is_owed_the_turn() -> None:
    office = received()
    entered(office, "zhao")
    assert found(office, "zhao", ground=Ground.REGISTRATION) == [
        *(n.Transferred, e.Decided, n.MakeUpGranted, e.Rejoined),
    ]
    assert owner(office) == ("zhao", "zhao", None)
    assert make_ups(office) == [("li", "R12")]
    assert (office.line, office.state.line) == (("li", "wang", "zhao"), ("wang", "zhao", "li"))
    moved, decided = office.last(n.Transferred), office.last(e.Decided)
    assert (moved.consultant_id, moved.from_id) == ("zhao", "li")
    assert (decided.given_by, decided.is_turn_used) == ("li", False)
    assert decided.ownership.basis.registration_ids == ("old-zhao",)
    assert decided.renews == ("old-zhao",)


@pytest.mark.parametrize("ground", [Ground.NAME, Ground.SMS, Ground.CARD, Ground.WECHAT])
def test_where_no_entry_shows_it_the_receiver_s_turn_is_used_in_exchange(ground: Ground) -> None:
    office = received()
    found(office, "zhao", ground=ground)
    assert owner(office) == ("zhao", "zhao", "zhao")
    assert make_ups(office) == [("li", "R12")]
    assert list(office.line) == ["li", "wang"]
    decided = office.last(e.Decided)
    assert decided.is_turn_used
    assert decided.ownership.basis.evidence == ground.value
    office.do(c.Finish, visit_id="v1")
    assert list(office.line) == ["li", "wang", "zhao"]


@pytest.mark.parametrize(
    ("fields", "is_ground"),
    [
        ({}, True),
        ({"is_late": True}, False),
        ({"is_held": True}, False),
        ({"is_overruled": True}, False),
        ({"overruled_keys": (PHONE,)}, False),
        ({"registered_at": MORNING, "entry": 99}, False),
    ],
)
def test_only_an_entry_in_time_that_counts_is_a_ground(
    fields: dict[str, object], *, is_ground: bool
) -> None:
    office = received()
    entered(office, "zhao", **fields)
    found(office, "zhao", ground=Ground.REGISTRATION)
    decided = office.last(e.Decided)
    assert (decided.rule == "R12") is is_ground
    assert (decided.owner_id == "zhao") is is_ground
    assert decided.host_id == "zhao"
    assert (make_ups(office) != []) is is_ground


@pytest.mark.parametrize(("is_manager", "is_ground"), [(True, True), (False, False)])
def test_a_reason_is_a_ground_only_from_the_manager(*, is_manager: bool, is_ground: bool) -> None:
    office = received()
    by = "boss" if is_manager else "li"
    found(office, "zhao", by=by, is_manager=is_manager, ground=Ground.REASON)
    assert (office.last(e.Decided).rule == "R12") is is_ground
    assert owner(office)[:2] == ("zhao" if is_ground else "li", "zhao")


def test_another_s_protected_customer_is_a_dispute_and_nobody_moves() -> None:
    office = received()
    entered(office, "wang")
    assert found(office, "zhao", ground=Ground.CARD) == [n.DisputeOpened]
    dispute = office.last(n.DisputeOpened)
    assert (dispute.consultant_id, dispute.visit_id) == ("zhao", "v1")
    assert [claim.owner_id for claim in dispute.claims] == ["li", "zhao"]
    assert dispute.claims[1].basis.evidence == "card"
    assert owner(office) == ("li", "li", "li")


@pytest.mark.parametrize(
    "fields", [{"received_at": MORNING - timedelta(days=30)}, {"consultant_id": "gone"}]
)
def test_a_protection_that_is_over_or_of_nobody_who_works_here_disputes_nothing(
    fields: dict[str, object],
) -> None:
    office = received()
    entered(office, "wang", **fields)
    found(office, "zhao", ground=Ground.CARD)
    assert owner(office)[0] == "zhao"
    assert office.told(n.DisputeOpened) == []


def test_a_colleague_who_reports_for_themselves_only_claims() -> None:
    office = received()
    assert found(office, "zhao", by="zhao", ground=Ground.WECHAT) == [n.Claimed, n.DisputeOpened]
    claimed = office.last(n.Claimed)
    assert (claimed.consultant_id, claimed.ground) == ("zhao", Ground.WECHAT)
    assert owner(office) == ("li", "li", "li")
    assert make_ups(office) == []


def test_a_courtesy_that_is_reported_twice_moves_the_visitor_once() -> None:
    office = received()
    assert found(office, "zhao", by="li", ground=Ground.REGISTRATION) == [e.Decided]
    assert found(office, "zhao", by="li", ground=Ground.REGISTRATION) == []
    assert owner(office) == ("li", "zhao", "li")


def test_a_helping_host_who_says_that_the_visitor_is_their_own_claims() -> None:
    office = received()
    found(office, "zhao", ground=Ground.REGISTRATION)
    assert found(office, "zhao", by="zhao") == [n.Claimed, n.DisputeOpened]
    assert owner(office) == ("li", "zhao", "li")


def test_nobody_who_left_the_company_is_an_owner_and_nothing_is_found_twice() -> None:
    office = received()
    office.do(c.LeavesCompany, consultant_id="wang")
    assert found(office, "wang") == []
    assert found(office, "li") == []
    assert found(office, "zhao", "v9") == []
    office.do(c.Arrive, visit_id="car", plate=PLATE)
    assert found(office, "zhao", "car") == []
    found(office, "zhao")
    assert found(office, "zhao") == []


def test_a_busy_owner_s_visitor_stays_with_the_host_whose_turn_is_owed() -> None:
    office = received()
    office.known("zhao", phone=OTHER_PHONE)
    office.check_in("v2", phone=OTHER_PHONE)
    entered(office, "zhao")
    found(office, "zhao", ground=Ground.REGISTRATION)
    assert owner(office) == ("zhao", "li", "li")
    assert make_ups(office) == [("li", "R12")]
    assert "courtesy" in office.last(e.Decided).flags
    assert office.told(e.Rejoined) == []


def test_a_busy_receiver_s_turn_is_used_in_exchange_though_the_host_carries_on() -> None:
    office = received()
    office.known("zhao", phone=OTHER_PHONE)
    office.check_in("v2", phone=OTHER_PHONE)
    found(office, "zhao")
    assert owner(office) == ("zhao", "li", "zhao")
    assert office.state.line == ("wang", "zhao", "li")


@pytest.mark.parametrize("state", ["turn in use", "at home"])
def test_who_has_no_turn_to_give_in_exchange_gives_none(state: str) -> None:
    office = received()
    if state == "turn in use":
        office.do(c.Away, consultant_id="wang", is_excused=True)
        office.check_in("v2")
        assert office.host("v2") == "zhao"
    else:
        office.do(c.Leave, consultant_id="zhao")
    found(office, "zhao")
    assert owner(office) == ("zhao", "li", "li")


def test_a_visitor_received_without_a_turn_owes_nobody_one() -> None:
    office = Office()
    office.check_in("v1", (YES, NO, YES), phone=PHONE, named="wang", evidence=Evidence.CARD)
    assert owner(office) == ("wang", "wang", None)
    found(office, "zhao")
    assert owner(office) == ("zhao", "zhao", None)
    assert make_ups(office) == []


def test_who_used_a_make_up_turn_for_the_visitor_is_owed_one_again() -> None:
    office = received("li", "wang", "zhao", "chen")
    found(office, "zhao")
    office.check_in("v2")
    assert office.last(e.Decided).make_up is not None
    place = office.state.line
    office.do(c.OwnerFound, visit_id="v2", consultant_id="chen")
    assert make_ups(office) == [("li", "R12")]
    assert [who for who in office.state.line if who != "chen"] == [
        who for who in place if who != "chen"
    ]


def test_given_back_takes_the_make_up_and_the_exchanged_turn_back() -> None:
    office = received("li", "wang", "zhao")
    found(office, "zhao")
    kinds = found(office, "li", by="zhao")
    assert kinds == [n.MakeUpRevoked, n.TurnGivenBack, n.Transferred, e.Decided]
    assert owner(office) == ("li", "li", "li")
    assert (make_ups(office), office.line) == ([], ("wang", "zhao"))
    assert office.last(n.MakeUpRevoked).consultant_id == "li"
    given_back = office.last(n.TurnGivenBack)
    assert (given_back.consultant_id, given_back.visit_id) == ("zhao", "v1")
    moved = office.last(n.Transferred)
    assert (moved.consultant_id, moved.from_id) == ("li", "zhao")


def test_given_away_and_back_and_away_again_grants_one_make_up_and_not_two() -> None:
    office = received()
    for _ in range(2):
        found(office, "zhao")
        found(office, "li", by="zhao")
    found(office, "zhao")
    assert make_ups(office) == [("li", "R12")]
    assert owner(office) == ("zhao", "zhao", "zhao")


def test_a_make_up_that_was_used_is_not_taken_back_and_no_second_turn_is_used() -> None:
    office = received()
    entered(office, "zhao")
    found(office, "zhao", ground=Ground.REGISTRATION)
    assert office.check_in("v2", phone=OTHER_PHONE).host_id == "li"
    assert found(office, "li", by="zhao") == [n.Transferred, e.Decided]
    assert owner(office) == ("li", "zhao", None)
    assert office.told(n.MakeUpRevoked) == []


def test_given_back_to_who_went_home_leaves_the_visitor_with_the_host() -> None:
    office = received()
    found(office, "zhao")
    office.do(c.Leave, consultant_id="li")
    found(office, "li", by="zhao")
    assert owner(office) == ("li", "zhao", None)


def test_the_host_s_word_that_comes_twice_makes_no_claim_of_who_receives_now() -> None:
    office = received()
    office.do(c.HandOver, visit_id="v1", consultant_id="wang")
    before = office.state
    assert found(office, "wang", ground=Ground.REASON) == []
    assert replace(office.state, entry=before.entry) == before
