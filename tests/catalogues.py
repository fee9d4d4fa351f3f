"""The programs' gettext catalogues as a translator sees them: the ``.po`` files."""

from functools import cache
from importlib import resources
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from shared.words import LANGUAGES, LOCALES

PROGRAMS = ("broker", "gate", "kiosk", "shared")


def path_of(program: str, language: str, suffix: str = ".po") -> Path:
    folder = Path(str(resources.files(program))) / "translations" / LOCALES[language]
    return folder / "LC_MESSAGES" / f"{program}{suffix}"


def catalogue_of(program: str, language: str) -> Catalog:
    with path_of(program, language).open("rb") as file:
        return read_po(file, locale=LOCALES[language], abort_invalid=True)


@cache
def sentences_of(program: str, language: str) -> dict[str, str]:
    """The sentences by key."""
    return {
        str(entry.id): str(entry.string) for entry in catalogue_of(program, language) if entry.id
    }


@cache
def table_of(program: str) -> dict[str, dict[str, str]]:
    """The sentences by key, then by language."""
    keys = sentences_of(program, "zh-CN")
    return {key: {tag: sentences_of(program, tag)[key] for tag in LANGUAGES} for key in keys}
