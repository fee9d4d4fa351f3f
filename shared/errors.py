"""Errors whose message is meant for the person who runs the system."""

from shared.words import Sentence


class OperatorError(Exception):
    """Something a person can put right: the thing, the problem, what to do.

    Raised with the key of a sentence and its values: ``str`` is the English one, for logs.
    Every other exception is a bug and must reach the log with its traceback.
    """

    def __init__(self, key: str, /, **values: object) -> None:
        self.sentence = Sentence(key, **values)
        super().__init__(self.sentence)


class ConfigError(OperatorError):
    """A setting is missing, unknown or of the wrong kind."""


class MessageError(OperatorError):
    """A payload does not fit the message that its topic promises."""


def sentence_of(error: Exception) -> str:
    """What ``error`` says: ours in any language, another library's in the words it has."""
    return error.sentence if isinstance(error, OperatorError) else str(error)
