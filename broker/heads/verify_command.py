"""``yingbin verify``: the journal against itself, the register, and heads from outside."""

from argparse import Namespace
from pathlib import Path

from broker.heads.signed_now import config_folder
from broker.journal.outside_heads import compare_heads
from broker.journal.public_chain import check_public, write_public
from broker.journal.signed_head import SignedHead, heads_in
from broker.journal.verify import verify
from broker.settings import hub_file, hub_parser
from broker.site_key.signing import FILE_NAME, make_signer
from broker.store.rebuilt import compare
from shared.command_line import Terminal
from shared.errors import OperatorError


def main(words: list[str], terminal: Terminal) -> int:
    """Check the hub's file; 1 if something is wrong.

    Raises:
        OperatorError: there is no such file, or no head or key in what was given.
    """
    parser = hub_parser(terminal, "yingbin verify", "help.verify", elsewhere="help.chain")
    head, key = terminal.say("help.verify_head"), terminal.say("help.verify_key")
    parser.add_argument("--head", metavar="FILE|TEXT", help=head)
    parser.add_argument("--head-key", metavar="KEY", help=key)
    public = terminal.say("help.verify_public")
    parser.add_argument("--public", metavar="FILE", type=Path, help=public)
    asked = parser.parse_args(words)
    if asked.chain:
        return _check_chain(asked, terminal)
    file = hub_file(config=asked.config, data=asked.data)
    heads = _heads(asked.head) if asked.head else []
    status = verify(file, terminal.tell) | compare(file, terminal.tell)
    if heads:
        folder = config_folder(config=asked.config, data=asked.data)
        own = asked.head_key or _own_key(folder / FILE_NAME)
        status |= compare_heads(file, heads, own, terminal.tell)
    if asked.public:
        status |= write_public(file, asked.public, terminal.tell)
    return status


def _check_chain(asked: Namespace, terminal: Terminal) -> int:
    """Check a chain that left another house; here is no hub, so the key must be given."""
    if asked.head and not asked.head_key:
        raise OperatorError("error.head_key_not_given")
    heads = _heads(asked.head) if asked.head else []
    return check_public(asked.chain, heads, asked.head_key or "", terminal.tell)


def _heads(given: str) -> list[SignedHead]:
    """What stands in a file of this name, else in the text itself."""
    try:
        text = Path(given).read_text(encoding="utf-8", errors="replace")
    except (OSError, ValueError):  # a text is too long for a name, or no such file
        text = given
    if not (found := heads_in(text)):
        raise OperatorError("error.no_head", given=given[:80])
    return found


def _own_key(path: Path) -> str:
    """The public key of this site; nothing is made by looking."""
    if not path.exists():
        raise OperatorError("error.head_key_missing", path=path)
    return make_signer(path).public
