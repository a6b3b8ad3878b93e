"""What a verifier makes of things that are neither right nor wrong by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal, get_args

import attrs

from ikd.core.errors import InputError
from ikd.core.timing import parse_duration
from ikd.core.validators import Validator

Doubt = Literal["warn", "refuse"]
Weight = Literal["accept", "warn", "refuse"]


def _one_of(*words: str) -> Validator:
    """Return a validator that names the field, and the words it may have."""

    def check(_instance: object, attribute: attrs.Attribute[str], value: object) -> None:
        if type(value) is not str or value not in words:
            raise InputError("policy.value", f"{attribute.name}: {', '.join(words)}")

    return check


_DOUBT, _WEIGHT = _one_of(*get_args(Doubt)), _one_of(*get_args(Weight))


@attrs.frozen(kw_only=True)
class Policy:
    """How strict a verifier is. What can't be known is never plainly accepted.

    Attributes:
        static: A credential without presentation: a picture of it looks the same.
        status_stale: The status list is older than its time to live.
        status_missing: No status list is at hand.
        keyring_stale: The keyring has expired, within the grace below.
        keyring_grace: After that, an expired keyring refuses everything.
        replay_unchecked: A presentation without challenge where no replay memory was given.
        unchallenged: A presentation where no challenge was asked for: within its 90 seconds a
            relayed picture of it looks the same. "accept" leaves a note.
        foreign: A claim 169 of another issuer, whose key the verifier was given.
        no_expiry: A claim 169 of another issuer that never ends.
        audience: Who this verifier is, as a foreign ``aud`` would name it; empty for nobody.
    """

    static: Weight = attrs.field(default="warn", validator=_WEIGHT)
    status_stale: Doubt = attrs.field(default="warn", validator=_DOUBT)
    status_missing: Doubt = attrs.field(default="warn", validator=_DOUBT)
    keyring_stale: Doubt = attrs.field(default="warn", validator=_DOUBT)
    keyring_grace: timedelta = timedelta(days=7)
    replay_unchecked: Weight = attrs.field(default="warn", validator=_WEIGHT)
    unchallenged: Weight = attrs.field(default="accept", validator=_WEIGHT)
    foreign: Doubt = attrs.field(default="refuse", validator=_DOUBT)
    no_expiry: Doubt = attrs.field(default="warn", validator=_DOUBT)
    audience: str = ""

    def __attrs_post_init__(self) -> None:
        if type(self.keyring_grace) is not timedelta or self.keyring_grace < timedelta(0):
            raise InputError("policy.grace", "a grace is a length of time")
        if type(self.audience) is not str:
            raise InputError("policy.value", "audience: a text")

    @classmethod
    def of(cls, given: Mapping[str, object]) -> Policy:
        """Return the policy that data describe, e.g. a file: a word a doubt, ``"7 d"`` a grace.

        Raises:
            InputError: An unknown name (``policy.unknown``), a word that isn't one of its words
                (``policy.value``), or no length of time (``duration.form``).
        """
        unknown = sorted(str(name) for name in given if name not in attrs.fields_dict(cls))
        if unknown:
            raise InputError("policy.unknown", ", ".join(unknown))
        values: dict[str, Any] = dict(given)
        if "keyring_grace" in values:
            values["keyring_grace"] = _grace(values["keyring_grace"])
        return cls(**values)


def _grace(text: str) -> timedelta:
    try:
        return parse_duration(text)
    except InputError as error:
        raise InputError(error.code, 'keyring_grace: a length such as "7 d" or "36 h"') from None
