"""Every plate that can exist, as one lattice over the recogniser's steps. Pure: no picture.

A form of plate is a row of slots (车牌的各位), each with the characters that may stand in it.
Forward and backward sums over all alignments (connectionist temporal classification, Graves 2006)
give how likely the strip says any text of each form, and each character in each slot.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shared.plate import ALPHABET, KINDS, Kind

Probabilities = NDArray[np.float32]
Allowed = NDArray[np.bool_]
"""Forms × slots × classes: what may stand where; unused slots of short forms allow nothing."""

BLANK = 0
_CLASSES = 1 + len(ALPHABET)
_QUIET = 0.995
"""A step that is blank with more certainty says nothing; a run of them counts as one step."""

_UNLIKELY = 1e-5
"""No character is ever impossible, and 40 steps of this probability still make a number above 0."""

_NEVER = 2e-4
"""Classes that are less likely than this at every step are left out of the sums."""

_SEEN_AS = {"0": "O", "1": "I"}
"""The network cannot tell an agency's letter O from the digit."""


Form = tuple[str, ...]
"""A form of plate: for each slot the characters that may stand there."""


def _forms_of(kind: Kind) -> Iterator[Form]:
    """A form for each length, read off the kind's pattern: classes, counts and options."""
    forms: list[Form] = [()]
    for token, least, most in _tokens(kind.pattern.pattern):
        fitting = "".join(char for char in ALPHABET if _fits(token, char))
        forms = [form + (fitting,) * n for form in forms for n in range(least, most + 1)]
    yield from forms


def _tokens(pattern: str) -> Iterator[tuple[str, int, int]]:
    """Each class of a plain pattern with its least and greatest count."""
    for found in re.finditer(r"(\[[^]]+\]|.)(?:\{(\d+)(?:,(\d+))?\}|(\?))?", pattern):
        token, least, most, optional = found.groups()
        if optional:
            yield token, 0, 1
        else:
            yield token, int(least or 1), int(most or least or 1)


def _fits(token: str, char: str) -> bool:
    return any(re.fullmatch(token, seen) for seen in (char, _SEEN_AS.get(char, char)))


def _kinds_by_form() -> dict[Form, tuple[Kind, ...]]:
    kinds: dict[Form, tuple[Kind, ...]] = {}
    for kind in KINDS:
        for form in _forms_of(kind):
            kinds[form] = (*kinds.get(form, ()), kind)
    return kinds


KINDS_BY_FORM = _kinds_by_form()
"""Every form of plate, and the kinds that share it: an ordinary one may be blue or yellow."""


def slots_of(forms: Sequence[Sequence[str]]) -> Allowed:
    """Which classes may stand in each slot; a text is a form with one character a slot."""
    allowed = np.zeros((len(forms), max(map(len, forms)), _CLASSES), bool)
    for number, slots in enumerate(forms):
        for place, fitting in enumerate(slots):
            allowed[number, place, [1 + ALPHABET.index(char) for char in fitting]] = True
    return allowed


_ALLOWED = slots_of(list(KINDS_BY_FORM))
_LENGTHS = np.array([len(form) for form in KINDS_BY_FORM])


@dataclass(frozen=True, slots=True)
class Likelihoods:
    """What the lattice says, forms in the order of KINDS_BY_FORM: ``of_forms`` the probability of
    all texts of each form together, ``of_slots`` (forms × slots × classes) that of each character
    in each slot, given the form.
    """

    of_forms: NDArray[np.float64]
    of_slots: NDArray[np.float64]


def told_steps(characters: Probabilities) -> NDArray[np.float64]:
    """The steps that say something, and one blank step for each silent run."""
    quiet = characters[:, BLANK] > _QUIET
    is_kept = ~(quiet & np.concatenate([[False], quiet[:-1]]))
    return np.asarray(np.maximum(characters[is_kept], _UNLIKELY), np.float64)


