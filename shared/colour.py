"""How well one colour is read on another, as WCAG 2 counts it. Pure; a colour is ``#1f4a3f``."""

READABLE = 4.5
"""The least contrast of text."""


def contrast(one: str, other: str) -> float:
    """From 1, the same, to 21, black on white."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def darkened(colour: str, by: float) -> str:
    """``colour`` with ``by`` of it, 0 to 1, taken away."""
    return "#" + "".join(f"{round(part * (1 - by)):02x}" for part in _parts(colour))


def lightened(colour: str, by: float) -> str:
    """``colour`` with ``by`` of the way to white, 0 to 1, gone."""
    return "#" + "".join(f"{round(part + (255 - part) * by):02x}" for part in _parts(colour))


def readable(colour: str, *grounds: str) -> str:
    """``colour``, darkened until it is read on each of the ``grounds``, which are light."""
    steps = (darkened(colour, percent / 100) for percent in range(101))
    return next(
        step for step in steps if all(contrast(step, ground) >= READABLE for ground in grounds)
    )


def _parts(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))


def _luminance(colour: str) -> float:
    linear = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (each / 255 for each in _parts(colour))
    )
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
