"""The house's brand: two colours, logo, welcome picture, and its name in each language."""

from typing import Annotated

from msgspec import Meta

from shared.colour import readable
from shared.config import Settings
from shared.errors import BadValueError
from shared.messages import Brand, Colour, Text
from shared.words import Sentence

FileName = Annotated[str, Meta(pattern=r"^[\w-][\w.-]{0,60}$(?!\n)")]
"""A bare file name, without a folder."""
GROUND = "#f8f1e7"
"""The hall's, on which both colours stand as text (look/tokens.css)."""
ON_COLOUR = "#ffffff"
"""What is written on the first colour."""


class SiteBrand(Settings, frozen=True, kw_only=True, rename={"zh_cn": "zh-CN", "zh_tw": "zh-TW"}):
    """``[brand]`` of ``site.toml``; what is left out is as everywhere else."""

    colour: Colour | None = None
    second: Colour | None = None
    logo: FileName | None = None
    welcome: FileName | None = None
    zh_cn: Text | None = None
    en: Text | None = None
    zh_tw: Text | None = None

    def __post_init__(self) -> None:
        """Refuse a colour that nobody could read, and propose the nearest that can be read.

        Raises:
            BadValueError: names the key, the value and the proposal.
        """
        super().__post_init__()
        _require_readable("brand.colour", self.colour, GROUND, ON_COLOUR)
        _require_readable("brand.second", self.second, GROUND)

    def told(self) -> Brand:
        """The same, as tablets and pages are told."""
        names = {"zh_cn": self.zh_cn, "en": self.en, "zh_tw": self.zh_tw}
        files = {"logo": self.logo, "welcome": self.welcome}
        return Brand(colour=self.colour, second=self.second, **files, **names)


def _require_readable(field: str, colour: str | None, *grounds: str) -> None:
    if colour is None or (proposal := readable(colour, *grounds)) == colour.lower():
        return
    problem = Sentence("error.brand_colour", value=colour, proposal=proposal)
    raise BadValueError("error.field", field=field, problem=problem)
