"""Who may do what (岗位权限): one table, asked before the hub acts on anything a person sends.

A person may do a thing if one of its grants fits them: they hold one of its posts, and they stand
in its relation to the visit. What is not listed is nobody's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from broker.rules.state import MANAGER, SiteState, Visit


class What(StrEnum):
    """What somebody may ask for."""

    ANSWER = "answer"
    """Answer an alert: show it, go, or pass it on."""
    ACKNOWLEDGE = "acknowledge"
    """Say that the host serves the visitor."""
    DECLINE = "decline"
    FINISH = "finish"
    """End the reception, or say that the visitor left with the car."""
    STAY = "stay"
    """Say that the visitor did not leave with the car."""
    HAND_OVER = "hand_over"
    """Let a colleague receive, by courtesy."""
    LINK_FAMILY = "link_family"
    """Say that a visitor belongs to a customer's family."""
    CALL_OWNER = "call_owner"
    """Say that the owner was phoned, by whoever receives for them."""
    OWNER_FOUND = "owner_found"
    """Report the true owner; from somebody who is neither host nor manager it is a claim."""
    CLAIM = "claim"
    STAND_IN = "stand_in"
    SEND_STAND_IN = "send_stand_in"
    TAKE_OVER = "take_over"
    """Take the visitor back from a stand-in."""
    OWN_DAY = "own_day"
    """Away, back, join, leave."""
    OTHERS_DAY = "others_day"
    """The same for somebody else, and leave granted."""
    SET_ORDER = "set_order"
    TAKE_BACK_SKIP = "take_back_skip"
    RULE = "rule"
    LEAVES_COMPANY = "leaves_company"
    HAND_OVER_CUSTOMERS = "hand_over_customers"
    RELEASE_ENTRIES = "release_entries"
    CLOSE_DAY = "close_day"
    GREET = "greet"
    """Meet a visitor: name, number, umbrella, on foot."""
    ORDER = "order"
    """Seat a visitor, and order drinks."""
    SERVE = "serve"
    SHOW_FLAT = "show_flat"
    """Announce a visitor at the show flat."""
    CALL_CART = "call_cart"
    COME_AND_GO = "come_and_go"
    """The cart, or a visitor at the show flat, is there or has left."""
    NAME_CAR = "name_car"
    """Correct a plate, or tell of a car without one."""
    LET_IN = "let_in"
    """Let a visitor in, or turn them away, while the house is kept for a VIP."""
    BOOK = "book"
    """Expect a customer; whose, the rules decide (R2)."""
    PLAN_VIP = "plan_vip"
    REGISTER = "register"
    """Enter a customer of one's own."""
    REGISTER_VISITOR = "register_visitor"
    """Enter the customer of a visit."""
    LOOK_UP = "look_up"
    LOOK_UP_OTHERS = "look_up_others"
    """Look up visitors who are no customers (非客户来访)."""
    SET_CLOCK = "set_clock"
    """Say that the clock of the hub's machine is right."""
    UNMASK = "unmask"
    """See a visitor's phone and plate in full, for a reason; owner and host see them anyway."""
    WISHES = "wishes"
    """Write down what the visitor looks for."""
    FOLLOW_UP = "follow_up"
    """Say what came of calling an own customer, or when they are called."""
    OPEN_CASE = "open_case"
    """Enter an enquiry, a complaint, a repair …"""
    WORK_ON_CASE = "work_on_case"
    """Work on any case; a post works on those that are its own anyway."""
    RAISE_ALARM = "raise_alarm"
    """Call security and manager: somebody forces their way in (硬闯)."""
    SEND_ON = "send_on"
    """Tell the next post of a visitor who is no customer: where to, what they look like."""
    WEATHER = "weather"
    """Say that it rains, that the sun burns, or neither."""
    DUTY = "duty"
    """A duty of the post is done, or can't be."""
    CHECK_PASS = "check_pass"
    """Compare a pass with the car's plate (证号与车牌)."""
    OTHERS_DUTY = "others_duty"
    """The same of a duty of another post."""


class Relation(StrEnum):
    """How somebody stands to a visit, or to the day."""

    HOST = "host"
    """The manager, where "the manager" receives."""
    OWNER = "owner"
    STOOD_IN_FOR = "stood_in_for"
    """It is their turn, and a stand-in receives."""
    CALLED_BEFORE = "called_before"
    """Was called for the visitor, and somebody else is now: the rules tell them so."""
    ASKED = "asked"
    """The alert is addressed to them or their post."""
    PRESENT = "present"
    """Has begun the day and not ended it."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks, with the posts that they hold; none: does not work here (any more)."""

    id: str
    posts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grant:
    """Those of ``posts`` (None: of every post) who stand in ``relation`` (None: in whichever)."""

    posts: frozenset[str] | None = None
    relation: Relation | None = None


def _of(*posts: str) -> Grant:
    return Grant(frozenset(posts))


def _who_is(relation: Relation, *posts: str) -> Grant:
    return Grant(frozenset(posts) if posts else None, relation)


