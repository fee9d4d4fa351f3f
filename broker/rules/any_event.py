"""Every event that the journal may hold: ``msgspec.json.decode(body, type=AnyEvent)``."""

from broker.rules import events as e
from broker.rules import notices as n

AnyEvent = (
    e.CommandTaken
    | e.RosterSet
    | e.DayBegan
    | e.Arrived
    | e.PlateCorrected
    | e.CheckedIn
    | e.VisitorCorrected
    | e.KeysLearnt
    | e.Acknowledged
    | e.Finished
    | e.Rejoined
    | e.WentAway
    | e.CameBack
    | e.Joined
    | e.Left
    | e.Planned
    | e.Decided
    | n.PassedOver
    | n.Declined
    | n.CallWithdrawn
    | n.MakeUpGranted
    | n.MakeUpUsed
    | n.MakeUpCarried
    | n.MakeUpExpired
    | n.Registered
    | n.LookedUp
    | n.LateEntry
    | n.LookThenClaim
    | n.DisputeOpened
    | n.Ruled
    | n.Refused
    | n.Escalated
    | n.KeysCorrected
    | n.Transferred
    | n.AppointmentMissed
    | e.VisitorMet
    | e.StayedOn
    | e.OwnerPhoned
    | e.FamilyLinked
    | e.DayClosed
    | e.ClockSet
    | n.SkipTakenBack
    | n.StandInTurnUsed
    | n.MakeUpRevoked
    | n.BulkRegistration
    | n.ContradictsAnswers
    | n.Orphaned
    | n.LeftCompany
    | n.CustomersHandedOver
    | n.EntriesReleased
    | n.Claimed
    | n.Unauthorised
    | n.DepartureAsked
    | n.LeftOpen
    | n.TurnGivenBack
    | n.FinishedInside
    | e.CameIn
    | n.TurnedAway
    | n.SlotOffered
    | n.OfferLapsed
    | n.KeptInVain
    | n.PlanAsked
    | n.PlanAnswered
    | n.PlanMoved
    | n.PlanCancelled
    | n.TurnRests
    | n.TurnResumes
)
