"""The certificates' files: made once, renewed in time, and when the machine is found elsewhere."""

import errno
import hashlib
import os
import ssl
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from broker.certificates.machine_names import machine_names
from shared.config import SERVER_CERTIFICATE
from shared.errors import OperatorError
from shared.replacing import replace_file

FOLDER = "certificates"
"""Beside ``hub.toml``; every program of the machine may read what lies there."""
AUTHORITY, SERVER = "site-ca.crt", SERVER_CERTIFICATE
AUTHORITY_KEY = "site-ca.key"
"""Beside ``hub.toml`` too, where only the hub reads it."""
RENEWED_BEFORE = timedelta(days=30)
_MARK = b"yingbin "
"""How the first line of a certificate begins that is ours; servers skip it."""


class Made(msgspec.Struct, frozen=True):
    """What we made, so that the running hub need not read certificates."""

    valid_from: datetime
    valid_to: datetime
    names: frozenset[str]
    """What was asked for, also where the authority cannot vouch."""


def is_due(folder: Path, moment: datetime, names: Collection[str] | None = None) -> bool:
    """Whether a certificate must be made: there is none, it ends soon, or it lacks a name.

    ``names`` are this machine's. A certificate that is not valid yet was made by a wrong clock. An
    owner's own is never due: it stays.
    """
    file = folder / SERVER
    if not file.exists():
        return True
    made = made_in(file)
    if made is None:
        return False
    is_in_time = made.valid_from <= moment < made.valid_to - RENEWED_BEFORE
    return not is_in_time or not made.names.issuperset(names or machine_names())


def keep(
    config: Path, site_name: str, moment: datetime, names: Collection[str] | None = None
) -> bool:
    """Make what is due of the certificates beside the settings; whether anything was.

    Raises:
        OperatorError: the authority's secret key is gone, while phones trust the authority.
        OSError: the files cannot be written.
    """
    # It takes 10 MB of memory, which programs do without that only look.
    from broker.certificates import issuing

    folder, wanted = config / FOLDER, frozenset(names or machine_names())
    if not is_due(folder, moment, wanted):
        return False
    folder.mkdir(mode=0o700, exist_ok=True)
    certificate, key = folder / AUTHORITY, config / AUTHORITY_KEY
    if not certificate.exists():
        made = issuing.make_authority(f"{site_name} · Yingbin", wanted)
        replace_file(key, made.key.encode())
        replace_file(certificate, made.certificate.encode())
    pem = _issued(config, wanted, moment, issuing.VALID_FOR)
    facts = issuing.facts_of(pem)
    note = msgspec.json.encode(Made(facts.valid_from, facts.valid_to, wanted))
    replace_file(folder / SERVER, _MARK + note + b"\n" + pem.encode())
    return True


def make_elsewhere(config: Path, names: Collection[str], moment: datetime, file: Path) -> None:
    """Write to ``file`` what a gate or kiosk on a machine of its own shows, reached by ``names``.

    Raises:
        OperatorError: the authority may not vouch for a name, its secret key is gone, or the file
            cannot be written, or is this machine's own.
    """
    from broker.certificates import issuing

    if file.resolve() == (config / FOLDER / SERVER).resolve():
        taken = os.strerror(errno.EEXIST)
        raise OperatorError("error.certificate_out", path=file, problem=taken)
    pem = _issued(config, frozenset(names), moment, issuing.ELSEWHERE_FOR)
    if lacking := frozenset(names) - issuing.facts_of(pem).names:
        raise OperatorError("error.ca_name", names=", ".join(sorted(lacking)))
    try:
        replace_file(file, pem.encode())
    except OSError as error:
        raise OperatorError("error.certificate_out", path=file, problem=error.strerror) from error


def _issued(config: Path, names: frozenset[str], moment: datetime, valid_for: timedelta) -> str:
    """A certificate for those of ``names`` for which the site's authority can vouch."""
    from broker.certificates import issuing

    certificate, key = config / FOLDER / AUTHORITY, config / AUTHORITY_KEY
    if not key.exists():
        raise OperatorError("error.ca_key", path=key, certificate=certificate)
    authority = issuing.Authority(certificate.read_text("ascii"), key.read_text("ascii"))
    return issuing.make_server(authority, issuing.permitted(authority, names), moment, valid_for)


def made_in(file: Path) -> Made | None:
    """What we noted when we made the certificate in ``file``; None: it is not ours."""
    try:
        first, _, _ = file.read_bytes().partition(b"\n")
        return msgspec.json.decode(first.removeprefix(_MARK), type=Made)
    except (OSError, msgspec.DecodeError):
        return None


def valid_in(file: Path) -> tuple[datetime, datetime]:
    """From when until when the certificate in ``file`` is valid.

    Raises:
        OSError: there is none.
        ValueError: it is damaged.
    """
    if (made := made_in(file)) is not None:
        return made.valid_from, made.valid_to
    from broker.certificates import issuing  # for an owner's own alone

    facts = issuing.facts_of(file.read_text("ascii"))
    return facts.valid_from, facts.valid_to


def authority_in(folder: Path) -> bytes | None:
    """The site's authority as phones take it (DER); None: there is none in ``folder``."""
    try:
        return ssl.PEM_cert_to_DER_cert((folder / AUTHORITY).read_text("ascii"))
    except (OSError, ValueError):
        return None


def fingerprint(der: bytes) -> str:
    """The SHA-256 of a certificate, as phones show it."""
    return hashlib.sha256(der).digest().hex(" ").upper()
