"""Decisions and notices as sentences that a manager can check, in the reader's language."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.plan_notices import THE_GUEST
from broker.rules.policy import CLOSED, Policy
from broker.rules.state import MANAGER, Basis
from broker.site_words import SiteWords, usual_words
from shared.privacy import mask_phone, mask_plate
from shared.words import DEFAULT_LANGUAGE, read_words


@dataclass(frozen=True, slots=True)
class Teller:
    """Puts decisions and notices into words for a site and a reader."""

    names: Mapping[str, str]
    policy: Policy
    language: str = DEFAULT_LANGUAGE
    words: SiteWords = field(default_factory=usual_words)
    """What the house calls its drinks, seats, places and posts."""

    def say(self, key: str, /, **values: object) -> str:
        """The sentence ``key`` in the reader's language."""
        return read_words("broker").say(key, self.language, **values)

    def decision(self, decided: e.Decided) -> str:
        """Why this owner and this host."""
        opens, closes = self.policy.hours(self.policy.local(decided.at).date())
        fields = self._basis(decided.ownership.basis) | {
            "owner": self.name(decided.owner_id),
            "host": self.name(decided.host_id),
            "turn_of": self.name(decided.turn_of),
            "open": opens,
            "close": closes,
        }
        rule = f"decision.ground_{_ground(decided)}"
        ground = self.say(rule, **fields) if rule in read_words("broker") else ""
        if "contradicts_answers" in decided.flags:
            ground += self.say("decision.contradicts", **fields)
        hosting = manner(decided)
        if hosting == "duty" and (opens, closes) == CLOSED:
            hosting = "closed"
        return ground + self.say(f"decision.hosting_{hosting}", **fields)

    def notice(self, notice: n.Notice) -> str:
        """What happened to whom."""
        fields: dict[str, object] = {
            "who": self.name(notice.consultant_id),
            "time": self.time(notice.at),
        }
        if isinstance(notice, n.Escalated):
            return self.detail(notice) or self.say("notice.escalated_nobody")
        special = _SPECIAL.get(type(notice))
        fields |= special(self, notice) if special else {}
        name = e.snake_case(type(notice).__name__)
        variant, fits = _VARIANTS.get(type(notice), (name, bool))
        name = variant if fits(notice) else name
        return self.say(f"notice.{name}", **fields)

    def detail(self, notice: n.Reasoned) -> str:
        """Why a request is refused, or what is unclear; empty if nothing was noted."""
        if notice.because is None:
            return notice.detail
        fields = {"owner": self.name(notice.because.consultant_id), **_of(notice.because)}
        fields["until"] = self.last_day(notice.because.until)
        fields["free"] = self.times(notice.because.free)
        return self.say(f"notice.{notice.because.code}", **fields)

    def _basis(self, basis: Basis) -> dict[str, str]:
        evidence = f"decision.evidence_{basis.evidence}"
        return {
            "key": basis.key or self.say("decision.customer"),
            "registered": self.moment(basis.registered_at),
            "received": self.moment(basis.received_at),
            "until": self.last_day(basis.protected_until),
            "evidence": self.say(evidence) if evidence in read_words("broker") else "",
            "reason": basis.reason or "",
            "left": self.name(basis.left_id),
        }

    def name(self, consultant_id: str | None) -> str:
        """The name that colleagues use; an unknown id stays as it is."""
        if consultant_id == MANAGER:
            return self.say("decision.manager")
        return self.names.get(consultant_id or "", consultant_id or "")

    def time(self, at: datetime | None) -> str:
        """``09:12:05``, on the site's clock."""
        return f"{self.policy.local(at):%H:%M:%S}" if at else ""

    def moment(self, at: datetime | None) -> str:
        """``2026-11-25 09:12``, on the site's clock."""
        return f"{self.policy.local(at):%Y-%m-%d %H:%M}" if at else ""

    def times(self, free: Iterable[datetime]) -> str:
        """``11-25 09:30、11-25 10:00``; or that nothing is free."""
        said = (f"{self.policy.local(at):%m-%d %H:%M}" for at in free)
        return self.say("notice.and").join(said) or self.say("notice.nothing_free")

    def last_day(self, until: datetime | None) -> str:
        """The last protected day: ``2026-11-25 24:00``."""
        if until is None:
            return ""
        return f"{self.policy.local(until - timedelta(seconds=1)):%Y-%m-%d} 24:00"


def _of(because: n.Because) -> dict[str, object]:
    return {"named": because.named or "", "count": because.count or ""}


def _passed_over(teller: Teller, notice: n.PassedOver) -> dict[str, object]:
    time = teller.time(notice.called_at)
    return {"called": teller.say("notice.called", time=time) if time else ""}


def _dispute(teller: Teller, notice: n.DisputeOpened) -> dict[str, object]:
    both = (
        f"{teller.name(claim.owner_id)} {teller.moment(claim.basis.registered_at)}"
        for claim in notice.claims
    )
    return {"claims": teller.say("notice.and").join(both)}


def _handed_over(teller: Teller, notice: n.CustomersHandedOver) -> dict[str, object]:
    counts = Counter(given.consultant_id for given in notice.given)
    each = (
        teller.say("notice.received_customers", name=teller.name(who), count=count)
        for who, count in counts.items()
    )
    return {"count": len(notice.given), "receivers": teller.say("notice.and").join(each)}


def _unauthorised(teller: Teller, notice: n.Unauthorised) -> dict[str, object]:
    what = f"may.{notice.what}"
    is_known = what in read_words("broker")
    return {
        "by": teller.name(notice.by),
        "what": teller.say(what) if is_known else notice.what,
    }


