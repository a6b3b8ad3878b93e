"""What a mail server's failure means: try again, or never again."""

from __future__ import annotations

import smtplib
import ssl

from ikd.core.errors import DeliveryError

_PERMANENT = 500  # RFC 5321 4.2.1: 5yz is permanent, 4yz transient
_TOO_BIG = 552
_OF_SETTINGS: tuple[tuple[type[Exception], str, str], ...] = (
    (smtplib.SMTPAuthenticationError, "channel.auth", "the server refused the login"),
    (smtplib.SMTPSenderRefused, "channel.sender", "the server refused the sender"),
    (smtplib.SMTPNotSupportedError, "channel.tls", "the server lacks STARTTLS or AUTH"),
    (ssl.SSLError, "channel.tls", "no trusted TLS with the server"),
)


def failure(fault: Exception) -> DeliveryError:
    """Return what *fault* means, without anything that the server or *fault* said.

    Only a 5xx on this recipient or this content is final. One on the login, the greeting or
    the sender is a fault of the settings: it may be mended, and the mail is still owed.
    """
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in fault.recipients.values()]
        return _by_code(min(codes, default=0), "recipient")
    if isinstance(fault, smtplib.SMTPDataError):
        return _by_code(fault.smtp_code, "content")
    if isinstance(fault, smtplib.SMTPSenderRefused) and fault.smtp_code == _TOO_BIG:
        return _by_code(fault.smtp_code, "content")
    for kind, code, reason in _OF_SETTINGS:
        if isinstance(fault, kind):
            return DeliveryError(code, reason, retryable=True)
    return DeliveryError("channel.connection", "no whole talk with the server", retryable=True)


def _by_code(code: int, what: str) -> DeliveryError:
    final = code >= _PERMANENT
    name = "channel.refused" if final else "channel.deferred"
    return DeliveryError(name, f"{what}, reply {code}", retryable=not final)
