"""``yingbin head``: the journal's end, signed, and ``--send``: out of the house, once a day."""

import io
from contextlib import closing
from datetime import date
from pathlib import Path

import segno

from broker.heads.ledger import Ledger, read_ledger, write_ledger
from broker.heads.signed_now import config_folder, signed_head
from broker.heads.ways import ways_of
from broker.journal.entries import open_read_only
from broker.journal.signed_head import SignedHead, heads_in
from broker.rules.policy import Policy
from broker.settings import HubSettings, hub_file, hub_parser
from broker.site_key.signing import FILE_NAME, make_signer
from shared.clock import now
from shared.command_line import Terminal
from shared.config import read_config
from shared.errors import OperatorError, sentence_of
from shared.words import Sentence


def main(words: list[str], terminal: Terminal) -> int:
    """Tell the head, or send it; 1 if it did not leave on one of the ways.

    Raises:
        OperatorError: there is no hub's file, it is empty, or there is no key.
    """
    parser = hub_parser(terminal, "yingbin head", "help.head")
    parser.add_argument("--send", action="store_true", help=terminal.say("help.head_send"))
    on = terminal.say("help.head_on")
    parser.add_argument("--on", type=date.fromisoformat, metavar="DAY", help=on)
    asked = parser.parse_args(words)
    path = hub_file(config=asked.config, data=asked.data)
    folder = config_folder(config=asked.config, data=asked.data)
    settings = read_config(HubSettings, asked.config or folder / "hub.toml")
    day = asked.on or _today(Policy(timezone=settings.time_zone))
    if asked.send:
        return _send(path, folder, settings, day, terminal)
    head = _signed(path, folder, settings, day)
    terminal.tell(head.text)
    terminal.tell(_code(head))
    terminal.tell(Sentence("head.keep"))
    return 0


def _today(policy: Policy) -> date:
    return policy.local(now()).date()


def _signed(path: Path, folder: Path, settings: HubSettings, day: date) -> SignedHead:
    signer = make_signer(folder / FILE_NAME)
    with closing(open_read_only(path)) as db:
        head = signed_head(db, settings.site, day.isoformat(), signer)
    if head is None:
        raise OperatorError("error.head_empty", path=path)
    return head


def _send(path: Path, folder: Path, settings: HubSettings, day: date, terminal: Terminal) -> int:
    """Bring the day's head out on every way that it has not left by yet."""
    kept = read_ledger(path.parent)
    if kept.on != day.isoformat() or not heads_in(kept.text):
        head = _signed(path, folder, settings, day)
        kept = Ledger(on=head.on, seq=head.seq, text=head.text)
    (head,) = heads_in(kept.text)
    left, failed = set(kept.left), {}
    for name, way in ways_of(settings).items():
        if name in left:
            continue
        try:
            way(head)
        except (OSError, OperatorError) as error:
            failed[name] = sentence_of(error) or type(error).__name__
            terminal.warn(Sentence("head.failed", way=name, problem=failed[name]))
        else:
            left.add(name)
            terminal.tell(Sentence("head.left", way=name, on=head.on, seq=head.seq))
    sent = Ledger(on=head.on, seq=head.seq, text=head.text, left=tuple(sorted(left)), failed=failed)
    if sent != read_ledger(path.parent):
        write_ledger(path.parent, sent)
    return int(bool(failed))


def _code(head: SignedHead) -> str:
    drawn = io.StringIO()
    segno.make(head.text, error="l").terminal(out=drawn, compact=True)
    return drawn.getvalue()
