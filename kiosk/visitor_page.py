"""The QR code by which visitors see, correct and erase what is kept of them."""

import segno


def qr_of(url: str, secret: str) -> str:
    """An SVG of the address; only the visitor's own phone receives the secret."""
    code = segno.make(f"{url}/me/{secret}", error="m", micro=False)
    return str(code.svg_inline(border=2, light="#fff", omitsize=True, svgclass="qr"))
