"""Whose cameras may post to a gate: those from inside the house, or who know the token."""

import pytest

from gate.intake.door import Door, create_door, networks
from gate.vendors.adapters import ADAPTERS
from shared.errors import OperatorError
from tests.gate.intake.bodies import dahua, posted, zhenshi
from tests.gate.intake.scene import Intake


@pytest.fixture
def intake() -> Intake:
    return Intake("zhenshi")


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
    answer = client.post(
        "/in/zhenshi", data=posted("", zhenshi()).data, environ_base={"REMOTE_ADDR": address}
    )
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