def likelihoods(steps: NDArray[np.float64]) -> Likelihoods:
    """Sums over every plate that can exist; ``steps`` come from `told_steps`."""
    columns = np.union1d(np.flatnonzero(steps.max(axis=0) > _NEVER), [BLANK])
    sums = _Sums(steps[:, columns], _ALLOWED[:, :, columns], _LENGTHS)
    of_slots = np.zeros(_ALLOWED.shape)
    of_slots[:, :, columns] = sums.entries().sum(axis=0)
    return Likelihoods(sums.of_forms, of_slots)


def probabilities_of(texts: Sequence[str], steps: NDArray[np.float64]) -> NDArray[np.float64]:
    """The probability of each text, over all its alignments; the empty text means all blank."""
    lengths = np.array([len(text) for text in texts])
    if not lengths.any():
        return np.full(len(texts), steps[:, BLANK].prod())
    allowed = slots_of(texts)
    columns = np.union1d(np.flatnonzero(allowed.any((0, 1))), [BLANK])
    return _Sums(steps[:, columns], allowed[:, :, columns], lengths).of_forms


def certainties(text: str, steps: NDArray[np.float64]) -> tuple[float, ...]:
    """How surely the network saw each character of ``text`` at its place, 0 to 1."""
    numbers = [1 + ALPHABET.index(char) for char in text]
    allowed = slots_of([text])
    entries = _Sums(steps, allowed, np.array([len(text)])).entries()[:, 0].sum(axis=2)
    lasting = entries.copy()  # a character is seen at the step where it begins and the next one
    lasting[1:] += entries[:-1]
    seen = np.minimum(lasting, 1.0) * steps[:, numbers]
    return tuple(float(p) for p in np.minimum(seen.max(axis=0), 1.0))


class _Sums:
    """Forward and backward sums; class 0 of ``allowed`` and of ``steps`` is the blank."""

    def __init__(
        self, steps: NDArray[np.float64], allowed: Allowed, lengths: NDArray[np.int64]
    ) -> None:
        forms, slots, classes = allowed.shape
        self._every = np.arange(forms)
        self._lengths = lengths
        self._blank = steps[:, BLANK].tolist()
        self._said = allowed * steps[:, None, None, :]
        self._entered = np.zeros((len(steps), *allowed.shape))
        spoken = np.zeros((forms, slots + 1, classes))  # ends in a character; slot 0 is the start
        silent = np.zeros((forms, slots + 1))  # ends in a blank, so many slots filled
        silent[:, 0] = 1.0
        for step, said, blank, entered in zip(
            steps, self._said, self._blank, self._entered, strict=True
        ):
            ending = spoken.sum(axis=2)
            ready = silent + ending
            np.multiply(ready[:, :-1, None] - spoken[:, :-1], said, out=entered)
            spoken *= step
            spoken[:, 1:] += entered
            silent = ready * blank
        last = spoken[self._every, self._lengths].sum(axis=1)
        self.of_forms: NDArray[np.float64] = last + silent[self._every, self._lengths]

    def entries(self) -> NDArray[np.float64]:
        """Steps × forms × slots × classes: how likely a slot's character begins at a step.

        Each path through a form enters each slot just once.
        """
        forms, slots, classes = self._said.shape[1:]
        spoken = np.zeros((forms, slots + 1, classes))
        spoken[self._every, self._lengths] = 1.0
        silent = np.zeros((forms, slots + 1))
        silent[self._every, self._lengths] = 1.0
        found: NDArray[np.float64] = (
            self._entered / np.maximum(self.of_forms, 1e-300)[:, None, None]
        )
        for said, blank, entry in zip(
            self._said[::-1], self._blank[::-1], found[::-1], strict=True
        ):
            entry *= spoken[:, 1:]
            on = spoken[:, 1:] * said
            entering = on.sum(axis=2)
            silent *= blank
            np.add(on, silent[:, 1:, None], out=spoken[:, 1:])
            spoken[:, 1:-1] += entering[:, 1:, None] - on[:, 1:]
            silent[:, :-1] += entering
        return found
