"""``yingbin mqtt`` with one more account, ``watcher``, which hears what nobody may hear.

With it a test sees what was published to topics that no account may read.
"""

import sys
from pathlib import Path

from broker.mqtt_server import accounts
from broker.mqtt_server.accounts import Access, Account
from shared.log import start_logging

WATCHER = "watcher"
_filters = accounts.filters


def filters(account: Account, access: Access, *, site: str) -> list[str]:
    """The product's filters; everything for the watcher."""
    if account.username == WATCHER:
        return ["#", "$SYS/#"] if access is Access.READ else []
    return _filters(account, access, site=site)


def main(config: Path) -> int:
    """Serve until SIGTERM."""
    accounts.filters = filters
    from broker.mqtt_server import run
    from shared.config import read_config

    start_logging()
    settings = read_config(run.MqttServerSettings, config)
    is_embedded = settings.engine is run.Engine.EMBEDDED
    return run.serve_embedded(config) if is_embedded else run.run(config)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[sys.argv.index("--config") + 1])))
