"""An event day with two times and three guests, and what its page counts."""

import re

OPEN_DAY = {
    "name": "开放日",
    "on": "2026-11-23",
    "times": "14:00 15:00",
    "minutes": "60",
    "places": "2",
}
GUESTS = "周女士 13900000001\n万总 13900000002\n钱女士 13900000003"
PAGE = "/events/2026-11-23?name=开放日"


def counted(page: str) -> tuple[str, ...]:
    """Invited, came, did not come."""
    found = re.search(r"邀请 (\d+) · 到场 (\d+) · 未到 (\d+)", page)
    assert found
    return found.groups()
