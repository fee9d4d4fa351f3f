"""Another site of the group, of which there is only a key and a token."""

from pathlib import Path

import psycopg

from broker.head_office.site_store import SiteStore
from broker.journal.shipment import Joining
from broker.site_key.key import make_key
from broker.site_key.signing import make_signer
from shared.clock import now


def join_other(connection: psycopg.Connection, site: str, folder: Path) -> None:
    """Let ``site`` join; its token lies in ``folder``."""
    store = SiteStore(connection)
    signer, key = make_signer(folder / f"{site}.head"), make_key(folder / f"{site}.key")
    joining = Joining(
        code=store.invite(site, now()), public_key=signer.public, recipient=key.recipient
    )
    token = store.join(joining, now()).token
    (folder / f"{site}.token").write_text(token, encoding="ascii")
