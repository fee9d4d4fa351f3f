"""The QR codes that visitors' own phones read: to what is kept of them, and in at the door."""

import segno


def own_page(url: str, secret: str) -> str:
    """Where they see what is kept of them; only their own phone receives the secret."""
    return f"{url}/me/{secret}"


def qr_of(url: str, secret: str) -> str:
    """An SVG of that address."""
    return code_of(own_page(url, secret))


def door_address(url: str, link: str = "") -> str:
    """Where a phone comes in; without a link, as on paper, to a page that gives it one."""
    return f"{url}/own-phone" + (f"/{link}" if link else "")


def code_of(address: str) -> str:
    """An SVG of an address that a phone opens."""
    code = segno.make(address, error="m", micro=False)
    return str(code.svg_inline(border=2, light="#fff", omitsize=True, svgclass="qr"))
