"""A TOML file as people write it, in whatever editor: its text, its table, or what is wrong."""

import tomllib
from pathlib import Path
from typing import Any

from shared.errors import ConfigError

MOST_BYTES = 4 << 20
"""A site of thousands of people has less; a file of some other kind would keep a start waiting."""


def text_of(path: Path) -> str:
    """What stands in the file, whatever marks and line ends an editor has put into it.

    Raises:
        ConfigError: it is not there, cannot be read, is too large, or is no UTF-8.
    """
    try:
        with path.open("rb") as file:
            written = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise ConfigError("error.config_file", path=path, name=path.stem) from None
    except OSError as error:
        raise ConfigError("error.config_unread", path=path, problem=error.strerror) from error
    if len(written) > MOST_BYTES:
        raise ConfigError("error.config_size", path=path, most=MOST_BYTES >> 20)
    try:
        return written.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = written.count(b"\n", 0, error.start) + 1
        raise ConfigError("error.config_encoding", path=path, line=line) from error


def table_of(text: str, path: Path) -> dict[str, Any]:
    """What the text says.

    Raises:
        ConfigError: it is no TOML.
    """
    try:
        return tomllib.loads(text)
    except ValueError as error:  # no TOML, or a number that no machine holds
        raise ConfigError("error.config_toml", path=path, problem=error) from error
    except RecursionError as error:
        problem = "brackets in brackets without an end"
        raise ConfigError("error.config_toml", path=path, problem=problem) from error
