"""Values to plain mappings and back; the only module that knows cattrs.

Two readers live here. The journal's (``unstructure``/``structure``) is exact: what it wrote
comes back equal and anything else is refused, because a stored record is evidence. The office
file's (``structure_file``) is patient: it collects every fault with its path, because an
officer who corrects one line wants to hear of the other five as well.
"""

from __future__ import annotations

import functools
import typing
from collections.abc import Callable, Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Any, TypeVar

import attrs
from cattrs import (
    AttributeValidationNote,
    ClassValidationError,
    Converter,
    IterableValidationError,
    IterableValidationNote,
)
from cattrs.errors import ForbiddenExtraKeysError
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from ikd.core.errors import IkdError, InputError, OfficeFileError
from ikd.core.scalars import (
    PLAIN,
    clock_time,
    exact,
    is_literal,
    iso_date,
    leaf,
    length,
    length_text,
    one_of_literal,
    plain_leaf,
)
from ikd.core.timing import from_micros, to_micros
from ikd.core.typos import meant

T = TypeVar("T")
_MICROSECOND = timedelta(microseconds=1)
_COLLECTIONS: tuple[object, ...] = (tuple, frozenset)
Faults = list[tuple[str, str]]
Hook = Callable[[object, Any], object]
Leaf = tuple[Hook, Callable[[Any], object]]
"""How what isn't made of parts is read and written."""


def unstructure(value: object) -> object:
    """Return *value* as mappings, lists, text, bytes, whole numbers, booleans and None.

    Datetimes and timedeltas become whole microseconds, enums their value, frozensets
    sorted lists.

    Raises:
        InputError: Something inside has no plain form (``structure.invalid``).
    """
    try:
        return _converter(detailed=False).unstructure(value)
    except Exception:  # noqa: BLE001  whatever cattrs or a value raises, one error leaves
        name = type(value).__name__
    raise InputError("structure.invalid", f"{name} has no plain form")


def structure(value: object, kind: type[T]) -> T:
    """Return the *kind* that ``unstructure`` made *value* from.

    Nothing is converted kindly: ``"1"``, ``1.0`` and ``True`` are no whole number, and a
    key that *kind* doesn't know is refused.

    Raises:
        InputError: *value* isn't the plain form of a *kind* (``structure.invalid``); what
            was wrong inside isn't told, since it may be personal.
    """
    try:
        return _converter(detailed=False).structure(value, kind)
    except Exception:  # noqa: BLE001  raised below, outside: no context that holds the value
        name = getattr(kind, "__name__", "value")
    raise InputError("structure.invalid", f"not the plain form of {name}")


def structure_file(data: object, kind: type[T], path: str = "") -> T:
    """Return a *kind* from part of an office file that stands at *path*.

    Raises:
        OfficeFileError: Every fault found below *path*, each with its own path.
    """
    faults: Faults = []
    try:
        return _converter(detailed=True).structure(data, kind)
    except Exception as error:  # noqa: BLE001  every fault is gathered into one error
        _gather(error, path, faults)
    raise OfficeFileError(tuple(faults))


def plain_file(value: object) -> object:
    """Return *value* as an office file could say it: only text, numbers, lists and tables."""
    return _converter(detailed=True).unstructure(value)


