"""What a site may choose in its house rules (案场政策)."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from broker.rules.retention import Retention

END_OF_LINE, KEEP_ORDER = "end_of_line", "keep_order"
ROWS = ("R5", "R6", "R16", "R4b", "R7", "R9", "R10", "R8", "R11", "R14", "R13")
ROTATION_ROWS = ("R4b", "R8", "R11", "R13", "R14")
_CLOCK_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a site may set in its policy file; ``policy.example.toml`` explains each value."""

    open: str = "08:30"
    """R20; ``HH:MM`` site time."""
    close: str = "18:30"
    timezone: str = "Asia/Shanghai"
    protection_days: int = 15
    """R2."""
    unreceived_protection_days: int = 15
    """R2: of a customer who was entered without a reception (by phone)."""
    renews_by_courtesy: bool = True
    """R2: a colleague's reception for the owner starts the protection anew too."""
    bulk_per_hour: int = 20
    """R3b: so many customers a person may enter or book in an hour; further ones wait."""
    newcomers_a_day: int = 400
    """So many visitors whom nobody else knows a person may tell of in a day; more are refused."""
    booking_lead_minutes: int = 30
    """R3b: so long ahead an unknown customer must be booked."""
    absent_after_s: int = 120
    """R23."""
    repeat_after_s: int = 10
    """An alert that nobody answers rings again, the next time after twice as long."""
    second_after_s: int = 20
    """Then a second person is asked."""
    manager_after_s: int = 40
    """Then the manager."""
    refill_every_minutes: int = 10
    """The bar is reminded to refill while a visitor is seated."""
    served_within_minutes: int = 5
    """An order that was not served is told to the bar again."""
    after_reception: str = END_OF_LINE
    """R22; ``keep_order``: the line is a ring and a long reception costs nobody a place."""
    look_then_claim_days: int = 1
    """R3: the manager is told of who is entered by the end of so many days after a look-up."""
    must_meet_within_s: int = 0
    """R23: an answer without meeting the visitor in this time counts as none; 0: not asked."""
    stand_in_minutes: int = 15
    """R24: the first takes over from the stand-in within this time."""
    stand_ins_a_day: int = 2
    """R24: a further one uses the stand-in's turn."""
    ruling_within_days: int = 30
    """R15: so long after it a decision can be ruled on."""
    lunch_from: str = "12:00"
    """Promises rest from then on …"""
    lunch_to: str = "13:00"
    """… until then."""
    follow_up_days: int = 3
    """The owner calls a customer by the end of so many days after the reception."""
    is_make_up_carried: bool = True
    """R12: an unused make-up turn is good on the next working day too."""
    is_same_party_kept: bool = True
    """R16: the same phone or plate on the same day goes to the same host."""
    is_family_one_party: bool = True
    """R6, R16: spouse, parents and children are one party once they are linked."""
    is_busy_owner_helped: bool = True
    """R6: a team mate receives for a busy owner, as for an owner who is away."""
    duty: tuple[str, ...] = ()
    """R20: who receives outside the hours, first choice first; empty: the manager."""
    rows: tuple[str, ...] = ROWS
    """The decision table's order; the first row that fits decides."""
    rows_that_use_a_turn: tuple[str, ...] = ROTATION_ROWS
    retention: Retention = Retention()
    """How long what is known of people is kept."""

    def __post_init__(self) -> None:
        """Refuse what would only fail at the first visitor; each message names the key."""
        if "R4b" not in self.rows and "R16" in self.rows:  # a table of before release 0.4
            after = self.rows.index("R16") + 1
            rows = (*self.rows[:after], "R4b", *self.rows[after:])
            msgspec.structs.force_setattr(self, "rows", rows)
        for key, (is_good, advice) in _CHECKS.items():
            if not is_good(self):
                raise ValueError(f"`{key}`: {advice}")

    def local(self, at: datetime) -> datetime:
        """``at`` as the clock of the sales office shows it."""
        return at.astimezone(ZoneInfo(self.timezone))

    def midnight(self, at: datetime) -> datetime:
        """When the day of ``at`` began at the site."""
        local = self.local(at)
        return datetime.combine(local.date(), time(), local.tzinfo)

    def start_of(self, on: date) -> datetime:
        """When the day ``on`` begins at the site."""
        return datetime.combine(on, time(), ZoneInfo(self.timezone))

    def closes_at(self, at: datetime) -> datetime:
        """When rotation ends on the day of ``at`` (R20)."""
        hours, minutes = map(int, self.close.split(":"))
        on = self.local(at).date()
        if hours == 24:
            return self.start_of(on + timedelta(days=1))
        return datetime.combine(on, time(hours, minutes), ZoneInfo(self.timezone))

    def is_before_opening(self, at: datetime) -> bool:
        """Whether the day's order is not in force yet (R21)."""
        return f"{self.local(at):%H:%M}" < self.open

    def is_open(self, at: datetime) -> bool:
        """Whether rotation runs (R20): from ``open`` on, until ``close``."""
        return self.open <= f"{self.local(at):%H:%M}" < self.close


