"""The door at which cameras post: who is let in, what is answered, and what is never kept."""

from typing import Any

import msgspec
import pytest

from gate.intake.door import LARGEST_BODY_BYTES, Door, create_door, networks
from gate.vendors.adapters import ADAPTERS
from gate.vendors.body import Body
from gate.vendors.secrets_out import fit_to_keep
from shared.errors import OperatorError
from tests.gate.intake.bodies import (
    JPEG,
    PICTURE,
    dahua,
    form,
    hikvision,
    hikvision_form,
    posted,
    zhenshi,
)
from tests.gate.intake.scene import Intake

PASSWORD = "correct-horse"


@pytest.fixture
def intake() -> Intake:
    return Intake("zhenshi")


def car(plate: str = "浙A12345", number: int = 17, **changes: Any) -> Body:
    return posted("/in/zhenshi", zhenshi(plate, number, **changes))


def test_no_answer_opens_a_barrier_or_lets_a_camera_send_for_ever(intake: Intake) -> None:
    said = msgspec.json.decode(intake.post(car()).data)
    assert said == {"Response_AlarmInfoPlate": {"info": "no", "content": "retransfer_stop"}}
    kept = msgspec.json.decode(intake.post(car(number=9, isoffline=1)).data)
    resumed = kept["Response_AlarmInfoPlate"].pop("ContinuePushOffline")
    assert (resumed, kept) == ({"plateid": 9, "continue": 1}, said)
    assert msgspec.json.decode(intake.post(Body(b"nonsense")).data) == said


@pytest.mark.parametrize("source", sorted(set(ADAPTERS) - {"zhenshi"}))
def test_all_others_are_answered_with_nothing(source: str) -> None:
    answer = Intake(source).post(Body(b'{"Picture": {}}', f"/in/{source}"))
    assert (answer.status_code, answer.data) == (200, b"")


def test_a_body_is_kept_before_it_is_answered_and_read_only_then(intake: Intake) -> None:
    intake.post(car())
    (kept,) = intake.spool.unread(10)
    assert kept.body.data == fit_to_keep(car().data)
    assert intake.told() == []


def test_what_the_disk_refuses_is_not_answered_with_received(intake: Intake) -> None:
    intake.db.conn.execute("pragma query_only = on")
    assert intake.post(car()).status_code == 503
    intake.db.conn.execute("pragma query_only = off")
    assert intake.post(car()).status_code == 200
    intake.desk.turn()
    assert intake.plates() == ["+浙A12345"]


def test_passwords_are_neither_kept_nor_logged(
    intake: Intake, caplog: pytest.LogCaptureFixture
) -> None:
    secret = PASSWORD.encode()
    beat = form("/in/zhenshi", ("serialno", "text/plain", b"c0"), ("pass_wd", "text/plain", secret))
    others = [
        Body(f'{{"user": "a", "password": "{PASSWORD}", "b": 1}}'.encode()),
        Body(f"<a><passWord>{PASSWORD}</passWord></a>".encode()),
        Body(f"user=a&pass_wd={PASSWORD}&b=1".encode(), content_type="text/plain"),
        Body(beat.data.replace(b"serialno", b"{").replace(b"c0", b"{"), content_type=""),
    ]
    with caplog.at_level("DEBUG"):
        intake.take(beat, *others)
    assert len(intake.kept()) == len(others)
    assert not [kept for kept in intake.kept() if secret in kept.body.data]
    assert PASSWORD not in caplog.text


def test_pictures_are_never_kept_and_the_rest_can_be_read_again() -> None:
    sent = {
        "hikvision": hikvision_form(hikvision()),
        "zhenshi": car(),
        "dahua": posted("/in/dahua", dahua()),
    }
    for source, body in sent.items():
        intake = Intake(source)
        intake.post(body)
        (kept,) = intake.spool.unread(2)
        assert JPEG[:40] not in kept.body.data
        assert PICTURE[:1000].encode() not in kept.body.data
        understand = ADAPTERS[source].understand
        assert understand(kept.body) == understand(body)


def test_a_body_too_large_is_refused_and_the_next_car_is_taken(intake: Intake) -> None:
    assert intake.post(Body(b"{" + b" " * LARGEST_BODY_BYTES)).status_code == 413
    assert intake.take(car()) == ["told"]


@pytest.mark.parametrize(
    ("allowed", "address", "is_let_in"),
    [
        ((), "192.168.1.20", True),
        ((), "203.0.113.9", True),  # kept for examples, so it counts as private
        ((), "8.8.8.8", False),
        ((), "::ffff:10.0.0.7", True),
        (("10.0.0.0/24",), "10.0.0.7", True),
        (("10.0.0.0/24",), "::ffff:10.0.0.7", True),
        (("10.0.0.0/24",), "10.0.1.7", False),
        (("10.0.0.7",), "10.0.0.8", False),
    ],
)
def test_only_cameras_from_here_may_post(
    intake: Intake, allowed: tuple[str, ...], address: str, is_let_in: bool
) -> None:
    door = Door("zhenshi", ADAPTERS["zhenshi"], intake.spool, intake.desk.signs, networks(allowed))
    client = create_door(door).test_client()
    answer = client.post("/in/zhenshi", data=car().data, environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == (200 if is_let_in else 403)


def test_an_address_that_is_none_is_told_with_what_to_write() -> None:
    with pytest.raises(OperatorError, match="gate-cam"):
        networks(("gate-cam",))


def test_with_a_token_only_those_who_know_it_may_post(intake: Intake) -> None:
    adapter = ADAPTERS["dahua"]
    door = Door("dahua", adapter, intake.spool, intake.desk.signs, token="let-me-in")
    client = create_door(door).test_client()
    body = posted("", dahua()).data
    paths = ("/in/dahua", "/in/dahua/wrong", "/in/dahua/let-me-in")
    assert [client.post(path, data=body).status_code for path in paths] == [403, 403, 200]
    own = "/NotificationInfo/TollgateInfo"
    codes = [client.post(f"{own}{more}", data=body).status_code for more in ("", "/let-me-in")]
    assert codes == [403, 200]
    assert not [kept for kept in intake.kept() if "let-me-in" in kept.body.path]
