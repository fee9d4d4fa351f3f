"""The hub renews its site's certificate; the process that makes it is the real one."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from broker.certificates.issuing import VALID_FOR
from broker.certificates.keeping import AUTHORITY_KEY, FOLDER, SERVER, keep, made_in
from broker.handlers.context import Hub
from broker.hub.errand import Errand
from broker.hub.renewal import AGAIN_AFTER_S, Renewal
from broker.settings import HubSettings
from shared.config import read_config
from tests.broker.backup.office import Office, set_up_office
from tests.waiting import eventually


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return set_up_office(tmp_path)


def keeper(office: Office) -> Errand:
    return Errand(Renewal(read_config(HubSettings, office.toml), office.toml))


def file_of(office: Office) -> Path:
    return office.toml.parent / FOLDER / SERVER


def ends(keeping: Errand, hub: Hub, at_s: float) -> bool:
    """Whether what it started came to its end."""

    def has_ended() -> bool:
        keeping.step(hub, at_s)
        return keeping.is_idle

    return eventually(has_ended)


def valid_to(office: Office) -> datetime | None:
    note = made_in(file_of(office))
    return note.valid_to if note else None


def test_a_certificate_that_ends_soon_is_renewed_by_the_hub_s_own_clock(office: Office) -> None:
    with office.at_work() as hub:
        moment = hub.clock()
        file_of(office).unlink()
        keep(office.toml.parent, "西湖壹号", moment - timedelta(days=370))
        keeping = keeper(office)
        keeping.step(hub, 0.0)
        assert not keeping.is_idle
        assert ends(keeping, hub, 1.0)
        assert valid_to(office) == moment.replace(microsecond=0) + VALID_FOR
        keeping.step(hub, Renewal.every_s)
        assert keeping.is_idle


def test_a_certificate_that_lasts_is_left_alone(office: Office) -> None:
    with office.at_work() as hub:
        file_of(office).unlink()
        keep(office.toml.parent, "西湖壹号", hub.clock())
        keeping = keeper(office)
        keeping.step(hub, 0.0)
        assert keeping.is_idle


def test_a_site_without_tls_gets_no_certificate(office: Office) -> None:
    text = office.toml.read_text(encoding="utf-8")
    office.toml.write_text(text.replace('tls = "on"', 'tls = "off"'), encoding="utf-8")
    file_of(office).unlink()
    with office.at_work() as hub:
        keeping = keeper(office)
        keeping.step(hub, 0.0)
        assert keeping.is_idle


def test_what_fails_is_tried_again_only_later(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    with office.at_work() as hub:
        file_of(office).unlink()
        (office.toml.parent / AUTHORITY_KEY).unlink()
        keeping = keeper(office)
        keeping.step(hub, 0.0)
        assert ends(keeping, hub, 1.0)
        assert "not renewed" in caplog.text
        keeping.step(hub, Renewal.every_s)
        assert keeping.is_idle
        keeping.step(hub, 1.0 + AGAIN_AFTER_S)
        assert not keeping.is_idle
        keeping.stop()
