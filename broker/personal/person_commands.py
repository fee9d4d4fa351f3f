"""``yingbin person``: everything that is done about one person, of the staff or a visitor."""

from broker.personal import leaves_command, person_command, sign_out_command
from shared.command_line import Terminal

_OF_STAFF = {"leaves": leaves_command.main, "sign-out": sign_out_command.main}


def main(words: list[str], terminal: Terminal) -> int:
    """Do what ``words`` ask for.

    Raises:
        OperatorError: no hub is running, or it refuses.
    """
    of_staff = _OF_STAFF.get(words[0]) if words else None
    return of_staff(words[1:], terminal) if of_staff else person_command.main(words, terminal)
