"""How the programs log: one line for each event, to stderr, where journald picks it up."""

import logging
import sys


def start_logging(*, is_verbose: bool = False) -> None:
    """Send our log lines to stderr; call once, from ``__main__``."""
    logging.basicConfig(
        level=logging.DEBUG if is_verbose else logging.INFO,
        format="%(asctime)s %(levelname)-7s %(name)s: %(message)s",
        stream=sys.stderr,
    )
    for chatty in ("werkzeug", "waitress.queue"):
        logging.getLogger(chatty).setLevel(logging.ERROR)
