"""Whether new weights read a site's plates better than the old ones; else they are refused."""

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from gate.reader.engine import Looker
from gate.reader.grammar import decode
from gate.reader.recognise import MODEL, Recogniser
from gate.training.samples import as_seen
from gate.training.site import Labelled
from shared.errors import OperatorError

log = logging.getLogger(__name__)

WEIGHTS, CANDIDATE = "recognise.onnx", "candidate.onnx"
_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many plates that no training saw the old and the new weights read."""

    corrections: int
    old: int
    new: int
    drawn: int
    old_drawn: int
    new_drawn: int

    @property
    def is_accepted(self) -> bool:
        """Whether the new ones beat the old at the site and are not worse on drawn plates."""
        return self.new > self.old and self.new_drawn >= self.old_drawn


def old_weights(out: Path, start: Path | None) -> Path:
    """The weights to begin with and to beat: those named, else the site's own, else ours.

    Raises: OperatorError where ``out`` is the folder of ours, which no site overwrites.
    """
    if out.resolve() == MODEL.parent.resolve():
        raise OperatorError("error.training_package", path=out)
    own = out / WEIGHTS
    return start or (own if own.is_file() else MODEL)


def settle(
    old: Path, out: Path, corrections: Sequence[Labelled], drawn: Sequence[Labelled]
) -> Verdict:
    """Make the candidate in ``out`` the site's weights, or delete it.

    Raises: OperatorError where it is refused.
    """
    candidate, weights = out / CANDIDATE, out / WEIGHTS
    verdict = judge(Recogniser(old), Recogniser(candidate), corrections, drawn)
    if not verdict.is_accepted:
        candidate.unlink()
        raise OperatorError("error.training_refused", **asdict(verdict))
    candidate.replace(weights)
    log.info(
        "accepted: of %d corrections kept out %d are read (the old weights: %d), of %d drawn "
        'plates %d (%d). Write weights = "%s" into gate.toml and restart the gate.',
        verdict.corrections, verdict.new, verdict.old,
        verdict.drawn, verdict.new_drawn, verdict.old_drawn, weights.resolve(),
    )  # fmt: skip
    return verdict


def judge(
    old: Looker, new: Looker, corrections: Sequence[Labelled], drawn: Sequence[Labelled]
) -> Verdict:
    """Let both read what was kept out, as the gate would."""
    at_site, at_drawn = ((read_right(old, of), read_right(new, of)) for of in (corrections, drawn))
    return Verdict(len(corrections), *at_site, len(drawn), *at_drawn)


def read_right(looker: Looker, plates: Sequence[Labelled]) -> int:
    """How many of ``plates`` are read as they are."""
    right = 0
    for begin in range(0, len(plates), _AT_ONCE):
        some = plates[begin : begin + _AT_ONCE]
        answers = looker.look(np.stack([plate.strip for plate in some]))
        for plate, characters, colours in zip(some, *answers, strict=True):
            found = decode(characters, colours, plate.rows)
            right += found is not None and as_seen(found.plate) == as_seen(plate.text)
    return right
