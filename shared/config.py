"""Settings: one TOML file a program, read once at start into a frozen struct."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta

from shared.errors import ConfigError, sentence_of
from shared.keys import Keyed
from shared.misfit import misfit
from shared.toml_file import table_of, text_of
from shared.words import Sentence

SERVER_CERTIFICATE = "server.pem"
"""In the folder of a machine's certificates: secret key, certificate, and who vouches for it."""
MOST_TROUBLES = 100
"""With one file: after as many its tables are left out whole, after twice as many all of it."""
_SECRET = re.compile(r"(?:\bpin|password|secret|token|secret_key|url)$")
"""How a setting ends whose value nobody else may read; an address may hold a password."""


class Settings(Keyed, frozen=True, forbid_unknown_fields=True):
    """Base of every section of a settings file: an unknown key is refused.

    Give subclasses ``frozen=True, kw_only=True`` again: the second is not inherited.
    """


class MqttSettings(Settings, frozen=True, kw_only=True):
    """Where the MQTT server is and how we log in there: ``[mqtt]``."""

    host: str = "127.0.0.1"
    port: int = 1883
    username: str
    password: str
    client_id: str | None = None
    """The account's own; None: its user name."""
    tls: bool = False
    """``port`` is then the one that speaks TLS."""
    ca_file: str = ""
    """The authority that vouches for the server; empty: those that the system trusts."""
    says_way: bool = False
    """Log where each message is on its way, to find out where an alert loses time."""


class TlsSettings(Settings, frozen=True, kw_only=True):
    """What a program serves with TLS, besides its plain port; base of its settings."""

    tls: Literal["on", "off"] = "off"
    tls_port: Annotated[int, Meta(ge=1, le=65535)] = 8443
    certificates_dir: str = "/etc/yingbin/certificates"

    @property
    def server_certificate(self) -> Path | None:
        """The certificate that servers show, and its secret key; None: TLS is off."""
        return Path(self.certificates_dir, SERVER_CERTIFICATE) if self.tls == "on" else None


C = TypeVar("C", bound=msgspec.Struct)
Keys = Sequence[str | int]
"""The way to a setting, from the outside: tables, places in a list (from 0), its own key."""


def read_config(kind: type[C], path: Path) -> C:
    """The settings in the TOML file ``path``.

    Raises:
        ConfigError: the file is missing or not TOML, or a setting is missing, unknown or of the
            wrong kind; the message names the file and, where there is one, line, key and value.
    """
    text = text_of(path)
    read = table_of(text, path)
    try:
        return msgspec.convert(read, type=kind)
    except msgspec.ValidationError as error:
        raise _refused(error, read, text, path) from error


def read_what_fits(
    kind: type[C], path: Path, otherwise: Mapping[str, Any]
) -> tuple[C, tuple[ConfigError, ...]]:
    """The settings in the TOML file without what cannot be taken, and what is wrong with that.

    ``otherwise``: what holds where the file says nothing.
    """
    troubles: list[ConfigError] = []
    text, read = "", dict[str, Any]()
    try:
        text = text_of(path)
        read = table_of(text, path)
    except ConfigError as error:
        troubles.append(error)
    while True:
        try:
            return msgspec.convert({**otherwise, **read}, type=kind), tuple(troubles)
        except msgspec.ValidationError as error:
            troubles.append(_refused(error, read, text, path))
            keys = _keys_of(error)[: 1 if len(troubles) > MOST_TROUBLES else None]
            is_hopeless = len(troubles) > 2 * MOST_TROUBLES
            if is_hopeless or not _taken_out(read, keys, _value_meant(error)):
                read = {}


def _taken_out(read: dict[str, Any], keys: Keys, value: str | None) -> bool:
    """Whether the setting that ``keys`` lead to was there, and was taken out."""
    holder: Any = read
    for place, key in enumerate(keys):
        entry = holder.get(key) if isinstance(holder, dict) else None
        if isinstance(holder, list):
            entry = holder[key] if isinstance(key, int) and key < len(holder) else None
        is_last = place == len(keys) - 1 or not isinstance(entry, dict | list)
        if not is_last:
            holder = entry
            continue
        if isinstance(holder, list) and isinstance(key, str):
            return _last_out(holder, key, value)
        if isinstance(entry, list) and value in entry:
            entry.remove(value)
            return True
        if isinstance(holder, dict) and key not in holder:
            return place > 0 and _taken_out(read, keys[:place], value)
        if isinstance(holder, list) and not (isinstance(key, int) and key < len(holder)):
            return False
        del holder[key]
        return True
    return False


