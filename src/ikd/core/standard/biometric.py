"""What face, iris or finger has to prove, and how often it may fail."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

import attrs

from ikd.core.errors import OfficeFileError
from ikd.core.standard.sourced import Grounded, Sourced, default

BiometricKind = Literal["face", "iris", "fingerprint"]
Whereabouts = Literal["home", "office", "any"]
_SINCE = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?", re.ASCII)


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
            words = (
                "harus seperti 2024, 2024-05, 2024-05-31 / must be like 2024, 2024-05, 2024-05-31"
            )
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
        kinds = [method.kind for method in self.methods]
        if len(set(kinds)) < len(kinds):
            faults.append(("methods", "satu cara dua kali / one method twice"))
        if not 1 <= self.tries.value <= 20:
            faults.append(("tries.value", "harus 1 sampai 20 / must be 1 to 20"))
        if faults:
            raise OfficeFileError(tuple(faults))

    def method(self, kind: str) -> Method | None:
        """Return the method of that *kind*, or None when it isn't published."""
        return next((method for method in self.methods if method.kind == kind), None)
