"""The site's signing key (签名密钥): who has a signed head knows that this site made it."""

import base64
import binascii
import os
from dataclasses import dataclass
from pathlib import Path

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from broker.private_file import write_private
from shared.errors import OperatorError

FILE_NAME = "head.key"
"""Beside ``hub.toml``."""


@dataclass(frozen=True, slots=True, repr=False)
class Signer:
    """A secret key of Ed25519."""

    secret: SigningKey

    @property
    def public(self) -> str:
        """The public key, as it stands on the key sheet: 44 characters."""
        return base64.b64encode(bytes(self.secret.verify_key)).decode()

    def sign(self, text: str) -> str:
        """The signature of ``text``: 88 characters."""
        return base64.b64encode(self.secret.sign(text.encode()).signature).decode()


def make_signer(path: Path) -> Signer:
    """The key in the file ``path``, which is made if there is none.

    Raises:
        OperatorError: what is in the file is no key, or it cannot be read or written.
    """
    try:
        if not path.exists():
            write_private(path, f"{base64.b64encode(bytes(SigningKey.generate())).decode()}\n")
            _give_to_the_hub(path)
        return Signer(SigningKey(base64.b64decode(path.read_bytes().strip(), validate=True)))
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
        key = VerifyKey(base64.b64decode("".join(public.split()), validate=True))
    except (binascii.Error, ValueError) as error:
        raise OperatorError("error.head_public_key", key=public) from error
    try:
        key.verify(text.encode(), base64.b64decode(signature, validate=True))
    except (BadSignatureError, binascii.Error, ValueError):
        return False
    return True
