"""The wire: what is asked is read from JSON, what came of it is written.

Snake case, times of RFC 3339 with their zone, lengths of time in whole seconds, bytes in base64url
without padding, enums by their words. Input is strict. Readers of output ignore what they don't
know. What the repr of a value hides never crosses: sealed bytes, keys, ids of secrets.
"""

from __future__ import annotations

import json
import typing
from collections.abc import Iterable, Mapping
from datetime import datetime

import attrs

from ikd.core.complaint.commands import Attachment
from ikd.core.decide import KINDS
from ikd.core.errors import IkdError, InputError, forgetting
from ikd.core.ids import RecordId
from ikd.core.ports import Puzzle
from ikd.core.records.actor import Actor
from ikd.core.records.declaration import Command
from ikd.core.records.event import Event
from ikd.core.records.journal import Entry
from ikd.core.records.kind import AnyKind
from ikd.core.records.looking import Seen
from ikd.core.records.record import Known, Record
from ikd.core.records.templates import PublicText
from ikd.core.standard.findings import Finding
from ikd.core.tokens.credential import CredentialClaims
from ikd.core.tokens.verdict import Reason, Verdict
from ikd.service.complaints import (
    ComplaintCount,
    ComplaintDossier,
    ComplaintFile,
    ComplaintReceipt,
    ComplaintView,
    TextShown,
)
from ikd.service.opened import Opened
from ikd.service.result import Result
from ikd.wire import forms
from ikd.wire.forms import Json, Schema
from ikd.wire.reads import READS, answer_of, asked_by

__all__ = [
    "READS",
    "Json",
    "Schema",
    "Written",
    "read_actor",
    "read_arguments",
    "read_command",
    "read_json",
    "reads_schema",
    "schema",
    "show",
    "write",
]

Written = (
    Result
    | Event
    | Entry
    | Record
    | Verdict
    | IkdError
    | ComplaintView
    | ComplaintFile
    | ComplaintDossier
    | ComplaintCount
)
"""What crosses the wire outwards."""

MAX_TEXT = 2 * 1024 * 1024  # characters: a sample of 1 MiB fits
_PERSON: type = typing.get_type_hints(CredentialClaims)["person"]
_BESIDE: Mapping[type, Mapping[str, object]] = {
    Record: {"kind": str, "office": str | None, "due": datetime | None, "status": Known},
    Result: {
        **dict.fromkeys(("kind", "status"), str),
        "id": RecordId,
        "record": Record,
        "public": PublicText,
        "slip": str | None,  # for the officer who prints it
        "receipt": ComplaintReceipt | None,  # for whoever filed
    },
    Puzzle: {"token": bytes, "picture": bytes},
    Opened: {"public": PublicText},
    Seen: typing.get_type_hints(Seen),
    ComplaintReceipt: {"receipt": str},
    ComplaintFile: dict.fromkeys(("text", "name", "address", "email", "phone", "handle"), str),
    TextShown: {"text": str},
    Attachment: {"reference": str, "digest": bytes},
    Verdict: dict.fromkeys(("outcome", "issuer", "name", "nik_tail"), str | None),
    Reason: {"text_id": str, "text_en": str},
    _PERSON: {
        name: kind for name, kind in typing.get_type_hints(_PERSON).items() if name[0] != "_"
    },
}
"""What is written beside what a repr shows; of a person that a credential tells of, everything."""
_WHOLE = (Result, Entry, Verdict, ComplaintView, ComplaintFile, ComplaintDossier, ComplaintCount)
_ERROR = {
    "error": str,
    "words": PublicText | None,
    "clause": str | None,
    "findings": tuple[Finding, ...] | None,
}


@forgetting
def read_command(
    given: str | bytes | Mapping[str, object], *, kinds: Iterable[AnyKind] = ()
) -> Command:
    """Return the command that a JSON object says, e.g. ``{"command": "approve", ...}``.

    ``command`` names it as the device proof for it does; the other keys are its attributes.

    Args:
        given: The JSON text, or what was read of it.
        kinds: Further kinds of record, as ``open_service`` takes them.

    Raises:
        InputError: It is none. The message begins with the place of what is wrong, as in
            ``command.device.os_version``, and holds nothing that was sent.
    """
    plain = forms.held(
        read_json(given, "command") if isinstance(given, str | bytes) else given, "command"
    )
    acts, word = KINDS.and_further(kinds).acts, plain.get("command")
    if not isinstance(word, str) or word not in acts:
        raise InputError("command.unknown", f"command.command: one of {', '.join(acts)}")
    parts = {key: value for key, value in plain.items() if key != "command"}
    return forms.make(acts[word], parts, "command")


