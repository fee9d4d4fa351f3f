"""Who is told what when a car passes or a visitor checks in (提醒). Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from shared.messages import Level


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


def calls_at_check_in(guest: Guest, *, host_id: str | None, host_name: str) -> Iterator[Call]:
    """Who hears that a visitor checked in: the host to come, the door to know who comes."""
    if host_id is None:
        text = f"{guest.label} 已登记，暂无人可接待"
        yield Call("无人接待", text, role="manager", level=Level.URGENT, is_host_call=True)
        return
    text = f"{guest.label} 已登记，请到大厅接待"
    yield Call("请接待", text, staff_id=host_id, level=Level.URGENT, is_host_call=True)
    yield Call("已登记", f"{guest.label} 由{host_name}接待", role="door")


def spoken(call: Call, guest: Guest) -> str:
    """``call`` for a phone's voice: a plate is read character by character."""
    if guest.plate is None:
        return call.text
    return call.text.replace(guest.plate, " ".join(guest.plate))
