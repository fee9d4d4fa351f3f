"""One notice of each kind, as the rules may tell it: li and wang differ about a visitor."""

from datetime import timedelta
from typing import get_args

from broker.rules import notices as n
from broker.rules.any_event import AnyEvent
from broker.rules.facts import Registration
from broker.rules.state import Basis, Expected, MakeUp, Ownership
from shared.messages import GivenCustomer, Ground
from tests.fakes import NINE

KINDS = [kind for kind in get_args(AnyEvent) if issubclass(kind, n.Notice)]
"""Every kind of notice that the journal may hold."""

ENTRY = Registration(
    registration_id="r-1", consultant_id="li", registered_at=NINE, received_at=NINE
)
MAKE_UP = MakeUp(
    make_up_id="m-1",
    consultant_id="li",
    visit_id="v-1",
    cause="R12",
    granted_by="wang",
    granted_at=NINE,
    expires_on=NINE.date(),
)
EXPECTED = Expected(flag="appointment", on=NINE.date(), starts_at=NINE, ends_at=NINE)
CLAIMS = tuple(
    Ownership(rule="R15", owner_id=who, basis=Basis(registered_at=NINE)) for who in ("wang", "li")
)
LATER = NINE + timedelta(minutes=5)

SAMPLES: list[n.Notice] = [
    n.PassedOver(at=NINE, consultant_id="li", visit_id="v-1", called_at=NINE),
    n.PassedOver(at=NINE, consultant_id="li", visit_id="v-1", is_declined=True),
    n.Declined(at=NINE, consultant_id="li", visit_id="v-1"),
    n.SkipTakenBack(at=NINE, consultant_id="li", visit_id="v-1", reason="因电梯故障"),
    n.TurnGivenBack(at=NINE, consultant_id="li", visit_id="v-1"),
    n.StandInTurnUsed(at=NINE, consultant_id="li", visit_id="v-1"),
    n.TurnRests(at=NINE, consultant_id="li"),
    n.TurnResumes(at=NINE, consultant_id="li"),
    n.CallWithdrawn(at=NINE, consultant_id="li", visit_id="v-1"),
    n.MakeUpGranted(at=NINE, consultant_id="li", visit_id="v-1", make_up=MAKE_UP),
    n.MakeUpUsed(at=NINE, consultant_id="li", visit_id="v-1", make_up_id="m-1"),
    n.MakeUpCarried(at=NINE, consultant_id="li", make_up_id="m-1", expires_on=NINE.date()),
    n.MakeUpExpired(at=NINE, consultant_id="li", make_up_id="m-1"),
    n.MakeUpRevoked(at=NINE, consultant_id="li", visit_id="v-1", make_up_id="m-1"),
    n.Registered(at=NINE, consultant_id="li", registration=ENTRY),
    n.LookedUp(at=NINE, consultant_id="li", name="张"),
    n.LateEntry(at=NINE, consultant_id="li", visit_id="v-1", registration_id="r-1"),
    n.LateEntry(
        at=LATER,
        consultant_id="li",
        visit_id="v-1",
        registration_id="r-1",
        came_at=NINE,
        entered_at=LATER,
    ),
    n.BulkRegistration(at=NINE, consultant_id="li", count=21),
    n.ContradictsAnswers(at=NINE, consultant_id="li", visit_id="v-1", registration_id="r-1"),
    n.Orphaned(at=NINE, consultant_id="zhao", visit_id="v-1", registration_id="r-1"),
    n.LeftCompany(at=NINE, consultant_id="zhao"),
    n.CustomersHandedOver(
        at=NINE,
        consultant_id="zhao",
        act_id="act-1",
        given=tuple(
            GivenCustomer(registration_id=f"r-{number}", consultant_id=who, reason="离职移交")
            for number, who in enumerate(("li", "wang", "li"))
        ),
        registrations=(ENTRY,),
    ),
    n.EntriesReleased(at=NINE, consultant_id="li", registration_ids=("r-1", "r-2")),
    n.Claimed(at=NINE, consultant_id="li", visit_id="v-1", ground=Ground.CARD),
    n.Unauthorised(at=NINE, consultant_id="bar", by="bar", what="finish", visit_id="v-1"),
    n.DepartureAsked(at=NINE, consultant_id="li", visit_id="v-1"),
    n.LeftOpen(at=NINE, consultant_id="li", visit_id="v-1"),
    n.FinishedInside(at=NINE, consultant_id="li", visit_id="v-1"),
    n.LookThenClaim(at=NINE, consultant_id="li", registration_id="r-1"),
    n.DisputeOpened(at=NINE, consultant_id="li", visit_id="v-1", claims=CLAIMS),
    n.Ruled(at=NINE, consultant_id="li", visit_id="v-1", reason="客户持李敏名片"),
    n.Refused(at=NINE, consultant_id="li", rule="R2"),
    n.Escalated(at=NINE, visit_id="v-1"),
    n.KeysCorrected(at=NINE, consultant_id="li", visit_id="v-1", was="浙A·8**88"),
    n.Transferred(at=NINE, consultant_id="li", visit_id="v-1"),
    n.Transferred(at=NINE, consultant_id="li", visit_id="v-1", from_id="wang"),
    n.AppointmentMissed(at=NINE, consultant_id="li", expected=EXPECTED),
    n.TurnedAway(at=NINE, visit_id="v-1", free=(LATER,)),
    n.SlotOffered(at=NINE, visit_id="v-1", until=LATER),
    n.OfferLapsed(at=NINE, visit_id="v-1"),
    n.KeptInVain(at=NINE, consultant_id="li", expected=EXPECTED),
    n.PlanAsked(at=NINE, consultant_id="li", expected=EXPECTED),
    n.PlanAnswered(
        at=NINE, consultant_id="li", expected=EXPECTED, by="wang", is_approved=True, reason="好"
    ),
    n.PlanAnswered(at=NINE, consultant_id="li", expected=EXPECTED, by="wang", is_approved=False),
    n.PlanMoved(at=NINE, consultant_id="li", expected=EXPECTED, by="wang"),
    n.PlanMoved(at=NINE, consultant_id="li", expected=EXPECTED, by=""),
    n.PlanCancelled(at=NINE, consultant_id="li", expected=EXPECTED, by=""),
    n.PlanCancelled(at=NINE, consultant_id="li", expected=EXPECTED, by="wang", reason="改期"),
]
