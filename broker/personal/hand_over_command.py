"""``yingbin customers hand-over``: the customers of somebody who left go to colleagues (R4b)."""

import argparse
import csv
import io
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from broker.local.local_socket import ask
from broker.local.questions import CustomersHandOver, Gift
from broker.personal.leaves_command import portfolio_of
from broker.rules.portfolio import OwnCustomer, dealt
from broker.settings import hub_file, hub_parser
from shared.clock import now
from shared.command_line import Terminal
from shared.errors import OperatorError
from shared.ids import new_id
from shared.words import Sentence

ENTRY, RECEIVER = "registration_id", "consultant_id"
"""The columns of a list of who gets whom."""


def main(words: list[str], terminal: Terminal) -> int:
    """Hand the customers over, evenly or as a list says, and tell how many each receiver gets.

    Raises:
        OperatorError: there is nobody to hand over, the list is wrong, or the hub refuses.
    """
    asked = _parser(terminal).parse_args(words)
    path = hub_file(config=asked.config, data=asked.data)
    found = portfolio_of(path, asked.from_id)
    if not found:
        raise OperatorError("error.no_customers", staff_id=asked.from_id)
    given = _listed(asked.list, found) if asked.list else _gifts(dealt(found, asked.to))
    if asked.write is not None:
        _write(asked.write, given)
    for to_id, count in sorted(Counter(gift.to_id for gift in given).items()):
        terminal.tell(Sentence("leaving.gets", staff_id=to_id, count=count))
    if left := sum(len(customer.registrations) for customer in found) - len(given):
        terminal.tell(Sentence("leaving.kept", count=left))
    if asked.dry_run:
        terminal.tell(Sentence("leaving.dry_run"))
        return 0
    act = CustomersHandOver(
        act_id=new_id(), asked_at=now(), from_id=asked.from_id, given=given, reason=asked.reason
    )
    ask(path.parent, act)
    terminal.tell(Sentence("leaving.handed_over", count=len(given), act_id=act.act_id))
    return 0


def _gifts(shares: Sequence[tuple[OwnCustomer, str]]) -> tuple[Gift, ...]:
    return tuple(
        Gift(registration.registration_id, to_id)
        for customer, to_id in shares
        for registration in customer.registrations
    )


def _listed(path: Path, found: Sequence[OwnCustomer]) -> tuple[Gift, ...]:
    """Who gets whom by the CSV file ``path``; a customer's entries stay together."""
    whose = {
        registration.registration_id: customer
        for customer in found
        for registration in customer.registrations
    }
    wanted: dict[OwnCustomer, str] = {}
    for number, row in enumerate(_rows(path), start=2):
        customer = whose.get((row.get(ENTRY) or "").strip())
        to_id = (row.get(RECEIVER) or "").strip()
        if customer is None or not to_id or wanted.setdefault(customer, to_id) != to_id:
            raise OperatorError(
                "error.hand_over_row", path=path, row=number, entry=ENTRY, receiver=RECEIVER
            )
    return _gifts(tuple(wanted.items()))


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise OperatorError("error.hand_over_list", path=path, problem=error.strerror) from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:  # as Excel saves it in China
        text = raw.decode("gb18030", errors="replace")
    return list(csv.DictReader(io.StringIO(text)))


def _write(path: Path, given: Sequence[Gift]) -> None:
    """Keep the list, to be changed by hand and used with ``--list``."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([ENTRY, RECEIVER])
        writer.writerows([gift.registration_id, gift.to_id] for gift in given)


def _parser(terminal: Terminal) -> argparse.ArgumentParser:
    say = terminal.say
    parser = hub_parser(terminal, "yingbin customers", "help.customers")
    parser.add_argument("act", choices=["hand-over"])
    parser.add_argument(
        "--from", dest="from_id", required=True, metavar="ID", help=say("help.hand_over_from")
    )
    whom = parser.add_mutually_exclusive_group(required=True)
    whom.add_argument("--to", type=_ids, metavar="ID[,ID]", help=say("help.hand_over_to"))
    whom.add_argument("--list", type=Path, metavar="FILE", help=say("help.hand_over_list"))
    parser.add_argument(
        "--reason", type=_reason, required=True, metavar="TEXT", help=say("help.reason")
    )
    parser.add_argument("--write", type=Path, metavar="FILE", help=say("help.hand_over_write"))
    parser.add_argument("--dry-run", action="store_true", help=say("help.dry_run"))
    return parser


def _ids(text: str) -> tuple[str, ...]:
    ids = tuple(dict.fromkeys(filter(None, (name.strip() for name in text.split(",")))))
    if not ids:
        raise argparse.ArgumentTypeError(text)
    return ids


def _reason(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError(text)
    return text.strip()
