"""Who asked what: the scope of a key, the fingerprint of a command, the pseudonym of an actor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

import attrs

from ikd.core import cbor
from ikd.core.errors import InputError
from ikd.core.records.actor import Actor, Role
from ikd.core.records.declaration import SINCE, Command
from ikd.core.records.journal import By
from ikd.core.resident.contact import Email, Phone
from ikd.core.resident.device import Device, Version
from ikd.core.resident.nik import Nik
from ikd.core.secrets.passcode import Passcode
from ikd.core.secrets.pin import Pin
from ikd.core.secrets.sealing import SecretKey, fingerprint, key_scope, pseudonym
from ikd.core.standard.deadlines import Pause
from ikd.core.tokens.claim169 import PROFILES, Profile
from ikd.core.validators import is_code, is_line

MAX_KEY = 128  # characters
MAX_LIMIT = 100_000  # records of one answer
MAX_LENGTH = timedelta(days=3650)
FORM = 2  # of the fingerprints that are made from now on


def check_asked(command: object, actor: object, key: object) -> None:
    """Check that a write is a command, asked by an actor, under a key.

    Raises:
        InputError: ``command.unknown``, ``actor.unknown``, or a key that isn't 1 to 128
            printable characters (``key.form``).
    """
    if not isinstance(command, Command):
        raise InputError("command.unknown", f"{type(command).__name__} is no command")
    check_actor(actor)
    if type(key) is not str or not is_line(key, MAX_KEY):
        raise InputError("key.form", "a key is 1 to 128 printable characters")


def check_actor(actor: object) -> Actor:
    """Return *actor* as an actor (``actor.unknown``)."""
    if type(actor) is not Actor:
        raise InputError("actor.unknown", "who asks must be an ikd.Actor")
    return actor


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
    if type(word) is not str or not is_line(word, MAX_KEY):
        raise InputError(f"{name}.form", "1 to 128 printable characters")
    return word


def check_code(code: object) -> str:
    """Return *code* as a code that may stand in a journal (``code.form``)."""
    if type(code) is not str or not is_code(code):
        raise InputError("code.form", "letters, and one dot at most: mail.address")
    return code


def check_length(name: str, length: object) -> timedelta:
    """Return *length* as a length of time (``name.form``)."""
    if type(length) is not timedelta or not timedelta() <= length <= MAX_LENGTH:
        raise InputError(f"{name}.form", "a timedelta from nothing to ten years")
    return length


def check_pauses(pauses: object) -> Sequence[Pause]:
    """Return *pauses* as pauses of a clock (``pauses.form``)."""
    listed = pauses if isinstance(pauses, list | tuple) else (None,)
    if not all(type(one) is Pause and type(one.reason) is str for one in listed):
        raise InputError("pauses.form", "a list of ikd's Pause, each with a reason")
    return listed


def by_of(actor: Actor, key: SecretKey) -> By:
    """Return how the journal names *actor*: a resident by pseudonym, an officer as stated."""
    name = pseudonym(key, actor.id) if actor.role is Role.RESIDENT else actor.id
    return By(role=actor.role, id=name, office=actor.office, station=actor.station)


def scopes_of(
    actor: Actor, command: Command, subject: str, keys: Sequence[SecretKey]
) -> tuple[bytes, ...]:
    """Return the scope of a key: the actor and the device (or the record it is paired with).

    There is one under each secret key, that of the newest first: a repeat is known as one
    after the keys were rotated too.
    """
    device = getattr(command, "device", None)
    key = device.key if isinstance(device, Device) else None
    parts = [actor.role.value, actor.id, actor.office or "", actor.station or ""]
    named = cbor.encode([*parts, key or subject])
    return tuple(key_scope(key, named) for key in keys)


def fingerprint_of(command: Command, key: SecretKey, form: int = FORM) -> bytes:
    """Return an HMAC that tells whether two commands are the same, and nothing else.

    Form 2 leaves out what is not given, so that a field that comes later changes nothing for
    whoever doesn't use it; form 1, of before, holds every field that there was then.
    """
    named = [type(command).__name__, _plain(command, form)]
    return fingerprint(key, cbor.encode(named, booleans=True, nulls=True))


def _plain(value: Any, form: int) -> Any:  # noqa: ANN401, C901, PLR0911 - one line a kind of value
    match value:
        case tuple():
            return [_plain(inner, form) for inner in value]
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
            return {key: _plain(inner, form) for key, inner in value.items()}
        case _ if attrs.has(type(value)):
            held = ((field, getattr(value, field.name)) for field in attrs.fields(type(value)))
            return {
                field.name: _plain(inner, form)
                for field, inner in held
                if (form == 1 and SINCE not in field.metadata)
                or (form > 1 and (inner is not None and inner != field.default))
            }
        case _:
            return value
