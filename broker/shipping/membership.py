"""The site's place at its head office: a file beside ``hub.toml``, made when it joins."""

import os
from pathlib import Path

import msgspec

from broker.private_file import write_private
from shared.errors import OperatorError

FILE_NAME = "head_office.json"


class Membership(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where head office is, and how the site shows there who it is."""

    url: str
    site: str
    token: str
    documents_key: str = ""
    """Head office's public key, by which its documents are known."""
    ca_file: str = ""
    """The authority that vouches for head office; empty: those that the system trusts."""


def read_membership(folder: Path) -> Membership | None:
    """The site's; None: it has no head office.

    Raises:
        OperatorError: the file can't be read.
    """
    path = folder / FILE_NAME
    try:
        return msgspec.json.decode(path.read_bytes(), type=Membership) if path.exists() else None
    except (OSError, msgspec.DecodeError) as error:
        raise OperatorError("error.membership", path=path, problem=error) from error


def write_membership(folder: Path, membership: Membership) -> Path:
    """Keep it; only the hub may read it."""
    path = folder / FILE_NAME
    write_private(path, msgspec.json.encode(membership).decode() + "\n")
    settings = path.with_name("hub.toml")
    if os.geteuid() == 0 and settings.exists():  # joined with sudo: the hub must read it
        owner = settings.stat()
        os.chown(path, owner.st_uid, owner.st_gid)
    return path
