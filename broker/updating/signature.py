"""Who made a release: Ed25519 signatures, and the keys that a site trusts."""

import base64
import binascii
from importlib import resources
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from broker.private_file import write_private
from shared.errors import OperatorError

Keys = tuple[Ed25519PublicKey, ...]
"""Whom a site trusts."""

OWN_KEYS = "release.pub"
"""In a site's settings: the keys that its owner trusts, in place of those that come with us."""


def trusted_keys(given: Path | None, config: Path) -> Keys:
    """The keys in the file ``given``, else in the settings' folder ``config``, else our own.

    Raises:
        OperatorError: there are none, or a line is no key.
    """
    own = config / OWN_KEYS
    if given is None and not own.is_file():
        name, text = OWN_KEYS, resources.files(__package__).joinpath(OWN_KEYS).read_text("utf-8")
    else:
        path = given or own
        name, text = str(path), _text_of(path)
    found = tuple(_key(line, name) for line in text.splitlines() if _is_key(line))
    if not found:
        raise OperatorError("error.no_release_key", path=name)
    return found


def is_signed(text: bytes, signature: bytes, keys: Keys) -> bool:
    """Whether one of ``keys`` signed ``text``."""
    for key in keys:
        try:
            key.verify(signature, text)
        except InvalidSignature:
            continue
        return True
    return False


def signed(text: bytes, key: Path) -> bytes:
    """The signature of ``text`` by the secret key in the file ``key``.

    Raises:
        OperatorError: there is no such key.
    """
    try:
        written = base64.b64decode(_text_of(key).strip(), validate=True)
        secret = Ed25519PrivateKey.from_private_bytes(written)
    except (binascii.Error, ValueError) as error:
        raise OperatorError("error.release_key_bad", path=key, problem=error) from error
    return secret.sign(text)


def make_signing_key(path: Path) -> str:
    """Write a new secret key to the file ``path``; the public one, as a line of ``release.pub``.

    Raises:
        OperatorError: there is a file already.
    """
    if path.exists():
        raise OperatorError("error.release_key_there", path=path)
    secret = Ed25519PrivateKey.generate()
    write_private(path, f"{base64.b64encode(secret.private_bytes_raw()).decode()}\n")
    return base64.b64encode(secret.public_key().public_bytes_raw()).decode()


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise OperatorError("error.release_key_bad", path=path, problem=error) from error


def _is_key(line: str) -> bool:
    return bool(line.strip()) and not line.startswith("#")


def _key(line: str, name: str) -> Ed25519PublicKey:
    try:
        written = base64.b64decode(line.split()[0], validate=True)
        return Ed25519PublicKey.from_public_bytes(written)
    except (binascii.Error, ValueError) as error:
        raise OperatorError("error.release_key_bad", path=name, problem=error) from error
