"""What look-alike plates have in common, so that an index finds them among a million. Pure."""

_ALIKE = ("0DQ", "8B", "5S", "2Z", "17T", "6G", "VY", "MN", "EF", "苏赣", "鲁鄂", "京粤", "渝冀")
"""What the reader takes for one another; only for finding candidates, the distance judges them."""
_CLASS = str.maketrans({letter: group[0] for group in _ALIKE for letter in group})


def skeletons(plate: str) -> frozenset[str]:
    """The keys of a plate in the stored form: look-alikes made one, at most one place left out.

    Two plates share a key when any number of look-alikes and one other place differ, or one has a
    character too many.
    """
    whole = plate.translate(_CLASS)
    return frozenset((whole, *(whole[:at] + whole[at + 1 :] for at in range(len(whole)))))
