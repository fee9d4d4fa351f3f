"""Which consultant a visitor means, and which plates a misread one may be (疑似)."""

from collections.abc import Iterable

from broker.rules.commands import Consultant


def consultants_meant(roster: Iterable[Consultant], text: str) -> tuple[Consultant, ...]:
    """The consultants whom ``text`` (id, characters, homophones, pinyin, initials) may mean."""
    raise NotImplementedError(roster, text)


def plate_distance(read: str, plate: str) -> float:
    """How far the reader would have to err to read ``plate`` as ``read``; 0: the same."""
    raise NotImplementedError(read, plate)


def likeliest_plate(read: str, plates: Iterable[str]) -> tuple[str, ...]:
    """The nearest of ``plates``; several when equally near (no hint then); empty when none is."""
    raise NotImplementedError(read, plates)