def _last_out(blocks: list[Any], key: str, value: str | None) -> bool:
    """Whether a block had this ``value``; the last of them is taken out."""
    held = [number for number, block in enumerate(blocks) if str(block.get(key)) == value]
    if held:
        del blocks[held[-1]]
    return bool(held)


def _refused(
    error: msgspec.ValidationError, read: dict[str, Any], text: str, path: Path
) -> ConfigError:
    """What is wrong, with file, line, key and value."""
    keys = _keys_of(error)
    line = _line_of(text, keys, _value_meant(error))
    place = f"{path}:{line}" if line else path
    key, problem = _said(error, _entry(read, keys))
    return ConfigError(key, place=place, problem=problem)


def _keys_of(error: msgspec.ValidationError) -> Keys:
    """The way to the setting that ``error`` is about; empty: the file as a whole."""
    where = re.search(r"at `(?:key in )?\$\.?(.*?)`$", str(error))
    parts = re.findall(r"[^.\[\]]+", where[1] if where else "")
    keys = [int(part) if part.isdigit() else part for part in parts]
    said = sentence_of(error)
    if isinstance(said, Sentence):
        return [*keys, *str(said.values["field"]).split(".")]
    own = re.search(r"unknown field `(.+?)`", said) or re.match(r"`(\w+)`: ", said)
    return [*keys, own[1]] if own else keys


def _value_meant(error: msgspec.ValidationError) -> str | None:
    """The value that one of our own checks names, among several of the same key."""
    said = sentence_of(error)
    problem = said.values["problem"] if isinstance(said, Sentence) else None
    value = problem.values.get("value") if isinstance(problem, Sentence) else None
    return None if value is None else str(value)


def _line_of(text: str, keys: Keys, value: str | None) -> int | None:
    """The line (from 1) of the setting, else of the table where it should stand.

    With ``value`` it is the last line of such a setting that holds it.
    """
    wanted = [key for key in keys if isinstance(key, str)]
    nth = next((key for key in keys[1:2] if isinstance(key, int)), None)
    table: list[str] = []
    block, found, there = -1, None, None
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", line):
            table = [part.strip("\"' ") for part in header[1].split(".")]
            block += table == wanted[:1]
            if table in (wanted, wanted[:-1]) and nth in (None, block):
                there = number
        elif (key := re.match(r"\s*[\"']?([\w-]+)[\"']?\s*=", line)) and nth in (None, block):
            is_it = [*table, key[1]] == wanted
            if is_it and (value is None or json.dumps(value, ensure_ascii=False) in line):
                found = number if value or found is None else found
    return found or there


def _entry(read: Any, keys: Keys) -> str:
    """``registered[2].phone = "12"``; a table, what is not there and a secret without its value."""
    name = "".join(f"[{key + 1}]" if isinstance(key, int) else f".{key}" for key in keys)[1:]
    for key in keys:
        try:
            read = read[key]
        except (KeyError, IndexError, TypeError):
            return name
    is_table = isinstance(read, dict) or (isinstance(read, list) and dict in map(type, read))
    if is_table or _SECRET.search(name):
        return name
    return f"{name} = {json.dumps(read, ensure_ascii=False, default=str)}"


def _said(error: msgspec.ValidationError, entry: str) -> tuple[str, str]:
    """The key of the sentence about ``error``, and what is wrong."""
    said = sentence_of(error)
    if isinstance(said, Sentence):  # our own check, which says what to write
        problem = said.values["problem"]
        return "error.config_own", Sentence("error.field", field=entry, problem=problem)
    bare = re.sub(r" - at `.*`$", "", said)
    if bare.startswith("`"):
        return "error.config_own", f"{bare}."
    problem = misfit(bare)
    if "unknown field" in said:
        return "error.config_unknown", problem
    if "missing required field" in said:
        return "error.config_missing", problem
    return "error.config_value", Sentence("error.field", field=entry, problem=problem)
