"""A site's certificates for tests, and whoever does not have the right ones."""

import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from broker.certificates.issuing import Authority, make_server
from broker.certificates.keeping import AUTHORITY, AUTHORITY_KEY, FOLDER, SERVER, keep
from shared.clock import now
from shared.config import TlsSettings

NAMES = ("127.0.0.1", "localhost")


@dataclass(frozen=True)
class Certified:
    """A folder of settings with the certificates beside them."""

    config: Path

    @property
    def folder(self) -> Path:
        return self.config / FOLDER

    @property
    def ca_file(self) -> str:
        return str(self.folder / AUTHORITY)

    @property
    def server(self) -> Path:
        return self.folder / SERVER

    def settings(self, port: int) -> TlsSettings:
        return TlsSettings(tls="on", tls_port=port, certificates_dir=str(self.folder))

    def trusting(self) -> ssl.SSLContext:
        """As a browser does that took the authority."""
        return ssl.create_default_context(cafile=self.ca_file)

    def show(self, *, names: tuple[str, ...] = NAMES, moment: datetime | None = None) -> None:
        """Let the servers show a certificate for ``names`` that is valid from ``moment`` on."""
        key = (self.config / AUTHORITY_KEY).read_text("ascii")
        authority = Authority(Path(self.ca_file).read_text("ascii"), key)
        fresh = self.server.with_suffix(".fresh")
        fresh.write_text(make_server(authority, names, moment or now()), "ascii")
        fresh.replace(self.server)

    def show_expired(self) -> None:
        self.show(moment=now() - timedelta(days=400))


def certified(folder: Path) -> Certified:
    """A new authority, and a certificate of this machine by it."""
    folder.mkdir(exist_ok=True)
    keep(folder, "西湖壹号", now(), NAMES)
    return Certified(folder)
