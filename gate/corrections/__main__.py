"""Which characters does the reader take for which? ``python -m gate.corrections --data DIR``."""

import sys
from pathlib import Path

from gate.corrections.confusions import MISSING, Corrected, Day, by_day, together
from gate.corrections.kept import copy_kept, erase_kept, read_kept
from gate.vendors.read import CHINA
from shared.command_line import Terminal, terminal_of
from shared.errors import OperatorError
from shared.privacy import mask_plate
from shared.words import read_words


def main(argv: list[str]) -> int:
    """List what people corrected at a gate, day by day, copy or erase it; 1: it cannot be read."""
    terminal, typed = terminal_of(argv)
    parser = terminal.parser("python -m gate.corrections", "help.corrections")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="data_dir")
    erase = terminal.say("help.corrections_erase")
    parser.add_argument("--erase", action="store_true", help=erase)
    copy = terminal.say("help.corrections_copy")
    parser.add_argument("--copy", type=Path, metavar="DIR", help=copy)
    asked = parser.parse_args(typed)
    try:
        if asked.copy:
            count = copy_kept(asked.data, asked.copy)
            terminal.tell(_say(terminal, "corrections.copied", count=count, path=asked.copy))
        elif asked.erase:
            terminal.tell(_say(terminal, "corrections.erased", count=erase_kept(asked.data)))
        else:
            _report(terminal, asked.data)
    except OperatorError as error:
        terminal.warn(error.sentence)
        return 1
    return 0


def _report(terminal: Terminal, folder: Path) -> None:
    """Each day, then all together, then each plate, masked."""
    kept = read_kept(folder)
    if not kept:
        terminal.tell(_say(terminal, "corrections.none"))
        return
    days = by_day(
        Corrected(each.read, each.plate, each.seen_at.astimezone(CHINA).date()) for each in kept
    )
    for on, day in days.items():
        _tell(terminal, on.isoformat(), day)
    _tell(terminal, _say(terminal, "corrections.together"), together(days.values()))
    for each in kept:
        seen = each.seen_at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")
        terminal.tell(f"{seen}  {mask_plate(each.read)} → {mask_plate(each.plate)}")


def _tell(terminal: Terminal, name: str, day: Day) -> None:
    counts = {"corrected": day.corrected, "confirmed": day.confirmed, "others": day.others}
    terminal.tell(f"{name}  {_say(terminal, 'corrections.counts', **counts)}")
    for (true, taken), count in sorted(day.confused.items(), key=lambda pair: (-pair[1], pair[0])):
        terminal.tell(f"    {_confused(terminal, true, taken, count)}")


def _confused(terminal: Terminal, true: str, taken: str, count: int) -> str:
    if taken == MISSING:
        return _say(terminal, "corrections.overlooked", true=true, count=count)
    if true == MISSING:
        return _say(terminal, "corrections.added", taken=taken, count=count)
    return _say(terminal, "corrections.confused", true=true, taken=taken, count=count)


def _say(terminal: Terminal, key: str, **values: object) -> str:
    return read_words("gate").say(key, terminal.language, **values)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
