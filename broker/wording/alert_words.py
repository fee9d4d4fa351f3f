"""Every sentence that an alert or a notice carries, in the three languages: one table. Pure."""

from collections.abc import Iterable, Mapping

CHINESE, ENGLISH, TRADITIONAL = "zh-CN", "en", "zh-TW"
LANGUAGES = (CHINESE, ENGLISH, TRADITIONAL)

Sentence = tuple[str, str, str]
"""The same in each of ``LANGUAGES``."""

TITLES: Mapping[str, Sentence] = {
    "car_parking": ("车辆到访", "A car came", "車輛到訪"),
    "car_door": ("客户到访", "A visitor came", "客戶到訪"),
    "car_announced": ("预约客户到访", "An expected visitor came", "預約客戶到訪"),
    "check_plate": ("请核对车牌", "Check the plate", "請核對車牌"),
    "own_car": ("您的客户到访", "Your customer came", "您的客戶到訪"),
    "next_car": ("轮到您，请准备", "Your turn: get ready", "輪到您，請準備"),
    "look_alike": ("疑似客户", "Perhaps a customer", "疑似客戶"),
    "look_alikes": ("疑似客户", "Perhaps a customer", "疑似客戶"),
    "no_plate_parking": ("无牌车到访", "A car without a plate", "無牌車到訪"),
    "no_plate_door": ("无牌车到访", "A car without a plate", "無牌車到訪"),
    "host": ("请接待", "Please receive", "請接待"),
    "host_known": ("已登记", "Checked in", "已登記"),
    "host_expected": ("预约客户已登记", "An expected visitor checked in", "預約客戶已登記"),
    "stand_in": ("请补位", "Please stand in", "請補位"),
    "help": ("请协助接待", "Please help", "請協助接待"),
    "instead": ("请协助", "Please help", "請協助"),
    "unanswered": ("无人应答", "Nobody answers", "無人應答"),
    "leaving": ("客户离场", "A visitor leaves", "客戶離場"),
    "greeted": ("客户正走过来", "A visitor walks over", "客戶正走過來"),
    "needs": ("客户有需要", "A visitor needs something", "客戶有需要"),
    "order": ("请备饮品", "Drinks, please", "請備飲品"),
    "order_again": ("饮品未送", "Drinks not served", "飲品未送"),
    "refill": ("请续杯", "Refill, please", "請續杯"),
    "showflat": ("样板房参观", "To the show flat", "樣板房參觀"),
    "cart": ("请派电瓶车", "Send the cart", "請派電瓶車"),
    "cart_left": ("电瓶车已出发", "The cart is on its way", "電瓶車已出發"),
    "showflat_left": ("客户离开样板房", "Back from the show flat", "客戶離開樣板房"),
    "arrived": ("已到达", "Arrived", "已到達"),
    "camera": ("相机故障", "Camera trouble", "相機故障"),
    "other_came": ("其他来访", "Another visitor", "其他來訪"),
    "asked_for": ("有人找您", "Somebody for you", "有人找您"),
    "still_in": ("尚未离场", "Still in the house", "尚未離場"),
    "erasure_asked": ("请求删除信息", "Asks to be erased", "請求刪除資訊"),
    "keys_corrected": ("客户更正信息", "A visitor corrected himself", "客戶更正資訊"),
    "passed_over": ("轮空", "Passed over", "輪空"),
    "declined": ("不能接待", "Can't receive", "不能接待"),
    "call_withdrawn": ("撤回通知", "Call withdrawn", "撤回通知"),
    "make_up_granted": ("补轮", "Make-up turn", "補輪"),
    "make_up_carried": ("补轮顺延", "Make-up turn carried over", "補輪順延"),
    "make_up_expired": ("补轮失效", "Make-up turn over", "補輪失效"),
    "late_entry": ("到访后录入", "Entered after the visit", "到訪後錄入"),
    "look_then_claim": ("查询后登记", "Looked up, then entered", "查詢後登記"),
    "dispute_opened": ("归属争议", "Two owners", "歸屬爭議"),
    "ruled": ("裁定", "Ruling", "裁定"),
    "refused": ("不予受理", "Refused", "不予受理"),
    "escalated": ("无人接待", "Nobody can receive", "無人接待"),
    "transferred": ("移交", "Handed over", "移交"),
    "appointment_missed": ("预约未到", "Appointment missed", "預約未到"),
}
"""The head line of each alert."""

