"""The technician's page without a browser: who is let in, and what each address answers."""

import re
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest
from flask.testing import FlaskClient

import gate
from broker.certificates.keeping import SERVER, make_elsewhere
from gate.intake.same_car import Verdict
from gate.page import page_served
from gate.passing.areas import Areas
from gate.passing.areas_file import AreasFile
from gate.passing.refusal import Reason, Refusal
from gate.settings import PageSettings
from gate.shadow import pairs
from gate.vendors.adapters import ADAPTERS
from shared.clock import now
from shared.disk import DiskTrouble
from shared.errors import OperatorError
from shared.pin_lock import LOCK_OUT_S, TRIES
from shared.web_server import listen
from shared.words import LANGUAGES
from tests.catalogues import table_of
from tests.certified import certified
from tests.gate.cars import picture
from tests.gate.watched import PIN, Watched
from tests.servers import free_ports

FOLDER = Path(gate.__file__).parent
TABLE = table_of("gate")
DRAWN = {"region": None, "ignored": [[[0, 0], [0.5, 0], [0.5, 1]]]}


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    with Watched(tmp_path) as built:
        yield built


@pytest.fixture
def stranger(watched: Watched) -> FlaskClient:
    return watched.app.test_client()


@pytest.fixture
def technician(stranger: FlaskClient) -> FlaskClient:
    assert enter(stranger, PIN) == 303
    return stranger


def token(client: FlaskClient) -> str:
    page = client.get("/login").text
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    return found[1]


def enter(client: FlaskClient, pin: str) -> int:
    return client.post("/login", data={"csrf": token(client), "pin": pin}).status_code


def keep(client: FlaskClient, areas: object) -> int:
    headers = {"X-CSRF-Token": token(client)}
    return client.post("/areas", json=areas, headers=headers).status_code


@pytest.mark.parametrize("address", ["/", "/trace"])
def test_a_stranger_is_asked_for_the_pin(stranger: FlaskClient, address: str) -> None:
    answer = stranger.get(address)
    assert (answer.status_code, answer.location) == (303, "/login")


@pytest.mark.parametrize("address", ["/picture.jpg", "/state"])
def test_a_strangers_script_gets_nothing(stranger: FlaskClient, address: str) -> None:
    assert stranger.get(address).status_code == 401


def test_a_stranger_sees_no_trace_picture(watched: Watched, stranger: FlaskClient) -> None:
    watched.trace.keep(Refusal(Reason.TOO_DARK, watched.clock(), picture()))
    name = watched.trace.entries()[0].entry_id
    assert stranger.get(f"/trace/{name}.jpg").status_code == 303


def test_a_wrong_pin_lets_nobody_in_and_many_lock_for_a_while(
    watched: Watched, stranger: FlaskClient
) -> None:
    for _ in range(TRIES):
        assert enter(stranger, "000000") in {403, 429}
        watched.clock.pass_s(60)
    assert enter(stranger, PIN) == 429
    assert stranger.get("/").status_code == 303
    watched.clock.pass_s(LOCK_OUT_S)
    assert enter(stranger, PIN) == 303


def test_a_technician_can_leave_again(technician: FlaskClient) -> None:
    assert technician.get("/").status_code == 200
    technician.post("/logout", data={"csrf": token(technician)})
    assert technician.get("/").status_code == 303


def test_a_post_from_another_site_changes_nothing(
    watched: Watched, technician: FlaskClient
) -> None:
    assert technician.post("/areas", json=DRAWN).status_code == 400
    assert watched.areas.current == Areas()


def test_saved_areas_hold_at_once_and_after_a_restart(
    watched: Watched, technician: FlaskClient, tmp_path: Path
) -> None:
    assert keep(technician, DRAWN) == 200
    assert watched.areas.current.ignored == (((0.0, 0.0), (0.5, 0.0), (0.5, 1.0)),)
    assert AreasFile(tmp_path / "areas.json").current == watched.areas.current


@pytest.mark.parametrize(
    "drawn", [{"region": [[0, 0]]}, {"ignored": [[[0, 0], [9, 9], [1, 0]]]}, [], "no area"]
)
def test_areas_that_are_none_are_refused(
    watched: Watched, technician: FlaskClient, drawn: object
) -> None:
    assert keep(technician, drawn) == 400
    assert watched.areas.current == Areas()


def test_a_disk_that_refuses_keeps_the_areas_as_they_were_and_is_told(
    watched: Watched, technician: FlaskClient, tmp_path: Path
) -> None:
    (tmp_path / "areas.json").mkdir()
    assert keep(technician, DRAWN) == 507
    assert watched.areas.current == Areas()


def test_a_damaged_areas_file_leaves_the_whole_picture_to_be_read(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "areas.json").write_text("{half")
    assert AreasFile(tmp_path / "areas.json").current == Areas()
    assert "draw the areas again" in caplog.text


def test_the_newest_picture_is_shown_no_wider_than_a_page(
    watched: Watched, technician: FlaskClient
) -> None:
    assert technician.get("/picture.jpg").status_code == 503
    watched.show(picture(120, width_px=2560, height_px=1440))
    data = np.frombuffer(technician.get("/picture.jpg").data, np.uint8)
    shown = cv2.imdecode(data, cv2.IMREAD_COLOR)
    assert shown is not None
    assert shown.shape == (720, 1280, 3)
    assert shown.mean() == pytest.approx(120, abs=2)


