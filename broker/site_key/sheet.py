"""The key on paper: a page to print, with the key as text and as a QR code."""

from html import escape
from importlib import resources
from pathlib import Path
from string import Template

import segno

from broker.private_file import write_private
from broker.site_key.key import SiteKey
from broker.site_key.signing import FILE_NAME as SIGNING_NAME
from broker.site_key.signing import make_signer
from shared.words import Sentence

FILE_NAME = "site-key.html"
_GROUP = 6


def write_sheet(folder: Path, site: str, key: SiteKey, language: str) -> Path:
    """The page, which lies beside the keys and is as secret as they are."""
    page = resources.files("broker.site_key").joinpath("templates", "sheet.html")

    def say(name: str) -> str:
        return escape(Sentence(f"sheet.{name}", site=site).in_language(language))

    text = Template(page.read_text(encoding="utf-8")).substitute(
        language=language,
        title=say("title"),
        why=say("why"),
        keep=say("keep"),
        use=say("use"),
        key=in_groups(key),
        code=segno.make(key.text, error="m", micro=False).svg_inline(scale=6),
        head=say("head"),
        head_key=make_signer(folder / SIGNING_NAME).public,
    )
    path = folder / FILE_NAME
    write_private(path, text)
    return path


def in_groups(key: SiteKey) -> str:
    """The key as it is easy to read off and to type; ``key_in`` reads it again."""
    return " ".join(key.text[at : at + _GROUP] for at in range(0, len(key.text), _GROUP))
