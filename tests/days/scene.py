"""A move of a random day, and the office in which it is made."""

from dataclasses import dataclass

from broker.rules.state import Visit
from shared.messages import Answer3, Ground
from tests.office import Office

PHONES = ("13800000001", "13800000002", "13800000003", "13800000004")
PLATES = ("浙A00001", "浙A00002", "浙A00003")
SURNAMES = ("张", "林", "何")


@dataclass(frozen=True, slots=True)
class Move:
    """What happens ``wait_s`` after the last move; ``a`` and ``b`` choose whom it concerns."""

    kind: str
    wait_s: int
    a: int
    b: int
    answers: tuple[Answer3, Answer3, Answer3]


@dataclass(frozen=True, slots=True)
class Scene:
    """A move in the office as it stands; ``number`` names what the move opens."""

    move: Move
    office: Office
    number: int

    @property
    def who(self) -> str:
        staff = tuple(self.office.state.roster)
        return staff[self.move.a % len(staff)]

    @property
    def other(self) -> str:
        staff = tuple(self.office.state.roster)
        return staff[self.move.b % len(staff)]

    @property
    def phone(self) -> str:
        return PHONES[self.move.b % len(PHONES)]

    @property
    def plate(self) -> str:
        return PLATES[self.move.a % len(PLATES)]

    @property
    def surname(self) -> str:
        return SURNAMES[self.move.b % len(SURNAMES)]

    @property
    def visit(self) -> Visit | None:
        """One of the open visits; None: there is none."""
        visits = tuple(self.office.state.visits.values())
        return visits[self.move.a % len(visits)] if visits else None

    @property
    def ground(self) -> Ground:
        return tuple(Ground)[self.move.b % len(Ground)]
