"""What a site may choose in its house rules (案场政策)."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from broker.rules.advice import AdviceError, require_no_more
from broker.rules.duty_table import AT_MOST, DutyPlan
from broker.rules.retention import Retention
from broker.rules.shifts import Shifts
from shared.words import Sentence

END_OF_LINE, KEEP_ORDER = "end_of_line", "keep_order"
REACHES = ("site", "company", "group")
"""How far a customer's protection reaches: this project, those of its company, all of the group."""
ROWS = ("R5", "R6", "R16", "R4b", "R7", "R9", "R10", "R8", "R11", "R14", "R13")
ROTATION_ROWS = ("R4b", "R8", "R11", "R13", "R14")
LONGEST_NAME = 40
CLOSED = ("00:00", "00:00")
_CLOCK_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")


class SpecialDay(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A day with hours of its own, such as a holiday; without hours it is closed (R20)."""

    on: date
    open: str | None = None
    close: str | None = None
    name: str = ""

    def __post_init__(self) -> None:
        """Refuse hours that no day has, and half of them.

        Raises:
            AdviceError: names the key.
        """
        if (self.open is None) != (self.close is None):
            missing = "open" if self.open is None else "close"
            raise AdviceError(missing, Sentence("advice.both_hours"))
        if self.open is not None and not _CLOCK_TIME.fullmatch(self.open):
            raise AdviceError("open", Sentence("advice.open"))
        if self.close is not None and not _is_after(self.close, self.open or ""):
            raise AdviceError("close", Sentence("advice.close"))
        if len(self.name) > LONGEST_NAME:
            raise AdviceError("name", Sentence("misfit.length_most", count=LONGEST_NAME))


def _is_after(close: str, open_: str) -> bool:
    return bool(_CLOCK_TIME.fullmatch(close)) and close > open_


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a site may set in its policy file; ``policy.example.toml`` explains each value."""

    open: str = "08:30"
    """R20; ``HH:MM`` site time."""
    close: str = "18:30"
    special_days: tuple[SpecialDay, ...] = ()
    """R20: days with other hours, and days on which the site is closed."""
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
    exclusive_setup_minutes: int = 15
    """R5: so long before a VIP who has the house alone nobody else is let in: it is set up."""
    exclusive_clearing_minutes: int = 15
    """R5: so long after the planned end it is cleared, or still waited for the VIP."""
    waiting_offer_minutes: int = 10
    """Who was turned away is offered the free house, which is held for them so long."""
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
    channel_lead_minutes: int = 30
    """So long before a customer comes an agency reports them (渠道报备)."""
    ruling_within_days: int = 30
    """R15: so long after it a decision can be ruled on."""
    lunch_from: str = "12:00"
    """Promises rest from then on …"""
    lunch_to: str = "13:00"
    """… until then."""
    follow_up_days: int = 3
    """The owner calls a customer by the end of so many days after the reception."""
    overdue_follow_ups_rest_the_turn: bool = False
    """Whoever has an overdue call is out of the line until it is done, while others are free."""
    is_make_up_carried: bool = True
    """R12: an unused make-up turn is good on the next working day too."""
    is_same_party_kept: bool = True
    """R16: the same phone or plate on the same day goes to the same host."""
    is_family_one_party: bool = True
    """R6, R16: spouse, parents and children are one party once they are linked."""
    is_busy_owner_helped: bool = True
    """R6: a team mate receives for a busy owner, as for an owner who is away."""
    known_across: bool = False
    """Phones of visitors who agree are compared with those of the group's other projects."""
    protection_reach: str = REACHES[0]
    """Whose customers of other projects are shown as protected here, where ``known_across``."""
    duty: tuple[str, ...] = ()
    """R20: who receives outside the hours, first choice first; empty: the manager."""
    rows: tuple[str, ...] = ROWS
    """The decision table's order; the first row that fits decides."""
    rows_that_use_a_turn: tuple[str, ...] = ROTATION_ROWS
    duties: tuple[DutyPlan, ...] = ()
    """What is due at the posts each day: daily lists, rounds."""
    shifts: Shifts = Shifts()
    """Who is on duty on which day: whoever is off is not in line (R21)."""
    retention: Retention = Retention()
    """How long what is known of people is kept."""

    def __post_init__(self) -> None:
        """Refuse what would only fail at the first visitor; each message names the key."""
        if "R4b" not in self.rows and "R16" in self.rows:  # a table of before release 0.4
            after = self.rows.index("R16") + 1
            rows = (*self.rows[:after], "R4b", *self.rows[after:])
            msgspec.structs.force_setattr(self, "rows", rows)
        for key, (is_good, advice, values) in _CHECKS.items():
            if not is_good(self):
                raise AdviceError(key, Sentence(advice, **values))
        require_no_more(self, self.__struct_fields__)

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

    def hours(self, on: date) -> tuple[str, str]:
        """From when until when rotation runs on this day (R20); ``CLOSED``: not at all."""
        for day in self.special_days:
            if day.on == on:
                return (day.open, day.close) if day.open and day.close else CLOSED
        return self.open, self.close

    def closes_at(self, at: datetime) -> datetime:
        """When rotation ends on the day of ``at`` (R20)."""
        on = self.local(at).date()
        hours, minutes = map(int, self.hours(on)[1].split(":"))
        if hours == 24:
            return self.start_of(on + timedelta(days=1))
        return datetime.combine(on, time(hours, minutes), ZoneInfo(self.timezone))

    def is_before_opening(self, at: datetime) -> bool:
        """Whether the day's order is not in force yet (R21)."""
        local = self.local(at)
        return f"{local:%H:%M}" < self.hours(local.date())[0]

    def is_open(self, at: datetime) -> bool:
        """Whether rotation runs (R20): from ``open`` on, until ``close``."""
        local = self.local(at)
        opens, closes = self.hours(local.date())
        return opens <= f"{local:%H:%M}" < closes


def looked_up_since(policy: Policy, at: datetime) -> datetime:
    """From when on a look-up still tells against an entry at ``at`` (R3)."""
    return policy.midnight(at - timedelta(days=policy.look_then_claim_days))


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


Check = tuple[Callable[[Policy], bool], str, dict[str, object]]
"""Whether it holds, and else the advice with its values."""


def _at_least(key: str, least: int, advice: str) -> Check:
    return (lambda policy: getattr(policy, key) >= least), advice, {"least": least}


def _is_time(key: str) -> Check:
    return (lambda policy: bool(_CLOCK_TIME.fullmatch(getattr(policy, key)))), "advice.open", {}


def _no_sooner(key: str, than: str) -> Check:
    return (
        lambda policy: getattr(policy, key) >= getattr(policy, than),
        "advice.no_sooner",
        {"than": than},
    )


_CHECKS: dict[str, Check] = {
    "open": _is_time("open"),
    "close": (lambda policy: _is_after(policy.close, policy.open), "advice.close", {}),
    "special_days": (
        lambda policy: len({day.on for day in policy.special_days}) == len(policy.special_days),
        "advice.day_once",
        {},
    ),
    "timezone": (lambda policy: _is_zone(policy.timezone), "advice.timezone", {}),
    "protection_days": _at_least("protection_days", 0, "advice.days_least"),
    "absent_after_s": _at_least("absent_after_s", 1, "advice.seconds_least"),
    "repeat_after_s": _at_least("repeat_after_s", 1, "advice.seconds_least"),
    "second_after_s": _no_sooner("second_after_s", "repeat_after_s"),
    "manager_after_s": _no_sooner("manager_after_s", "second_after_s"),
    "refill_every_minutes": _at_least("refill_every_minutes", 1, "advice.minutes_least"),
    "served_within_minutes": _at_least("served_within_minutes", 1, "advice.minutes_least"),
    "unreceived_protection_days": _at_least("unreceived_protection_days", 0, "advice.days_least"),
    "bulk_per_hour": _at_least("bulk_per_hour", 1, "advice.entries_least"),
    "newcomers_a_day": _at_least("newcomers_a_day", 1, "advice.visitors_least"),
    "booking_lead_minutes": _at_least("booking_lead_minutes", 0, "advice.minutes_least"),
    "exclusive_setup_minutes": _at_least("exclusive_setup_minutes", 0, "advice.minutes_least"),
    "exclusive_clearing_minutes": _at_least(
        "exclusive_clearing_minutes", 0, "advice.minutes_least"
    ),
    "waiting_offer_minutes": _at_least("waiting_offer_minutes", 1, "advice.minutes_least"),
    "look_then_claim_days": _at_least("look_then_claim_days", 0, "advice.days_least"),
    "must_meet_within_s": _at_least("must_meet_within_s", 0, "advice.seconds_least"),
    "stand_in_minutes": _at_least("stand_in_minutes", 1, "advice.minutes_least"),
    "stand_ins_a_day": _at_least("stand_ins_a_day", 0, "advice.times_least"),
    "lunch_from": _is_time("lunch_from"),
    "lunch_to": (
        lambda policy: (
            policy.lunch_to == policy.lunch_from or _is_after(policy.lunch_to, policy.lunch_from)
        ),
        "advice.lunch_to",
        {},
    ),
    "follow_up_days": _at_least("follow_up_days", 0, "advice.days_least"),
    "channel_lead_minutes": _at_least("channel_lead_minutes", 0, "advice.minutes_least"),
    "ruling_within_days": _at_least("ruling_within_days", 1, "advice.days_least"),
    "duties": (
        lambda policy: len({plan.key for plan in policy.duties}) == len(policy.duties) <= AT_MOST,
        "advice.duty_once",
        {"most": AT_MOST},
    ),
    "after_reception": (
        lambda policy: policy.after_reception in (END_OF_LINE, KEEP_ORDER),
        "advice.after_reception",
        {"end_of_line": END_OF_LINE, "keep_order": KEEP_ORDER},
    ),
    "protection_reach": (
        lambda policy: policy.protection_reach in REACHES,
        "advice.protection_reach",
        dict(zip(REACHES, REACHES, strict=True)),
    ),
    "rows": (
        lambda policy: sorted(policy.rows) == sorted(ROWS) and policy.rows[-1] == "R13",
        "advice.rows",
        {"rows": ", ".join(ROWS)},
    ),
    "rows_that_use_a_turn": (
        lambda policy: set(policy.rows_that_use_a_turn) <= set(ROTATION_ROWS),
        "advice.some_of",
        {"rows": ", ".join(ROTATION_ROWS)},
    ),
}
