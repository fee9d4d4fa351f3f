"""``yingbin restore``: a backup comes back without those who were erased since it was made."""

from broker.backup import backup_commands
from broker.personal.erasing_again import erase_again_in
from shared.command_line import Terminal


def restore(terminal: Terminal, words: list[str]) -> int:
    """Restore the backup that ``words`` name, and tell what it lacks.

    Raises:
        OperatorError: see ``backup_commands.restore``.
    """
    return backup_commands.restore(terminal, words, erase_again_in)