TEXTS: Mapping[str, Sentence] = {
    "car_parking": (
        "{guest} 到访，请引导停车",
        "{guest} came, show the way to park",
        "{guest} 到訪，請引導停車",
    ),
    "car_door": (
        "{guest} 到访，请准备迎接",
        "{guest} came, be ready to greet",
        "{guest} 到訪，請準備迎接",
    ),
    "car_announced": (
        "{guest}（{name}）到访，请按计划接待",
        "{guest} ({name}) came, receive as planned",
        "{guest}（{name}）到訪，請按計劃接待",
    ),
    "check_plate": ("{guest}，请核对", "{guest}: please check", "{guest}，請核對"),
    "own_car": (
        "{guest} 到访，是您的客户",
        "{guest} came, your customer",
        "{guest} 到訪，是您的客戶",
    ),
    "next_car": (
        "{guest} 到访，轮到您，请做好准备",
        "{guest} came, you are next: be ready",
        "{guest} 到訪，輪到您，請做好準備",
    ),
    "look_alike": (
        "读作 {plate}，疑似客户车牌 {alike}，请核对",
        "Read as {plate}, perhaps the customer's {alike}: please check",
        "讀作 {plate}，疑似客戶車牌 {alike}，請核對",
    ),
    "look_alikes": (
        "读作 {plate}，与客户车牌 {alike} 同样相近，请核对",
        "Read as {plate}, equally near to the customers' {alike}: please check",
        "讀作 {plate}，與客戶車牌 {alike} 同樣相近，請核對",
    ),
    "no_plate_parking": (
        "无牌车到访，请引导停车并问候",
        "A car without a plate came, show the way and greet",
        "無牌車到訪，請引導停車並問候",
    ),
    "no_plate_door": (
        "无牌车到访，请准备迎接",
        "A car without a plate came, be ready to greet",
        "無牌車到訪，請準備迎接",
    ),
    "host": (
        "{guest} 已登记，请到{place}接待",
        "{guest} checked in, please receive: {place}",
        "{guest} 已登記，請到{place}接待",
    ),
    "host_known": (
        "{guest} 由{host}接待",
        "{guest} is received by {host}",
        "{guest} 由{host}接待",
    ),
    "host_expected": (
        "{guest} 由{host}接待，请备茶",
        "{guest} is received by {host}, tea please",
        "{guest} 由{host}接待，請備茶",
    ),
    "stand_in": (
        "{who}未应答，请补位接待 {guest}",
        "{who} does not answer, please stand in for {guest}",
        "{who}未應答，請補位接待 {guest}",
    ),
    "help": (
        "{who}未应答，请协助接待 {guest}",
        "{who} does not answer, please help with {guest}",
        "{who}未應答，請協助接待 {guest}",
    ),
    "instead": ("{who}未应答：{said}", "{who} does not answer: {said}", "{who}未應答：{said}"),
    "unanswered": (
        "{who}未应答：{said}",
        "{who} does not answer: {said}",
        "{who}未應答：{said}",
    ),
    "leaving": (
        "{guest} 离场，请送别",
        "{guest} leaves, say good-bye",
        "{guest} 離場，請送別",
    ),
    "greeted": (
        "{guest} 正走过来，请迎接",
        "{guest} walks over, please greet",
        "{guest} 正走過來，請迎接",
    ),
    "needs": ("{guest}", "{guest}", "{guest}"),
    "order": (
        "{place}，{guest}：{drinks}",
        "{place}, {guest}: {drinks}",
        "{place}，{guest}：{drinks}",
    ),
    "order_again": (
        "{place}，{guest}：{drinks}，还未送到",
        "{place}, {guest}: {drinks}, not served yet",
        "{place}，{guest}：{drinks}，還未送到",
    ),
    "refill": (
        "{place}，{guest}：请续杯（{drinks}）",
        "{place}, {guest}: please refill ({drinks})",
        "{place}，{guest}：請續杯（{drinks}）",
    ),
    "showflat": (
        "{guest}来参观样板房，请做好准备",
        "{guest} comes to see the show flat, please be ready",
        "{guest}來參觀樣板房，請做好準備",
    ),
    "cart": ("请到{place}接 {guest}", "Fetch {guest}: {place}", "請到{place}接 {guest}"),
    "cart_left": (
        "{guest} 乘电瓶车过来，请迎接",
        "{guest} comes by cart, please greet",
        "{guest} 乘電瓶車過來，請迎接",
    ),
    "showflat_left": (
        "{guest} 参观完毕，正返回，请迎接",
        "{guest} comes back from the show flat, please greet",
        "{guest} 參觀完畢，正返回，請迎接",
    ),
    "arrived": ("{guest} 已到{place}", "{guest} is there: {place}", "{guest} 已到{place}"),
    "camera": ("{gate}：{trouble}", "{gate}: {trouble}", "{gate}：{trouble}"),
    "other_came": ("{who}到访{to_see}", "{who} came{to_see}", "{who}到訪{to_see}"),
    "asked_for": ("{who}到访{to_see}", "{who} came{to_see}", "{who}到訪{to_see}"),
    "still_in": (
        "闭店时尚未登记离场：{names}",
        "Not signed out at closing: {names}",
        "閉店時尚未登記離場：{names}",
    ),
    "erasure_asked": (
        "{who}（{time}）请求删除个人信息，其手机号另有登记，请核实本人后由管理员删除",
        "{who} ({time}) asks to be erased; his phone number is registered elsewhere too: "
        "make sure it is he, then let the administrator erase him",
        "{who}（{time}）請求刪除個人資訊，其手機號另有登記，請核實本人後由管理員刪除",
    ),
}
"""What each alert says; what is not in it says why it was decided (``Teller``)."""

