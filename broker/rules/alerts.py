"""Who is told what when a car passes or a visitor checks in (提醒). Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from broker.rules import events
from broker.rules.events import Notice
from shared.messages import Level

MANAGER = "manager"
"""The role, and the host where only a manager receives (R20)."""


@dataclass(frozen=True, slots=True)
class Guest:
    """A visitor as staff may greet him."""

    plate: str | None = None
    name: str | None = None
    """Surname and salutation: ``张女士``."""
    is_uncertain: bool = False
    """The plate was not read for sure; nobody is told it as a fact."""

    @property
    def label(self) -> str:
        """``浙A88888 张女士``, as far as known."""
        plate = f"疑似 {self.plate}" if self.plate and self.is_uncertain else self.plate
        return " ".join(part for part in (plate, self.name) if part) or "客户"


@dataclass(frozen=True, slots=True)
class Call:
    """One alert to raise: to a role or to a person."""

    title: str
    text: str
    role: str | None = None
    staff_id: str | None = None
    level: Level = Level.NORMAL
    is_host_call: bool = False
    """Whoever takes it receives the visitor: then nobody else need ring for this visit."""


@dataclass(frozen=True, slots=True)
class Told:
    """Who hears of one kind of notice, and how loudly."""

    title: str
    roles: tuple[str, ...] = ()
    is_consultant_told: bool = True
    level: Level = Level.NORMAL


NOTICES: dict[type[Notice], Told] = {
    events.PassedOver: Told("轮空", (MANAGER,)),
    events.CallWithdrawn: Told("撤回通知", level=Level.INFO),
    events.MakeUpGranted: Told("补轮", level=Level.INFO),
    events.MakeUpCarried: Told("补轮顺延", level=Level.INFO),
    events.MakeUpExpired: Told("补轮失效", level=Level.INFO),
    events.LateEntry: Told("到访后录入", (MANAGER,)),
    events.LookThenClaim: Told("查询后登记", (MANAGER,), is_consultant_told=False),
    events.DisputeOpened: Told("归属争议", (MANAGER,)),
    events.Ruled: Told("裁定", (MANAGER,)),
    events.Refused: Told("不予受理", (MANAGER,)),
    events.Escalated: Told("无人接待", (MANAGER, "steward"), level=Level.URGENT),
    events.KeysCorrected: Told("客户更正信息", (MANAGER,)),
    events.Transferred: Told("移交"),
    events.AppointmentMissed: Told("预约未到", level=Level.INFO),
}
"""What is not in it (a registration, a look-up, a make-up used) rings nowhere."""


def calls_at_gate(guest: Guest, *, owner_id: str | None, next_id: str | None) -> Iterator[Call]:
    """Who hears that a car arrived: parking and door always, then the owner or the next in line."""
    yield Call("车辆到访", f"{guest.label} 到访，请引导停车", role="parking")
    yield Call("客户到访", f"{guest.label} 到访，请准备迎接", role="door")
    if guest.is_uncertain:
        yield Call("请核对车牌", f"{guest.label}，请核对", role="gate")
    if owner_id is not None:
        text = f"{guest.label} 到访，是您的客户"
        yield Call("您的客户到访", text, staff_id=owner_id, is_host_call=True)
    elif next_id is not None:
        text = f"{guest.label} 到访，轮到您，请做好准备"
        yield Call("轮到您，请准备", text, staff_id=next_id, is_host_call=True)


def calls_of_look_alikes(read: str, alike: tuple[str, ...]) -> Iterator[Call]:
    """A hint, both plates shown; of two equally near ones only the manager hears."""
    if len(alike) == 1:
        yield Call("疑似客户", f"读作 {read}，疑似客户车牌 {alike[0]}，请核对", role="gate")
    elif alike:
        text = f"读作 {read}，与客户车牌 {'、'.join(alike)} 同样相近，请核对"
        yield Call("疑似客户", text, role=MANAGER, level=Level.INFO)


def calls_at_check_in(guest: Guest, *, host_id: str, host_name: str) -> Iterator[Call]:
    """Who hears that a visitor checked in: the host to come, the door to know who comes."""
    text = f"{guest.label} 已登记，请到大厅接待"
    is_manager = host_id == MANAGER
    role, staff_id = (MANAGER, None) if is_manager else (None, host_id)
    yield Call("请接待", text, role, staff_id, Level.URGENT, is_host_call=True)
    yield Call("已登记", f"{guest.label} 由{host_name}接待", role="door")


def calls_when_leaving(guest: Guest) -> Iterator[Call]:
    """Who says goodbye."""
    for role in ("door", "parking"):
        yield Call("客户离场", f"{guest.label} 离场，请送别", role=role, level=Level.INFO)


def calls_of_notice(notice: Notice) -> Iterator[Call]:
    """Who is told of ``notice``: the consultant whom it concerns, and posts."""
    told = NOTICES.get(type(notice))
    if told is None:
        return
    is_about_a_car = isinstance(notice, events.Refused) and notice.consultant_id is None
    for role in (*told.roles, "gate") if is_about_a_car else told.roles:
        yield Call(told.title, notice.why, role=role, level=told.level)
    if told.is_consultant_told and notice.consultant_id not in (None, MANAGER):
        yield Call(told.title, notice.why, staff_id=notice.consultant_id, level=told.level)


def spoken(call: Call, guest: Guest) -> str:
    """``call`` for a phone's voice: a plate is read character by character."""
    if guest.plate is None:
        return call.text
    return call.text.replace(guest.plate, " ".join(guest.plate))
