"""What a visitor's own page says, in his language: one row a sentence. Pure."""

from typing import Final

from shared.words import DEFAULT_LANGUAGE, LANGUAGES

WORDS: Final[dict[str, tuple[str, str, str]]] = {
    "language": ("语言", "Language", "語言"),
    "title": ("您的信息", "Your data", "您的資料"),
    "lead": (
        "这是本次到访我们保存的全部内容。只有持有此二维码的人能看到。",
        "This is all we keep of your visit. Only someone with this QR code can see it.",
        "這是本次到訪我們保存的全部內容。只有持有此二維碼的人能看到。",
    ),
    "kept": ("我们保存了什么", "What we keep", "我們保存了什麼"),
    "name": ("称呼", "Name", "稱呼"),
    "surname": ("姓", "Surname", "姓"),
    "salutation": ("称谓", "Form of address", "稱謂"),
    "phone": ("手机号", "Mobile number", "手機號碼"),
    "plate": ("车牌", "Number plate", "車牌"),
    "car": ("车辆", "Car", "車輛"),
    "car_tapped": ("您在平板上认领的车", "the car you tapped on the tablet", "您在平板上認領的車"),
    "came": ("登记时间", "Checked in", "登記時間"),
    "left": ("接待结束", "Visit ended", "接待結束"),
    "under_way": ("接待进行中", "still going on", "接待進行中"),
    "host": ("接待人", "Received by", "接待人"),
    "party_size": ("人数", "People", "人數"),
    "first_visit": ("第一次到访", "First visit", "第一次到訪"),
    "family": ("亲友来过", "Family or friends were here", "親友來過"),
    "contacted": ("顾问联系过", "A consultant was in touch", "顧問聯繫過"),
    "named": ("您说的顾问", "The consultant you named", "您說的顧問"),
    "needs": ("需要", "Needs", "需要"),
    "drinks": ("饮品", "Drinks", "飲品"),
    "consented": ("同意收集手机号", "Agreed to give the number", "同意收集手機號碼"),
    "looked_up": ("谁查询过", "Who looked you up", "誰查詢過"),
    "nobody": ("没有人查询过", "nobody", "沒有人查詢過"),
    "until": ("保存至", "Kept until", "保存至"),
    "not_given": ("未填写", "not given", "未填寫"),
    "yes": ("是", "yes", "是"),
    "no": ("否", "no", "否"),
    "unsure": ("不清楚", "not sure", "不清楚"),
    "correct": ("更正我的信息", "Correct my data", "更正我的資料"),
    "correct_lead": (
        "改好后点“保存”。清空一格，就是收回那一项。更正不会更换您的接待人。",
        "Change what is wrong and tap “Save”. An empty field takes it back. "
        "Who receives you does not change by it.",
        "改好後點「儲存」。清空一格，就是收回那一項。更正不會更換您的接待人。",
    ),
    "save": ("保存", "Save", "儲存"),
    "back": ("返回", "Back", "返回"),
    "corrected": ("已更正。", "Corrected.", "已更正。"),
    "bad_phone": (
        "手机号应为 11 位数字，请重新输入。",
        "A mobile number has 11 digits. Please type it again.",
        "手機號碼應為 11 位數字，請重新輸入。",
    ),
    "bad_plate": (
        "车牌应为 7 或 8 位，例如 浙A12345。",
        "A plate has 7 or 8 characters, such as 浙A12345.",
        "車牌應為 7 或 8 位，例如 浙A12345。",
    ),
    "copy": ("下载一份", "Take a copy", "下載一份"),
    "erase": ("删除我的信息", "Erase my data", "刪除我的資料"),
    "erase_sure": ("确定要删除吗？", "Erase for good?", "確定要刪除嗎？"),
    "erase_means": (
        "称呼、手机号、车牌、您的回答与这个页面都会删除，无法恢复。"
        "下次来访，我们会把您当作第一次来的客人。",
        "Your name, number, plate, answers and this page are erased and cannot be brought back. "
        "Next time we receive you as a new visitor.",
        "稱呼、手機號碼、車牌、您的回答與這個頁面都會刪除，無法恢復。"
        "下次來訪，我們會把您當作第一次來的客人。",
    ),
    "erase_when": (
        "如果接待还在进行，结束后立即删除。",
        "While your visit goes on, it is done as soon as it is over.",
        "如果接待還在進行，結束後立即刪除。",
    ),
    "erase_keeps": (
        "仍会保留：当天有一次接待、由谁接待、按哪条规则——其中没有您的任何信息。"
        "两位顾问对归属有争议时，等经理裁定之后再删除。",
        "What stays: that somebody was received that day, by whom, by which rule, and nothing of "
        "you in it. Where two consultants claim a customer, it waits for the manager's ruling.",
        "仍會保留：當天有一次接待、由誰接待、按哪條規則——其中沒有您的任何資料。"
        "兩位顧問對歸屬有爭議時，等經理裁定之後再刪除。",
    ),
    "erase_now": ("确认删除", "Yes, erase", "確認刪除"),
    "keep": ("不删除，返回", "No, keep it", "不刪除，返回"),
    "due": (
        "您的删除请求已收到，接待结束后立即删除。",
        "We have your wish to be erased: it is done as soon as your visit is over.",
        "您的刪除請求已收到，接待結束後立即刪除。",
    ),
    "doubted": (
        "您的删除请求已收到。这个手机号还有其他登记，我们需要先当面确认是您本人，请联系前台。",
        "We have your wish to be erased. More is registered under this number, so we have to make "
        "sure that it is you: please see the front desk.",
        "您的刪除請求已收到。這個手機號碼還有其他登記，我們需要先當面確認是您本人，請聯繫前台。",
    ),
    "erased": ("您的信息已经删除。", "Your data is erased.", "您的資料已經刪除。"),
    "gone": ("这里没有信息", "Nothing is kept here", "這裡沒有資料"),
    "gone_lead": (
        "二维码已过期，或信息已经删除。如有疑问，请联系前台。",
        "The QR code is over, or the data was erased. If in doubt, please ask the front desk.",
        "二維碼已過期，或資料已經刪除。如有疑問，請聯繫前台。",
    ),
    "slow": (
        "操作太频繁，请稍后再试。",
        "Too often. Please try again later.",
        "操作太頻繁，請稍後再試。",
    ),
    "stale": (
        "页面已过期，请返回后重试。",
        "This page is too old. Please go back and try again.",
        "頁面已過期，請返回後重試。",
    ),
    "busy": (
        "正在处理，请稍后再打开本页查看。",
        "We are at it. Please open this page again in a moment.",
        "正在處理，請稍後再打開本頁查看。",
    ),
}

