"""What look-alike plates have in common, so that an index finds them among a million. Pure."""

from broker.rules.match import LOOK_ALIKES

_CLASS = str.maketrans({letter: group[0] for group in LOOK_ALIKES for letter in group})
"""Look-alikes as one: only candidates are found by it, the distance judges them."""


def skeletons(plate: str) -> frozenset[str]:
    """The keys of a plate in the stored form: look-alikes made one, at most one place left out.

    Two plates share a key when any number of look-alikes and one other place differ, or one has a
    character too many.
    """
    whole = plate.translate(_CLASS)
    return frozenset((whole, *(whole[:at] + whole[at + 1 :] for at in range(len(whole)))))
