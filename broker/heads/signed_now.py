"""Signs where the journal ends now."""

from pathlib import Path

from broker.journal.chain import Head
from broker.journal.epochs import latest_epoch
from broker.journal.signed_head import SignedHead
from broker.site_key.signing import Signer
from shared.sealed_file import sqlite3


def signed_head(db: sqlite3.Connection, site: str, on: str, signer: Signer) -> SignedHead | None:
    """The head of the journal in ``db``, signed; None: the journal is empty."""
    found = db.execute("select seq, hash, at from journal order by seq desc limit 1").fetchone()
    if found is None:
        return None
    unsigned = SignedHead.of(site, on, latest_epoch(db), Head(*found))
    return signed(unsigned, signer)


def signed(head: SignedHead, signer: Signer) -> SignedHead:
    """``head`` with its signature."""
    return SignedHead(head.site, head.on, head.epoch, head.seq, head.hash, signer.sign(head.claim))


def config_folder(*, config: Path | None, data: Path | None) -> Path:
    """The folder of the settings, where the key lies; with ``--data`` that of ``yingbin up``."""
    return config.parent if config else (data or Path()) / "config"
