"""What the doctor says of a site's certificates, and what the command tells."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import msgspec
import pytest
from flask import Flask

import yingbin
from broker.certificates.issuing import facts_of
from broker.certificates.keeping import AUTHORITY_KEY, FOLDER, SERVER, valid_in
from broker.doctor.certificate_check import certificates, days
from broker.doctor.finding import Finding
from broker.doctor.patient import Patient, admit
from shared.clock import now
from shared.web_server import WebServer, listen
from tests.a_site import set_up_in
from tests.certified import Certified, certified


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return set_up_in(tmp_path)


@pytest.fixture
def patient(folder: Path) -> Patient:
    """The site, of which only the pages run."""
    return replace(admit(folder, {}, now), mqtt=None)


@contextmanager
def pages(patient: Patient) -> Iterator[None]:
    assert patient.hub
    server = WebServer(Flask("pages"), listen("127.0.0.1", 0), patient.hub)
    server.start()
    yield
    server.stop()


def keys(patient: Patient) -> list[str]:
    return [finding.key for finding in certificates(patient)]


def only(patient: Patient) -> Finding:
    (found,) = certificates(patient)
    return found


def test_a_fresh_site_is_trusted(patient: Patient) -> None:
    with pages(patient):
        assert keys(patient) == []


def test_a_port_that_is_silent_or_shows_another_site_s_certificate_is_named(
    patient: Patient, tmp_path: Path
) -> None:
    assert patient.hub
    silent = only(patient)
    assert (silent.key, silent.values["port"]) == ("tls_port", patient.hub.tls_port)
    assert silent.values["why"].key == "error.tls_silent"
    other = certified(tmp_path / "other")
    shown = msgspec.structs.replace(patient.hub, certificates_dir=str(other.folder))
    with pages(replace(patient, hub=shown)):
        assert only(patient).values["why"].key == "error.tls_stranger"


def test_a_wrong_clock_and_an_expired_certificate_are_told_together(patient: Patient) -> None:
    def three_years_off(sign: int) -> datetime:
        return now() + sign * timedelta(days=1000)

    for clock in (partial(three_years_off, -1), partial(three_years_off, 1)):
        (found,) = days(replace(patient, clock=clock))
        assert (found.key, found.is_wrong) == ("certificate_time", True)
        assert found.values["now"].startswith(f"{clock():%Y-%m-%d}")


@pytest.mark.parametrize("is_own", [False, True])
@pytest.mark.parametrize(
    ("left", "found"),
    [(31, []), (29, [("certificate_ends", False)]), (6, [("certificate_ends", True)])],
)
def test_a_certificate_that_nobody_renewed_is_amber_for_a_month_and_red_for_a_week(
    patient: Patient, folder: Path, left: int, found: list[tuple[str, bool]], *, is_own: bool
) -> None:
    file = folder / FOLDER / SERVER
    if is_own:  # it lacks our note
        file.write_text(file.read_text("ascii").partition("\n")[2], "ascii")
    _, ends = valid_in(file)
    then = replace(patient, clock=lambda: ends - timedelta(days=left))
    assert [(each.key, each.is_wrong) for each in days(then)] == found


def test_an_unreadable_certificate_is_named(patient: Patient, folder: Path) -> None:
    (folder / FOLDER / SERVER).write_text("torn", encoding="ascii")
    assert only(patient).key == "certificate_unusable"


def test_an_address_that_the_certificate_lacks_is_a_hint(patient: Patient, folder: Path) -> None:
    Certified(folder).show(names=("127.0.0.1",))
    with pages(patient):
        found = only(patient)
    assert (found.key, found.is_wrong) == ("certificate_lacks", False)
    assert "localhost" in found.values["names"]


def test_a_site_without_tls_is_told_what_that_means(patient: Patient) -> None:
    assert patient.hub
    plain = replace(patient, hub=msgspec.structs.replace(patient.hub, tls="off"))
    found = only(plain)
    assert (found.key, found.is_wrong) == ("tls_off", False)


def test_a_program_whose_settings_trust_no_server_is_named(patient: Patient, folder: Path) -> None:
    assert patient.hub
    mqtt = msgspec.structs.replace(
        patient.hub.mqtt, tls=True, port=patient.hub.tls_port, ca_file=str(folder / "none.crt")
    )
    hub = msgspec.structs.replace(patient.hub, mqtt=mqtt)
    with pages(patient):
        found = only(replace(patient, hub=hub))
    assert found.key == "tls_client"
    assert found.values["file"] == "hub.toml"
    assert found.values["why"].key == "error.ca_file"


def test_the_command_makes_what_lacks_and_tells_what_phones_must_trust(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / FOLDER / SERVER).unlink()
    config = ["--config", str(folder / "hub.toml")]
    assert yingbin.main(["--lang", "en", "certificates", *config]) == 0
    said = capsys.readouterr().out
    assert "site-ca.crt" in said
    assert "127.0.0.1" in said
    assert (folder / FOLDER / SERVER).exists()


def test_what_root_makes_belongs_to_the_services_user(folder: Path) -> None:
    user = 12345 if os.geteuid() == 0 else os.geteuid()  # only root gives files away
    os.chown(folder / "hub.toml", user, -1)
    assert yingbin.main(["certificates", "--config", str(folder / "hub.toml")]) == 0
    made = (folder / AUTHORITY_KEY, folder / FOLDER, *(folder / FOLDER).iterdir())
    assert {path.stat().st_uid for path in made} == {user}


def test_the_command_says_what_to_do_where_the_key_is_gone(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / FOLDER / SERVER).unlink()
    (folder / AUTHORITY_KEY).unlink()
    config = ["--config", str(folder / "hub.toml")]
    assert yingbin.main(["--lang", "en", "certificates", *config]) == 1
    assert "backup" in capsys.readouterr().err


def test_a_certificate_for_another_machine_is_made_for_the_house_and_for_nobody_outside(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "gate.pem"
    asked = ["certificates", "--config", str(folder / "hub.toml"), "--out", str(file), "--for"]
    assert yingbin.main([*asked, "192.168.1.30", "gate-north.local"]) == 0
    assert "server.pem" in capsys.readouterr().out
    facts = facts_of(file.read_text("ascii"))
    assert facts.names == {"192.168.1.30", "gate-north.local"}
    assert timedelta(days=790) < facts.valid_to - now() < timedelta(days=825)
    assert file.stat().st_mode & 0o777 == 0o600
    file.unlink()
    assert yingbin.main([*asked, "bank.example"]) == 1
    assert "bank.example" in capsys.readouterr().err
    assert not file.exists()
    asked[asked.index(str(file))] = str(tmp_path / "nowhere" / "gate.pem")
    assert yingbin.main([*asked, "192.168.1.30"]) == 1
    assert "--out" in capsys.readouterr().err
    own, before = folder / FOLDER / SERVER, (folder / FOLDER / SERVER).read_bytes()
    asked[asked.index(str(tmp_path / "nowhere" / "gate.pem"))] = str(own)
    assert yingbin.main([*asked, "192.168.1.30"]) == 1
    assert own.read_bytes() == before
