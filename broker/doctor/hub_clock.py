"""Whether the hub goes by this machine's clock: its check, and ``yingbin clock``."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from broker.doctor.finding import Finding, wrong
from broker.doctor.patient import Patient
from broker.local.local_socket import ask
from broker.local.questions import ClockConfirmed
from broker.settings import hub_file, hub_parser
from broker.site_clock.clock_file import FILE_NAME, read_kept
from broker.site_clock.reckoning import SMALL_S
from shared.clock import boot_mark, now, running_s
from shared.command_line import Terminal
from shared.errors import OperatorError
from shared.ids import new_id
from shared.words import Sentence


def hub_clock(patient: Patient) -> Iterator[Finding]:
    """The hub goes by this machine's clock."""
    shown, ours = patient.clock(), hub_s_time(patient.database)
    if ours is not None and _is_refused(shown, ours):
        yield wrong("hub_clock_refused", shown=_said(shown), ours=_said(ours))


def hub_s_time(folder: Path) -> datetime | None:
    """The time that the hub in ``folder`` goes by; None: it has not run since the machine began."""
    kept = read_kept(folder / FILE_NAME)
    moment_s = running_s()
    if kept is None or not kept.goes_on(boot_mark(), moment_s):
        return None
    return kept.held().time(moment_s)


def main(words: list[str], terminal: Terminal) -> int:
    """Tell the hub's time, and with ``confirm`` that this machine's clock is right.

    Raises:
        OperatorError: no hub is running, or it refuses.
    """
    parser = hub_parser(terminal, "yingbin clock", "help.clock")
    explained = terminal.say("help.clock_confirm")
    parser.add_argument("what", nargs="?", choices=["confirm"], help=explained)
    asked = parser.parse_args(words)
    folder = hub_file(config=asked.config, data=asked.data).parent
    shown, ours = now(), hub_s_time(folder)
    if asked.what == "confirm":
        ask(folder, ClockConfirmed(request_id=new_id(), shown=shown))
        terminal.tell(Sentence("clock.confirmed", shown=_said(shown)))
        return 0
    if ours is None:
        raise OperatorError("clock.unknown", path=folder / FILE_NAME)
    is_refused = _is_refused(shown, ours)
    key = "clock.refused" if is_refused else "clock.right"
    terminal.tell(Sentence(key, shown=_said(shown), ours=_said(ours)))
    return int(is_refused)


def _is_refused(shown: datetime, ours: datetime) -> bool:
    return abs((shown - ours).total_seconds()) > SMALL_S


def _said(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M:%S}"
