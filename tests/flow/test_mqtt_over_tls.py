"""Both real MQTT servers with TLS, as gates, tablets and pages reach them."""

import logging
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from broker.mqtt_server.accounts import new_account
from shared.config import MqttSettings
from shared.messages import NodeKind, NodeState, Receipt
from shared.mqtt import MqttLink
from shared.node import Node
from shared.topics import Party
from tests.certified import Certified, certified
from tests.fakes import SITE
from tests.servers import Server, client, mqtt_server
from tests.waiting import eventually

pytestmark = pytest.mark.server

HUB = new_account(Party.HUB, "hub")
GATE = new_account(Party.GATE, "north")


@dataclass(frozen=True)
class Secure:
    server: Server
    site: Certified

    def settings(self, *, port: int | None = None, ca_file: str | None = None) -> MqttSettings:
        return MqttSettings(
            port=port or self.server.tls_ports[0],
            username=GATE.username,
            password=GATE.password,
            tls=True,
            ca_file=ca_file or self.site.ca_file,
        )

    def shown(self, port: int) -> bytes:
        """The certificate that a new connection to ``port`` is shown; empty: nobody answers."""
        careless = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        careless.check_hostname, careless.verify_mode = False, ssl.CERT_NONE
        try:
            with (
                closing(socket.create_connection(("127.0.0.1", port))) as plain,
                closing(careless.wrap_socket(plain)) as secure,
            ):
                return secure.getpeercert(binary_form=True) or b""
        except OSError:
            return b""

    def shows_another(self, port: int, than: bytes) -> bool:
        """Whether a new connection to ``port`` is shown another certificate."""
        return self.shown(port) not in (than, b"")


@pytest.fixture(params=["mosquitto", "embedded"])
def secure(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Secure]:
    site = certified(tmp_path / "site")
    accounts = [HUB, GATE]
    with mqtt_server(tmp_path, request.param, accounts, certificates=site.folder) as server:
        yield Secure(server, site)


def is_in(said: str, caplog: pytest.LogCaptureFixture) -> bool:
    return said in caplog.text


def gate(settings: MqttSettings) -> MqttLink:
    link = MqttLink(settings, Node(SITE, "north", NodeKind.GATE, "test"), [Receipt])
    link.start()
    return link


def test_a_gate_speaks_over_tls_and_a_page_over_wss_and_both_are_heard(secure: Secure) -> None:
    _, wss = secure.server.tls_ports
    with client(
        wss,
        HUB.username,
        HUB.password,
        transport="websockets",
        trusting=secure.site.trusting(),
    ) as hub:
        assert hub.is_connected()
        hub.listen(f"yingbin/v1/{SITE}/gate/north/status")
        link = gate(secure.settings())
        assert eventually(lambda: link.connected_count == 1)
        assert link.send(Node(SITE, "north", NodeKind.GATE, "1").status(NodeState.ONLINE))
        assert hub.hears(f"yingbin/v1/{SITE}/gate/north/status")
        link.stop()


def test_over_tls_nobody_gets_in_without_the_password_either(secure: Secure) -> None:
    for username, password in ((None, None), (GATE.username, "guess")):
        port = secure.server.tls_ports[0]
        with client(port, username, password, trusting=secure.site.trusting()) as stranger:
            assert not stranger.is_connected()


@pytest.mark.parametrize("secure", ["mosquitto"], indirect=True)
def test_a_gate_says_once_and_in_one_sentence_why_it_trusts_no_server(
    secure: Secure, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    other = certified(tmp_path / "other")
    wrong = {
        "not this site's": secure.settings(ca_file=other.ca_file),
        "speaks no TLS": secure.settings(port=secure.server.port),
    }
    for said, settings in wrong.items():
        caplog.clear()
        link = gate(settings)
        assert eventually(partial(is_in, said, caplog))
        assert link.connected_count == 0
        link.stop()
        assert len([line for line in caplog.messages if said in line]) == 1


@pytest.mark.parametrize("secure", ["mosquitto"], indirect=True)
def test_a_gate_whose_clock_is_wrong_stays_connected_and_says_so(
    secure: Secure, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    before = secure.shown(secure.server.tls_ports[0])
    secure.site.show_expired()
    assert eventually(partial(secure.shows_another, secure.server.tls_ports[0], before))
    link = gate(secure.settings())
    assert eventually(lambda: link.connected_count > 0)
    assert eventually(lambda: "expired on" in caplog.text)
    link.stop()


def test_a_renewed_certificate_is_shown_on_each_port_without_anybody_s_doing(
    secure: Secure,
) -> None:
    before = {port: secure.shown(port) for port in secure.server.tls_ports}
    assert all(before.values())
    secure.site.show()
    for port, old in before.items():
        assert eventually(partial(secure.shows_another, port, old))


@pytest.mark.parametrize("engine", ["mosquitto", "embedded"])
def test_without_a_certificate_the_plain_ports_serve(engine: str, tmp_path: Path) -> None:
    site = certified(tmp_path / "site")
    with mqtt_server(tmp_path, engine, [HUB], certificates=site.folder) as server:
        site.server.unlink()
        assert eventually(lambda: "no TLS" in server.log)

        def is_served() -> bool:
            try:
                with client(server.port, HUB.username, HUB.password) as hub:
                    return hub.is_connected(within_s=1)
            except OSError:
                return False

        assert eventually(is_served)
