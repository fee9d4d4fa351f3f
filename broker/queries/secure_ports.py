"""Where the site serves with TLS, from its settings."""

from broker.certificates.keeping import authority_in
from broker.console.secure_view import Secure
from broker.settings import HubSettings


def secure_ports(settings: HubSettings) -> Secure | None:
    """For the pages; None: the site serves nothing with TLS."""
    certificate = settings.server_certificate
    if certificate is None:
        return None
    authority = authority_in(certificate.parent)
    return Secure(
        page_port=settings.tls_port,
        plain_port=settings.listen_port,
        mqtt_port=settings.mqtt_wss_port,
        authority=authority,
    )
