"""``yingbin person leaves``: somebody leaves the company; first shows what they leave behind."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from broker.journal.entries import open_read_only
from broker.journal.past import latest_policy
from broker.local.local_socket import ask
from broker.local.questions import PersonLeaves
from broker.rules.portfolio import OwnCustomer, customers, received_since
from broker.settings import hub_file, hub_parser
from broker.store.moments import utc_text
from broker.store.portfolios import entered_by
from shared.clock import now
from shared.command_line import Terminal
from shared.database import Database
from shared.ids import new_id
from shared.words import Sentence


def main(words: list[str], terminal: Terminal) -> int:
    """Tell what becomes of the customers and visits, and unless it is a trial, let them leave.

    Raises:
        OperatorError: no hub is running, or it refuses.
    """
    parser = hub_parser(terminal, "yingbin person leaves", "help.person_leaves")
    parser.add_argument("staff_id", metavar="STAFF_ID", help=terminal.say("help.staff_id"))
    parser.add_argument("--dry-run", action="store_true", help=terminal.say("help.dry_run"))
    asked = parser.parse_args(words)
    path = hub_file(config=asked.config, data=asked.data)
    for line in _left_behind(path, asked.staff_id):
        terminal.tell(line)
    if asked.dry_run:
        terminal.tell(Sentence("leaving.dry_run"))
        return 0
    ask(path.parent, PersonLeaves(request_id=new_id(), asked_at=now(), staff_id=asked.staff_id))
    terminal.tell(Sentence("leaving.done", staff_id=asked.staff_id))
    return 0


def portfolio_of(path: Path, staff_id: str) -> tuple[OwnCustomer, ...]:
    """The protected customers of this person, by the hub's file ``path``."""
    moment = now()
    with closing(open_read_only(path)) as connection:
        db = Database(connection)
        policy = latest_policy(db)
        entered = entered_by(db, staff_id, received_since(policy, moment))
        return customers(entered, policy, moment)


def _left_behind(path: Path, staff_id: str) -> Iterator[str]:
    """How many customers become orphans, by the end of their protection; and the open visits."""
    found = portfolio_of(path, staff_id)
    yield Sentence("leaving.customers", staff_id=staff_id, count=len(found))
    with closing(open_read_only(path)) as connection:
        policy = latest_policy(Database(connection))
        visits = connection.execute(
            "select visit_id from visits where host_id = ? and finished_at is null "
            "and opened_at >= ? order by opened_at",
            [staff_id, utc_text(policy.midnight(now()))],
        ).fetchall()
    days = Counter(policy.local(customer.protected_until).date() for customer in found)
    for day, count in sorted(days.items()):
        yield Sentence("leaving.until", day=day.isoformat(), count=count)
    yield Sentence("leaving.visits", count=len(visits))
    for (visit_id,) in visits:
        yield f"  {visit_id}"
