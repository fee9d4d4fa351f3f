"""How many visitors, known to nobody else, each person told of today: nobody makes up hundreds."""

from datetime import date


class Newcomers:
    """Counts them by person and day; begins anew with the process."""

    def __init__(self) -> None:
        self._told: dict[str, tuple[date, int]] = {}

    def takes(self, by: str, today: date, most: int) -> bool:
        """Whether one more of this person's is taken today; it counts then."""
        on, count = self._told.get(by, (today, 0))
        count = count if on == today else 0
        if count >= most:
            return False
        self._told[by] = today, count + 1
        return True
