"""A site's accounts at the MQTT server: one for each program and person, and those added."""

from collections.abc import Iterable, Iterator

import msgspec

from broker.mqtt_server.accounts import Account, new_account
from broker.mqtt_server.twins import without_twins
from broker.site_file import SitePeople
from shared.topics import Party


def accounts_for(
    people: SitePeople, before: Iterable[Account], *, renews_staff: bool
) -> tuple[Account, ...]:
    """The accounts that the site needs, with the passwords of ``before``.

    An account that somebody added stays, as for a second gate, and so do those of pages that are
    open. ``renews_staff``: people get new passwords.
    """
    kept = without_twins(tuple(before))
    known = {account.username: account for account in kept}
    wanted = list(_needed(people))
    names = {account.username for account in wanted}
    others = [
        account
        for account in kept
        if (account.party is not Party.STAFF and account.username not in names)
        or account.session is not None
    ]
    named = (_as_before(each, known.get(each.username), renews_staff) for each in wanted)
    return (*named, *others)


def _as_before(wanted: Account, known: Account | None, renews_staff: bool) -> Account:
    """``wanted`` with the secrets that its program has already been given."""
    if known is None:
        return wanted.with_own_id()
    is_renewed = renews_staff and wanted.party is Party.STAFF
    password = wanted.password if is_renewed else known.password
    return msgspec.structs.replace(wanted, password=password, own_id=known.own_id)


def _needed(people: SitePeople) -> Iterator[Account]:
    yield new_account(Party.HUB, "hub")
    yield new_account(Party.MONITOR, "monitor")
    yield new_account(Party.HOME_ASSISTANT, "home_assistant")
    yield new_account(Party.GATE, "north")
    yield new_account(Party.KIOSK, "lobby")
    for person in people.staff:
        if not person.has_left:
            yield new_account(Party.STAFF, person.id, person.roles)
