"""Make-up turns kept account of, apart from the rules: for a used turn, once, and taken back."""

from collections import Counter
from dataclasses import dataclass, field

from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.state import SiteState


@dataclass(slots=True)
class MakeUpBook:
    """A make-up turn replaces a turn that was used, once, and is gone when that is taken back."""

    turns: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often each visit used a turn of each consultant."""
    granted: Counter[tuple[str, str]] = field(default_factory=Counter)
    used: set[str] = field(default_factory=set)
    holds: dict[str, str | None] = field(default_factory=dict)
    """Whose turn each visit uses now."""

    def note(self, event: e.Event) -> None:
        """Keep what ``event`` says of turns and make-up turns."""
        match event:
            case e.Decided():
                if event.turn_of is not None and self.holds.get(event.visit_id) != event.turn_of:
                    self.turns[event.visit_id, event.turn_of] += 1
                self.holds[event.visit_id] = event.turn_of
            case n.PassedOver() | n.CallWithdrawn() | n.TurnGivenBack() | n.Declined():
                self.holds[event.visit_id or ""] = None
        self._note_grant(event)
        self._note_use(event)

    def _note_grant(self, event: e.Event) -> None:
        if not isinstance(event, n.MakeUpGranted | n.MakeUpRevoked):
            return
        key = event.visit_id or "", event.consultant_id or ""
        if isinstance(event, n.MakeUpRevoked):
            self.granted[key] -= 1
            return
        self.granted[key] += 1
        assert self.granted[key] <= self.turns[key], "a make-up replaces a turn that was used"

    def _note_use(self, event: e.Event) -> None:
        if isinstance(event, n.MakeUpUsed | n.MakeUpExpired):
            assert event.make_up_id not in self.used, "a make-up turn is used once"
            if isinstance(event, n.MakeUpUsed):
                self.used.add(event.make_up_id)
        is_undone = isinstance(event, n.CallWithdrawn | n.TurnGivenBack | n.SkipTakenBack)
        if is_undone and (make_up := getattr(event, "make_up", None)):
            self.used.discard(make_up.make_up_id)

    def check(self, state: SiteState) -> None:
        """Nobody keeps both: the visitor, and the make-up turn for having given them away."""
        for make_up in state.make_ups:
            visit = state.visits.get(make_up.visit_id)
            if visit is None or make_up.cause == "R6":
                continue
            assert visit.owner_id != make_up.consultant_id, "a make-up kept with its visitor"
