"""What a kiosk must be told: the keys of ``kiosk.toml``, explained in ``kiosk.example.toml``."""

from typing import Annotated

from msgspec import Meta

from shared.config import MqttSettings, TlsSettings
from shared.messages import Drink, NodeId, Text
from shared.plate import PROVINCES

Port = Annotated[int, Meta(ge=1, le=65535)]
Seconds = Annotated[int, Meta(ge=1, le=3600)]
Pin = Annotated[str, Meta(pattern=r"^\d{4,12}$")]
Secret = Annotated[str, Meta(min_length=16)]
Token = Annotated[str, Meta(pattern=r"^[0-9A-Za-z_-]{16,}$")]
Province = Annotated[str, Meta(pattern=f"^[{PROVINCES}]$")]


class OwnDrink(Drink, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A drink that only this tablet offers."""


class KioskSettings(TlsSettings, kw_only=True, frozen=True):
    """One kiosk: a tablet's pages and where its check-ins go."""

    site: NodeId
    kiosk_id: NodeId
    data_dir: str
    site_name: Text
    listen_host: str = "0.0.0.0"  # tablets on the site's own network reach us
    listen_port: Port = 8080
    is_https: bool = False
    """A proxy before us speaks TLS: the cookie then travels only that way."""
    pin: Pin
    secret_key: Secret
    enrol_token: Token | None = None
    """None: a tablet is let in by the PIN alone."""
    enrols_once: bool = True
    """The link with the token lets in one tablet; the next needs the PIN, or a new token."""
    company: Text | None = None
    privacy_contact: Text | None = None
    kept_for_years: Annotated[int, Meta(ge=1, le=10)] = 2
    pictures_dir: str | None = None
    """None: consultants show as the first character of their name."""
    has_printer: bool = False
    """The tablet's browser can print: service visitors may take their number on paper."""
    drinks: tuple[OwnDrink, ...] = ()
    """Where the hub names none; empty: the usual ones."""
    province: Province | None = None
    """The first key of the plate's keyboard; None: where most of the cars are from that came."""
    number_prefix: Annotated[str, Meta(pattern=r"^[A-Z]?$")] = ""
    """Before each visitor's number, where a site has several tablets."""
    visitor_page_url: Annotated[str, Meta(pattern=r"^https?://[^\s/]+$")] | None = None
    """Where visitors reach the hub's pages; None: no QR code, they ask at the front desk."""
    own_phone_url: Annotated[str, Meta(pattern=r"^https?://[^\s/]+$")] | None = None
    """Where visitors' phones reach this kiosk; None: they check in at the tablet only."""
    shows_own_phone: bool = True
    """The welcome page and the wall's hall scene show the code for it."""
    wifi_name: Text | None = None
    """The hall's Wi-Fi for visitors; None: the pages say only that one has to be in it."""
    idle_warning_s: Seconds = 20
    idle_reset_s: Seconds = 30
    answer_within_s: Seconds = 3
    return_after_s: Seconds = 180
    give_up_after_s: Seconds = 180
    mqtt: MqttSettings

    def __post_init__(self) -> None:
        """The warning must come before what it warns of."""
        if self.idle_warning_s >= self.idle_reset_s:
            raise ValueError("`idle_warning_s` must be less than `idle_reset_s`")
