"""What the hub has done beside its work never stops it."""

import pytest

from broker.handlers.context import Hub
from broker.hub.errand import Errand, Words
from tests.broker.backup.office import Office


class Unknowable:
    """A duty of which nobody can say whether it is due: a network or folder that is closed."""

    first_after_s, every_s, at_most_s = 0.0, 60.0, 60.0

    def __init__(self) -> None:
        self.asked = 0

    def due(self, _hub: Hub) -> Words | None:
        self.asked += 1
        raise OSError(97, "Address family not supported by protocol")

    def ended(self, _hub: Hub, *, has_failed: bool) -> None:
        raise AssertionError("nothing was started")


def test_what_cannot_be_looked_at_is_looked_at_again_later(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    duty = Unknowable()
    errand = Errand(duty)
    with office.at_work() as hub:
        for at_s in (0.0, 1.0, 59.0, 60.0):
            errand.step(hub, at_s)
    assert duty.asked == 2
    assert "Unknowable" in caplog.text
