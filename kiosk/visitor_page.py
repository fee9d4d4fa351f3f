"""The QR code by which a visitor sees, corrects and erases what is kept of him."""

import segno


def qr_of(url: str, secret: str) -> str:
    """An SVG of the address; only the visitor's own phone takes the secret along."""
    code = segno.make(f"{url}/me/{secret}", error="m", micro=False)
    return str(code.svg_inline(border=2, light="#fff", omitsize=True, svgclass="qr"))
