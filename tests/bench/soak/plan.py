"""What happens on the soaked site: who comes when, who checks in, who comes again, who leaves."""

from dataclasses import dataclass

ARRIVALS_AN_HOUR = 300
WALK_S, STAY_S = 2.0, 25.0
"""From the gate to the tablet, and until the car leaves, at the speed of the bench."""
COMES_AGAIN_AFTER = 42


@dataclass(frozen=True, slots=True)
class Plan:
    """A part of a busy day, lived through ``speed`` times as fast."""

    seconds: float
    speed: float

    @property
    def every_s(self) -> float:
        """Between two cars."""
        return 3600 / ARRIVALS_AN_HOUR / self.speed

    @property
    def arrivals(self) -> range:
        """The numbers of the cars."""
        return range(1, int(self.seconds / self.every_s) + 1)


def plate_of(number: int) -> str:
    return f"浙A{number:05d}"


def checks_in(number: int) -> bool:
    return number % 2 == 1


def is_registered(number: int) -> bool:
    """Whether the host enters this visitor as a customer."""
    return number % 4 == 1


def leaves(number: int) -> bool:
    return number % 4 != 0


def phone_of(number: int) -> str:
    """The visitor's phone; half of those who check in were entered as customers before."""
    comes_again = checks_in(number) and not is_registered(number) and number > COMES_AGAIN_AFTER
    return f"138000{number - COMES_AGAIN_AFTER if comes_again else number:05d}"