_POSTS: Final[dict[str, tuple[str, str, str]]] = {
    "gate": ("门岗", "gate", "門崗"),
    "parking": ("停车场礼宾", "parking", "停車場禮賓"),
    "door": ("大门迎宾", "door", "大門迎賓"),
    "consultant": ("置业顾问", "consultant", "置業顧問"),
    "steward": ("客户管家", "steward", "客戶管家"),
    "bar": ("水吧", "bar", "水吧"),
    "showflat": ("样板房管家", "show flat", "樣板房管家"),
    "cart": ("电瓶车", "cart", "電瓶車"),
    "manager": ("案场管理岗", "manager", "案場管理崗"),
    "maintenance": ("维修", "maintenance", "維修"),
}
_NEEDS: Final[dict[str, tuple[str, str, str]]] = {
    "umbrella": ("雨伞", "umbrella", "雨傘"),
    "wheelchair": ("轮椅", "wheelchair", "輪椅"),
}


def say(key: str, language: str) -> str:
    """The sentence ``key``.

    Raises:
        KeyError: there is none; a bug.
    """
    return WORDS[key][_place(language)]


def post_words(roles: tuple[str, ...], language: str) -> str:
    """``置业顾问、案场管理岗``."""
    said = [_POSTS[one][_place(language)] if one in _POSTS else one for one in roles]
    return (", " if language == "en" else "、").join(said)


def need_words(needs: tuple[str, ...], language: str) -> str:
    """``雨伞 轮椅``; what we do not know as it came."""
    return " ".join(_NEEDS[one][_place(language)] if one in _NEEDS else one for one in needs)


def known_language(asked: str | None) -> str:
    """``asked`` where we speak it, else Chinese."""
    return asked if asked in LANGUAGES else DEFAULT_LANGUAGE


def _place(language: str) -> int:
    return list(LANGUAGES).index(language)
