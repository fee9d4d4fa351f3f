"""Makes certificates: the site's own authority, and what its servers show.

The only module that makes or reads certificates with ``cryptography``.
"""

import ipaddress
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_FROM = datetime(2025, 1, 1, tzinfo=UTC)
AUTHORITY_TO = datetime(2049, 12, 31, tzinfo=UTC)
"""Fixed: the clock of the machine that makes it may be wrong, and phones trust it for good."""
VALID_FOR = timedelta(days=397)
ELSEWHERE_FOR = timedelta(days=800)
"""On another machine, where a person renews it. Apple's devices take at most 825 days."""
BACKDATED = timedelta(days=2)
"""For phones whose clock is behind."""
SERVERS = "Yingbin servers"
"""With a blank, because OpenSSL takes what could be a host for one, and the authority's constraints
then forbid it."""
HOUSE_DOMAINS = ("localhost", "local", "lan", "internal", "home.arpa")
"""Domains that no public site has (RFC 6761, 6762, 8375; ``lan`` is what routers use)."""
HOUSE_NETWORKS = (
    *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16"),
    *("127.0.0.0/8", "::1/128", "fc00::/7", "fe80::/10"),
)
"""Private networks, as in our systemd units."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Authority:
    """The site's own authority: its certificate and its secret key, as PEM."""

    certificate: str
    key: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What a certificate says of itself."""

    valid_from: datetime
    valid_to: datetime
    names: frozenset[str]


def make_authority(name: str, host_names: Collection[str]) -> Authority:
    """A new authority called ``name``.

    It can vouch only for names and addresses inside a house, and for ``host_names``: whoever steals
    its key can't pretend to be a bank to the phones that trust it.
    """
    key, subject = ec.generate_private_key(ec.SECP256R1()), _named(name)
    allowed = dict.fromkeys((*HOUSE_DOMAINS, *HOUSE_NETWORKS, *sorted(host_names)))
    made = (
        _begun(subject, subject, key.public_key())
        .not_valid_before(AUTHORITY_FROM)
        .not_valid_after(AUTHORITY_TO)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(is_authority=True), critical=True)
        .add_extension(x509.NameConstraints([*map(_allowed, allowed)], None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return Authority(_pem(made), _key_pem(key))


def make_server(
    authority: Authority,
    names: Collection[str],
    moment: datetime,
    valid_for: timedelta = VALID_FOR,
) -> str:
    """A certificate for servers that are reached by ``names``, valid from ``moment`` on.

    One text with the secret key, the certificate and the authority's, as servers want it.
    """
    issuer = x509.load_pem_x509_certificate(authority.certificate.encode())
    key = ec.generate_private_key(ec.SECP256R1())
    made = (
        _begun(_named(SERVERS), issuer.subject, key.public_key())
        .not_valid_before(moment - BACKDATED)
        .not_valid_after(moment + valid_for)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(is_authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(_general(names)), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key()),  # type: ignore[arg-type]
            critical=False,
        )
        .sign(_secret(authority), hashes.SHA256())
    )
    return _key_pem(key) + _pem(made) + authority.certificate


def permitted(authority: Authority, names: Collection[str]) -> frozenset[str]:
    """Those of ``names`` for which the authority can vouch."""
    found = x509.load_pem_x509_certificate(authority.certificate.encode())
    constraints = found.extensions.get_extension_for_class(x509.NameConstraints).value
    allowed = [general.value for general in constraints.permitted_subtrees or ()]
    return frozenset(name for name in names if any(_lies_in(name, each) for each in allowed))


def facts_of(pem: str) -> Facts:
    """What the first certificate in ``pem`` says.

    Raises:
        ValueError: there is none.
    """
    found = x509.load_pem_x509_certificate(pem.encode())
    try:
        said = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        said = x509.SubjectAlternativeName([])
    names = frozenset(str(general.value) for general in said)
    return Facts(found.not_valid_before_utc, found.not_valid_after_utc, names)


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _named(name: str) -> x509.Name:
    """X.509 allows 64 characters."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])


def _usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _allowed(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_network(name))
    except ValueError:
        return x509.DNSName(name)


def _general(names: Collection[str]) -> list[x509.GeneralName]:
    return [
        x509.IPAddress(address) if (address := _address(name)) else x509.DNSName(name)
        for name in sorted(names)
    ]


def _address(name: str) -> Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def _lies_in(name: str, allowed: object) -> bool:
    address = _address(name)
    if isinstance(allowed, str):
        return address is None and (name == allowed or name.endswith(f".{allowed}"))
    if isinstance(allowed, ipaddress.IPv4Network | ipaddress.IPv6Network):
        return address is not None and address in allowed
    return False


def _secret(authority: Authority) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(authority.key.encode(), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _key_pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
