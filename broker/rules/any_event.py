"""Every event that the journal may hold: ``msgspec.json.decode(body, type=AnyEvent)``."""

from broker.rules import events as e

AnyEvent = (
    e.CommandTaken
    | e.RosterSet
    | e.DayBegan
    | e.Arrived
    | e.PlateCorrected
    | e.CheckedIn
    | e.VisitorCorrected
    | e.Acknowledged
    | e.Finished
    | e.Rejoined
    | e.WentAway
    | e.CameBack
    | e.Joined
    | e.Left
    | e.Planned
    | e.Decided
    | e.PassedOver
    | e.Declined
    | e.CallWithdrawn
    | e.MakeUpGranted
    | e.MakeUpUsed
    | e.MakeUpCarried
    | e.MakeUpExpired
    | e.Registered
    | e.LookedUp
    | e.LateEntry
    | e.LookThenClaim
    | e.DisputeOpened
    | e.Ruled
    | e.Refused
    | e.Escalated
    | e.KeysCorrected
    | e.Transferred
    | e.AppointmentMissed
)
