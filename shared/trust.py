"""Whom a program of ours trusts on TLS, and why a server was not trusted, in one sentence."""

import ssl
from datetime import UTC, datetime
from typing import Any

from shared.errors import OperatorError
from shared.words import Sentence

_NO_CHECK_TIME = 0x200000
"""X509_V_FLAG_NO_CHECK_TIME of OpenSSL's ``x509_vfy.h``; Python has no name for it."""
_WHY = {
    **dict.fromkeys((2, 7, 18, 19, 20, 21), "error.tls_stranger"),
    **dict.fromkeys((9, 10), "error.tls_time"),
    **dict.fromkeys((62, 64), "error.tls_name"),
}
"""By the codes of OpenSSL's ``x509_vfy.h``."""
_SPEAKS_NO_TLS = ("WRONG_VERSION_NUMBER", "UNEXPECTED_EOF_WHILE_READING", "RECORD_LAYER_FAILURE")


def trusting(ca_file: str) -> ssl.SSLContext:
    """Trusts what the authority in ``ca_file`` vouches for; empty: the system's authorities.

    With the site's own authority time is not looked at: a gate whose clock is wrong must not fall
    silent. See ``time_trouble``.

    Raises:
        OperatorError: there is no certificate in the file.
    """
    try:
        context = ssl.create_default_context(cafile=ca_file or None)
    except (OSError, ValueError) as error:
        raise OperatorError("error.ca_file", path=ca_file, problem=error) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file:
        context.verify_flags |= ssl.VerifyFlags(_NO_CHECK_TIME)
    return context


def why_not_trusted(error: OSError, host: str, port: int) -> Sentence | None:
    """What is wrong with the server that ``error`` is about; None: it is not about TLS."""
    if isinstance(error, ssl.SSLCertVerificationError):
        key, problem = _WHY.get(error.verify_code, "error.tls"), error.verify_message
    elif isinstance(error, ssl.SSLError):
        key = "error.tls_none" if error.reason in _SPEAKS_NO_TLS else "error.tls"
        problem = error.reason or str(error)
    elif isinstance(error, ConnectionResetError):  # so does an MQTT server that we greet with TLS
        key, problem = "error.tls_none", str(error)
    else:
        return None
    return Sentence(key, host=host, port=port, problem=problem)


def time_trouble(certificate: dict[str, Any], moment: datetime) -> Sentence | None:
    """Why a certificate (``getpeercert``) is not valid at ``moment``; None: it is.

    Whoever reads the sentence may have a wrong clock, and the certificate be right.
    """
    if not certificate:
        return None
    begins, ends = (_moment(certificate[name]) for name in ("notBefore", "notAfter"))
    if begins <= moment <= ends:
        return None
    key = "error.tls_expired" if moment > ends else "error.tls_not_yet"
    limit = ends if moment > ends else begins
    return Sentence(key, limit=f"{limit:%Y-%m-%d}", now=f"{moment:%Y-%m-%d}")


def _moment(text: str) -> datetime:
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(text), UTC)