@forgetting
def read_arguments(read: str, given: Mapping[str, object]) -> dict[str, object]:
    """Return what the read of a service called *read* takes, as keywords, beside the actor.

    Args:
        read: One of ``READS``.
        given: What was read of a JSON object: its arguments by their names.

    Raises:
        InputError: There is no such read, or *given* isn't what it takes. The message begins
            with the place of what is wrong, as in ``read.limit``.
    """
    if read not in READS:
        raise InputError("read.unknown", f"read: one of {', '.join(READS)}")
    made = forms.read(asked_by(read), given, "read")
    return {field.name: getattr(made, field.name) for field in attrs.fields(asked_by(read))}


@forgetting
def read_actor(given: Mapping[str, object]) -> Actor:
    """Return the actor that a JSON object says; believe it only of a front end that you know.

    Raises:
        InputError: It is none; the message begins with the place, as in ``actor.role``.
    """
    return forms.make(Actor, forms.held(given, "actor"), "actor")


@forgetting
def read_json(text: str | bytes, place: str = "body") -> object:
    """Return what a JSON text says, as the other readers take it.

    Raises:
        InputError: It is none, too long or too deep (``wire.json``).
    """
    if len(text) <= MAX_TEXT:
        try:
            plain = text if isinstance(text, str) else text.decode()
            return json.loads(plain, object_pairs_hook=_object)
        except (ValueError, RecursionError):
            pass  # raised below, outside: no context that holds the text
    raise InputError("wire.json", f"{place}: JSON in UTF-8, of at most 2 MiB and not too deep")


def _object(pairs: list[tuple[str, object]]) -> object:
    """Return an object of JSON; one that has a key twice is none."""
    made = dict(pairs)
    return made if len(made) == len(pairs) else pairs


def write(thing: Written) -> dict[str, Json]:
    """Return *thing* as a JSON object.

    Of an error: ``error`` (its code), ``words`` for the public in both languages, ``clause`` and
    ``findings``; of an event ``event``, its name in the journal with its number.
    """
    return {name: forms.write(value, _parts) for name, value in _parts(thing).items()}


def show(value: object) -> Json:
    """Return what a read of a service answered, as JSON: a text, an object, a list of them."""
    return forms.write(value, _parts)


def _parts(value: object) -> Mapping[str, object]:
    if isinstance(value, IkdError):
        told = {name: getattr(value, name, None) for name in ("clause", "findings")}
        return {"error": value.code, "words": value.public, **told}
    named = {"event": value.journal_name} if isinstance(value, Event) else {}
    return {**named, **{name: getattr(value, name) for name in _shown(type(value))}}


def _shown(kind: type) -> Mapping[str, object]:
    """Return what is written of a *kind*, each with its type."""
    hints = typing.get_type_hints(kind)
    beside = [names for base, names in _BESIDE.items() if issubclass(kind, base)]
    shown = {field.name: hints[field.name] for field in attrs.fields(kind) if field.repr}
    return {**(beside[0] if beside else {}), **shown}


def schema(kinds: Iterable[AnyKind] = ()) -> Schema:
    """Return the JSON Schema (2020-12) of all that is read and written.

    Args:
        kinds: Further kinds of record, as ``open_service`` takes them.
    """
    known = KINDS.and_further(kinds)
    groups = {
        "command": {
            act: forms.read_schema(kind, {"command": {"const": act}})
            for act, kind in known.acts.items()
        },
        "event": {name: _written(kind) for name, kind in known.events.items()},
        "record": {kind.word: _written(kind.record) for kind in known},
    }
    defs: Schema = {name: {"anyOf": [*group.values()]} for name, group in groups.items()}
    defs |= {kind.__name__.lower(): _written(kind) for kind in _WHOLE}
    defs |= {"error": _written(IkdError), "actor": forms.read_schema(Actor)}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "ikd.wire",
        "anyOf": [{"$ref": f"#/$defs/{name}"} for name in defs],
        "$defs": defs,
    }


def reads_schema() -> dict[str, tuple[Schema, Schema]]:
    """Return the schema of what each read takes, and of what it answers."""
    return {
        read: (
            {**forms.read_schema(asked_by(read)), "title": read},
            forms.schema_of(answer_of(read), _written),
        )
        for read in READS
    }


def _written(kind: type) -> Schema:
    """Return the schema of what is written of a *kind*; whose names are open is one of many."""
    if kind in (Event, Record):
        return {"$ref": f"#/$defs/{kind.__name__.lower()}"}
    fixed: Schema = {}
    if issubclass(kind, Event):
        fixed = {"event": {"const": kind.journal_name}}
    if issubclass(kind, Record):
        fixed = {"kind": {"const": kind.kind}}
    shown = _ERROR if kind is IkdError else _shown(kind)
    told = {name: forms.schema_of(one, _written) for name, one in shown.items()}
    return forms.parts_schema(kind, {**told, **fixed}, {**told, **fixed})
