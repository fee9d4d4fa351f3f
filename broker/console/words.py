"""The sales office's words for what the console shows. Pure."""

from broker.console.site_view import VisitState
from shared.messages import Level, NodeKind

ROLE_WORDS = {
    "gate": "门岗",
    "parking": "停车场礼宾",
    "door": "大门迎宾",
    "consultant": "置业顾问",
    "steward": "客户管家",
    "bar": "水吧",
    "showflat": "样板房管家",
    "cart": "电瓶车",
    "manager": "案场管理岗",
    "maintenance": "维修",
}
"""The posts (岗位) of the house rules."""

STATE_WORDS = {
    VisitState.ARRIVED: "已到场",
    VisitState.WAITING: "等待接待",
    VisitState.CALLED: "已通知",
    VisitState.SERVING: "接待中",
    VisitState.FINISHED: "已离场",
}

KIND_WORDS = {
    NodeKind.GATE: "道闸",
    NodeKind.KIOSK: "登记台",
    NodeKind.STAFF: "手机",
    NodeKind.HUB: "中枢",
}

LEVEL_WORDS = {Level.INFO: "通知", Level.NORMAL: "提醒", Level.URGENT: "紧急"}

PROBLEM_WORDS = {
    "camera_offline": "摄像头离线",
    "camera_frozen": "画面静止",
    "camera_black": "画面全黑",
    "camera_over_exposed": "画面过曝",
    "sound_off": "未开始值守",
}
"""``NodeStatus.problem``; another is shown as it came."""


def role_words(roles: tuple[str, ...]) -> str:
    """``置业顾问、案场管理岗``."""
    return "、".join(ROLE_WORDS.get(role, role) for role in roles)


def problem_words(problem: str | None) -> str:
    """What is wrong with a node, in words; empty for nothing."""
    return PROBLEM_WORDS.get(problem, problem) if problem else ""
