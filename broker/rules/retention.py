"""How long the site keeps what it knows of people, class by class (保存期限)."""

from datetime import datetime, timedelta

import msgspec

from broker.rules.advice import AdviceError, require_no_more
from shared.words import Sentence

MOST_DAYS = 36_500
"""A hundred years."""


class Retention(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table ``[retention]`` of the policy file; ``policy.example.toml`` says why so long.

    A person's days count from the last time that the journal names them, so that nobody loses a
    customer who still comes. Who is protected, expected or in the house is never erased.
    """

    sightings_days: int = 30
    """A plate that the gate read and from which nobody checked in."""
    visits_days: int = 730
    """Who checked in."""
    registrations_days: int = 730
    """Whom a consultant entered."""
    look_ups_days: int = 180
    """Who was only asked for or booked; what was typed into a look-up."""
    alerts_days: int = 90
    other_visitors_days: int = 180
    case_pictures_days: int = 180
    """Pictures of a defect, once its case is closed."""
    rejected_days: int = 30
    """Messages that could not be used, as they came."""
    own_pages_days: int = 30
    """What a visitor's QR code shows them."""
    copies_days: int = 30
    """Earlier and damaged states of the site's files, which a restore or a mending left beside."""

    def __post_init__(self) -> None:
        """Refuse what would erase today's visitors; the message names the key."""
        for key in self.__struct_fields__:
            if getattr(self, key) < 1:
                raise AdviceError(key, Sentence("advice.days_least", least=1))
        require_no_more(self, self.__struct_fields__, MOST_DAYS)

    def days(self, kind: str) -> int:
        """For how many days the class ``kind`` is kept."""
        return int(getattr(self, f"{kind}_days"))

    def before(self, kind: str, at: datetime) -> datetime:
        """What the class ``kind`` has from before this moment is to go at ``at``."""
        return at - timedelta(days=self.days(kind))