WORDS: Mapping[str, Sentence] = {
    "visitor": ("客户", "a visitor", "客戶"),
    "perhaps": ("疑似 {plate}", "perhaps {plate}", "疑似 {plate}"),
    "people": ("{count} 位", "party of {count}", "{count} 位"),
    "needing": ("，需要{needs}", ", needs {needs}", "，需要{needs}"),
    "and": ("、", ", ", "、"),
    "hall": ("大厅", "the hall", "大廳"),
    "car_park": ("停车场", "the car park", "停車場"),
    "usual_drink": ("茶水", "tea or water", "茶水"),
    "duty_manager": ("值班经理", "the manager on duty", "值班經理"),
    "umbrella": ("雨伞", "an umbrella", "雨傘"),
    "wheelchair": ("轮椅", "a wheelchair", "輪椅"),
    "child_seat": ("儿童椅", "a child's chair", "兒童椅"),
    "green_tea": ("绿茶", "green tea", "綠茶"),
    "black_tea": ("红茶", "black tea", "紅茶"),
    "coffee": ("咖啡", "coffee", "咖啡"),
    "lemonade": ("柠檬水", "lemon water", "檸檬水"),
    "water": ("矿泉水", "water", "礦泉水"),
    "camera_offline": ("相机离线", "camera offline", "相機離線"),
    "camera_frozen": ("画面静止", "picture frozen", "畫面靜止"),
    "camera_black": ("画面全黑", "picture black", "畫面全黑"),
    "camera_over_exposed": ("画面过曝", "picture over-exposed", "畫面過曝"),
    "construction": ("施工", "Construction", "施工"),
    "delivery": ("送货", "Delivery", "送貨"),
    "meeting": ("找人", "To see somebody", "找人"),
    "property": ("物业", "Property management", "物業"),
    "other_visitor": (
        "{kind} {name}（{count} 人，{number} 号）",
        "{kind}: {name} (party of {count}, number {number})",
        "{kind} {name}（{count} 人，{number} 號）",
    ),
    "to_see": ("，找{whom}", ", to see {whom}", "，找{whom}"),
    "came_at": ("{who} {time} 到", "{who} came {time}", "{who} {time} 到"),
    "gate_offline": ("道闸程序离线", "gate program offline", "道閘程式離線"),
}
"""Single words; a need or a drink that is not among them is said as it came."""

POSTS: Mapping[str, Sentence] = {
    "gate": ("门岗", "the gate", "門崗"),
    "parking": ("停车场礼宾", "parking", "停車場禮賓"),
    "door": ("大门迎宾", "the door", "大門迎賓"),
    "consultant": ("置业顾问", "the consultants", "置業顧問"),
    "steward": ("客户管家", "the steward", "客戶管家"),
    "bar": ("水吧", "the bar", "水吧"),
    "showflat": ("样板房", "the show flat", "樣板房"),
    "cart": ("电瓶车", "the cart", "電瓶車"),
    "manager": ("案场经理", "the manager", "案場經理"),
    "maintenance": ("维修", "maintenance", "維修"),
}


def said(table: Mapping[str, Sentence], key: str, language: str, **fields: str) -> str:
    """The sentence ``key`` of ``table``, filled in; a key that is not there as it is."""
    sentence = table.get(key)
    if sentence is None:
        return key
    return sentence[LANGUAGES.index(language)].format_map(fields)


def listed(keys: Iterable[str], language: str) -> str:
    """``雨伞、轮椅``."""
    words = (said(WORDS, key, language) for key in keys)
    return said(WORDS, "and", language).join(words)
