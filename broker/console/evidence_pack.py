"""The evidence of a visit as a file that can be checked (证据包): the same evidence, the same hash.

It holds no moment of its own making, so whoever opens it again from the same journal gets the very
bytes, and with them the hash that stands on the paper. Phones and plates are masked. Pure.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

import msgspec

from broker.console.dispute_view import TimelineLine, VisitEvidence
from shared.privacy import mask_phone, masked_plate, masked_text

FORM = 1


@dataclass(frozen=True, slots=True)
class EvidencePack:
    """The file, and what its paper shows of it."""

    content: bytes

    @property
    def sha256(self) -> str:
        """Of the file."""
        return hashlib.sha256(self.content).hexdigest()


def pack_of(dispute: VisitEvidence, site: str, language: str) -> EvidencePack:
    """The evidence with the hashes of the journal's entries that it rests on."""
    facts: dict[str, Any] = msgspec.to_builtins(dispute)
    chained = facts.pop("chained")
    facts |= {
        "phone": mask_phone(dispute.phone) if dispute.phone else None,
        "plate": masked_plate(dispute.plate) if dispute.plate else None,
        "sentence": masked_text(dispute.sentence) if dispute.sentence else None,
        "timeline": [_line(line) for line in dispute.timeline],
        "parties": sorted(dispute.parties),
    }
    del facts["can_be_ruled_on"]  # time alone changes it
    if dispute.ruling is not None:
        facts["ruling"]["reason"] = masked_text(dispute.ruling.reason)
    whole = {"form": FORM, "site": site, "language": language, "visit": facts, "journal": chained}
    text = msgspec.json.format(msgspec.json.encode(whole, order="sorted"), indent=1)
    return EvidencePack(text + b"\n")


def _line(line: TimelineLine) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(line)
    return plain | {"text": masked_text(line.text)}
