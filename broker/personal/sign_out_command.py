"""``yingbin person sign-out``: ends somebody's log-ins on all phones and desks."""

from broker.local.local_socket import ask
from broker.local.questions import PersonSignOut
from broker.settings import hub_file, hub_parser
from shared.clock import now
from shared.command_line import Terminal
from shared.ids import new_id
from shared.words import Sentence


def main(words: list[str], terminal: Terminal) -> int:
    """End the log-ins of this person.

    Raises:
        OperatorError: no hub is running, or nobody has this id.
    """
    parser = hub_parser(terminal, "yingbin person sign-out", "help.person_sign_out")
    parser.add_argument("staff_id", metavar="STAFF_ID", help=terminal.say("help.staff_id"))
    asked = parser.parse_args(words)
    folder = hub_file(config=asked.config, data=asked.data).parent
    ask(folder, PersonSignOut(request_id=new_id(), asked_at=now(), staff_id=asked.staff_id))
    terminal.tell(Sentence("sign_out.done", staff_id=asked.staff_id))
    return 0
