"""The settings of a site, as `yingbin setup` writes them, on ports that nobody uses."""

from pathlib import Path

import broker
from broker.launch.setup import Plan, Ports, set_up
from tests.fakes import SITE
from tests.servers import free_ports

EXAMPLE = Path(broker.__file__).parent / "site.example.toml"


def give_people(config: Path) -> None:
    """Put the example's people into the folder of a site that shall be set up."""
    config.mkdir(mode=0o750, parents=True, exist_ok=True)
    (config / "site.toml").write_bytes(EXAMPLE.read_bytes())
    (config / "site.toml").chmod(0o600)


def set_up_in(root: Path) -> Path:
    """The folder of the settings; the data shall lie beside it."""
    plan = Plan(
        site=SITE,
        site_name="西湖壹号",
        config=root / "config",
        state=root / "state",
        ports=Ports(free_ports(1)[0]),
        host="127.0.0.1",
        camera=None,
    )
    give_people(plan.config)
    set_up(plan, None)
    return plan.config
