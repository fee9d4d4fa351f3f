"""The demo's site: invented people, and customers who were received a few days ago."""

from datetime import datetime, timedelta

from broker.launch.web_secrets import new_pin

_PEOPLE = (
    ("li", "李敏", ("consultant",), "a"),
    ("wang", "王强", ("consultant",), "a"),
    ("zhao", "赵磊", ("consultant",), "b"),
    ("menwei", "老周", ("gate",), None),
    ("tingche", "小吴", ("parking",), None),
    ("damen", "小林", ("door",), None),
    ("shuiba", "小许", ("bar",), None),
    ("yangban", "小沈", ("showflat",), None),
    ("dianping", "老韩", ("cart",), None),
    ("chen", "陈经理", ("manager", "steward"), None),
)
_CUSTOMERS = (
    ("wang", "张", "女士", "13800138000", "浙A88888"),
    ("li", "陈", "先生", "13900139000", "浙AD12345"),
    ("zhao", "周", "女士", "13700137000", "浙A12345"),
)
"""Customers whose plates are in the demo's pictures."""
POLICY = """open = "00:00"  # somebody tries the demo at any hour
close = "24:00"
[[duties]]
key = "tidy"
post = "door"
text = "环境检查：门厅、洽谈区整洁"
times = "08:00"
late = "run_late"

[[duties]]
key = "cart_check"
post = "cart"
text = "电瓶车车况检查"
times = "08:10"
late = "run_late"

[[duties]]
key = "patrol"
post = "gate"
text = "巡逻"
times = "open-close/60"
late = "skip"

[[duties]]
key = "cleaning"
post = "showflat"
text = "清洁消毒"
times = "18:35"
within_minutes = 30

[[duties]]
key = "charging"
post = "cart"
text = "电瓶车充电"
times = "18:40"
within_minutes = 30
"""
"""The demo's house rules."""
RECEIVED_AGO = timedelta(days=3)


def site_toml(moment: datetime) -> str:
    """The demo's ``site.toml`` at ``moment``, with fresh PINs."""
    order = ", ".join(f'"{person[0]}"' for person in _PEOPLE if "consultant" in person[2])
    return "\n".join([f"order = [{order}]", *map(_person, _PEOPLE), _customers(moment)])


def _person(row: tuple[str, str, tuple[str, ...], str | None]) -> str:
    staff_id, name, roles, team = row
    quoted = ", ".join(f'"{role}"' for role in roles)
    lines = ["", "[[staff]]", f'id = "{staff_id}"', f'name = "{name}"', f"roles = [{quoted}]"]
    lines += [f'pin = "{new_pin()}"']
    return "\n".join(lines + ([f'team = "{team}"'] if team else [])) + "\n"


def _customers(moment: datetime) -> str:
    at = (moment - RECEIVED_AGO).isoformat(timespec="seconds")
    return "\n".join(
        f'\n[[registered]]\nconsultant = "{consultant}"\nat = {at}\nsurname = "{surname}"\n'
        f'salutation = "{salutation}"\nphone = "{phone}"\nplates = ["{plate}"]\n'
        for consultant, surname, salutation, phone, plate in _CUSTOMERS
    )
