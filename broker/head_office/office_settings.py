"""The head office's settings: ``head_office.toml``."""

from shared.config import TlsSettings


class OfficeSettings(TlsSettings, frozen=True, kw_only=True):
    """``head_office.toml``; ``head_office.example.toml`` explains each key."""

    database_url: str
    listen_host: str = "0.0.0.0"
    listen_port: int = 8090
