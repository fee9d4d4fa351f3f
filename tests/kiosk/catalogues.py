"""The tablet's gettext catalogues as a translator sees them: the ``.po`` files."""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

import kiosk
from kiosk.words import DOMAIN, LOCALES

FOLDER = Path(kiosk.__file__).parent / "translations"


def path_of(language: str, suffix: str = ".po") -> Path:
    return FOLDER / LOCALES[language] / "LC_MESSAGES" / f"{DOMAIN}{suffix}"


def catalogue_of(language: str) -> Catalog:
    with path_of(language).open("rb") as file:
        return read_po(file, locale=LOCALES[language], abort_invalid=True)


def sentences_of(language: str) -> dict[str, str]:
    """The sentences by key."""
    return {str(one.id): str(one.string) for one in catalogue_of(language) if one.id}
