"""What a site may choose in its house rules (案场政策). Pure; broker.policy_file reads it."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

END_OF_LINE, KEEP_ORDER = "end_of_line", "keep_order"
_CLOCK_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every value that rules.md calls configurable; ``policy.toml`` explains each."""

    open: str = "08:30"
    """R20; ``HH:MM`` site time."""
    close: str = "18:30"
    timezone: str = "Asia/Shanghai"
    protection_days: int = 15
    """R2."""
    absent_after_s: int = 120
    """R23."""
    after_reception: str = END_OF_LINE
    """R22; ``keep_order``: the line is a ring and a long reception costs nobody a place."""
    look_then_claim_minutes: int = 30
    """R3: who looks a customer up and enters him so soon after is shown to the manager."""
    is_make_up_carried: bool = True
    """R12: an unused make-up turn is good on the next working day too."""
    is_same_party_kept: bool = True
    """R16: the same phone or plate on the same day goes to the same host."""
    is_busy_owner_helped: bool = True
    """R6: a team mate receives for an owner who is serving somebody else, as when he is away."""
    duty: tuple[str, ...] = ()
    """R20: who receives outside the hours, first choice first; empty: the manager."""
    rows: tuple[str, ...] = ("R5", "R6", "R16", "R7", "R8", "R9", "R10", "R11", "R14", "R13")
    """The decision table's order; the first row that fits decides."""
    rows_that_use_a_turn: tuple[str, ...] = ("R8", "R11", "R13", "R14")

    def __post_init__(self) -> None:
        """Refuse what would only fail at the first visitor."""

    def local(self, at: datetime) -> datetime:
        """``at`` as the clock of the sales office shows it."""
        return at.astimezone(ZoneInfo(self.timezone))
