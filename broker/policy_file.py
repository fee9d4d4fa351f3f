"""The policy file (案场政策): read at start, refused with its line where it can't be right."""

from pathlib import Path

from broker.rules.policy import Policy
from shared.config import read_config


def read_policy(path: Path) -> Policy:
    """The house rules that the site chose; ``policy.example.toml`` explains each value.

    Raises:
        ConfigError: there is no such file, or a key or value is wrong: file, line, what to write.
    """
    return read_config(Policy, path)
