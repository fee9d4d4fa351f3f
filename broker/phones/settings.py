"""Who is rung by a second channel, and when not: ``phones.toml``, beside the hub's settings."""

from datetime import time
from pathlib import Path
from typing import Annotated

from msgspec import Meta, field

from broker.console.channel_view import REPORTS
from shared.config import Settings, read_config
from shared.messages import NodeId

FILE_NAME = "phones.toml"
Span = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$(?!\n)")]
Address = Annotated[str, Meta(pattern=r"^[a-z0-9]+://[!-~]{1,400}$(?!\n)")]
Link = Annotated[str, Meta(pattern=r"^(https?://[!-~]{1,200})?$(?!\n)")]


class Channel(Settings, frozen=True, kw_only=True):
    """One person's second channel: an address as Apprise writes them."""

    url: Address
    quiet: tuple[Span, ...] = ()
    """When it says nothing, like ``21:00-08:00``; besides the quiet hours of everybody."""
    has_day_report: bool = False
    """Whether the day in numbers comes here too when the house closes: a manager's."""
    has_week_report: bool = False
    """The same on Sundays, of the week."""
    has_month_report: bool = False
    """The same on a month's last day, of the month."""

    @property
    def reports(self) -> tuple[str, ...]:
        """Which reports come here."""
        return tuple(name for name in REPORTS if getattr(self, f"has_{name}_report"))


class PhoneSettings(Settings, frozen=True, kw_only=True):
    """``phones.toml``; without the file nobody is rung by anything but the page."""

    link: Link = ""
    """Where a tap on the message leads: the address of the staff's page."""
    quiet: tuple[Span, ...] = ()
    people: dict[NodeId, Channel] = field(default_factory=dict)


def phone_settings(config: Path) -> PhoneSettings:
    """The settings in the folder ``config``; empty where there is no file.

    Raises:
        ConfigError: the file says something that cannot be.
    """
    path = config / FILE_NAME
    return read_config(PhoneSettings, path) if path.exists() else PhoneSettings()


def is_quiet(spans: tuple[str, ...], at: time) -> bool:
    """Whether ``at`` lies in one of these spans, which may go past midnight."""
    moment = at.strftime("%H:%M")
    return any(
        begins <= moment < ends if begins <= ends else moment >= begins or moment < ends
        for begins, _, ends in (span.partition("-") for span in spans)
    )
