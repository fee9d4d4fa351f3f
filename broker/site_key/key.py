"""The site's key: what a backup is encrypted with, and the only thing that opens it again.

An age key (age-encryption.org): with the key from the printed sheet, any program for age opens a
backup, should this one be lost.
"""

import base64
import re
from dataclasses import dataclass
from pathlib import Path

import pyrage
from pyrage import x25519

from broker.private_file import write_private
from shared.errors import OperatorError

FILE_NAME = "site.key"
"""Beside ``hub.toml``."""
_KEY = re.compile(r"AGE-SECRET-KEY-1[0-9A-Z]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, repr=False)
class SiteKey:
    """A secret key. ``text`` is what stands on the sheet."""

    text: str

    @property
    def recipient(self) -> str:
        """Its public half, for which anybody can encrypt."""
        return str(x25519.Identity.from_str(self.text).to_public())

    def opened(self, sealed: str) -> str:
        """What ``sealed_for`` this key made.

        Raises:
            OperatorError: it is damaged, or for another key.
        """
        try:
            raw = base64.b64decode(sealed, validate=True)
            opened: bytes = pyrage.decrypt(raw, [x25519.Identity.from_str(self.text)])
            return opened.decode()
        except (pyrage.DecryptError, ValueError) as error:
            raise OperatorError("error.not_for_this_key", problem=error) from error

    def encrypt(self, plain: Path, sealed: Path) -> None:
        """Write ``plain`` encrypted to ``sealed``, which only its owner may read."""
        sealed.touch(mode=0o600)
        recipient = x25519.Identity.from_str(self.text).to_public()
        pyrage.encrypt_file(str(plain), str(sealed), [recipient])

    def decrypt(self, sealed: Path, plain: Path) -> None:
        """Write what ``sealed`` holds to ``plain``, which only its owner may read.

        Raises:
            OperatorError: it is damaged, cut off, or was encrypted with another key.
        """
        if not sealed.is_file():
            raise OperatorError("error.backup_missing", path=sealed)
        plain.touch(mode=0o600)
        try:
            identity = x25519.Identity.from_str(self.text)
            pyrage.decrypt_file(str(sealed), str(plain), [identity])
        except (pyrage.DecryptError, OSError) as error:
            raise OperatorError("error.backup_closed", path=sealed, problem=error) from error


def sealed_for(recipient: str, text: str) -> str:
    """``text``, which only the owner of the key with this public half can read.

    Raises:
        OperatorError: ``recipient`` is no public half of a key.
    """
    try:
        key = x25519.Recipient.from_str(recipient)
    except pyrage.RecipientError as error:
        raise OperatorError("error.no_recipient", problem=error) from error
    return base64.b64encode(pyrage.encrypt(text.encode(), [key])).decode()


def make_key(path: Path) -> SiteKey:
    """The key in the file ``path``, which is made if there is none."""
    if not path.exists():
        write_private(path, f"{x25519.Identity.generate()}\n")
    return read_key(path)


def read_key(path: Path) -> SiteKey:
    """The key in the file ``path``.

    Raises:
        OperatorError: there is no such file, or no key in it.
    """
    try:
        return key_in(path.read_text(encoding="utf-8", errors="replace"))
    except FileNotFoundError:
        raise OperatorError("error.key_missing", path=path) from None
    except OperatorError:
        raise OperatorError("error.key_damaged", path=path) from None


def key_in(text: str) -> SiteKey:
    """The key that somebody typed or scanned: capitals or not, in groups or not.

    Raises:
        OperatorError: it is no key; a check sum in it finds slips.
    """
    found = _KEY.search("".join(text.split()))
    key = found[0].upper() if found else ""
    try:
        x25519.Identity.from_str(key)
    except pyrage.IdentityError:
        raise OperatorError("error.key_typed") from None
    return SiteKey(key)
