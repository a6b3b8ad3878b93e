"""GLUE until the kinds of record are things."""

from __future__ import annotations

from collections.abc import Callable

import attrs

from ikd.core.activation import commands as activation
from ikd.core.decide import Command
from ikd.core.errors import InputError
from ikd.core.identity import commands as identity
from ikd.core.ids import RecordId
from ikd.core.records.questions import Answer


@attrs.frozen
class _Kind:
    time_passes: Callable[[RecordId], Command] | None = None
    answered: Callable[[RecordId, Answer], Command] | None = None


class Kinds:
    def named(self, word: str) -> _Kind:
        if word not in _KINDS:
            raise InputError("record.kind", "no such kind")
        return _KINDS[word]


_KINDS = {
    "application": _Kind(
        lambda one: activation.TimePasses(application_id=one),
        lambda one, answer: activation.RecordAnswer(application_id=one, answer=answer),
    ),
    "identity": _Kind(lambda one: identity.IdentityTimePasses(identity_id=one)),
    "resident": _Kind(),
}
KINDS = Kinds()
