"""What look-alike plates have in common, so that an index finds them among a million."""

from broker.rules.match import LOOK_ALIKES

_CLASS = str.maketrans({letter: group[0] for group in LOOK_ALIKES for letter in group})
"""Look-alikes become the same character; this finds candidates, the distance judges them."""


def skeletons(plate: str) -> frozenset[str]:
    """The keys of a plate in the stored form: look-alikes replaced, at most one place left out.

    Two plates share a key if any number of look-alikes and one other place differ, or if one plate
    has a character too many.
    """
    whole = plate.translate(_CLASS)
    return frozenset((whole, *(whole[:at] + whole[at + 1 :] for at in range(len(whole)))))