def _keys_corrected(teller: Teller, notice: n.KeysCorrected) -> dict[str, object]:
    if notice.detail:
        return {"detail": notice.detail}
    nothing, name = teller.say("notice.nothing_given"), teller.name(notice.registered_by)
    other = teller.say("notice.registered_by", name=name) if name else ""
    was, now = notice.was or nothing, notice.now or nothing
    return {"detail": teller.say("notice.keys_changed", was=was, now=now, other=other)}


def _of_plan(
    teller: Teller, notice: n.PlanAsked | n.PlanAnswered | n.PlanMoved | n.PlanCancelled
) -> dict[str, object]:
    """A plan: whose, when, by whose word."""
    plan, reason = notice.expected, getattr(notice, "reason", None)
    key = plan.phone and mask_phone(plan.phone)
    return {
        "name": plan.name or key or " ".join(map(mask_plate, plan.plates)),
        "when": teller.moment(plan.starts_at),
        "by": teller.name(getattr(notice, "by", None)),
        "reason": teller.say("notice.plan_reason", reason=reason) if reason else "",
    }


_SPECIAL: Mapping[type[n.Notice], Callable[[Teller, Any], dict[str, object]]] = {
    n.PassedOver: _passed_over,
    n.MakeUpGranted: lambda _, notice: {"cause": notice.make_up.cause},
    n.MakeUpCarried: lambda _, notice: {"day": notice.expires_on.isoformat()},
    n.AppointmentMissed: lambda teller, notice: {"until": teller.time(notice.expected.ends_at)},
    n.DisputeOpened: _dispute,
    n.Ruled: lambda _, notice: {"reason": notice.reason},
    n.SkipTakenBack: lambda _, notice: {"reason": notice.reason},
    n.BulkRegistration: lambda _, notice: {"count": notice.count},
    n.EntriesReleased: lambda _, notice: {"count": len(notice.registration_ids)},
    n.CustomersHandedOver: _handed_over,
    n.Claimed: lambda teller, notice: {"ground": teller.say(f"ground.{notice.ground}")},
    n.Unauthorised: _unauthorised,
    n.LateEntry: lambda teller, notice: {
        "came": teller.moment(notice.came_at),
        "entered": teller.moment(notice.entered_at),
    },
    n.Transferred: lambda teller, notice: {"from_name": teller.name(notice.from_id)},
    n.Refused: lambda teller, notice: {"detail": teller.detail(notice)},
    n.KeysCorrected: _keys_corrected,
    n.TurnedAway: lambda teller, notice: {"free": teller.times(notice.free)},
    n.SlotOffered: lambda teller, notice: {"until": teller.time(notice.until)},
    **dict.fromkeys((n.PlanAsked, n.PlanAnswered, n.PlanMoved, n.PlanCancelled), _of_plan),
    n.KeptInVain: lambda _, notice: {"name": notice.expected.name or "VIP"},
}
"""The fields that only this kind of notice has."""

_VARIANTS: Mapping[type[n.Notice], tuple[str, Callable[[Any], object]]] = {
    n.PassedOver: ("passed_over_declined", lambda notice: notice.is_declined),
    n.LateEntry: ("late_entry_at", lambda notice: notice.came_at and notice.entered_at),
    n.Transferred: ("transferred_from", lambda notice: notice.from_id),
    n.Refused: ("refused_visitor", lambda notice: notice.consultant_id is None),
    n.PlanAnswered: ("plan_declined", lambda notice: not notice.is_approved),
    n.PlanMoved: ("plan_moved_by_guest", lambda notice: notice.by == THE_GUEST),
    n.PlanCancelled: ("plan_cancelled_by_guest", lambda notice: notice.by == THE_GUEST),
}
"""The sentences that are said instead where they fit."""

_MANNERS: tuple[tuple[str, Callable[[e.Decided], bool]], ...] = (
    ("waits", lambda decided: decided.host_id is None),
    ("stand_in", lambda decided: decided.rule == "R24"),
    ("owner_by_turn", lambda decided: _is_owners(decided) and decided.turn_of is not None),
    ("owner", lambda decided: decided.host_id == decided.ownership.owner_id),
    ("kept", lambda decided: decided.rule in ("R12", "R15") and decided.turn_of is not None),
    ("courtesy", lambda decided: _is_owned(decided) and decided.turn_of is not None),
    ("helper", lambda decided: _is_owned(decided)),
    ("make_up", lambda decided: decided.make_up is not None),
    ("duty", lambda decided: decided.rule == "R20"),
    ("rotation", lambda decided: decided.turn_of is not None),
    ("no_turn", lambda _decided: True),
)
"""How the host came to receive, as a key ``decision.hosting_…``; the first that fits."""


def _is_owners(decided: e.Decided) -> bool:
    return decided.host_id is not None and decided.host_id == decided.ownership.owner_id


def _ground(decided: e.Decided) -> str:
    """The rule, and for a VIP's plan whether it names a host (R5)."""
    ownership = decided.ownership
    if ownership.rule != "R5" or "vip" not in ownership.flags:
        return ownership.rule
    if ownership.owner_id is None:
        return "R5_manager"
    return "R5_owned" if ownership.basis.registration_ids else "R5"


def _is_owned(decided: e.Decided) -> bool:
    return decided.ownership.owner_id is not None


def manner(decided: e.Decided) -> str:
    """The key of the wording that says how this host came to receive."""
    return next(name for name, fits in _MANNERS if fits(decided))
