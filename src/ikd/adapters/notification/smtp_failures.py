"""What a mail server's failure means, by the phase it came in: try again, or never again."""

from __future__ import annotations

import re
import smtplib
import ssl

from ikd.core.errors import DeliveryError

_PERMANENT, _TRANSIENT = 500, 400  # RFC 5321 4.2.1: 5yz is permanent, 4yz transient
_TOO_BIG = 552
_OF_THE_MAIL = ("recipient", "content")
_OURS = re.compile(rb"[45]\.7\.")  # RFC 3463: security or policy, never the address
_PHASES: tuple[tuple[type[smtplib.SMTPResponseException], str], ...] = (
    (smtplib.SMTPConnectError, "greeting"),
    (smtplib.SMTPHeloError, "hello"),
    (smtplib.SMTPAuthenticationError, "login"),
    (smtplib.SMTPSenderRefused, "sender"),
    (smtplib.SMTPDataError, "content"),
)


class StartTlsError(smtplib.SMTPException):
    """The server has STARTTLS and refuses to begin."""


def failure(fault: Exception) -> DeliveryError:
    """Return what *fault* means, without anything that the server or *fault* said.

    Only a 5yz on this recipient or this content is final, and not where it is about policy: one
    on the login, the greeting, the sender or our reputation may be mended, and the mail is still
    owed.
    """
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return _replied("recipient", *min(fault.recipients.values(), default=(0, b"")))
    for kind, phase in _PHASES:
        if isinstance(fault, kind):
            big = phase == "sender" and fault.smtp_code == _TOO_BIG
            return _replied("content" if big else phase, fault.smtp_code, fault.smtp_error)
    if isinstance(fault, smtplib.SMTPNotSupportedError | ssl.SSLError | StartTlsError):
        return DeliveryError(
            "channel.tls", "no trusted TLS, or no STARTTLS or AUTH", retryable=True
        )
    return DeliveryError("channel.connection", "no whole talk with the server", retryable=True)


def _replied(phase: str, code: int, said: bytes | str) -> DeliveryError:
    told, text = f"{phase}, reply {code}", said if isinstance(said, bytes) else said.encode()
    if code < _TRANSIENT:
        return DeliveryError("channel.connection", told, retryable=True)
    if code < _PERMANENT:
        return DeliveryError(f"channel.{phase}_deferred", told, retryable=True)
    if phase in _OF_THE_MAIL and _OURS.match(text):
        return DeliveryError("channel.policy", told, retryable=True)
    final = phase in _OF_THE_MAIL
    return DeliveryError(f"channel.{phase}_refused", told, retryable=not final)
