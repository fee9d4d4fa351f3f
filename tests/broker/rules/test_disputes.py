"""Claims to a visitor, the dispute that they open, and the manager's ruling (R12, R15)."""

from datetime import timedelta

import pytest

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.policy import Policy
from broker.rules.state import MANAGER
from shared.messages import Ground
from tests.office import MORNING, Office, entered

PHONE, OTHER_PHONE, PLATE = "13800138000", "13900001111", "浙A88888"


def received(policy: Policy | None = None) -> Office:
    """Li was called for a natural visitor, and receives."""
    office = Office(policy=policy or Policy())
    office.check_in("v1", phone=PHONE, plate=PLATE)
    office.do(c.Ack, consultant_id="li", visit_id="v1")
    return office


def owner(office: Office) -> tuple[str | None, str | None, str | None]:
    """Owner, host and turn of the first visit."""
    visit = office.state.visits["v1"]
    return visit.owner_id, visit.host_id, visit.turn_of


def rule(office: Office, who: str, visit_id: str = "v1", **said: str) -> list[type[e.Event]]:
    """What followed from the manager's ruling for ``who``."""
    ruling = {"reason": "名片为证", "by": "boss", **said}
    followed = office.do(c.Rule, visit_id=visit_id, consultant_id=who, **ruling)
    return [type(event) for event in followed]


def test_a_claim_opens_a_dispute_tells_and_moves_nobody() -> None:
    office = received()
    entered(office, "zhao", is_late=True)
    claim = {"visit_id": "v1", "consultant_id": "zhao", "ground": Ground.CARD}
    kinds = [type(event) for event in office.do(c.ClaimVisitor, **claim)]
    assert kinds == [n.Claimed, n.DisputeOpened]
    mine, theirs = office.last(n.DisputeOpened).claims
    assert (mine.owner_id, mine.basis.registration_ids, mine.basis.evidence) == ("li", (), None)
    assert (theirs.owner_id, theirs.basis.evidence) == ("zhao", "card")
    assert theirs.basis.registration_ids == ("old-zhao",)
    assert theirs.basis.registered_at == MORNING - timedelta(days=5)
    assert owner(office) == ("li", "li", "li")
    assert office.do(c.ClaimVisitor, **claim) == ()


def test_a_visitor_without_phone_and_plate_is_claimed_while_in_the_house() -> None:
    office = Office()
    office.check_in("v1")
    office.do(c.ClaimVisitor, visit_id="v1", consultant_id="zhao")
    assert [claim.owner_id for claim in office.last(n.DisputeOpened).claims] == ["li", "zhao"]


def test_a_second_claim_joins_the_dispute_and_the_owner_needs_none() -> None:
    office = received()
    for who in ("zhao", "wang", "li"):
        office.do(c.ClaimVisitor, visit_id="v1", consultant_id=who)
    claims = office.state.disputes["v1"].claims
    assert [claim.owner_id for claim in claims] == ["li", "zhao", "wang"]
    assert len(office.told(n.Claimed)) == 2


def test_a_reported_owner_who_claims_as_well_is_told_but_disputes_once() -> None:
    office = received()
    entered(office, "wang")
    for _ in range(2):
        office.do(c.OwnerFound, visit_id="v1", consultant_id="zhao")
    assert len(office.told(n.DisputeOpened)) == 1
    assert office.do(c.ClaimVisitor, visit_id="v1", consultant_id="zhao") == ()


@pytest.mark.parametrize(("days", "is_open"), [(29, True), (30, False)])
def test_a_visit_that_is_over_is_claimed_as_long_as_it_may_be_ruled_on(
    days: int, *, is_open: bool
) -> None:
    office = received()
    office.do(c.Finish, visit_id="v1")
    office.pass_s(days * 86_400)
    office.do(c.Tick)
    office.do(c.ClaimVisitor, visit_id="v1", consultant_id="zhao")
    assert (office.told(n.DisputeOpened) != []) is is_open
    office.do(c.ClaimVisitor, visit_id="v9", consultant_id="zhao")
    assert len(office.told(n.Claimed)) == is_open


