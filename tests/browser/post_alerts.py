"""What calls each post, as the hub would say it. People and plates are invented."""

from typing import Any

from shared.messages import Alert, Level
from tests.browser.handheld_rig import alert

POSTS: dict[str, dict[str, Any]] = {
    "gate": {
        "role": "gate",
        "title": "请核对车牌",
        "plate": "浙A8888B",
        "text": "疑似 浙A8888B 到访，请核对",
        "actions": ("claim", "correct", "no_plate"),
        "arrival_id": "car-2",
        "candidates": ("浙A88888", "浙A8888B", "浙A888B8"),
    },
    "parking": {
        "role": "parking",
        "title": "车辆到访",
        "text": "浙A88888 到访，请引导停车",
        "visitor": "张女士",
        "party_size": 2,
        "place": "北门",
        "actions": ("claim", "greeted"),
    },
    "door": {
        "role": "door",
        "title": "客户到访",
        "plate": None,
        "text": "请迎接，李敏接待",
        "visitor": "张女士",
        "party_size": 2,
        "place": "停车场",
        "visitor_number": "A12",
        "actions": ("claim", "greeted"),
    },
    "consultant": {
        "level": Level.URGENT,
        "title": "请接待",
        "text": "浙A88888 已登记，请到大厅接待",
        "visitor": "张女士",
        "party_size": 2,
        "place": "大厅",
        "visitor_number": "A12",
        "instead_of": "王强",
        "repeat": 1,
        "actions": ("stand_in", "pass_on"),
    },
    "steward": {
        "role": "steward",
        "title": "贵宾到访",
        "plate": "沪A88888",
        "text": "沪A88888 陈总到访，A 级，请到位",
        "visitor": "陈总",
        "party_size": 4,
        "actions": ("claim",),
    },
    "bar": {
        "role": "bar",
        "title": "饮品",
        "plate": None,
        "text": "绿茶 ×2，咖啡 ×1",
        "visitor": "张女士",
        "party_size": 3,
        "place": "洽谈区 3 座",
        "actions": ("claim", "served"),
    },
    "showflat": {
        "role": "showflat",
        "title": "样板房参观",
        "plate": None,
        "text": "张女士来参观样板房，请做好准备",
        "visitor": "张女士",
        "party_size": 3,
        "actions": ("claim", "arrived", "left"),
    },
    "cart": {
        "role": "cart",
        "title": "电瓶车接客",
        "plate": None,
        "text": "请到售楼处门口接客",
        "visitor": "张女士",
        "party_size": 3,
        "place": "售楼处门口",
        "actions": ("claim", "arrived", "left"),
    },
    "manager": {
        "role": "manager",
        "level": Level.URGENT,
        "title": "无人接待",
        "text": "浙A88888 已等 40 秒，李敏、赵磊均未应答",
        "visitor": "张女士",
        "party_size": 2,
        "place": "大厅",
        "visitor_number": "A12",
        "instead_of": "赵磊",
        "actions": ("claim",),
    },
}
"""By post."""


def post_alert(role: str, staff_id: str, **changes: Any) -> Alert:
    """The alert for this post; without a role in ``POSTS`` it is for ``staff_id`` alone."""
    fields = POSTS[role] | changes
    return alert(**fields) if "role" in fields else alert(staff_id=staff_id, **fields)
