"""Which of a month's solved cases are called back (回访): by chance, never fewer than the share."""

from collections.abc import Iterable
from datetime import datetime
from math import ceil

from broker.rules.cases import CaseLife, is_excepted

SAMPLED_SHARE = 0.6
"""Of the solved repairs of a month so many are called back at least (004)."""


def solved_since(cases: Iterable[CaseLife], since: datetime) -> list[CaseLife]:
    """Those that were solved since then, whenever they were opened, and may be called or were;
    the earliest first."""
    solved = (
        (case.solved_at, case.case_id, case)
        for case in cases
        if case.solved_at is not None and case.solved_at >= since
        if case.called_back_at or not is_excepted(case)
    )
    return [case for *_, case in sorted(solved, key=lambda each: each[:2])]


def is_chosen(case: CaseLife) -> bool:
    """Whether it is or was to be called back."""
    return case.is_call_back_due or case.called_back_at is not None


def so_far(cases: Iterable[CaseLife], since: datetime) -> tuple[int, int]:
    """Of the cases that may be called: how many are, and how many there are."""
    solved = solved_since(cases, since)
    return sum(map(is_chosen, solved)), len(solved)


def is_drawn(chosen: int, solved: int, chance: float) -> bool:
    """Whether the next solved case is called back, of a month in which ``solved`` were solved so
    far and ``chosen`` of them are called back; ``chance``: drawn from 0 to 1.

    It is, wherever the share would fall short without it.
    """
    is_needed = chosen < SAMPLED_SHARE * (solved + 1)
    return is_needed or chance < SAMPLED_SHARE / 2


def missing(cases: Iterable[CaseLife], since: datetime) -> list[CaseLife]:
    """Those that are called besides, because one that was drawn is open again or may no longer be
    called: so the share holds at every moment."""
    solved = solved_since(cases, since)
    still = [case for case in solved if not is_chosen(case)]
    needed = ceil(round(SAMPLED_SHARE * len(solved), 6))
    return still[: max(0, needed - (len(solved) - len(still)))]
