"""The secrets of the pages, ``web.json``: each program signs its cookies with a key of its own."""

import json
import secrets
from pathlib import Path

from shared.replacing import replace_file


def read_or_make_web_secrets(path: Path) -> tuple[dict[str, str], bool]:
    """The secrets, and whether hub and tablet shared a key until now.

    Up to release 0.5 they did, and the owner of a tablet could sign the log-in of a manager. The
    tablet then keeps the key, so that it need not be let in again, and the hub gets a new one.
    """
    if not path.exists():
        fresh = {"web_key": _new_key(), "kiosk_key": _new_key()}
        return fresh | {"kiosk_pin": new_pin(), "kiosk_token": secrets.token_urlsafe(16)}, False
    kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    if "kiosk_key" in kept:
        return kept, False
    return kept | {"kiosk_key": kept["web_key"], "web_key": _new_key()}, True


def write_web_secrets(path: Path, wanted: dict[str, str]) -> None:
    """Keep the secrets."""
    replace_file(path, json.dumps(wanted).encode())


def separate_keys(hub: Path, kiosk_key: str, web_key: str) -> None:
    """Take the tablet's key out of the settings ``hub``, in whatever way it got there."""
    try:
        written = hub.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return  # an editor's other encoding: the hub says what to do, and does not start
    if (shared := json.dumps(kiosk_key)) in written:
        replace_file(hub, written.replace(shared, json.dumps(web_key)).encode())


def _new_key() -> str:
    return secrets.token_urlsafe(32)


def new_pin() -> str:
    """Six random digits."""
    return f"{secrets.randbelow(10**6):06d}"
