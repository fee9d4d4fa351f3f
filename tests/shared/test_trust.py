"""Who is trusted, and what is said of who is not, in every language."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from shared.clock import now
from shared.errors import OperatorError
from shared.tls_front import shown_by
from shared.trust import time_trouble, trusting, why_not_trusted
from shared.words import LANGUAGES, Sentence
from tests.certified import Certified, certified

HOST = "127.0.0.1"


@pytest.fixture
def site(tmp_path: Path) -> Certified:
    return certified(tmp_path / "site")


@contextmanager
def serving(certificate: Path | None) -> Iterator[int]:
    """Shakes hands with one client; without a certificate it speaks no TLS."""
    with socket.create_server((HOST, 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            try:
                if certificate is not None:
                    connection = shown_by(certificate).wrap_socket(connection, server_side=True)
                connection.sendall(b"\x20\x02\x00\x00")
                connection.recv(1)
            except OSError:  # the client did not trust us
                pass
            finally:
                connection.close()

        thread = threading.Thread(target=answer)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


def connected(ca_file: str, port: int, host: str = HOST) -> ssl.SSLSocket:
    plain = socket.create_connection((HOST, port), timeout=10)
    try:
        return trusting(ca_file).wrap_socket(plain, server_hostname=host)
    except OSError:
        plain.close()
        raise


def said(ca_file: str, port: int, host: str = HOST) -> Sentence:
    with pytest.raises((ssl.SSLError, ConnectionResetError)) as refused:
        connected(ca_file, port, host)
    why = why_not_trusted(refused.value, host, port)
    assert why is not None
    return why


def test_the_site_s_own_server_is_trusted(site: Certified) -> None:
    with serving(site.server) as port, closing(connected(site.ca_file, port)) as connection:
        assert time_trouble(connection.getpeercert() or {}, now()) is None


def test_another_site_s_server_is_a_stranger(site: Certified, tmp_path: Path) -> None:
    other = certified(tmp_path / "other")
    with serving(other.server) as port:
        why = said(site.ca_file, port)
    assert why.key == "error.tls_stranger"


def test_a_server_under_another_name_is_not_trusted(site: Certified) -> None:
    site.show(names=("hub.local", "192.168.1.20"))
    with serving(site.server) as port:
        assert said(site.ca_file, port).key == "error.tls_name"
    with serving(site.server) as port:
        assert said(site.ca_file, port, host="localhost").key == "error.tls_name"


def test_an_expired_certificate_is_told_but_silences_no_gate(site: Certified) -> None:
    site.show_expired()
    with serving(site.server) as port, closing(connected(site.ca_file, port)) as connection:
        trouble = time_trouble(connection.getpeercert() or {}, now())
    assert trouble is not None
    assert trouble.key == "error.tls_expired"


def test_a_clock_that_is_behind_is_told_but_silences_no_gate(site: Certified) -> None:
    site.show(moment=now() + timedelta(days=30))
    with serving(site.server) as port, closing(connected(site.ca_file, port)) as connection:
        trouble = time_trouble(connection.getpeercert() or {}, now())
    assert trouble is not None
    assert trouble.key == "error.tls_not_yet"


def test_a_browser_takes_no_expired_certificate(site: Certified) -> None:
    site.show_expired()
    with (
        serving(site.server) as port,
        closing(socket.create_connection((HOST, port))) as plain,
        pytest.raises(ssl.SSLCertVerificationError) as refused,
    ):
        site.trusting().wrap_socket(plain, server_hostname=HOST)
    why = why_not_trusted(refused.value, HOST, port)
    assert why is not None
    assert why.key == "error.tls_time"


def test_a_port_without_tls_is_named(site: Certified) -> None:
    with serving(None) as port:
        assert said(site.ca_file, port).key == "error.tls_none"


def test_a_lost_network_is_not_about_certificates() -> None:
    assert why_not_trusted(ConnectionRefusedError(), HOST, 1) is None


@pytest.mark.parametrize("written", [None, "no certificate"])
def test_a_file_without_an_authority_is_named(tmp_path: Path, written: str | None) -> None:
    path = tmp_path / "ca.crt"
    if written is not None:
        path.write_text(written, encoding="ascii")
    with pytest.raises(OperatorError, match=r"ca\.crt: .*site-ca\.crt"):
        trusting(str(path))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_reason_is_one_sentence_that_says_what_to_do(language: str) -> None:
    keys = ("stranger", "name", "time", "none", "expired", "not_yet")
    values = {"host": "hub.local", "port": 8883, "limit": "2026-11-30", "now": "2026-12-01"}
    sentences = {Sentence(f"error.tls_{key}", **values).in_language(language) for key in keys}
    assert len(sentences) == len(keys)
