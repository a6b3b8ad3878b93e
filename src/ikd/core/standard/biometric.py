"""What face, iris or finger has to prove, and how often it may fail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal

import attrs

from ikd.core.standard.checked import Checked, Fault, limits, partial_date_faults, twice
from ikd.core.standard.grounds import Grounded, Sourced, default

BiometricKind = Literal["face", "iris", "fingerprint"]
Whereabouts = Literal["home", "office", "any"]


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

    def _faults(self) -> Iterator[Fault]:
        """Yield a date of another form."""
        yield from super()._faults()
        yield from partial_date_faults("since", self.since)

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
_UNMEASURED: Sourced[tuple[BiometricKind, ...]] = default(
    ("iris", "fingerprint"),
    why="Apakah keaktifan juga untuk iris dan sidik jari tidak disebut; tanpa ukuran, "
    "kecocokan menentukan.",
)
_MATCHED = default(
    value=True,
    why="Naskah tidak menyebut kesesuaian; tanpa itu biometrik tidak membuktikan apa pun.",
)


@attrs.frozen(kw_only=True)
class Biometric(Checked):
    """What the biometric step accepts.

    Attributes:
        methods: The ways published, in order; empty where the text has none.
        match: Whether the sample must match the register.
        liveness: Whether the sample must come from a living person.
        unmeasured: Methods whose sample counts by its match alone where nobody measured liveness.
            One that was measured must be alive all the same.
        match_threshold: Score from which a match counts, 0 to 100.
        live_threshold: Score from which liveness counts, 0 to 100.
        tries: Failed samples that one application may have.
        pending: What the resident reads while the result waits for synchronisation.
    """

    methods: tuple[Method, ...] = ()
    match: Sourced[bool] = _MATCHED
    liveness: Sourced[bool] = _LIVENESS
    unmeasured: Sourced[tuple[BiometricKind, ...]] = _UNMEASURED
    match_threshold: Sourced[int] = attrs.field(default=_MATCH, metadata=limits(0, 100))
    live_threshold: Sourced[int] = attrs.field(default=_LIVE, metadata=limits(0, 100))
    tries: Sourced[int] = attrs.field(default=_TRIES, metadata=limits(1, 20))
    pending: Sourced[str] | None = None

    def _faults(self) -> Iterator[Fault]:
        """Yield scores that aren't scores, limits that aren't limits, and one method twice."""
        yield from super()._faults()
        yield from twice("methods", "kind", (method.kind for method in self.methods))

    def method(self, kind: str) -> Method | None:
        """Return the method of that *kind*, or None when it isn't published."""
        return next((method for method in self.methods if method.kind == kind), None)
