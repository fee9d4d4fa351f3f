"""Settings: one TOML file a program, read once at start into a frozen struct."""

import re
import tomllib
from pathlib import Path
from typing import TypeVar

import msgspec

from shared.errors import ConfigError


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of every section of a settings file: an unknown key is refused.

    Give subclasses ``frozen=True, kw_only=True`` again: the second is not inherited.
    """


class MqttSettings(Settings, frozen=True, kw_only=True):
    """Where the MQTT server is and how we log in there: ``[mqtt]``."""

    host: str = "127.0.0.1"
    port: int = 1883
    username: str
    password: str


C = TypeVar("C", bound=msgspec.Struct)


def read_config(kind: type[C], path: Path) -> C:
    """The settings in the TOML file ``path``.

    Raises:
        ConfigError: the file is missing or not TOML, or a setting is missing, unknown or of the
            wrong kind; the message names the file and, where there is one, the line.
    """
    try:
        text = path.read_text(encoding="utf-8")
        return msgspec.convert(tomllib.loads(text), type=kind)
    except FileNotFoundError:
        raise ConfigError("error.config_file", path=path, name=path.stem) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError("error.config_toml", path=path, problem=error) from error
    except msgspec.ValidationError as error:
        raise ConfigError(
            _kind(str(error)), place=_place(path, text, str(error)), problem=error
        ) from error


def _place(path: Path, text: str, problem: str) -> str:
    """The file, and the line of the key that ``problem`` is about, if it can be found."""
    unknown = re.search(r"unknown field `(.+?)`", problem) or re.match(r"`(\w+)`: ", problem)
    where = re.search(r"at `(?:key in )?\$\.?(.*?)`$", problem)
    keys = [key for key in (where.group(1) if where else "").split(".") if key]
    keys += [unknown.group(1)] if unknown else []
    line = _line_of(text, [re.sub(r"\[.*?\]", "", key) for key in keys])
    return f"{path}:{line}" if line else str(path)


def _line_of(text: str, keys: list[str]) -> int | None:
    """The line (from 1) where the key below the tables ``keys[:-1]`` stands, or its table."""
    table: list[str] = []
    best = None
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", line):
            table = [part.strip("\"' ") for part in header.group(1).split(".")]
            best = number if table == keys else best
        elif (key := re.match(r"\s*[\"']?([\w-]+)[\"']?\s*=", line)) and [
            *table,
            key.group(1),
        ] == keys:
            return number
    return best


def _kind(problem: str) -> str:
    """The sentence that says what to do about ``problem``."""
    if "unknown field" in problem:
        return "error.config_unknown"
    if "missing required field" in problem:
        return "error.config_missing"
    if problem.startswith("`"):
        return "error.config_own"  # our own check, which says what to write
    return "error.config_value"
