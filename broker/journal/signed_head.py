"""A signed head (链头): one line that says where the journal ended on a day, signed by the site.

Whoever keeps one outside the house can show later that the journal up to there is still the same:
with the machine in hand one may rewrite the journal, its hashes and its notes, but not this line.
"""

import re
from dataclasses import dataclass
from typing import Self

from broker.journal.chain import Head

MARK = "yingbin-head"
_FORM = re.compile(
    rf"{MARK}\s+(?P<site>[\w-]+)\s+(?P<on>\d{{4}}-\d\d-\d\d)\s+(?P<epoch>\d{{1,9}})\s+"
    r"(?P<seq>\d{1,15})\s+(?P<hash>[0-9a-f]{64})\s+(?P<signature>[A-Za-z0-9+/]{86}==)",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class SignedHead:
    """The line's parts."""

    site: str
    on: str
    """The day at the site, ``2026-11-23``."""
    epoch: int
    """A restore begins a new one: entries behind the backup are lost then."""
    seq: int
    hash: str
    signature: str = ""

    @classmethod
    def of(cls, site: str, on: str, epoch: int, head: Head) -> Self:
        """What is to be signed."""
        return cls(site, on, epoch, head.seq, head.hash)

    @property
    def claim(self) -> str:
        """What the signature is of."""
        return f"{MARK} {self.site} {self.on} {self.epoch} {self.seq} {self.hash}"

    @property
    def text(self) -> str:
        """The line."""
        return f"{self.claim} {self.signature}"


def heads_in(text: str) -> list[SignedHead]:
    """All signed heads in a mail, a file or a scanned code; lines that were wrapped are mended."""
    return [
        SignedHead(
            site=found["site"],
            on=found["on"],
            epoch=int(found["epoch"]),
            seq=int(found["seq"]),
            hash=found["hash"],
            signature=found["signature"],
        )
        for found in _FORM.finditer(text)
    ]
