"""The site's signing key (签名密钥): who has a signed head knows that this site made it."""

import base64
import binascii
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from broker.private_file import write_private
from shared.errors import OperatorError

FILE_NAME = "head.key"
"""Beside ``hub.toml``."""


@dataclass(frozen=True, slots=True, repr=False)
class Signer:
    """A secret key of Ed25519."""

    secret: Ed25519PrivateKey

    @property
    def public(self) -> str:
        """The public key, as it stands on the key sheet: 44 characters."""
        return base64.b64encode(self.secret.public_key().public_bytes_raw()).decode()

    def sign(self, text: str) -> str:
        """The signature of ``text``: 88 characters."""
        return base64.b64encode(self.secret.sign(text.encode())).decode()


def make_signer(path: Path) -> Signer:
    """The key in the file ``path``, which is made if there is none.

    Raises:
        OperatorError: what is in the file is no key, or it cannot be read or written.
    """
    try:
        if not path.exists():
            made = Ed25519PrivateKey.generate().private_bytes_raw()
            write_private(path, f"{base64.b64encode(made).decode()}\n")
            _give_to_the_hub(path)
        written = base64.b64decode(path.read_bytes().strip(), validate=True)
        return Signer(Ed25519PrivateKey.from_private_bytes(written))
    except (OSError, binascii.Error, ValueError) as error:
        raise OperatorError("error.head_key", path=path, problem=error) from error


def _give_to_the_hub(path: Path) -> None:
    """A key that root makes belongs to whoever has the settings: the hub signs with it."""
    settings = path.with_name("hub.toml")
    if os.geteuid() == 0 and settings.exists():
        owner = settings.stat()
        os.chown(path, owner.st_uid, owner.st_gid)


def is_signed(text: str, signature: str, public: str) -> bool:
    """Whether the owner of the key ``public`` signed ``text``.

    Raises:
        OperatorError: ``public`` is no key.
    """
    try:
        written = base64.b64decode("".join(public.split()), validate=True)
        key = Ed25519PublicKey.from_public_bytes(written)
    except (binascii.Error, ValueError) as error:
        raise OperatorError("error.head_public_key", key=public) from error
    try:
        key.verify(base64.b64decode(signature, validate=True), text.encode())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True
