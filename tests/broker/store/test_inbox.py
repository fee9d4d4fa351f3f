from datetime import timedelta

from msgspec.structs import replace

from broker.handlers.context import Hub
from tests.fakes import NINE
from tests.samples import NATURAL


def test_a_tablet_hears_again_of_its_own_check_ins_that_were_in_time(hub: Hub) -> None:
    in_time, late = NATURAL, replace(NATURAL, check_in_id="c-2", seq=2)
    next_door = replace(NATURAL, check_in_id="c-3", kiosk_id="gallery")
    hub.inbox.add_check_in(in_time, NINE, is_late=False)
    hub.inbox.add_check_in(late, NINE, is_late=True)
    hub.inbox.add_check_in(next_door, NINE, is_late=False)
    assert hub.inbox.check_ins_since("lobby", NINE) == [in_time]
    assert hub.inbox.check_ins_since("lobby", NINE + timedelta(seconds=1)) == []
