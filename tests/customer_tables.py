"""Tables of customers as an office keeps them."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from shared.clock import now

TITLES = ["置业顾问", "接待日期", "姓名", "手机号", "车牌号"]
DAY = (now() - timedelta(days=2)).astimezone(ZoneInfo("Asia/Shanghai")).date().isoformat()
"""Two days ago, so that whoever was received then is protected."""


def csv_of(*rows: list[str]) -> str:
    """The table as text, with its titles."""
    return "\r\n".join(",".join(row) for row in (TITLES, *rows)) + "\r\n"
