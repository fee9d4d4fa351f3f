"""What the staff set on the tablet itself: the house's language and its own sentences."""

from typing import Annotated

from msgspec import Meta, Struct

from shared.words import DEFAULT_LANGUAGE, LANGUAGES

LONGEST_GREETING = 30
LONGEST_CONTACT = 60


class SiteTexts(Struct, frozen=True):
    """Plain text; None: the sentence of the catalogue, the contact of ``kiosk.toml``."""

    language: str = DEFAULT_LANGUAGE
    """Of the welcome page and the staff's."""
    greeting: Annotated[str, Meta(max_length=LONGEST_GREETING)] | None = None
    privacy_contact: Annotated[str, Meta(max_length=LONGEST_CONTACT)] | None = None

    def __post_init__(self) -> None:
        """A language that the tablet speaks."""
        if self.language not in LANGUAGES:
            raise ValueError("`language` must be one of the tablet's")
