"""Who is told of each of the rules' notices."""

import pytest

from broker.alerts.calls import Guest
from broker.alerts.notice_calls import (
    NOBODY,
    NOTICES,
    UNTOLD,
    Concerned,
    calls_of_left_open,
    calls_of_notice,
)
from broker.rules import notices as n
from broker.rules.notices import Notice
from broker.rules.state import MANAGER
from shared.messages import GivenCustomer, Ground, Level
from tests.fakes import NINE
from tests.notice_samples import CLAIMS, KINDS, SAMPLES

VISIT = Concerned(host_id="sun", owner_id="wang", sides=("he", "wang"))
"""Sun receives Wang's customer; he had claimed it too."""


def told(notice: Notice, concerned: Concerned = NOBODY) -> list[str | None]:
    return [call.role or call.staff_id for call in calls_of_notice(notice, concerned)]


def test_every_notice_has_an_address_or_a_reason_for_none() -> None:
    assert set(NOTICES) | set(UNTOLD) == set(KINDS)
    assert not set(NOTICES) & set(UNTOLD)
    assert all(UNTOLD.values())
    assert {type(sample) for sample in SAMPLES} == set(KINDS)
    silent = {type(sample) for sample in SAMPLES if not told(sample, VISIT)}
    assert silent == set(UNTOLD)


def test_manager_and_steward_are_told_at_once_when_nobody_can_receive() -> None:
    calls = list(calls_of_notice(n.Escalated(at=NINE)))
    assert {(call.role, call.level) for call in calls} == {
        ("manager", Level.URGENT),
        ("steward", Level.URGENT),
    }


def test_a_skip_is_told_to_whom_it_concerns_and_to_the_manager() -> None:
    calls = list(calls_of_notice(notice := n.PassedOver(at=NINE, consultant_id="li")))
    assert {call.notice for call in calls} == {notice}
    assert [call.role or call.staff_id for call in calls] == ["manager", "li"]


@pytest.mark.parametrize(
    ("notice", "addresses"),
    [
        (n.Claimed(at=NINE, consultant_id="li", ground=Ground.CARD), [MANAGER, "sun", "wang"]),
        (
            n.DisputeOpened(at=NINE, consultant_id="li", claims=CLAIMS),
            [MANAGER, "li", "wang", "sun"],
        ),
        (n.Ruled(at=NINE, consultant_id="li", reason="名片"), [MANAGER, "li", "he", "wang", "sun"]),
        (n.Transferred(at=NINE, consultant_id="li", from_id="wang"), [MANAGER, "li", "wang", "he"]),
        (n.DepartureAsked(at=NINE, consultant_id="sun"), ["sun"]),
        (n.MakeUpRevoked(at=NINE, consultant_id="li", make_up_id="m"), [MANAGER, "li"]),
        (n.SkipTakenBack(at=NINE, consultant_id="li", reason="电梯"), ["li"]),
        (n.Unauthorised(at=NINE, consultant_id="bar", by="bar", what="finish"), [MANAGER]),
        (n.Orphaned(at=NINE, consultant_id="zhao", registration_id="r"), [MANAGER]),
        (n.LeftCompany(at=NINE, consultant_id="zhao"), [MANAGER]),
        (
            n.CustomersHandedOver(
                at=NINE,
                consultant_id="zhao",
                act_id="a",
                given=tuple(
                    GivenCustomer(registration_id=name, consultant_id=who, reason="离职")
                    for name, who in (("r-1", "li"), ("r-2", "wang"), ("r-3", "li"))
                ),
                registrations=(),
            ),
            [MANAGER, "li", "wang"],
        ),
        (n.LookThenClaim(at=NINE, consultant_id="li", registration_id="r"), [MANAGER]),
        (n.Declined(at=NINE, consultant_id="li"), [MANAGER]),
        (n.Refused(at=NINE, rule="R5"), [MANAGER, "gate"]),
        (n.Refused(at=NINE, consultant_id="li", rule="R5"), [MANAGER, "li"]),
        (n.Refused(at=NINE, rule="R24"), [MANAGER]),
        (n.PassedOver(at=NINE, consultant_id=MANAGER), [MANAGER]),
        (n.LookedUp(at=NINE, consultant_id="li", phone="13800138000"), []),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Notice) else None,
)
def test_both_sides_hear_and_nobody_twice(notice: Notice, addresses: list[str]) -> None:
    assert told(notice, VISIT) == addresses


def test_where_the_manager_receives_managers_are_asked_whether_the_visitor_left() -> None:
    asked = n.DepartureAsked(at=NINE, consultant_id=MANAGER)
    (call,) = calls_of_notice(asked, Concerned(host_id=MANAGER))
    assert (call.role, call.staff_id) == (MANAGER, None)
    assert call.actions == ("visitor_left", "still_here")


def test_what_is_left_open_is_told_in_one_alert() -> None:
    (call,) = calls_of_left_open((Guest("浙A88888"), Guest(surname="张", salutation="女士")))
    assert (call.role, call.fields["count"]) == (MANAGER, "2")
    assert list(calls_of_left_open(())) == []
