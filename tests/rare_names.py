"""Names that a program is tempted to spoil: rare characters of every block, and long ones."""

BLOCKS = {
    "extension A": (0x3400, 0x4DBF),
    "extension B": (0x20000, 0x2A6DF),
    "extension C": (0x2A700, 0x2B739),
    "extension D": (0x2B740, 0x2B81D),
    "extension E": (0x2B820, 0x2CEA1),
    "extension F": (0x2CEB0, 0x2EBE0),
    "extension G": (0x30000, 0x3134A),
    "extension H": (0x31350, 0x323AF),
    "extension I": (0x2EBF0, 0x2EE5D),
    "compatibility": (0xF900, 0xFA6D),
    "compatibility supplement": (0x2F800, 0x2FA1D),
    "private use": (0xE000, 0xF8FF),
    "private plane": (0xF0000, 0xF00FF),
}
SURNAMES = ("张", "張", "欧阳", "司马", "諸葛", "上官", "単", "𠮷田", "㛃")
MINORITY = (
    "阿依古丽·买买提",
    "扎西·多吉",
    "乌兰图雅",
    "古丽米热·阿不都热西提",
    "བཀྲ་ཤིས",
    "ئايگۈل",
    "ᠪᠠᠲᠤ",
    "葛\U000e0100城",
    "O'Brien",
    "José",
    "李Anna",
)


def rare_names(count: int) -> list[str]:
    """``count`` different names, of all blocks alike."""
    names = list(MINORITY)
    step = 0
    while len(names) < count:
        for first, last in BLOCKS.values():
            sign = chr(first + step * 7 % (last - first + 1))
            names.append(SURNAMES[step % len(SURNAMES)] + sign)
        step += 1
    return list(dict.fromkeys(names))[:count]