def looked_up_since(policy: Policy, at: datetime) -> datetime:
    """From when on a look-up still tells against an entry at ``at`` (R3)."""
    return policy.midnight(at - timedelta(days=policy.look_then_claim_days))


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


_CHECKS: dict[str, tuple[Callable[[Policy], bool], str]] = {
    "open": (lambda policy: bool(_CLOCK_TIME.fullmatch(policy.open)), 'write a time like "08:30"'),
    "close": (
        lambda policy: bool(_CLOCK_TIME.fullmatch(policy.close)) and policy.close > policy.open,
        'write a time after `open`, like "18:30"',
    ),
    "timezone": (lambda policy: _is_zone(policy.timezone), 'write one like "Asia/Shanghai"'),
    "protection_days": (lambda policy: policy.protection_days >= 0, "write 0 or more days"),
    "absent_after_s": (lambda policy: policy.absent_after_s > 0, "write 1 or more seconds"),
    "repeat_after_s": (lambda policy: policy.repeat_after_s > 0, "write 1 or more seconds"),
    "second_after_s": (
        lambda policy: policy.second_after_s >= policy.repeat_after_s,
        "write as many seconds as `repeat_after_s`, or more",
    ),
    "manager_after_s": (
        lambda policy: policy.manager_after_s >= policy.second_after_s,
        "write as many seconds as `second_after_s`, or more",
    ),
    "refill_every_minutes": (
        lambda policy: policy.refill_every_minutes > 0,
        "write 1 or more minutes",
    ),
    "served_within_minutes": (
        lambda policy: policy.served_within_minutes > 0,
        "write 1 or more minutes",
    ),
    "unreceived_protection_days": (
        lambda policy: policy.unreceived_protection_days >= 0,
        "write 0 or more days",
    ),
    "bulk_per_hour": (lambda policy: policy.bulk_per_hour > 0, "write 1 or more entries"),
    "newcomers_a_day": (lambda policy: policy.newcomers_a_day > 0, "write 1 or more visitors"),
    "booking_lead_minutes": (
        lambda policy: policy.booking_lead_minutes >= 0,
        "write 0 or more minutes",
    ),
    "look_then_claim_days": (
        lambda policy: policy.look_then_claim_days >= 0,
        "write 0 or more days",
    ),
    "must_meet_within_s": (
        lambda policy: policy.must_meet_within_s >= 0,
        "write 0 or more seconds",
    ),
    "stand_in_minutes": (lambda policy: policy.stand_in_minutes > 0, "write 1 or more minutes"),
    "stand_ins_a_day": (lambda policy: policy.stand_ins_a_day >= 0, "write 0 or more"),
    "lunch_from": (
        lambda policy: bool(_CLOCK_TIME.fullmatch(policy.lunch_from)),
        'write a time like "12:00"',
    ),
    "lunch_to": (
        lambda policy: (
            bool(_CLOCK_TIME.fullmatch(policy.lunch_to)) and policy.lunch_to >= policy.lunch_from
        ),
        'write a time after `lunch_from`, like "13:00"',
    ),
    "follow_up_days": (lambda policy: policy.follow_up_days >= 0, "write 0 or more days"),
    "ruling_within_days": (lambda policy: policy.ruling_within_days > 0, "write 1 or more days"),
    "after_reception": (
        lambda policy: policy.after_reception in (END_OF_LINE, KEEP_ORDER),
        f'write "{END_OF_LINE}" or "{KEEP_ORDER}"',
    ),
    "rows": (
        lambda policy: sorted(policy.rows) == sorted(ROWS) and policy.rows[-1] == "R13",
        "write each of " + ", ".join(ROWS) + " once, R13 last",
    ),
    "rows_that_use_a_turn": (
        lambda policy: set(policy.rows_that_use_a_turn) <= set(ROTATION_ROWS),
        "write some of " + ", ".join(ROTATION_ROWS),
    ),
}
