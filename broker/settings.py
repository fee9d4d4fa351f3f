"""The hub's settings: ``hub.toml``."""

from shared.config import MqttSettings, Settings
from shared.messages import NodeId


class HubSettings(Settings, frozen=True, kw_only=True):
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
    time_zone: str = "Asia/Shanghai"
    protection_days: int = 15
    is_demo: bool = False
    mqtt: MqttSettings
