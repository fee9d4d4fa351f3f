"""Puts what a register tells into the words of its reader."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from broker.journal.hiding import ERASED
from broker.rules import events as e
from broker.rules import notices as n
from broker.site_words import site_word
from broker.wording.decisions import Teller
from broker.wording.names import called
from shared.words import read_words


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes for one reader, at one moment."""

    teller: Teller
    now: datetime
    _zone: ZoneInfo = field(init=False)
    _said: dict[str, str] = field(default_factory=dict)
    """What was said before: a year asks for a few words a million times."""

    def __post_init__(self) -> None:
        """Find the site's time zone."""
        object.__setattr__(self, "_zone", ZoneInfo(self.teller.policy.timezone))

    def say(self, key: str, /, **values: object) -> str:
        """The sentence ``register.key``."""
        if values:
            return self.teller.say(f"register.{key}", **values)
        if key not in self._said:
            self._said[key] = self.teller.say(f"register.{key}")
        return self._said[key]

    def word(self, group: str, name: str | None) -> str:
        """The word ``group.name``; the name itself where there is none."""
        key = f"{group}.{name}"
        return self.teller.say(key) if key in read_words("broker") else name or ""

    def house_word(self, text: str | None) -> str:
        """What the house calls a seat or a drink."""
        return site_word(self.teller.words, text or "", self.teller.language)

    def name(self, staff_id: str | None) -> str:
        """A colleague's name."""
        return self.teller.name(staff_id)

    def on(self, at: datetime | date | None) -> str:
        """The day, ``2026-11-23``."""
        if isinstance(at, datetime):
            return at.astimezone(self._zone).date().isoformat()
        return at.isoformat() if at else ""

    def time(self, at: datetime | None) -> str:
        """The time of day, ``09:12``."""
        return at.astimezone(self._zone).isoformat()[11:16] if at else ""

    def time_s(self, at: datetime) -> str:
        """With its seconds, ``09:12:05``."""
        return at.astimezone(self._zone).isoformat()[11:19]

    def moment(self, at: datetime | None) -> str:
        """Day and time."""
        return self.teller.moment(at)

    def key(self, value: str | None) -> str:
        """A phone or plate, or the word for one that was erased."""
        return self.say("erased") if value and value.startswith(ERASED) else value or ""

    def visitor(self, surname: str | None, salutation: str | None) -> str:
        """``张女士``; nothing while the name is unknown."""
        if (surname or "").startswith(ERASED):
            return self.say("erased")
        return called(surname, salutation, self.teller.language) or ""

    def yes(self, is_so: bool) -> str:
        """Yes, or nothing."""
        return self.say("yes") if is_so else ""

    def minutes(self, start: datetime | None, end: datetime | None) -> int | str:
        """How many whole minutes passed; nothing where one of the moments is unknown."""
        if start is None or end is None:
            return ""
        return max(0, int((end - start) / timedelta(minutes=1)))

    def sentence(self, event: Any) -> str:
        """What the event says of whom, and why."""
        if isinstance(event, e.Decided):
            return self.teller.decision(event)
        if isinstance(event, n.Notice):
            return self.teller.notice(event)
        return ""