def test_the_state_says_how_the_camera_does(watched: Watched, technician: FlaskClient) -> None:
    assert technician.get("/state").json == {"is_well": False, "text": "还没有画面"}
    watched.show(picture(120, width_px=640, height_px=480))
    text = "相机正常 · 640×480 · 亮度 120"
    assert technician.get("/state").json == {"is_well": True, "text": text}
    watched.camera.problem = "camera_offline"
    watched.gate.turn()
    answer = technician.get("/state").json
    assert answer is not None
    assert not answer["is_well"]
    assert "相机离线" in answer["text"]


def test_the_page_lists_what_was_not_read_with_its_picture(
    watched: Watched, technician: FlaskClient
) -> None:
    assert TABLE["trace.none"]["zh-CN"] in technician.get("/trace").text
    watched.trace.keep(
        Refusal(Reason.IN_IGNORED_AREA, watched.clock(), picture(), None, "浙A88888")
    )
    page = technician.get("/trace").text
    assert TABLE["reason.in_ignored_area"]["zh-CN"] in page
    assert "浙A88888" in page
    found = re.search(r'src="(/trace/[^"]+\.jpg)"', page)
    assert found
    answer = technician.get(found[1])
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    answer.close()


@pytest.mark.parametrize(
    "name", ["../areas.json", "..%2Fareas", "01890a5d-ac96-774b-bcce-b302099a8057"]
)
def test_no_other_file_of_the_gate_is_served(technician: FlaskClient, name: str) -> None:
    assert technician.get(f"/trace/{name}.jpg").status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_speaks_every_language(
    watched: Watched, technician: FlaskClient, language: str
) -> None:
    form = {"csrf": token(technician), "language": language, "back": "pages.trace"}
    answer = technician.post("/language", data=form)
    assert answer.location == "/trace"
    for reason in Reason:
        watched.clock.moment += timedelta(seconds=1)
        watched.trace.keep(Refusal(reason, watched.clock(), picture()))
    page = technician.get("/trace").text
    assert f'lang="{language}"' in page
    for reason in Reason:
        assert TABLE[f"reason.{reason}"][language].format(width_px=64) in page


def test_a_language_nobody_knows_is_refused(technician: FlaskClient) -> None:
    form = {"csrf": token(technician), "language": "tlh"}
    assert technician.post("/language", data=form).status_code == 400


def test_nothing_of_the_page_is_kept_or_framed(technician: FlaskClient) -> None:
    headers = technician.get("/").headers
    assert headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "'unsafe" not in headers["Content-Security-Policy"]


def test_without_a_pin_there_is_no_page_and_a_taken_port_says_so(watched: Watched) -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with page_served(PageSettings(listen_port=port), watched.gate, watched.areas):
            pass
        wanted = PageSettings(pin=PIN, listen_port=port)
        with (
            pytest.raises(OperatorError, match="cannot listen"),
            page_served(wanted, watched.gate, watched.areas),
        ):
            pass


def keys_used() -> set[str]:
    """Keys written in a template or module, and keys that are put together from parts."""
    sources = [*FOLDER.rglob("*.py"), *FOLDER.rglob("*.html")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    whole = set(re.findall(r"[\"']([a-z_]+\.[a-z_]+)[\"']", text)) & set(TABLE)
    problems = [reason for reason in Reason if reason.startswith("camera_")]
    states = {"camera_offline", *problems}
    made = {f"reason.{reason}" for reason in Reason}
    made |= {f"{group}.{state}" for group in ("state", "said") for state in states}
    made |= {f"came.{verdict}" for verdict in Verdict} | {"came.nothing"}
    made |= {f"compared.{verdict}" for verdict in pairs.Verdict}
    made |= {
        f"{group}.{source}" for group in ("vendor", "setting_up", "menu") for source in ADAPTERS
    }
    made |= {f"said.{trouble}" for trouble in DiskTrouble if trouble is not DiskTrouble.SHORT}
    return whole | made | {"state.waits", "said.camera_works", "said.disk_works"}


def test_every_sentence_is_used() -> None:
    assert keys_used() == set(TABLE)


def test_on_a_machine_of_its_own_it_is_served_with_tls_by_the_site_s_authority(
    watched: Watched, tmp_path: Path
) -> None:
    site, there = certified(tmp_path / "hub"), tmp_path / "certificates"
    there.mkdir()
    make_elsewhere(site.config, ("192.168.1.30", "127.0.0.1"), now(), there / SERVER)
    port, tls_port = free_ports(2)
    wanted = PageSettings(
        pin=PIN, listen_port=port, tls="on", tls_port=tls_port, certificates_dir=str(there)
    )
    address = f"https://127.0.0.1:{tls_port}/login"
    with page_served(wanted, watched.gate, watched.areas):
        with urllib.request.urlopen(address, context=site.trusting()) as answer:
            assert 'name="pin"' in answer.read().decode()
        with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
            urllib.request.urlopen(address)
