"""Where a site lies on this machine: its settings and the hub's folder."""

from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from pathlib import Path

from broker.certificates.keeping import FOLDER as CERTIFICATES
from broker.settings import HubSettings
from broker.site_key.key import FILE_NAME
from shared.command_line import Terminal
from shared.config import read_config

KEPT_BESIDES = {
    "pictures": "*",
    "gate": "areas.json",
    "as_written": "*.toml",
    CERTIFICATES: "*",
}
"""Which files are kept of the folders besides the hub's and the settings'."""
USUAL_CONFIG = Path("/etc/yingbin/hub.toml")


@dataclass(frozen=True, slots=True)
class SiteFolders:
    """A site's folders."""

    config: Path
    """The folder of the settings files."""
    hub: Path
    """The folder of the hub's file."""

    @property
    def key(self) -> Path:
        """The file of the site's key."""
        return self.config / FILE_NAME

    @property
    def besides(self) -> dict[str, Path]:
        """Where else a site's files lie, by their folder in a backup; see ``KEPT_BESIDES``.

        The pictures of staff, the areas that a technician drew for a gate, the settings as they
        were last written, by which hand edits are known, and the certificates that phones trust.
        """
        state = self.hub.parent
        return {
            "pictures": state / "pictures",
            "gate": state / "gate",
            "as_written": self.config / "as_written",
            CERTIFICATES: self.config / CERTIFICATES,
        }


def place_parser(terminal: Terminal, command: str, explained: str) -> ArgumentParser:
    """A parser for commands on a site that need its key; see ``site_parser``."""
    parser = site_parser(terminal, command, explained)
    parser.add_argument("--key", type=Path, metavar="FILE", help=terminal.say("help.key"))
    return parser


def site_parser(terminal: Terminal, command: str, explained: str) -> ArgumentParser:
    """A parser for commands on a site, which may not be there yet; see ``config_of``."""
    parser = terminal.parser(command, explained)
    which = parser.add_mutually_exclusive_group()
    of_config, of_data = terminal.say("help.hub_config"), terminal.say("help.hub_data")
    which.add_argument("--config", type=Path, metavar="FILE", help=of_config, default=USUAL_CONFIG)
    which.add_argument("--data", type=Path, metavar="DIR", help=of_data)
    return parser


def config_of(asked: Namespace) -> Path:
    """The ``hub.toml`` that was asked for; with ``--data`` the one of ``yingbin up``."""
    return asked.data / "config" / "hub.toml" if asked.data else Path(asked.config)


def place_in(settings: HubSettings, asked: Namespace) -> SiteFolders:
    """Where the site of these settings lies; the folder ``--data`` may have been moved since."""
    hub = asked.data / "hub" if asked.data else Path(settings.data_dir)
    return SiteFolders(config_of(asked).parent, hub)


def settings_of(asked: Namespace) -> HubSettings:
    """The site's settings.

    Raises:
        OperatorError: there are none, or they are wrong.
    """
    return read_config(HubSettings, config_of(asked))
