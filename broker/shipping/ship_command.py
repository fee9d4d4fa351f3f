"""``yingbin ship``: sends a hub's journal to its head office; ``--join`` joins one."""

import random
import time
from pathlib import Path

from broker.journal.entries import FILE_NAME as HUB_FILE
from broker.journal.shipment import Joining
from broker.local.local_socket import ask
from broker.settings import HubSettings
from broker.shipping.documents_pull import DocumentsPull
from broker.shipping.fork_note import write_fork
from broker.shipping.known_across import KnownAcross
from broker.shipping.membership import Membership, read_membership, write_membership
from broker.shipping.shipper import ForkedError, Shipper
from broker.shipping.site_report import Reporter
from broker.shipping.way_up import WayUp
from broker.site_key.key import FILE_NAME as SITE_KEY
from broker.site_key.key import make_key
from broker.site_key.signing import FILE_NAME as SIGNING_KEY
from broker.site_key.signing import make_signer
from shared import VERSION
from shared.clock import now
from shared.command_line import Terminal
from shared.config import read_config
from shared.errors import OperatorError
from shared.log import start_logging
from shared.stop import told_to_stop
from shared.words import Sentence


def main(words: list[str], terminal: Terminal) -> int:
    """Send the journal up until told to stop, or join a head office.

    Raises:
        OperatorError: there is no head office, or it does not take the code.
    """
    parser = terminal.parser("yingbin ship", "help.ship")
    say = terminal.say
    parser.add_argument(
        "--config", type=Path, required=True, metavar="FILE", help=say("help.hub_config")
    )
    parser.add_argument("--join", metavar="URL", help=say("help.ship_join"))
    parser.add_argument("--code", metavar="CODE", default="", help=say("help.ship_code"))
    parser.add_argument("--ca", metavar="FILE", default="", help=say("help.ship_ca"))
    asked = parser.parse_args(words)
    folder, settings = asked.config.parent, read_config(HubSettings, asked.config)
    if asked.join:
        return _join(
            folder,
            Membership(url=asked.join, site="", token=asked.code, ca_file=asked.ca),
            terminal,
        )
    member = read_membership(folder)
    if member is None:
        raise OperatorError("error.no_head_office", path=folder)
    start_logging()
    return _ship(folder, Path(settings.data_dir), member)


def _join(folder: Path, wanted: Membership, terminal: Terminal) -> int:
    signer = make_signer(folder / SIGNING_KEY)
    way = WayUp(wanted.url, wanted.ca_file)
    key = make_key(folder / SITE_KEY)
    joining = Joining(
        code=wanted.token, public_key=signer.public, recipient=key.recipient, version=VERSION
    )
    try:
        joined = way.join(joining)
    except OSError as error:
        raise OperatorError("error.join", url=wanted.url, problem=error) from error
    finally:
        way.close()
    member = Membership(
        url=wanted.url,
        site=joined.site,
        token=joined.token,
        documents_key=joined.documents_key,
        ca_file=wanted.ca_file,
    )
    path = write_membership(folder, member)
    terminal.tell(Sentence("ship.joined", site=joined.site, path=path))
    return 0


def _ship(folder: Path, data: Path, member: Membership) -> int:
    ended, way = told_to_stop(), WayUp.of(member)
    signer, key = make_signer(folder / SIGNING_KEY), folder / SITE_KEY
    shipper = Shipper(data / HUB_FILE, member.site, way, signer, random.random)
    documents = DocumentsPull(data, member, way, lambda asked: ask(data, asked), key)
    beside = (
        documents,
        Reporter(data, member.site, way, now, documents.refused),
        KnownAcross(data, member, way, key, now),
    )
    try:
        while not ended.wait(shipper.step()):
            for each in beside:
                each.step(time.monotonic())
    except ForkedError as fork:
        write_fork(data, fork.epoch)
        return 1
    finally:
        way.close()
    return 0
