"""Errors whose message is meant for the person who runs the system."""


class OperatorError(Exception):
    """Something a person can put right: the thing, the problem, what to do.

    Every other exception is a bug and must reach the log with its traceback.
    """


class ConfigError(OperatorError):
    """A setting is missing, unknown or of the wrong kind."""


class MessageError(OperatorError):
    """A payload does not fit the message that its topic promises."""
