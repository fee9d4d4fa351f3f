"""Who may do what, written down once more by hand as the house says it."""

POSTS = (
    *("gate", "parking", "door", "desk", "consultant", "steward", "bar", "showflat", "cart"),
    *("manager", "maintenance", "security", "cleaning", "engineering"),
)
RELATIONS = ("host", "owner", "stood_in_for", "called_before", "asked", "present", "none")

EXPECTED = {
    "answer": "anybody:asked",
    "acknowledge": "consultant:host consultant:owner consultant:called_before manager",
    "decline": "consultant:host consultant:owner consultant:called_before manager",
    "finish": "consultant:host consultant:owner manager",
    "link_family": "consultant:host consultant:owner manager",
    "call_owner": "consultant:host manager",
    "stay": "consultant:host consultant:owner manager",
    "hand_over": "consultant:host consultant:owner manager",
    "owner_found": "consultant manager",
    "claim": "consultant",
    "stand_in": "consultant:present",
    "send_stand_in": "manager",
    "take_over": "consultant:stood_in_for",
    "own_day": "anybody",
    "others_day": "manager",
    "set_order": "manager",
    "take_back_skip": "manager",
    "rule": "manager",
    "leaves_company": "manager",
    "hand_over_customers": "manager",
    "release_entries": "manager",
    "close_day": "manager",
    "greet": "parking door desk steward consultant:host manager:host",
    "order": "steward consultant:host manager:host",
    "serve": "bar",
    "show_flat": "steward consultant:host manager:host",
    "call_cart": "steward consultant:host manager:host",
    "come_and_go": "showflat cart",
    "name_car": "gate",
    "let_in": "gate steward manager",
    "book": "consultant steward manager",
    "plan_vip": "manager",
    "register": "consultant",
    "register_visitor": "consultant:host consultant:owner manager",
    "look_up": "consultant steward manager",
    "look_up_others": "desk door security steward manager",
    "set_clock": "manager",
    "unmask": "manager",
    "wishes": "consultant:host manager:host consultant:owner manager",
    "follow_up": "consultant",
    "open_case": "anybody",
    "work_on_case": "manager",
    "raise_alarm": "anybody",
    "send_on": "gate parking door desk security steward manager",
    "weather": "gate parking door desk security steward manager",
    "duty": "anybody",
    "others_duty": "manager",
    "check_pass": "gate manager",
}
"""As the house says it: a post, or a post in a relation to the visit."""


def is_expected(what: str, post: str, relation: str) -> bool:
    allowed = EXPECTED[what].split()
    names = (post, "anybody", f"{post}:{relation}", f"anybody:{relation}")
    return any(name in allowed for name in names)
