"""What a phone's voice says of a plate, people and times, and that a plate can be written back."""

import re
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.wording.speech import for_the_ear, spoken_count, spoken_plate, spoken_time
from shared.plate import ALPHABET, KINDS, normalize

LANGUAGES = ("zh-CN", "zh-TW", "en")
SIMPLE = str.maketrans("個無識別", "个无识别")
COUNTS = dict(zip("三四五六七八九十", range(3, 11), strict=True)) | {"十一": 11, "十二": 12}
HAN = dict(zip("零一二三四五六七八九幺", "01234567891", strict=True))
NUMBERS = [
    *("zero", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
]
HEARD = """
armed police=WJ, police=警, trailer=挂, learner=学, trial=试, Hong Kong=港, Macau=澳, embassy=使,
consulate=领, oversize=超, emergency=应急, aviation=民航, no plate=无牌, plate not read=未识别,
Beijing=京, Tianjin=津, Hebei=冀, Shanxi=晋, Inner Mongolia=蒙, Liaoning=辽, Jilin=吉,
Heilongjiang=黑, Shanghai=沪, Jiangsu=苏, Zhejiang=浙, Anhui=皖, Fujian=闽, Jiangxi=赣, Shandong=鲁,
Henan=豫, Hubei=鄂, Hunan=湘, Guangdong=粤, Guangxi=桂, Hainan=琼, Chongqing=渝, Sichuan=川,
Guizhou=贵, Yunnan=云, Tibet=藏, Shaanxi=陕, Gansu=甘, Qinghai=青, Ningxia=宁, Xinjiang=新
"""
ENGLISH: dict[str, str] = dict(re.findall(r"([^=,\n]+?)=(\w+)", HEARD.replace(", ", "\n")))
ENGLISH |= {word: str(value) for value, word in enumerate(NUMBERS[:10])}
WORDS = re.compile("|".join(sorted(ENGLISH, key=len, reverse=True)) + "|[^ ]")

plates = st.one_of(
    *(st.from_regex(kind.pattern, fullmatch=True) for kind in KINDS),
    st.text(ALPHABET, min_size=1, max_size=12),
    st.text("18A浙", min_size=1, max_size=12),  # long runs
)


def written_back(said: str, language: str) -> str:
    """What a listener writes down on hearing ``said``."""
    if language == "en":
        return "".join(_english_group(group) for group in said.split(", "))
    return "".join(_chinese_group(group) for group in said.translate(SIMPLE).split("，"))


def _chinese_group(group: str) -> str:
    if run := re.fullmatch(r"(.+)个(.)", group):
        return HAN.get(run[2], run[2]) * COUNTS[run[1]]
    plain = group.replace("武警", "WJ").replace(" ", "")
    return normalize("".join(HAN.get(char, char) for char in plain))


def _english_group(group: str) -> str:
    run = re.fullmatch(r"(\w+) (.+)s", group)
    unit = run[2].replace("sixe", "six") if run else ""
    if run and run[1] in NUMBERS[3:] and (unit in NUMBERS or len(unit) == 1):
        return str(ENGLISH.get(unit, unit)) * NUMBERS.index(run[1])
    return "".join(ENGLISH.get(word, word) for word in WORDS.findall(group))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("says_yao", [False, True])
@given(plate=plates)
def test_nothing_of_a_plate_is_lost(plate: str, language: str, says_yao: bool) -> None:
    said = spoken_plate(plate, language, says_yao=says_yao)

    assert written_back(said, language) == plate


@pytest.mark.parametrize(
    ("plate", "chinese", "english"),
    [
        ("浙A88888", "浙A，五个八", "Zhejiang A, five eights"),
        ("浙A12333", "浙A，一二，三个三", "Zhejiang A, one two, three threes"),
        ("浙A66600", "浙A，三个六，零零", "Zhejiang A, three sixes, zero zero"),
        ("浙AD12345", "浙A，D 一二三四五", "Zhejiang A, D one two three four five"),
        ("浙AAA123", "浙A，A A 一二三", "Zhejiang A, A A one two three"),
        ("WJ浙1234X", "武警浙，一二三四 X", "armed police Zhejiang, one two three four X"),
        ("使123456", "使，一二三四五六", "embassy, one two three four five six"),
        ("粤Z1234港", "粤Z，一二三四，港", "Guangdong Z, one two three four, Hong Kong"),
        ("浙A1234警", "浙A，一二三四，警", "Zhejiang A, one two three four, police"),
        ("浙A1234应急", "浙A，一二三四，应急", "Zhejiang A, one two three four, emergency"),
        ("无牌", "无牌", "no plate"),
        ("未识别", "未识别", "plate not read"),
    ],
)
def test_a_plate_is_read_out_as_a_guard_says_it(plate: str, chinese: str, english: str) -> None:
    assert spoken_plate(plate) == chinese
    assert spoken_plate(plate, "en") == english


def test_where_the_radio_says_yao_the_phone_says_it_too() -> None:
    assert spoken_plate("浙A11123", says_yao=True) == "浙A，三个幺，二三"
    assert spoken_plate("浙A12010", says_yao=True) == "浙A，幺二零幺零"
    assert spoken_plate("浙A12010") == "浙A，一二零一零"
    assert spoken_plate("浙A12010", "en", says_yao=True) == "Zhejiang A, one two zero one zero"


def test_traditional_characters_are_spoken_from_traditional_text() -> None:
    assert spoken_plate("粤A88818", "zh-TW", says_yao=True) == "粵A，三個八，幺八"
    assert spoken_plate("沪A1234领", "zh-TW") == "滬A，一二三四，領"


@pytest.mark.parametrize(
    ("people", "chinese", "english"),
    [
        (1, "一位", "one person"),
        (2, "两位", "two people"),
        (10, "十位", "ten people"),
        (12, "十二位", "twelve people"),
        (22, "二十二位", "twenty-two people"),
        (99, "九十九位", "ninety-nine people"),
    ],
)
def test_people_are_counted_as_one_says_it(people: int, chinese: str, english: str) -> None:
    assert spoken_count(people) == chinese
    assert spoken_count(people, "en") == english
    assert spoken_count(people, "zh-TW") == chinese.replace("两", "兩")


@pytest.mark.parametrize(
    ("clock", "chinese", "english"),
    [
        ("00:00", "凌晨零点", "twelve a.m."),
        ("02:05", "凌晨两点零五分", "two oh five a.m."),
        ("09:30", "上午九点半", "nine thirty a.m."),
        ("12:10", "中午十二点十分", "twelve ten p.m."),
        ("14:00", "下午两点", "two p.m."),
        ("20:59", "晚上八点五十九分", "eight fifty-nine p.m."),
    ],
)
def test_times_are_said_as_one_says_them(clock: str, chinese: str, english: str) -> None:
    moment = time.fromisoformat(clock)
    assert spoken_time(moment) == chinese
    assert spoken_time(moment, "en") == english
    assert spoken_time(moment, "zh-TW") == chinese.replace("两", "兩").replace("点", "點")


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        (
            "zh-CN",
            "浙A88888 张女士 2 位，需要雨伞 到访，请引导停车",
            "浙A，五个八，张女士，两位，需要雨伞 到访，请引导停车",
        ),
        (
            "zh-TW",
            "浙A88888 張女士 2 位 到訪",
            "浙A，五個八，張女士，兩位 到訪",
        ),
        (
            "en",
            "浙A88888 张女士 party of 2 came, show the way to park",
            "Zhejiang A, five eights, 张女士, two people came, show the way to park",
        ),
        (
            "zh-CN",
            "读作 浙A8B888，与客户车牌 浙A88888、浙A8D888 同样相近，请核对",
            "读作 浙A，八 B，三个八，与客户车牌 浙A，五个八、浙A，八 D，三个八，同样相近，请核对",
        ),
        ("zh-CN", "李敏（14:05呼叫）未在岗", "李敏（下午两点零五分呼叫）未在岗"),
        ("zh-CN", "客户 已登记，请到大厅接待", "客户 已登记，请到大厅接待"),
        ("zh-CN", "保护期至 2026-11-25 24:00", "保护期至 2026-11-25 24:00"),
    ],
)
def test_an_alert_s_sentence_is_put_into_words_for_the_ear(
    language: str, text: str, said: str
) -> None:
    assert for_the_ear(text, None, language) == said


def test_a_plate_that_is_not_whole_is_read_out_too() -> None:
    assert for_the_ear("疑似 A1188 到访", "A1188") == "疑似 A 一一八八，到访"
    assert for_the_ear("疑似 A1188 到访", "A1188", says_yao=True) == "疑似 A 幺幺八八，到访"
