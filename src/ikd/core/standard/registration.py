"""What the resident fills in, and what the face or finger has to prove."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

import attrs

from ikd.core.errors import OfficeFileError
from ikd.core.standard.sourced import Grounded, Sourced, default

_FIELD = re.compile(r"[a-z][a-z0-9_]{1,39}", re.ASCII)
_SINCE = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?", re.ASCII)
BiometricKind = Literal["face", "iris", "fingerprint"]
Whereabouts = Literal["home", "office", "any"]


@attrs.frozen(kw_only=True)
class FieldRule(Grounded):
    """One field of the registration.

    Attributes:
        name: ``nik``, ``email``, ``phone`` or a further lower-case name of the office's own.
        required: Whether registering without it is refused.
        label: The word beside the field, as published.
    """

    name: str
    required: bool
    label: str | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a name that no programme could use as a key."""
        super().__attrs_post_init__()
        if _FIELD.fullmatch(self.name) is None:
            words = "huruf kecil, angka, garis bawah / lower-case letters, digits, underscores"
            raise OfficeFileError((("name", words),))


@attrs.frozen(kw_only=True)
class Terms(Grounded):
    """Terms that must be accepted before the fields (F7).

    Attributes:
        text: What is accepted.
        accept: The word on the button.
    """

    text: str
    accept: str


@attrs.frozen(kw_only=True)
class Registration:
    """What registering asks for.

    Attributes:
        fields: The fields, in order; empty where the text names none.
        open: True when the text says "such as": the office may ask for more.
        button: Label of the explicit act after typing (W13), where one is published.
        terms: Terms to accept before, where they are a published step.
    """

    fields: tuple[FieldRule, ...] = ()
    open: Sourced[bool] | None = None
    button: Sourced[str] | None = None
    terms: Terms | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse one field twice."""
        names = [rule.name for rule in self.fields]
        if len(set(names)) != len(names):
            raise OfficeFileError((("fields", "satu isian dua kali / one field twice"),))

    @property
    def required(self) -> frozenset[str]:
        """Names of the fields without which registering is refused."""
        return frozenset(rule.name for rule in self.fields if rule.required)

    def rule(self, name: str) -> FieldRule | None:
        """Return the rule for the field *name*, or None when the text doesn't name it."""
        return next((rule for rule in self.fields if rule.name == name), None)


@attrs.frozen(kw_only=True)
class Method(Grounded):
    """One way to prove that the person is the one of the register; any one suffices (P20).

    Attributes:
        kind: Face, iris or fingerprint.
        moving: Whether the text asks for movement (P19); None when it doesn't say.
        since: Year, month or day from which it is in force, ``2024``, ``2024-05``, …
        where: Where it is done, where the text says so.
    """

    kind: BiometricKind
    moving: bool | None = None
    since: str | None = None
    where: Whereabouts | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a date of another form."""
        super().__attrs_post_init__()
        if self.since is not None and _SINCE.fullmatch(self.since) is None:
            words = "harus seperti / must be like: 2024, 2024-05, 2024-05-31"
            raise OfficeFileError((("since", words),))

    def in_force(self, on: date) -> bool:
        """Return whether the method is in force *on* that day."""
        return self.since is None or self.since <= on.isoformat()


_LIVENESS = default(
    value=True,
    why="Naskah tidak menyebut keaktifan; foto orang lain tidak boleh cukup, maka tetap diperiksa.",
)
_MATCH = default(80, "Ambang kecocokan tidak diterbitkan; nilai ini dapat diubah kantor.")
_LIVE = default(80, "Ambang keaktifan tidak diterbitkan; nilai ini dapat diubah kantor.")
_TRIES = default(5, "Batas percobaan biometrik tidak diterbitkan; lima mencegah tebakan berulang.")
_MATCHED = default(
    value=True,
    why="Naskah tidak menyebut kesesuaian; tanpa itu biometrik tidak membuktikan apa pun.",
)


@attrs.frozen(kw_only=True)
class Biometric:
    """What the biometric step accepts.

    Attributes:
        methods: The ways published, in order; empty where the text has none.
        match: Whether the sample must match the register.
        liveness: Whether the sample must come from a living person.
        match_threshold: Score from which a match counts, 0 to 100.
        live_threshold: Score from which liveness counts, 0 to 100.
        tries: Failed samples that one application may have.
        pending: What the resident reads while the result waits for synchronisation.
    """

    methods: tuple[Method, ...] = ()
    match: Sourced[bool] = _MATCHED
    liveness: Sourced[bool] = _LIVENESS
    match_threshold: Sourced[int] = _MATCH
    live_threshold: Sourced[int] = _LIVE
    tries: Sourced[int] = _TRIES
    pending: Sourced[str] | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse scores that aren't scores and limits that aren't limits."""
        faults = [
            (f"{name}.value", "harus 0 sampai 100 / must be 0 to 100")
            for name in ("match_threshold", "live_threshold")
            if not 0 <= getattr(self, name).value <= 100
        ]
        if not 1 <= self.tries.value <= 20:
            faults.append(("tries.value", "harus 1 sampai 20 / must be 1 to 20"))
        if faults:
            raise OfficeFileError(tuple(faults))

    def method(self, kind: str) -> Method | None:
        """Return the method of that *kind*, or None when it isn't published."""
        return next((method for method in self.methods if method.kind == kind), None)
