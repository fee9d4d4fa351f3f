"""What is saved of a damaged hub's file never brings back who was erased."""

import msgspec

from broker.handlers.context import Hub
from broker.journal.chain import ERASED, Erasure
from broker.store.hub_shape import HUB_SHAPE


def test_a_customer_whom_an_old_copy_still_knows_stays_erased(hub: Hub) -> None:
    db = hub.inbox.db
    ((key,),) = db.execute("select registration_id from registrations where phone is not null")
    erased = Erasure(asked_by="visitor", entries=(), registrations=(key,))
    hub.journal.append(ERASED, "", msgspec.json.encode(erased), hub.clock())
    HUB_SHAPE.finish(db)
    left = "select phone, surname from registrations where registration_id = ?"
    assert db.execute(left, [key]).fetchone() == (None, None)
    assert db.execute("select count(*) from registered_plates").fetchone() == (0,)
