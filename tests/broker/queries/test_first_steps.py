"""A new site's first steps, as its manager takes them by page."""

import re
from base64 import b64encode

from broker.handlers.table import handle
from shared.messages import (
    Ack,
    AckAnswer,
    Alert,
    GatePicture,
    NodeKind,
    NodeState,
    NodeStatus,
    PictureAsked,
)
from tests.settings_rig import Manager, SettingsRig

CAMERA = "/settings/first/camera"
JPEG = b"a picture"


def waiting(rig: SettingsRig, kind: type) -> list[object]:
    return [row.message for row in rig.hub.outbox.waiting(1000) if type(row.message) is kind]


def shown(rig: SettingsRig, manager: Manager, asked_id: str, gate_id: str = "north") -> int:
    """The status of the picture, after a gate answered."""
    jpeg = b64encode(JPEG).decode()
    handle(
        rig.hub,
        GatePicture(gate_id=gate_id, asked_id=asked_id, taken_at=rig.clock(), jpeg=jpeg),
    )
    return manager.get(f"{CAMERA}.jpg?asked={asked_id}").status_code


def test_a_manager_looks_through_a_gate_s_camera_and_nothing_is_kept(
    rig: SettingsRig, manager: Manager
) -> None:
    status = NodeStatus(node_id="north", kind=NodeKind.GATE, state=NodeState.ONLINE, at=rig.clock())
    rig.hub.presence.note(status, rig.clock())
    to = manager.post(CAMERA, {"gate": "north"}).location
    (asked,) = waiting(rig, PictureAsked)
    assert isinstance(asked, PictureAsked)
    assert asked.asked_id in to
    page = manager.get(to).text
    assert 'data-testid="waits"' in page
    again = re.search(r'content="1;url=([^"]+)"', page)
    assert again
    assert shown(rig, manager, asked.asked_id, "south") == 404, "of another gate"
    assert shown(rig, manager, "nobody-asked") == 404
    assert shown(rig, manager, asked.asked_id) == 200
    assert manager.get(f"{CAMERA}.jpg?asked={asked.asked_id}").data == JPEG
    assert 'data-testid="picture"' in manager.get(to).text
    assert 'data-testid="silent"' in manager.get(f"{CAMERA}?asked=x&tries=8").text
    rows = rig.hub.inbox.db.execute("select kind, body from journal order by seq desc limit 1")
    kind, body = rows.fetchone()
    assert kind == "CameraLooked"
    assert b64encode(JPEG).decode() not in body
    assert manager.post(CAMERA, {"gate": "nowhere"}).status_code == 404
    rig.assert_sound()


def test_a_phone_is_rung_on_trial_and_the_step_is_done_once_it_answers(
    rig: SettingsRig, manager: Manager
) -> None:
    assert manager.post("/settings/first/alert", {"staff_id": "nobody"}).status_code == 409
    assert manager.post("/settings/first/alert", {"staff_id": "li"}).status_code == 303
    (alert,) = waiting(rig, Alert)
    assert isinstance(alert, Alert)
    assert alert.staff_id == "li"
    assert 'data-testid="ringing"' in manager.get("/settings").text
    ack = Ack(
        ack_id="trial-1",
        alert_id=alert.alert_id,
        staff_id="li",
        answer=AckAnswer.CLAIM,
        acked_at=rig.clock(),
    )
    handle(rig.hub, ack)
    done = re.search(r'data-testid="at-alert" data-done="(\w+)"', manager.get("/settings").text)
    assert done
    assert done[1] == "yes"
    rig.assert_sound()


def test_the_key_is_not_shown_for_a_wrong_pin_nor_over_an_open_network(
    rig: SettingsRig, manager: Manager
) -> None:
    path = "/settings/first/key"
    assert manager.post(path, {"pin": "0000"}).status_code == 403
    from_afar = {"REMOTE_ADDR": "192.0.2.9"}
    page = manager.client.get(path, environ_base=from_afar).text
    assert 'data-testid="key-pin"' not in page
    assert 'data-testid="message"' in page
