"""What a site does when a person shall be erased, as its journal tells: without who it was."""

import msgspec

ERASURE_TAKEN = "erasure_taken"
"""The kind of the entry that follows a request to erase somebody; its subject is the request."""


class ErasureTaken(msgspec.Struct, frozen=True):
    """What the site knew of the person just then."""

    is_known: bool
    visits: int = 0
    registrations: int = 0


class ErasureOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Head office asks a site to erase a person, by a phone that only this site can read."""

    erasure_id: str
    site: str
    sealed: str
    """The phone, encrypted for the site's key."""
    key_id: str = ""
    signature: str = ""

    @property
    def claim(self) -> str:
        """What is signed."""
        return f"erase {self.erasure_id} {self.site} {self.sealed} {self.key_id}"