def test_a_ruling_gives_the_visitor_and_an_entry_with_the_keys_of_the_visit() -> None:
    office = received()
    office.do(c.ClaimVisitor, visit_id="v1", consultant_id="zhao")
    assert rule(office, "zhao") == [
        *(n.Ruled, n.Transferred, e.Decided, n.MakeUpGranted, e.Rejoined),
    ]
    assert owner(office) == ("zhao", "zhao", None)
    assert office.state.disputes == {}
    ruled = office.last(n.Ruled)
    assert (ruled.consultant_id, ruled.by, ruled.reason) == ("zhao", "boss", "名片为证")
    assert ruled.keys == (PHONE, PLATE)
    won = ruled.registration
    assert won is not None
    assert (won.consultant_id, won.phone, won.plates) == ("zhao", PHONE, (PLATE,))
    assert won.received_at == office.now
    (owed,) = office.state.make_ups
    assert (owed.consultant_id, owed.cause, owed.granted_by) == ("li", "R15", MANAGER)
    basis = office.last(e.Decided).ownership.basis
    assert (basis.reason, basis.registration_ids) == ("名片为证", (won.registration_id,))


@pytest.mark.parametrize(("days", "host"), [(15, "zhao"), (16, "wang")])
def test_a_ruling_protects_from_its_own_day(days: int, host: str) -> None:
    office = received()
    rule(office, "zhao")
    office.do(c.Finish, visit_id="v1")
    office.pass_s(days * 86_400)
    assert office.check_in("v2", phone=PHONE).host_id == host


def test_a_ruling_ends_the_losers_claims_for_the_keys_of_that_visit_only() -> None:
    office = received()
    entered(office, "wang", plates=(PLATE, "浙B99999"), phone=OTHER_PHONE)
    entered(office, "chen", plates=("浙B99999",), phone=None)
    rule(office, "zhao")
    assert office.last(n.Ruled).overrules == ("old-wang",)
    office.do(c.Finish, visit_id="v1")
    assert office.check_in("v2", plate=PLATE).owner_id == "zhao"
    assert office.check_in("v3", phone=OTHER_PHONE).owner_id == "wang"


def test_a_ruling_on_a_visitor_without_phone_and_plate_gives_no_entry() -> None:
    office = Office()
    office.check_in("v1")
    rule(office, "zhao")
    ruled = office.last(n.Ruled)
    assert (ruled.registration, ruled.keys, ruled.overrules) == (None, (), ())
    assert office.last(e.Decided).ownership.basis.registration_ids == ()
    assert owner(office)[0] == "zhao"


def test_a_ruling_for_a_visitor_who_waits_calls_the_owner() -> None:
    office = Office(("li", "zhao"))
    for who in ("li", "zhao"):
        office.do(c.Away, consultant_id=who, is_excused=True)
    office.check_in("v1", phone=PHONE)
    rule(office, "zhao")
    assert owner(office) == ("zhao", None, None)
    office.do(c.Back, consultant_id="zhao")
    assert owner(office) == ("zhao", "zhao", None)
    assert office.last(e.Decided).rule == "R15"


def test_who_was_passed_over_is_asked_afresh_as_the_owner() -> None:
    office = Office(("zhao",))
    office.check_in("v1", phone=PHONE)
    office.wait(121)
    assert office.host("v1") is None
    rule(office, "zhao")
    assert owner(office) == ("zhao", "zhao", None)
    office.wait(121)
    assert office.last(n.Declined).consultant_id == "zhao"
    assert office.host("v1") is None


def test_a_ruling_for_who_gave_the_visitor_away_takes_their_make_up_back() -> None:
    office = received()
    office.do(c.OwnerFound, visit_id="v1", consultant_id="zhao")
    kinds = rule(office, "li")
    assert kinds[:2] == [n.Ruled, n.MakeUpRevoked]
    assert [turn.consultant_id for turn in office.state.make_ups] == ["zhao"]
    assert owner(office) == ("li", "li", None)


