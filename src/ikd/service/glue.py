"""GLUE until the kinds of record are things."""

from __future__ import annotations

import attrs

from ikd.core.activation import commands as activation
from ikd.core.identity import commands as identity
from ikd.service.outcome import Owing


@attrs.frozen
class _Kind:
    time_passes: object = None
    answered: object = None


KINDS: dict[str, Owing] = {
    "application": _Kind(
        lambda one: activation.TimePasses(application_id=one),
        lambda one, answer: activation.RecordAnswer(application_id=one, answer=answer),
    ),
    "identity": _Kind(lambda one: identity.IdentityTimePasses(identity_id=one)),
}
