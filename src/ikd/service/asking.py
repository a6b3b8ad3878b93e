"""Who asked what: the scope of a key, the fingerprint of a command, the pseudonym of an actor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

import attrs

from ikd.core import cbor
from ikd.core.activation import commands as activation
from ikd.core.errors import InputError
from ikd.core.identity import commands as identity
from ikd.core.records.actor import Actor, Role
from ikd.core.records.journal import By
from ikd.core.resident.contact import Email, Phone
from ikd.core.resident.device import Version
from ikd.core.resident.nik import Nik
from ikd.core.secrets.passcode import Passcode
from ikd.core.secrets.pin import Pin
from ikd.core.secrets.sealing import SecretKey, fingerprint, key_scope, pseudonym
from ikd.core.standard.deadlines import Pause
from ikd.core.tokens.claim169 import PROFILES, Profile
from ikd.service.codec import CLASSES

MAX_KEY = 128  # characters
MAX_LIMIT = 100_000  # records of one answer
MAX_LENGTH = timedelta(days=3650)


def check_asked(command: object, actor: object, key: object) -> None:
    """Check that a write is a command, asked by an actor, under a key.

    Raises:
        InputError: ``command.unknown``, ``actor.unknown``, or a key that isn't 1 to 128
            printable characters (``key.form``).
    """
    if not isinstance(command, activation.Command | identity.Command):
        raise InputError("command.unknown", f"{type(command).__name__} is no command")
    if type(actor) is not Actor:
        raise InputError("actor.unknown", "who asks must be an ikd.Actor")
    if type(key) is not str or not 0 < len(key) <= MAX_KEY or not key.isprintable():
        raise InputError("key.form", "a key is 1 to 128 printable characters")


def check_kind(kind: object) -> str:
    """Return *kind* as the kind of a record (``record.kind``)."""
    if type(kind) is not str or kind not in CLASSES:
        raise InputError("record.kind", f"one of {', '.join(CLASSES)}")
    return kind


def check_limit(limit: object) -> int:
    """Return *limit* as how many to return (``limit.form``)."""
    if type(limit) is not int or not 0 <= limit <= MAX_LIMIT:
        raise InputError("limit.form", f"a whole number from 0 to {MAX_LIMIT}")
    return limit


def check_profile(profile: object) -> Profile:
    """Return *profile* as one of the credential's profiles (``credential.profile``)."""
    for known in PROFILES:
        if profile == known:
            return known
    raise InputError("credential.profile", f"one of {', '.join(PROFILES)}")


def check_word(name: str, word: object) -> str:
    """Return *word* as a short word of plain characters (``name.form``)."""
    if type(word) is not str or not 0 < len(word) <= MAX_KEY or not word.isprintable():
        raise InputError(f"{name}.form", "1 to 128 printable characters")
    return word


def check_length(name: str, length: object) -> timedelta:
    """Return *length* as a length of time (``name.form``)."""
    if type(length) is not timedelta or not timedelta() <= length <= MAX_LENGTH:
        raise InputError(f"{name}.form", "a timedelta from nothing to ten years")
    return length


def check_pauses(pauses: object) -> Sequence[Pause]:
    """Return *pauses* as pauses of a clock (``pauses.form``)."""
    if not isinstance(pauses, list | tuple) or not all(map(_is_pause, pauses)):
        raise InputError("pauses.form", "a list of ikd's Pause, each with a reason")
    return pauses


def _is_pause(pause: object) -> bool:
    return type(pause) is Pause and type(pause.reason) is str


def by_of(actor: Actor, key: SecretKey) -> By:
    """Return how the journal names *actor*: a resident by pseudonym, an officer as stated."""
    name = pseudonym(key, actor.id) if actor.role is Role.RESIDENT else actor.id
    return By(role=actor.role, id=name, office=actor.office, station=actor.station)


def scopes_of(
    actor: Actor, command: object, subject: str, keys: Sequence[SecretKey]
) -> tuple[bytes, ...]:
    """Return the scope of a key: the actor and the device (or the record it is paired with).

    There is one under each secret key, that of the newest first: a repeat is known as one
    after the keys were rotated too.
    """
    device = command.device.key if isinstance(command, activation.Register) else None
    parts = [actor.role.value, actor.id, actor.office or "", actor.station or ""]
    named = cbor.encode([*parts, device or subject])
    return tuple(key_scope(key, named) for key in keys)


def fingerprint_of(command: object, key: SecretKey) -> bytes:
    """Return an HMAC that tells whether two commands are the same, and nothing else."""
    named = [type(command).__name__, _plain(command)]
    return fingerprint(key, cbor.encode(named, booleans=True, nulls=True))


def _plain(value: Any) -> Any:  # noqa: ANN401, PLR0911 - one line a kind of value
    match value:
        case Nik():
            return value.digits
        case Pin() | Passcode():
            return value.reveal()
        case Email():
            return value.address
        case Phone():
            return value.e164
        case Version():
            return str(value)
        case Enum():
            return value.value
        case datetime() | date():
            return value.isoformat()
        case Mapping():
            return {key: _plain(inner) for key, inner in value.items()}
        case _ if attrs.has(type(value)):
            names = (field.name for field in attrs.fields(type(value)))
            return {name: _plain(getattr(value, name)) for name in names}
        case _:
            return value