def test_a_ruling_for_the_host_whose_turn_was_used_leaves_it_used() -> None:
    office = received()
    office.do(c.ClaimVisitor, visit_id="v1", consultant_id="zhao")
    rule(office, "li")
    assert owner(office) == ("li", "li", "li")
    assert office.state.make_ups == ()


def test_a_ruling_after_the_visit_takes_back_the_make_up_of_who_gave_the_visitor_away() -> None:
    office = received()
    office.do(c.OwnerFound, visit_id="v1", consultant_id="zhao")
    office.do(c.Finish, visit_id="v1")
    assert [turn.consultant_id for turn in office.state.make_ups] == ["li"]
    assert rule(office, "li") == [n.Ruled, n.MakeUpRevoked, e.Decided]
    assert office.state.make_ups == ()


def test_a_ruling_for_who_helped_takes_back_the_make_up_of_that_help() -> None:
    office = Office(("wang", "zhao"))
    office.known("wang")
    office.do(c.Away, consultant_id="wang", is_excused=True)
    office.check_in("v1", phone=PHONE)
    office.do(c.Finish, visit_id="v1")
    assert [turn.cause for turn in office.state.make_ups] == ["R6"]
    assert rule(office, "zhao") == [n.Ruled, n.MakeUpRevoked, e.Decided]
    assert office.state.make_ups == ()


@pytest.mark.parametrize("is_protected", [True, False])
def test_a_third_person_s_protection_begun_since_is_a_dispute_of_its_own(
    *, is_protected: bool
) -> None:
    office = received()
    office.do(c.Finish, visit_id="v1")
    office.pass_s(86_400 * 20)
    office.do(c.Tick)
    begun = office.now - timedelta(days=2 if is_protected else 17)
    entered(office, "wang", registered_at=begun, received_at=begun)
    entered(office, "zhao", registered_at=begun, received_at=begun)
    kinds = rule(office, "zhao")
    assert (n.DisputeOpened in kinds) is is_protected
    assert (office.last(n.Ruled).overrules == ()) is is_protected
    if is_protected:
        dispute = office.last(n.DisputeOpened)
        assert [claim.owner_id for claim in dispute.claims] == ["zhao", "wang"]
        assert (dispute.consultant_id, set(office.state.disputes)) == ("wang", {"v1"})


@pytest.mark.parametrize("fields", [{"is_late": True}, {"is_held": True}, {"consultant_id": "li"}])
def test_what_is_late_waits_or_is_the_loser_s_begins_no_protection(
    fields: dict[str, object],
) -> None:
    office = received()
    office.pass_s(60)
    entered(office, "wang", registered_at=office.now, received_at=office.now, **fields)
    rule(office, "zhao")
    assert office.told(n.DisputeOpened) == []


@pytest.mark.parametrize(("days", "is_ruled"), [(29, True), (30, False)])
def test_a_decision_is_ruled_on_for_thirty_days(days: int, *, is_ruled: bool) -> None:
    office = received()
    office.do(c.Finish, visit_id="v1")
    office.pass_s(days * 86_400)
    office.do(c.Tick)
    kinds = rule(office, "zhao")
    assert kinds == ([n.Ruled, e.Decided] if is_ruled else [n.Refused])
    if is_ruled:
        decided = office.last(e.Decided)
        assert (decided.owner_id, decided.host_id, decided.rule) == ("zhao", "li", "R15")
        assert decided.turn_of is None
        return
    refused = office.last(n.Refused)
    assert refused.because is not None
    assert (refused.consultant_id, refused.rule, refused.because.code) == (
        *("boss", "R15", "not_allowed_too_old"),
    )


def test_a_dispute_stays_open_over_the_days_and_is_forgotten_after_two_months() -> None:
    office = received()
    office.do(c.ClaimVisitor, visit_id="v1", consultant_id="zhao")
    for days, is_open in ((59, True), (2, False)):
        office.pass_s(days * 86_400)
        office.do(c.Tick)
        assert ("v1" in office.state.disputes) is is_open
