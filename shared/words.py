"""What a program's pages say, in each language: the table ``words.toml`` of its package."""

import tomllib
from collections.abc import Iterable, Mapping
from importlib import resources

LANGUAGES = {"zh-CN": "中文", "en": "English", "zh-TW": "繁體中文"}
"""The languages by tag, as those who speak them call them."""
DEFAULT_LANGUAGE = "zh-CN"
TEST_IDS = {"zh-CN": "zh", "en": "en", "zh-TW": "zh-tw"}
"""How the browser tests call the languages' buttons: ``language-zh``."""

Table = Mapping[str, Mapping[str, str]]


class Words:
    """The sentences by key and language."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def say(self, key: str, language: str, **values: object) -> str:
        """The sentence ``key``, with ``values`` filled in.

        Raises:
            KeyError: there is no such sentence; a bug.
        """
        return self._table[key][language].format(**values)

    def __contains__(self, key: str) -> bool:
        """Whether there is a sentence ``key``."""
        return key in self._table

    def groups(self, names: Iterable[str], language: str) -> dict[str, str]:
        """The sentences of whole groups by key, unfilled: what a page's own script says."""
        wanted = set(names)
        return {
            key: sentences[language]
            for key, sentences in self._table.items()
            if key.split(".")[0] in wanted
        }


def read_table(package: str) -> Table:
    """The table in ``words.toml``, as it is packed with ``package``."""
    text = resources.files(package).joinpath("words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
