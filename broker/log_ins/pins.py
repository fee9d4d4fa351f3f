"""What is kept of a PIN: of one that a page gave out only the digest; a file has it as it is."""

import hashlib
import secrets

from shared.web_guard import same_secret

DIGITS = 6
_MARK = "scrypt"
_WORK = {"n": 2**12, "r": 8, "p": 1}
"""Some 10 ms a try; the attempts at the log-in are counted besides."""


def new_pin() -> str:
    """Six random digits."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def digest_of(pin: str) -> str:
    """What is kept of ``pin``."""
    salt = secrets.token_bytes(16)
    return f"{_MARK}${salt.hex()}${_digest(pin, salt)}"


def is_kept_open(kept: str) -> bool:
    """Whether ``kept`` is the PIN itself."""
    return not kept.startswith(f"{_MARK}$")


def fits(pin: str, kept: str) -> bool:
    """Whether this is the PIN."""
    if is_kept_open(kept):
        return bool(kept) and same_secret(pin, kept)
    _, salt, digest = kept.split("$")
    return same_secret(_digest(pin, bytes.fromhex(salt)), digest)


def _digest(pin: str, salt: bytes) -> str:
    return hashlib.scrypt(pin.encode(), salt=salt, **_WORK, dklen=32).hex()
