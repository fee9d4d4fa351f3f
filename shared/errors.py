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


class BadValueError(OperatorError, ValueError):
    """A value that cannot be taken as it stands: a phone, a plate, a text.

    A ``ValueError`` too, so that msgspec adds the place where the value stood.
    """


class ConfigError(OperatorError):
    """A setting is missing, unknown or of the wrong kind."""


class MessageError(OperatorError):
    """A payload does not fit the message that its topic promises."""


def sentence_of(error: Exception) -> str:
    """What ``error`` says: ours in any language, another library's in the words it has.

    msgspec wraps what a struct of ours says about its values.
    """
    ours = error.__cause__ if isinstance(error.__cause__, BadValueError) else error
    return ours.sentence if isinstance(ours, OperatorError) else str(error)