_PLAIN: Mapping[type, Leaf] = {
    **dict.fromkeys((*PLAIN, Enum), (leaf, plain_leaf)),
    date: (iso_date, date.isoformat),
}
_JOURNAL: Mapping[type, Leaf] = {
    **_PLAIN,
    datetime: (lambda value, _: from_micros(exact(int, value)), to_micros),
    timedelta: (lambda value, _: _MICROSECOND * exact(int, value), lambda v: v // _MICROSECOND),
}
_FILE: Mapping[type, Leaf] = {
    **_PLAIN,
    timedelta: (length, length_text),
    time: (clock_time, lambda value: f"{value:%H:%M}"),
}


@functools.cache
def _converter(*, detailed: bool) -> Converter:
    """Return the journal's converter, or with *detailed* faults the office file's."""
    converter = Converter(
        forbid_extra_keys=True,
        detailed_validation=detailed,
        unstruct_collection_overrides={tuple: list, AbstractSet: sorted},
        unstructure_fallback_factory=lambda _: plain_leaf,
    )
    for kind, (read, write) in (_FILE if detailed else _JOURNAL).items():
        converter.register_structure_hook(kind, read)
        converter.register_unstructure_hook(kind, write)
    converter.register_structure_hook_func(is_literal, one_of_literal)
    converter.register_structure_hook_factory(
        lambda kind: typing.get_origin(kind) in _COLLECTIONS,
        functools.partial(_items, converter),
    )
    converter.register_structure_hook_factory(attrs.has, functools.partial(_reader, converter))
    converter.register_unstructure_hook_factory(
        attrs.has, lambda kind: make_dict_unstructure_fn(kind, converter, **_renamed(kind))
    )
    return converter


def _items(converter: Converter, kind: Any) -> Hook:  # noqa: ANN401
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple and arguments[-1] is not Ellipsis:
        return _pairs(converter, arguments)
    inner = list[arguments[0]]  # type: ignore[valid-type]
    read = converter.get_structure_hook(inner)

    def hook(value: object, _: object) -> object:
        items = _listed(value)
        made = origin(read(items, inner))
        if len(made) != len(items):
            raise InputError("structure.twice", "ada yang dua kali / something stands twice")
        return made

    return hook


def _pairs(converter: Converter, kinds: tuple[type, ...]) -> Hook:
    reads = [(converter.get_structure_hook(kind), kind) for kind in kinds]

    def hook(value: object, _: object) -> object:
        items = _listed(value)
        if len(items) != len(reads):
            words = f"harus {len(reads)} buah / there must be {len(reads)}"
            raise InputError("structure.count", words)
        return tuple(read(item, kind) for item, (read, kind) in zip(items, reads, strict=True))

    return hook


def _listed(value: object) -> Sequence[object]:
    if not isinstance(value, list | tuple):
        raise InputError("structure.type", "harus berupa daftar / must be a list")
    return value


def _renamed(kind: type[attrs.AttrsInstance]) -> dict[str, Any]:
    fields = attrs.fields(typing.get_origin(kind) or kind)
    return {f.name: override(rename=f.alias) for f in fields if f.alias and f.alias != f.name}


def _reader(converter: Converter, kind: type[attrs.AttrsInstance]) -> Hook:
    read = make_dict_structure_fn(kind, converter, **_renamed(kind))
    named = {field.name for field in attrs.fields(typing.get_origin(kind) or kind)}
    like = ": { value = …, source = … }" if {"value", "source"} <= named else ""

    def hook(value: object, _: object) -> object:
        if not isinstance(value, Mapping):
            raise InputError("structure.type", f"harus berupa tabel{like} / must be a table{like}")
        return read(value, kind)

    return hook


def _gather(error: BaseException, path: str, faults: Faults) -> None:
    if isinstance(error, ClassValidationError | IterableValidationError):
        noted, others = error.group_exceptions()
        for inner, note in noted:
            _gather(inner, _below(path, note), faults)
        for inner in others:
            _gather(inner, path, faults)
    elif isinstance(error, OfficeFileError):
        faults.extend((_joined(path, name), words) for name, words in error.faults)
    elif isinstance(error, ForbiddenExtraKeysError):
        known = [str(field.alias) for field in attrs.fields(error.cl)]
        faults.extend(
            (_joined(path, key), unknown(key, known)) for key in sorted(error.extra_fields)
        )
    else:
        faults.append((path, _in_words(error)))


def unknown(key: str, known: Collection[str]) -> str:
    """Return in words that *key* isn't one of the *known*, and which was meant if one is near."""
    near = meant(key, known)
    indonesian, english = "kunci ini tidak dikenal", "this key is not known"
    if near:
        indonesian, english = (
            f"{indonesian}; maksudnya: {near}?",
            f"{english}; did you mean: {near}?",
        )
    return f"{indonesian} / {english}"


def _below(path: str, note: AttributeValidationNote | IterableValidationNote) -> str:
    if isinstance(note, AttributeValidationNote):
        return _joined(path, note.name.lstrip("_"))
    if isinstance(note.index, int):
        return f"{path}[{note.index + 1}]"  # an officer counts from one
    return _joined(path, note.index)


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}".strip(".")


def _in_words(error: BaseException) -> str:
    if isinstance(error, KeyError):
        return "wajib ada / must be there"
    text = error.detail if isinstance(error, IkdError) else ""
    return text or "tidak dapat dipakai / can't be used"
