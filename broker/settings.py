"""The hub's settings: ``hub.toml``."""

import ipaddress
from argparse import ArgumentParser
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta
from msgspec.structs import replace

from broker.journal.entries import FILE_NAME
from broker.rules.advice import AdviceError
from broker.rules.policy import Policy
from broker.rules.retention import Retention
from shared.command_line import Terminal
from shared.config import MqttSettings, Settings, TlsSettings, read_config, read_what_fits
from shared.errors import BadValueError, ConfigError, OperatorError
from shared.messages import NodeId
from shared.words import Sentence


class HeadSettings(Settings, frozen=True, kw_only=True):
    """``[heads]``: where the journal's signed end goes each day, besides the backups' folder."""

    mail_to: tuple[str, ...] = ()
    mail_from: str | None = None
    """None: the user name at the mail server."""
    smtp_host: str = ""
    smtp_port: int = 465
    smtp_security: Literal["tls", "starttls", "none"] = "tls"
    smtp_username: str = ""
    smtp_password: str = ""
    webhook_url: str | None = None
    """Takes it as JSON by POST, as the group robots of WeCom and DingTalk do."""

    def __post_init__(self) -> None:
        """Refuse mail without a server or sender, and an address that is none.

        Raises:
            BadValueError: names the key.
        """
        super().__post_init__()
        needed = {"smtp_host": self.smtp_host, "mail_from": self.mail_from or self.smtp_username}
        for field, value in needed.items():
            if self.mail_to and not value:
                raise _refused(field, "error.heads_mail")
        if self.webhook_url and not self.webhook_url.startswith(("https://", "http://")):
            raise _refused("webhook_url", "error.heads_url")


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _refused(field: str, problem: str) -> BadValueError:
    return BadValueError("error.field", field=field, problem=Sentence(problem))


class HubSettings(TlsSettings, frozen=True, kw_only=True):
    """``hub.toml``; ``hub.example.toml`` explains each key."""

    site: NodeId
    site_name: str
    data_dir: str
    site_file: str
    accounts_file: str
    secret_key: str
    listen_host: str = "0.0.0.0"
    listen_port: int = 8080
    mqtt_ws_port: int = 1884
    mqtt_wss_port: int = 8884
    mqtts_port: int | None = None
    """The MQTT server's with TLS, for gates and kiosks that join; None: as ``setup`` has it."""
    time_zone: str = "Asia/Shanghai"
    protection_days: int = 15
    policy_file: str | None = None
    """The house rules that the site chose; None: the usual rules, with the values here."""
    staff_language: Literal["zh-CN", "en", "zh-TW"] = "zh-CN"
    """What alerts and notices are written and spoken in."""
    own_page_days: Annotated[int, Meta(ge=1)] | None = None
    """How long a visitor's QR code shows them their own data; None: as the policy says."""
    visits_kept_days: Annotated[int, Meta(ge=1)] | None = None
    """How long a visitor is kept after the last visit; None: as the policy says."""
    says_yao: bool = False
    """A voice says «幺» for the 1 of a plate, as on the radio."""
    pictures_dir: str | None = None
    """Where the brand's logo and welcome picture lie; None: the wall shows our own picture."""
    backup_dir: str | None = None
    """A folder on another disk, for a backup an hour; None: the hub makes none by itself."""
    is_demo: bool = False
    home_assistant: bool = False
    """Tell the building's automation who came (masked), how many wait, what is online."""
    wall_stamp: str = "1"
    """Part of every ticket for the page on the wall; changing it ends all tickets."""
    wall_shows_names: bool = False
    metrics_from: tuple[str, ...] = ()
    """Addresses and networks that may read ``/metrics``, besides this machine."""
    heads: HeadSettings = HeadSettings()
    mqtt: MqttSettings

    def __post_init__(self) -> None:
        """Refuse an address that is none.

        Raises:
            BadValueError: names the key.
        """
        super().__post_init__()
        if not all(map(_is_network, self.metrics_from)):
            raise _refused("metrics_from", "error.metrics_from")


def site_policy(settings: HubSettings) -> Policy:
    """The house rules of this site; ``policy.example.toml`` explains each value.

    Raises:
        OperatorError: the policy file is missing or has a wrong value; names file and line.
    """
    if settings.policy_file is not None:
        policy = read_config(Policy, Path(settings.policy_file))
        if policy.timezone != settings.time_zone:
            raise ConfigError(
                "error.time_zones",
                path=settings.policy_file,
                zone=policy.timezone,
                hub_zone=settings.time_zone,
            )
        return replace(policy, retention=_retention(policy.retention, settings))
    return Policy(
        timezone=settings.time_zone,
        protection_days=settings.protection_days,
        retention=_retention(Retention(), settings),
    )


def first_policy(settings: HubSettings) -> tuple[Policy, tuple[OperatorError, ...]]:
    """The house rules with which a new site begins, and what the files say that cannot be taken."""
    usual = Policy(timezone=settings.time_zone)
    if settings.policy_file is None:
        try:
            return site_policy(settings), ()
        except AdviceError as error:
            problem = OperatorError("error.field", field=error.key, problem=error.advice)
            return usual, (problem,)
    path = Path(settings.policy_file)
    policy, troubles = read_what_fits(Policy, path, {"timezone": settings.time_zone})
    if policy.timezone != settings.time_zone:
        zones = {"zone": policy.timezone, "hub_zone": settings.time_zone}
        troubles = (*troubles, ConfigError("error.time_zones", path=path, **zones))
        policy = replace(policy, timezone=settings.time_zone)
    return replace(policy, retention=_retention(policy.retention, settings)), troubles


def _retention(usual: Retention, settings: HubSettings) -> Retention:
    """The policy's, but for what an older site's ``hub.toml`` says."""
    chosen = {
        "own_pages_days": settings.own_page_days,
        "visits_days": settings.visits_kept_days,
        "registrations_days": settings.visits_kept_days,
    }
    return replace(usual, **{name: days for name, days in chosen.items() if days is not None})


def hub_file(*, config: Path | None, data: Path | None) -> Path:
    """The file of the hub with this ``hub.toml``, or of ``yingbin up --data``.

    Raises:
        OperatorError: there is none.
    """
    folder = Path(read_config(HubSettings, config).data_dir) if config else None
    path = (folder or (data or Path()) / "hub") / FILE_NAME
    if not path.is_file():
        raise OperatorError("error.hub_file", path=path)
    return path


def hub_parser(
    terminal: Terminal, command: str, explained: str, *, elsewhere: str | None = None
) -> ArgumentParser:
    """A parser for commands that read a hub's file: their options say which hub's.

    ``elsewhere``: the explanation of the option that names another file, where there is no hub:
    ``help.chain``.
    """
    parser = terminal.parser(command, explained)
    which = parser.add_mutually_exclusive_group(required=True)
    of_config, of_data = terminal.say("help.hub_config"), terminal.say("help.hub_data")
    which.add_argument("--config", type=Path, metavar="FILE", help=of_config)
    which.add_argument("--data", type=Path, metavar="DIR", help=of_data)
    if elsewhere:
        option = f"--{elsewhere.partition('.')[2]}"
        which.add_argument(option, type=Path, metavar="FILE", help=terminal.say(elsewhere))
    return parser
