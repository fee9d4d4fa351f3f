"""What a look-up finds (查询): whose customer it is, with phone and plates masked."""

from broker.handlers.context import Hub
from broker.rules.facts import Keys, Registration
from broker.rules.protection import is_protected, protected_until
from broker.wording.names import called
from shared.messages import Answer, LookUp
from shared.plate import normalize
from shared.privacy import mask_phone, mask_plate
from shared.words import read_words, spoken


def answer(hub: Hub, asked: LookUp) -> Answer:
    """The registrations that match. Only the owner sees phone and plates in full."""
    found: list[Registration] = []
    if asked.phone or asked.plate:
        plates = (normalize(asked.plate),) if asked.plate else ()
        found += hub.register.find(Keys(phone=asked.phone, plates=plates))
    if asked.name:
        found += hub.register.search(asked.name)
    return Answer(
        look_up_id=asked.look_up_id,
        staff_id=asked.staff_id,
        found=tuple(_line(hub, registration, asked) for registration in dict.fromkeys(found)),
        answered_at=hub.clock(),
    )


def _line(hub: Hub, found: Registration, asked: LookUp) -> str:
    """``张女士 138****8000 浙A·8**88 归属王强，保护期至 12-01``, in the page's language."""
    language, say = spoken(asked.language, hub.language), read_words("broker").say
    is_own = found.consultant_id == asked.staff_id
    phone = found.phone and (found.phone if is_own else mask_phone(found.phone))
    plates = found.plates if is_own else map(mask_plate, found.plates)
    name = called(found.surname, found.salutation, language)
    owner = hub.people.names().get(found.consultant_id, found.consultant_id)
    whose = say("found.owner", language, owner=owner, until=_until(hub, found, language))
    return " ".join([*filter(None, (name, phone, *plates)), whose])


def _until(hub: Hub, found: Registration, language: str) -> str:
    policy, say = hub.decider.policy, read_words("broker").say
    if not is_protected(found, policy, hub.clock()):
        return say("found.over", language)
    day = policy.local(protected_until(found, policy)).date()
    return say("found.until", language, day=f"{day:%m-%d}")
