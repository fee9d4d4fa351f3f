"""The sentence that a manager can check, in Chinese and in English: one table each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from broker.rules import events as e
from broker.rules.policy import Policy
from broker.rules.state import MANAGER, Basis

CHINESE, ENGLISH = "zh", "en"

_GROUNDS = {
    CHINESE: {
        "R5": "今日有 VIP 计划或预约（{received}），指定{owner}接待，",
        "R6": "{key} 由{owner}于{registered}登记，最近接待{received}，"
        "保护期至{until}，归属{owner}，",
        "R7": "{key} 曾由{owner}登记（{registered}），保护期已于{until}届满，客户仍找{owner}，",
        "R8": "{key} 的保护期已于{until}届满，客户未指名原顾问，视同新客户，",
        "R9": "客户指名{owner}{evidence}，归属{owner}，",
        "R10": "亲友由{owner}接待过，归属{owner}，",
        "R11": "亲友来过但说不出顾问，佣金按比例分配，",
        "R12": "接待中确认原归属人为{owner}，客户信息移交{owner}，",
        "R13": "来源不能确定，视同新客户，",
        "R14": "自然到访，",
        "R15": "经理裁定归属{owner}（理由：{reason}），",
        "R16": "同一批客户今日{received}已到访，归属{owner}，",
    },
    ENGLISH: {
        "R5": "A VIP plan or appointment of today ({received}) names {owner}; ",
        "R6": "{key} was registered by {owner} on {registered}, last received {received}, "
        "protected until {until}: {owner}'s customer; ",
        "R7": "{key} was {owner}'s ({registered}); protection ended {until}, "
        "but the visitor asks for {owner}; ",
        "R8": "{key}: protection ended {until} and nobody was asked for: as a new customer; ",
        "R9": "The visitor names {owner}{evidence}: {owner}'s customer; ",
        "R10": "Family or friends were received by {owner}: {owner}'s customer; ",
        "R11": "Family or friends were here, by whom is not known: commission is split; ",
        "R12": "During the reception {owner} turned out to be the owner: moved to {owner}; ",
        "R13": "The source is not clear: as a new customer; ",
        "R14": "A natural visit; ",
        "R15": "The manager ruled for {owner} (reason: {reason}); ",
        "R16": "The same party was here today at {received}: {owner}'s customer; ",
    },
}
_HOSTINGS = {
    CHINESE: {
        "owner": "由{host}接待。",
        "helper": "{owner}此刻不能接待，由{host}协助接待，不占轮次。",
        "courtesy": "{owner}及同组此刻不能接待，由轮序首位{host}义务接待，占用其轮次并补一轮。",
        "rotation": "按轮序由{host}接待。",
        "make_up": "{host}使用补轮，优先接待。",
        "stand_in": "{turn_of}未到岗，由{host}补位接待，轮次仍计{turn_of}。",
        "no_turn": "由{host}接待，不占轮次。",
        "duty": "非轮排时间（{open}–{close}之外），由值班{host}接待，不占轮次。",
        "kept": "{owner}此刻不能接待，仍由{host}代为接待。",
        "waits": "暂无人可接待，请客户稍候，先到先接。",
    },
    ENGLISH: {
        "owner": "{host} receives.",
        "helper": "{owner} can't receive now, {host} helps and uses no turn.",
        "courtesy": "neither {owner} nor the team can receive now, {host}, next in line, does; "
        "his turn is used and made up.",
        "rotation": "{host} receives by rotation.",
        "make_up": "{host} receives first, by a make-up turn.",
        "stand_in": "{host} stands in for {turn_of}, whose turn it is.",
        "no_turn": "{host} receives and uses no turn.",
        "duty": "outside {open}-{close} {host} receives on duty, no turn is used.",
        "kept": "{owner} can't receive now, {host} goes on for the owner.",
        "waits": "nobody can receive now; first come, first served.",
    },
}
_NOTICES: Mapping[str, Mapping[type[e.Event], str]] = {
    CHINESE: {
        e.PassedOver: "{who}{called}未在岗且无人补位，{time}视为成功轮序，由下一位接待。",
        e.Declined: "{who}表示此刻不能接待，{time}改由他人接待。",
        e.CallWithdrawn: "{who}经准假，保留轮序，改由下一位接待。",
        e.MakeUpGranted: "{who}的轮次用于他人客户（{cause}），{time}补轮排首。",
        e.MakeUpUsed: "{who}于{time}使用补轮。",
        e.MakeUpCarried: "{who}的补轮未用，顺延至{day}。",
        e.MakeUpExpired: "{who}的补轮已失效。",
        e.Registered: "{who}于{time}登记客户。",
        e.LookedUp: "{who}于{time}查询客户归属。",
        e.LateEntry: "{who}在客户到访之后才录入，本次到访不予归属。",
        e.LookThenClaim: "{who}先查询后录入（{time}），请经理核查。",
        e.DisputeOpened: "{who}与他人同时主张该客户，先登记者优先，请经理裁定：{claims}。",
        e.Ruled: "经理{time}裁定归属{who}，理由：{reason}。",
        e.Refused: "{who}的请求不予办理：{detail}。",
        e.Escalated: "{detail}",
        e.KeysCorrected: "{who}客户自行更正联系信息：{detail}。归属不变，请经理核实。",
        e.Transferred: "{time}客户移交{who}。",
        e.AppointmentMissed: "{who}的预约客户未按时到访（{until}前）。",
    },
    ENGLISH: {
        e.PassedOver: "{who}{called} was not there and nobody stood in: "
        "turn used at {time}, the next is called.",
        e.Declined: "{who} said at {time} that he can't receive: somebody else does.",
        e.CallWithdrawn: "{who} was excused and keeps the place; the next is called.",
        e.MakeUpGranted: "{who}'s turn went to another's customer ({cause}): "
        "first in line from {time}.",
        e.MakeUpUsed: "{who} used the make-up turn at {time}.",
        e.MakeUpCarried: "{who}'s make-up turn was not used and is good through {day}.",
        e.MakeUpExpired: "{who}'s make-up turn is over.",
        e.Registered: "{who} registered a customer at {time}.",
        e.LookedUp: "{who} looked a customer up at {time}.",
        e.LateEntry: "{who} entered the customer after the arrival: no ownership of this visit.",
        e.LookThenClaim: "{who} looked the customer up and then entered him ({time}).",
        e.DisputeOpened: "{who} claims this customer too; the earlier registration holds "
        "until the manager rules: {claims}.",
        e.Ruled: "The manager ruled for {who} at {time}: {reason}.",
        e.Refused: "Refused to {who}: {detail}.",
        e.Escalated: "{detail}",
        e.KeysCorrected: "{who}: the customer corrected a phone or plate himself: {detail}. "
        "Nothing is decided anew; manager, please see to it.",
        e.Transferred: "Moved to {who} at {time}.",
        e.AppointmentMissed: "{who}'s appointment was missed (until {until}).",
    },
}
_DECLINED = {
    CHINESE: "{who}{called}表示不能接待，{time}视为成功轮序，由下一位接待。",
    ENGLISH: "{who}{called} said that he can't receive: turn used at {time}, the next is called.",
}
_NOBODY = {
    CHINESE: "暂无人可接待，请经理和客户管家安排",
    ENGLISH: "nobody can receive: manager and steward, please see to it",
}
_EVIDENCE = {
    CHINESE: {"name": "（说出姓名）", "sms": "（短信）", "card": "（名片）", "wechat": "（微信）"},
    ENGLISH: {"name": " by name", "sms": " by SMS", "card": " by card", "wechat": " by WeChat"},
}
_MANAGERS = {CHINESE: "案场经理", ENGLISH: "the manager"}


@dataclass(frozen=True, slots=True)
class Teller:
    """Puts decisions and notices into words for one site."""

    names: Mapping[str, str]
    policy: Policy
    language: str = CHINESE

    def decision(self, one: e.Decided) -> str:
        """Why this owner and this host."""
        ground = _GROUNDS[self.language].get(one.ownership.rule, "")
        words = self._basis(one.ownership.basis) | {
            "owner": self._name(one.owner_id),
            "host": self._name(one.host_id),
            "turn_of": self._name(one.turn_of),
            "open": self.policy.open,
            "close": self.policy.close,
        }
        return (ground + _HOSTINGS[self.language][manner(one)]).format_map(words)

    def notice(self, one: e.Notice) -> str:
        """What happened to whom."""
        words = {"who": self._name(one.consultant_id), "time": self._time(one.at), "called": ""}
        words |= {key: self._word(getattr(one, key)) for key in one.__struct_fields__}
        if isinstance(one, e.PassedOver) and one.called_at is not None:
            words["called"] = self._called(one.called_at)
        if isinstance(one, e.PassedOver) and one.is_declined:
            return _DECLINED[self.language].format_map(words)
        return _NOTICES[self.language][type(one)].format_map(words | self._special(one))

    def _called(self, at: datetime) -> str:
        time = self._time(at)
        return f"（{time}呼叫）" if self.language == CHINESE else f" (called {time})"

    def _special(self, one: e.Notice) -> dict[str, str]:
        """The words that only this kind of notice needs."""
        if isinstance(one, e.MakeUpGranted):
            return {"cause": one.make_up.cause}
        if isinstance(one, e.MakeUpCarried):
            return {"day": one.expires_on.isoformat()}
        if isinstance(one, e.AppointmentMissed):
            return {"until": self._time(one.expected.ends_at)}
        if isinstance(one, e.Escalated) and not one.detail:
            return {"detail": _NOBODY[self.language]}
        if isinstance(one, e.DisputeOpened):
            both = (
                f"{self._name(claim.owner_id)} {self._moment(claim.basis.registered_at)}"
                for claim in one.claims
            )
            return {"claims": "；".join(both) if self.language == CHINESE else "; ".join(both)}
        return {}

    def _word(self, value: Any) -> str:
        return value if isinstance(value, str) else ""

    def _basis(self, basis: Basis) -> dict[str, str]:
        return {
            "key": basis.key or ("该客户" if self.language == CHINESE else "The customer"),
            "registered": self._moment(basis.registered_at),
            "received": self._moment(basis.received_at),
            "until": self._last_day(basis.protected_until),
            "evidence": _EVIDENCE[self.language].get(basis.evidence or "", ""),
            "reason": basis.reason or "",
        }

    def _name(self, consultant_id: str | None) -> str:
        if consultant_id == MANAGER:
            return _MANAGERS[self.language]
        return self.names.get(consultant_id or "", consultant_id or "")

    def _time(self, at: datetime | None) -> str:
        return self.policy.local(at).strftime("%H:%M:%S") if at else ""

    def _moment(self, at: datetime | None) -> str:
        return self.policy.local(at).strftime("%Y-%m-%d %H:%M") if at else ""

    def _last_day(self, until: datetime | None) -> str:
        """The last protected day: ``2026-11-25 24:00``."""
        if until is None:
            return ""
        last = self.policy.local(until - timedelta(seconds=1))
        return f"{last:%Y-%m-%d} 24:00"


_MANNERS: tuple[tuple[str, Callable[[e.Decided], bool]], ...] = (
    ("waits", lambda one: one.host_id is None),
    ("stand_in", lambda one: one.rule == "R24"),
    ("owner", lambda one: one.host_id == one.ownership.owner_id),
    ("kept", lambda one: one.rule in ("R12", "R15") and one.turn_of is not None),
    ("courtesy", lambda one: one.ownership.owner_id is not None and one.turn_of is not None),
    ("helper", lambda one: one.ownership.owner_id is not None),
    ("make_up", lambda one: one.make_up is not None),
    ("duty", lambda one: one.rule == "R20"),
    ("rotation", lambda one: one.turn_of is not None),
    ("no_turn", lambda _one: True),
)
"""How the host came to receive, as a key of the wording table; the first that fits."""


def manner(one: e.Decided) -> str:
    """The key of the wording that says how this host came to receive."""
    return next(name for name, fits in _MANNERS if fits(one))
