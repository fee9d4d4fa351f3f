"""What a look-up finds (查询): whose customer it is, masked for whoever asks."""

from broker.handlers.context import Hub
from broker.rules.facts import Keys, Registration
from broker.rules.ownership import is_protected, protected_until
from shared.messages import Answer, LookUp
from shared.plate import normalize
from shared.privacy import mask_phone, mask_plate


def answer(hub: Hub, asked: LookUp) -> Answer:
    """The registrations that match, as a colleague may read them; an owner sees his own whole."""
    found: list[Registration] = []
    if asked.phone or asked.plate:
        plates = (normalize(asked.plate),) if asked.plate else ()
        found += hub.register.find(Keys(phone=asked.phone, plates=plates))
    if asked.name:
        found += hub.register.search(asked.name)
    return Answer(
        look_up_id=asked.look_up_id,
        staff_id=asked.staff_id,
        found=tuple(_line(hub, one, asked.staff_id) for one in dict.fromkeys(found)),
        answered_at=hub.clock(),
    )


def _line(hub: Hub, one: Registration, asked_by: str) -> str:
    """``张女士 138****8000 浙A·8**88 归属王强，保护期至 12-01``."""
    is_own = one.consultant_id == asked_by
    phone = one.phone and (one.phone if is_own else mask_phone(one.phone))
    plates = one.plates if is_own else map(mask_plate, one.plates)
    name = f"{one.surname or ''}{one.salutation or ''}" or None
    owner = hub.people.names().get(one.consultant_id, one.consultant_id)
    return " ".join([*filter(None, (name, phone, *plates)), f"归属{owner}，{_until(hub, one)}"])


def _until(hub: Hub, one: Registration) -> str:
    policy = hub.decider.policy
    if not is_protected(one, policy, hub.clock()):
        return "保护期已过"
    day = policy.local(protected_until(one, policy)).date()
    return f"保护期至 {day:%m-%d} 零点"
