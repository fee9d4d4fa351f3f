"""The command line: help, lines and errors in the language of whoever typed the command.

That is what ``--lang`` says, before or after the command, else the environment's locale.
"""

import argparse
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shared.words import LANGUAGES, Sentence, in_language

LANGUAGE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""The first that is set holds, as for every program of the system."""
ALIASES = {"zh": "zh-CN"}
TRADITIONAL = ("zh_tw", "zh_hk", "zh_mo", "zh_hant")


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where a command was typed, and in which language it answers there."""

    language: str
    asked: str | None = None
    """The language that ``--lang`` names."""

    def say(self, key: str, **values: object) -> str:
        """The sentence ``key`` of the shared catalogue."""
        return Sentence(key, **values).in_language(self.language)

    def tell(self, line: str) -> None:
        """Write a line that was asked for."""
        print(in_language(line, self.language), flush=True)

    def warn(self, line: str) -> None:
        """Write a line about what went wrong."""
        print(in_language(line, self.language), file=sys.stderr, flush=True)

    def parser(self, command: str, explained: str) -> argparse.ArgumentParser:
        """For the words behind ``command``; ``explained`` is the key of what it does."""
        parser = argparse.ArgumentParser(prog=command, description=self.say(explained))
        _add_language(parser, self.say("help.lang"))
        return parser


def terminal_of(argv: list[str]) -> tuple[Terminal, list[str]]:
    """Where ``argv`` was typed, and its words without ``--lang``."""
    parser = argparse.ArgumentParser(prog="yingbin", add_help=False, allow_abbrev=False)
    _add_language(parser, None)
    found, words = parser.parse_known_args(argv)
    asked = ALIASES.get(found.lang, found.lang)
    return Terminal(asked or locale_language(os.environ), asked), words


def settings_file(argv: list[str], command: str, explained: str) -> tuple[Terminal, Path]:
    """Of a program that is started with its settings' file: the terminal, and which file."""
    terminal, words = terminal_of(argv)
    parser = terminal.parser(command, explained)
    parser.add_argument("--config", type=Path, required=True, metavar="FILE")
    return terminal, Path(parser.parse_args(words).config)


def locale_language(environment: Mapping[str, str]) -> str:
    """The language of the environment's locale, such as ``zh_TW.UTF-8``; English for others."""
    set_ones = (environment[name] for name in LANGUAGE_VARIABLES if environment.get(name))
    name = next(set_ones, "").replace("-", "_").lower()
    if name.startswith(TRADITIONAL):
        return "zh-TW"
    return "zh-CN" if name.partition("_")[0].partition(".")[0] == "zh" else "en"


def _add_language(parser: argparse.ArgumentParser, explained: str | None) -> None:
    parser.add_argument("--lang", choices=(*LANGUAGES, *ALIASES), help=explained)
