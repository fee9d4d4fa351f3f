"""Where the site serves with TLS, as the pages know it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Secure:
    """Where the site serves with TLS, and what its phones must trust."""

    page_port: int
    """Of the staff's pages."""
    plain_port: int
    """Of the same pages without TLS, where a phone begins that does not trust yet."""
    mqtt_port: int
    """Of MQTT over WebSocket."""
    authority: bytes | None
    """The site's own, as DER; None: every phone trusts the certificate as it is."""
