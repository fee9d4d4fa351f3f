"""The settings of a site, as `yingbin setup` writes them, on ports that nobody uses."""

from pathlib import Path

from broker.launch.setup import Plan, Ports, set_up
from tests.fakes import SITE
from tests.servers import free_ports


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
    set_up(plan, None)
    return plan.config
