"""The broker's programs: ``hub``, ``mqtt``, and the embedded MQTT server, a child of ``mqtt``."""

import os
import sys
from pathlib import Path

from shared.command_line import terminal_of
from shared.errors import OperatorError
from shared.log import BYTES_A_DAY, start_logging

LOG_BYTES_A_DAY = {"hub": 10_000_000}
"""The hub tells what becomes of each visitor: a busy day is 7 MB."""


def main(argv: list[str]) -> int:
    """Run a program until it is told to stop."""
    terminal, words = terminal_of(argv)
    parser = terminal.parser("yingbin", "help.broker")
    parser.add_argument("program", choices=["hub", "mqtt", "mqtt-embedded"])
    parser.add_argument("--config", type=Path, required=True, metavar="FILE")
    asked = parser.parse_args(words)
    start_logging(bytes_a_day=LOG_BYTES_A_DAY.get(asked.program, BYTES_A_DAY))
    try:
        return _run(asked.program, asked.config)
    except OperatorError as error:
        terminal.warn(error.sentence)
        return 2


def _run(program: str, config: Path) -> int:
    # Imported here, because the MQTT server needs neither Flask nor the rules.
    if program == "hub":
        # We read names character by character, so pypinyin's 40 MB of phrases are not needed.
        os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")  # noqa: TID251 - its only switch
        from broker.hub.program import run

        return run(config)
    from broker.mqtt_server import run as mqtt_server

    return mqtt_server.run(config) if program == "mqtt" else mqtt_server.serve_embedded(config)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
