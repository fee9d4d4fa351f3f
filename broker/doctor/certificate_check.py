"""The site's certificates: their check, and ``yingbin certificates``."""

import os
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from broker.backup.site_folders import config_of, settings_of, site_parser
from broker.certificates.issuing import facts_of
from broker.certificates.keeping import (
    AUTHORITY,
    AUTHORITY_KEY,
    FOLDER,
    SERVER,
    authority_in,
    fingerprint,
    keep,
    make_elsewhere,
    valid_in,
)
from broker.certificates.machine_names import machine_names
from broker.doctor.finding import Finding, hint, wrong
from broker.doctor.patient import Patient
from shared.clock import now
from shared.command_line import Terminal
from shared.config import MqttSettings
from shared.errors import OperatorError
from shared.tls_front import shown_by
from shared.trust import trusting, why_not_trusted
from shared.words import Sentence

ANSWER_WITHIN_S = 5.0
ENDS_SOON, ENDS_AT_ONCE = timedelta(days=30), timedelta(days=7)
"""The hub renews it 30 days before the end: then nobody ever reads of it."""


def days(patient: Patient) -> Iterator[Finding]:
    """The certificate is valid today, and will be for a month."""
    assert patient.hub
    certificate, moment = patient.hub.server_certificate, patient.clock()
    if certificate is None:
        return
    try:
        begins, ends = valid_in(certificate)
    except (OSError, ValueError):
        return  # the check `certificates` says what is wrong with it
    told = {"begins": f"{begins:%Y-%m-%d}", "ends": f"{ends:%Y-%m-%d}"}
    if not begins <= moment <= ends:
        yield wrong("certificate_time", **told, now=f"{moment:%Y-%m-%d %H:%M}")
    elif ends - moment < ENDS_SOON:
        tell = wrong if ends - moment < ENDS_AT_ONCE else hint
        yield tell("certificate_ends", **told, count=(ends - moment).days)


def certificates(patient: Patient) -> Iterator[Finding]:
    """What the site serves with TLS is trusted, and will be."""
    assert patient.hub
    certificate = patient.hub.server_certificate
    if certificate is None:
        yield hint("tls_off")
    else:
        found = tuple(_file(certificate))
        yield from found
        if not any(finding.is_wrong for finding in found):
            yield from _ports(patient, certificate.parent / AUTHORITY)
    for name, program in {"hub": patient.hub, **patient.edges}.items():
        if program.mqtt.tls and (why := _trouble_of(program.mqtt)):
            yield wrong("tls_client", file=f"{name}.toml", why=why)


def _file(certificate: Path) -> Iterator[Finding]:
    try:
        shown_by(certificate)
        facts = facts_of(certificate.read_text("ascii"))
    except (OperatorError, OSError, ValueError) as error:
        yield wrong("certificate_unusable", file=certificate, problem=error)
        return
    if lacking := machine_names() - facts.names:
        yield hint("certificate_lacks", names=", ".join(sorted(lacking)))


def _ports(patient: Patient, authority: Path) -> Iterator[Finding]:
    """Every port that should speak TLS shows what phones trust."""
    hub, mqtt = patient.hub, patient.mqtt
    kiosk, gate = patient.edges.get("kiosk"), patient.edges.get("gate")
    assert hub
    ports = [(hub.listen_host, hub.tls_port)]
    if mqtt is not None and mqtt.tls == "on":
        ports += [(mqtt.listen_host, port) for port in (mqtt.tls_port, mqtt.tls_ws_port)]
    if kiosk is not None and kiosk.tls == "on":
        ports.append((kiosk.listen_host, kiosk.tls_port))
    if gate is not None and gate.page.pin and gate.page.tls == "on":
        ports.append((gate.page.listen_host, gate.page.tls_port))
    ca_file = trusted_of(authority)
    for host, port in ports:
        where = "127.0.0.1" if host == "0.0.0.0" else host
        if why := tls_trouble(where, port, ca_file):
            yield wrong("tls_port", port=port, why=why)


def trusted_of(authority: Path) -> str:
    """What clients of the site trust; empty: what the system does, as an owner's own may need."""
    return str(authority) if authority.exists() else ""


def _trouble_of(asked: MqttSettings) -> Sentence | None:
    """Why a program with these settings does not trust the MQTT server; None: it does."""
    try:
        return tls_trouble(asked.host, asked.port, asked.ca_file)
    except OperatorError as error:
        return error.sentence


def tls_trouble(host: str, port: int, ca_file: str) -> Sentence | None:
    """Why who trusts ``ca_file`` cannot speak TLS there; None: they can."""
    try:
        with socket.create_connection((host, port), timeout=ANSWER_WITHIN_S) as plain:
            trusting(ca_file).wrap_socket(plain, server_hostname=host).close()
    except OSError as error:
        silent = Sentence("error.tls_silent", host=host, port=port, problem=error)
        return why_not_trusted(error, host, port) or silent
    return None


def _give_to_owner(folder: Path, settings: Path) -> None:
    """Whoever may read the settings may read what root makes beside them."""
    owner = settings.stat()
    for path in (folder / AUTHORITY_KEY, folder / FOLDER, *(folder / FOLDER).iterdir()):
        if path.exists():
            os.chown(path, owner.st_uid, owner.st_gid)


def main(words: list[str], terminal: Terminal) -> int:
    """Make what lacks of the site's certificates, and tell what phones must trust.

    Raises:
        OperatorError: there is no site, or the authority's key is gone.
    """
    parser = site_parser(terminal, "yingbin certificates", "help.certificates")
    explained = terminal.say("help.certificates_at")
    parser.add_argument("--at", type=datetime.fromisoformat, metavar="TIME", help=explained)
    explained = terminal.say("help.certificates_for")
    parser.add_argument("--for", dest="names", nargs="+", metavar="NAME", help=explained)
    parser.add_argument("--out", type=Path, default=Path(SERVER), metavar="FILE")
    asked = parser.parse_args(words)
    settings, folder = settings_of(asked), config_of(asked).parent
    keep(folder, settings.site_name, asked.at or now())
    _give_to_owner(folder, config_of(asked))
    if asked.names:
        make_elsewhere(folder, asked.names, asked.at or now(), asked.out)
        ends = facts_of(asked.out.read_text("ascii")).valid_to
        told = {"file": asked.out, "names": ", ".join(asked.names), "ends": f"{ends:%Y-%m-%d}"}
        terminal.tell(Sentence("certificates.elsewhere", **told))
        return 0
    authority = authority_in(folder / FOLDER)
    facts = facts_of((folder / FOLDER / SERVER).read_text("ascii"))
    terminal.tell(
        Sentence(
            "certificates.told",
            file=folder / FOLDER / AUTHORITY,
            fingerprint=fingerprint(authority) if authority else "–",
            names=", ".join(sorted(facts.names)),
            ends=f"{facts.valid_to:%Y-%m-%d}",
        )
    )
    return 0
