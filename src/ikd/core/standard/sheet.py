"""An office's standard as lines to read, and two of them side by side.

Every line has its clause or the word "default", so that whoever prints them can't print one as
the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from ikd.core.standard.grounds import Grounded, walk
from ikd.core.standard.office import Office
from ikd.core.standard.own_limits import OWN_LIMITS
from ikd.core.structure import plain_file

_GROUND = {*(field.name for field in attrs.fields(Grounded)), "further"}
_TITLES: dict[str, tuple[str, str]] = {
    "about": ("Kantor", "Office"),
    "decree": ("Keputusan", "Decree"),
    "words": ("Kata-kata", "Words"),
    "requirements": ("Persyaratan", "Requirements"),
    "steps": ("Langkah", "Steps"),
    "registration": ("Pendaftaran", "Registration"),
    "biometric": ("Biometrik", "Biometrics"),
    "presence": ("Kehadiran", "Presence"),
    "officers": ("Petugas", "Officers"),
    "pin": ("PIN atau kode aktivasi", "PIN or activation code"),
    "rejection": ("Penolakan", "Rejection"),
    "sign_in": ("Masuk pertama", "First sign-in"),
    "credential": ("QR yang diterbitkan", "Issued QR"),
    "sla": ("Waktu penyelesaian", "Time"),
    "calendar": ("Hari dan jam layanan", "Days and hours"),
    "fee": ("Biaya", "Fee"),
    "complaints": ("Pengaduan", "Complaints"),
    "lives": ("Umur permohonan", "Life of an application"),
    "quotas": ("Batas pintu", "Limits at the doors"),
    "recovery": ("Pemulihan", "Recovery"),
    "components": ("Komponen standar", "Components"),
    "laws": ("Dasar hukum", "Laws"),
}


@attrs.frozen(kw_only=True)
class Line:
    """One thing that an office's standard says.

    Attributes:
        path: Where it stands in the file, counted from one.
        value: The value: text, number, boolean, list or table.
        source: Its clause, or ``default``.
        clauses: Every clause it rests on; none for a default.
        quote: The words it rests on.
        why: The reason of a default.
        note: What else an officer should know.
    """

    path: str
    value: object
    source: str
    clauses: tuple[str, ...]
    quote: str | None
    why: str | None
    note: str | None


def title_of(path: str) -> tuple[str, str]:
    """Return the Indonesian and English title of the part of the file *path* stands in."""
    part = path.partition(".")[0].partition("[")[0]
    return _TITLES.get(part, (part, part))


def sheet(office: Office) -> tuple[Line, ...]:
    """Return every line of *office*, in the order of the parts; what is unstated isn't there."""
    return _lines(sorted(walk(office), key=lambda item: _rank(item[0])))


def own_sheet() -> tuple[Line, ...]:
    """Return every limit of ikd's own, which stands beside any standard, at a path ``ikd.…``."""
    return _lines(walk(OWN_LIMITS, "ikd"))


def _lines(parts: Iterable[tuple[str, Grounded]]) -> tuple[Line, ...]:
    return tuple(
        Line(
            path=path,
            value=_value(item),
            source=item.source,
            clauses=item.clauses,
            quote=item.quote,
            why=item.why,
            note=item.note,
        )
        for path, item in parts
    )


def unstated(office: Office) -> tuple[str, ...]:
    """Return the paths of everything a file could state and this one doesn't.

    Rows of lists are left out: that a channel has no handle is no gap of the standard.
    """
    parts = ((name, getattr(office, name)) for name in _TITLES)
    return tuple(path for name, part in parts for path in _gaps(name, part))


def _gaps(path: str, part: object) -> Iterator[str]:
    kind = type(part)
    if part is None or part == ():
        yield path
    elif attrs.has(kind):
        for field in attrs.fields(kind):
            value = getattr(part, field.name)
            if (value is None or value == ()) and field.name not in _GROUND:
                yield f"{path}.{field.name}"


def compare(one: Office, other: Office) -> tuple[tuple[str, Line | None, Line | None], ...]:
    """Return what differs: path, line of *one*, line of *other*; None is: unstated there.

    Lines differ when their values do or when one is published and the other a default.
    """
    left = {line.path: line for line in sheet(one)}
    right = {line.path: line for line in sheet(other)}
    paths = sorted(dict.fromkeys([*left, *right]), key=_rank)
    rows = ((path, left.get(path), right.get(path)) for path in paths)
    return tuple(row for row in rows if _essence(row[1]) != _essence(row[2]))


def _rank(path: str) -> int:
    names = list(_TITLES)
    part = path.partition(".")[0].partition("[")[0]
    return names.index(part) if part in names else len(names)


def _essence(line: Line | None) -> object:
    return None if line is None else (line.value, line.source == "default")


def _value(item: Grounded) -> object:
    """Return what *item* says itself: not its source, and not what has a line of its own."""
    own = dict(_own_fields(item))
    return own["value"] if set(own) == {"value"} else own


def _own_fields(item: Grounded) -> Iterator[tuple[str, object]]:
    for field in attrs.fields(type(item)):
        value = getattr(item, field.name)
        said = value is not None and value != field.default
        if said and field.name not in _GROUND and not any(walk(value)):
            yield field.name, plain_file(value)


def tables(office: Office) -> dict[str, object]:
    """Return *office* as the tables of its file, with every default; None is: not stated."""
    fields = [field.name for field in attrs.fields(Office)[2:]]
    told = {name: _told(plain_file(getattr(office, name))) for name in fields}
    return {"format": office.format, "digest": office.digest, **told}


def own_tables() -> object:
    """Return ikd's own limits in the same form."""
    return _told(plain_file(OWN_LIMITS))


def _told(value: object) -> object:
    """Leave out the words of a source that has none: what is silent there is no gap."""
    if isinstance(value, dict):
        silent = {key for key in ("quote", "why", "note") if value.get(key, "") is None}
        return {key: _told(item) for key, item in value.items() if key not in silent}
    return [_told(item) for item in value] if isinstance(value, list) else value
