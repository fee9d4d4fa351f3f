"""Who came to the demo's site in its last days. All invented."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoVisitor:
    """Somebody new, and what their host learnt of them."""

    surname: str
    salutation: str
    phone: str
    plate: str | None
    party_size: int
    purpose: str
    area: str
    budget: str
    source: str
    note: str


_TABLE = """
3 孙 先生 13600000011 浙A31000 2 own_use    middle usual     friend  要南向，近学校
3 钱 女士 13600000012 -       1 parents    small  low       passing 低楼层，电梯要大
3 吴 先生 13600000013 浙A52000 3 upgrade    large  high      online  三代同住
1 郑 女士 13600000014 沪B10002 2 own_use    middle usual     wechat  先看样板间
1 冯 先生 13600000015 -       2 investment small  usual     advert  问交房时间
1 褚 女士 13600000016 浙A73000 4 own_use    large  high      owner   邻居介绍
0 卫 先生 13600000017 浙A84000 2 upgrade    middle usual     friend  周末再带家人来
0 蒋 女士 13600000018 -       1 own_use    small  low       passing 首付多少
0 沈 先生 13600000019 苏E95000 2 business   large  very_high online  要两个车位
"""
"""The first column: how many days ago. On each day one for each consultant of the demo."""


def _read(fields: list[str]) -> DemoVisitor:
    surname, salutation, phone, plate, party_size, *wished = fields
    car = None if plate == "-" else plate
    return DemoVisitor(surname, salutation, phone, car, int(party_size), *wished)


_ROWS = [line.split() for line in _TABLE.strip().splitlines()]
VISITORS: Mapping[int, tuple[DemoVisitor, ...]] = {
    days_ago: tuple(_read(fields) for ago, *fields in _ROWS if int(ago) == days_ago)
    for days_ago in (3, 1, 0)
}
"""By how many days ago, the earliest first."""
CASES = (
    ("repair", "大厅北侧第二盏灯不亮", "大厅"),
    ("feedback", "样板间的插座很方便，灯光有点暗", "样板间"),
)
COURIER = ("赵师傅", "前台")
ENQUIRER = ("韩", "女士")