_ANYBODY, _MANAGER = Grant(), _of(MANAGER)
_HOST = _who_is(Relation.HOST, "consultant", MANAGER)
_OWNER = _who_is(Relation.OWNER, "consultant")
_OF_THE_VISIT = (_HOST, _OWNER, _MANAGER)
_OF_THE_CALL = (*_OF_THE_VISIT, _who_is(Relation.CALLED_BEFORE, "consultant"))
_AT_THE_DOORS = ("gate", "parking", "door", "desk", "security", "steward", MANAGER)
_OF_THE_TABLE = (_HOST, _of("steward"))

ACCESS: Mapping[What, tuple[Grant, ...]] = {
    What.ANSWER: (_who_is(Relation.ASKED),),
    What.ACKNOWLEDGE: _OF_THE_CALL,
    What.DECLINE: _OF_THE_CALL,
    What.FINISH: _OF_THE_VISIT,
    What.STAY: _OF_THE_VISIT,
    What.HAND_OVER: _OF_THE_VISIT,
    What.LINK_FAMILY: _OF_THE_VISIT,
    What.CALL_OWNER: (_HOST, _MANAGER),
    What.OWNER_FOUND: (_HOST, _MANAGER, _of("consultant")),
    What.CLAIM: (_of("consultant"),),
    What.STAND_IN: (_who_is(Relation.PRESENT, "consultant"),),
    What.SEND_STAND_IN: (_MANAGER,),
    What.TAKE_OVER: (_who_is(Relation.STOOD_IN_FOR, "consultant"),),
    What.OWN_DAY: (_ANYBODY,),
    What.OTHERS_DAY: (_MANAGER,),
    What.SET_ORDER: (_MANAGER,),
    What.TAKE_BACK_SKIP: (_MANAGER,),
    What.RULE: (_MANAGER,),
    What.LEAVES_COMPANY: (_MANAGER,),
    What.HAND_OVER_CUSTOMERS: (_MANAGER,),
    What.RELEASE_ENTRIES: (_MANAGER,),
    What.CLOSE_DAY: (_MANAGER,),
    What.GREET: (_of("parking", "door", "desk", "steward"), _HOST),
    What.ORDER: _OF_THE_TABLE,
    What.SERVE: (_of("bar"),),
    What.SHOW_FLAT: _OF_THE_TABLE,
    What.CALL_CART: _OF_THE_TABLE,
    What.COME_AND_GO: (_of("showflat", "cart"),),
    What.NAME_CAR: (_of("gate"),),
    What.LET_IN: (_of("gate", "steward", MANAGER),),
    What.BOOK: (_of("consultant", "steward", MANAGER),),
    What.PLAN_VIP: (_MANAGER,),
    What.REGISTER: (_of("consultant"),),
    What.REGISTER_VISITOR: _OF_THE_VISIT,
    What.LOOK_UP: (_of("consultant", "steward", MANAGER),),
    What.LOOK_UP_OTHERS: (_of("desk", "door", "security", "steward", MANAGER),),
    What.SET_CLOCK: (_MANAGER,),
    What.UNMASK: (_MANAGER,),
    What.WISHES: _OF_THE_VISIT,
    What.FOLLOW_UP: (_of("consultant"),),
    What.OPEN_CASE: (_ANYBODY,),
    What.WORK_ON_CASE: (_MANAGER,),
    What.RAISE_ALARM: (_ANYBODY,),
    What.SEND_ON: (_of(*_AT_THE_DOORS),),
    What.WEATHER: (_of(*_AT_THE_DOORS),),
    What.DUTY: (_ANYBODY,),
    What.OTHERS_DUTY: (_MANAGER,),
    What.CHECK_PASS: (_of("gate", MANAGER),),
}


def may(
    what: What, actor: Actor, visit: Visit | None, state: SiteState, *, is_asked: bool = False
) -> bool:
    """Whether ``actor`` may do this with ``visit``; None: it is about no visit, or an unknown one.

    ``is_asked``: the alert that they answer is addressed to them or their post.
    """
    if not holds_a_post(actor, state):
        return False
    relations = _relations(actor, visit, state) | ({Relation.ASKED} if is_asked else set())
    return any(
        (grant.posts is None or grant.posts.intersection(actor.posts))
        and (grant.relation is None or grant.relation in relations)
        for grant in ACCESS[what]
    )


def may_at_post(what: What, posts: tuple[str, ...]) -> bool:
    """Whether somebody who holds these posts may do this with some visit."""
    return any(grant.posts is None or grant.posts.intersection(posts) for grant in ACCESS[what])


def holds_a_post(actor: Actor, state: SiteState) -> bool:
    """Whether they hold a post and have not left the company."""
    known = state.roster.get(actor.id)
    return bool(actor.posts) and not (known is not None and known.has_left)


def _relations(actor: Actor, visit: Visit | None, state: SiteState) -> set[Relation]:
    here = {Relation.PRESENT} if actor.id in state.here else set()
    if visit is None:
        return here
    is_host = visit.host_id == actor.id or (visit.host_id == MANAGER and MANAGER in actor.posts)
    holds = {
        Relation.HOST: is_host,
        Relation.OWNER: visit.owner_id == actor.id,
        Relation.STOOD_IN_FOR: visit.turn_of == actor.id and not is_host,
        Relation.CALLED_BEFORE: actor.id in (*visit.passed, *visit.declined),
    }
    return here | {relation for relation, does_hold in holds.items() if does_hold}
