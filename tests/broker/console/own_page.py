"""A visitor with their own page, and a hub that acts at once on what is asked there."""

import hashlib

from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.handlers.table import handle, let_time_pass
from broker.local.post_box import PostBox
from shared.messages import Message
from tests.fakes import NINE
from tests.samples import NATURAL

SECRET = "s" * 32
PHONE, PLATE = "13900001111", "浙B99999"
MINE = replace(
    NATURAL,
    phone=PHONE,
    consented_at=NINE,
    surname="欧阳",
    salutation="先生",
    plate=PLATE,
    named_consultant_id="wang",
    drinks=("绿茶",),
    needs=("umbrella",),
    page_key=hashlib.sha256(SECRET.encode()).hexdigest(),
)


class HubAtHand(PostBox):
    """Has the hub act at once; its own thread would take up to a quarter of a second."""

    def __init__(self, hub: Hub) -> None:
        super().__init__()
        self._hub = hub

    def post(self, message: Message) -> None:
        handle(self._hub, message)
        let_time_pass(self._hub)
