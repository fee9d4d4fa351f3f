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
    passwords = {
        account.username: account.password
        for account in kept
        if account.party is not Party.STAFF or not renews_staff
    }
    wanted = list(_needed(people))
    names = {account.username for account in wanted}
    others = [
        account
        for account in kept
        if (account.party is not Party.STAFF and account.username not in names)
        or account.session is not None
    ]
    named = (
        msgspec.structs.replace(account, password=passwords.get(account.username, account.password))
        for account in wanted
    )
    return (*named, *others)


def _needed(people: SitePeople) -> Iterator[Account]:
    yield new_account(Party.HUB, "hub")
    yield new_account(Party.MONITOR, "monitor")
    yield new_account(Party.HOME_ASSISTANT, "home_assistant")
    yield new_account(Party.GATE, "north")
    yield new_account(Party.KIOSK, "lobby")
    for person in people.staff:
        if not person.has_left:
            yield new_account(Party.STAFF, person.id, person.roles)
