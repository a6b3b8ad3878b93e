"""What a check ends in: an outcome, every reason for it, and how old its sources are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal, get_args

import attrs

from ikd.core.tokens.credential import CredentialClaims
from ikd.core.tokens.foreign import ForeignCredential
from ikd.core.tokens.policy import Weight

TokenKind = Literal["credential", "presentation", "foreign", "unknown"]
_ORDER: tuple[Weight, ...] = get_args(Weight)

# Code of a reason: what a person at a counter is told, in Indonesian and in English.
TEXTS: Mapping[str, tuple[str, str]] = {
    "malformed": ("Kode tidak dapat dibaca sebagai kode IKD", "Not readable as an IKD code"),
    "rewritten": (
        "Kode penerbit sendiri yang ditulis ulang dengan bentuk lain",
        "A code of our own issuer, written otherwise than it writes",
    ),
    "other_kind": ("Kode ini bukan untuk diperiksa di sini", "This code isn't checked here"),
    "signature": ("Tanda tangan digital tidak sah", "The signature doesn't hold"),
    "key": ("Kunci penanda tangan tidak dikenal", "The signing key isn't known"),
    "revoked_key": ("Kunci penanda tangan telah dicabut", "The signing key was revoked"),
    "early": ("Belum berlaku; periksa jam perangkat", "Not valid yet; check the clocks"),
    "expired": ("Masa berlaku sudah habis", "Expired"),
    "life": ("Masa berlaku terlalu panjang atau terbalik", "Valid for too long, or backwards"),
    "no_expiry": ("Tanpa akhir masa berlaku", "It never expires"),
    "audience": ("Kode ini untuk pihak lain", "Made for somebody else"),
    "issuer": ("Penerbit bukan pemilik kunci", "The issuer it names doesn't own the key"),
    "challenge": ("Kode dibuat untuk pemeriksa lain", "Made for another verifier"),
    "holder": ("Kode tidak dibuat oleh ponsel pemiliknya", "Not made by the holder's phone"),
    "not_found": ("Kredensial tidak ditemukan", "The credential can't be found"),
    "replayed": ("Kode sudah pernah dipakai", "This code was used before"),
    "replay_unchecked": ("Pemakaian ulang tidak diperiksa", "Repeated use isn't checked"),
    "unchallenged": (
        "Tanpa tantangan; gambar yang diteruskan cukup selama 90 detik",
        "No challenge was given; within 90 seconds a relayed picture suffices",
    ),
    "no_holder_proof": (
        "Kode tetap; tidak membuktikan bahwa pembawanya adalah pemiliknya",
        "A static code; it doesn't prove that the bearer is the holder",
    ),
    "invalid": ("Kredensial sudah dicabut", "The credential was revoked"),
    "suspended": ("Kredensial sedang ditangguhkan", "The credential is suspended"),
    "superseded": ("Kredensial sudah diganti yang baru", "The credential was replaced"),
    "status_stale": ("Daftar status sudah usang", "The status list is old"),
    "status_unknown": ("Status tidak ada dalam daftar", "The status list doesn't reach that far"),
    "status_missing": ("Daftar status tidak tersedia", "The status list isn't there"),
    "clock": ("Jam perangkat mundur", "The clock is behind the lists that were loaded"),
    "keyring_stale": ("Daftar kunci sudah usang", "The keyring is old"),
    "keyring_expired": ("Daftar kunci sudah terlalu lama usang", "The keyring is far too old"),
    "foreign": ("Kode klaim 169 dari penerbit lain", "A claim 169 code of another issuer"),
}  # fmt: skip


@attrs.frozen(kw_only=True)
class Reason:
    """One thing that was found.

    Attributes:
        code: Stable name, a key of ``TEXTS``.
        weight: What it leads to by itself; "accept" is a note.
        detail: A fault word or note for developers, without personal data.
    """

    code: str = attrs.field(validator=attrs.validators.in_(TEXTS))
    weight: Weight
    detail: str = ""

    @property
    def text_id(self) -> str:
        """What to tell people, in Indonesian."""
        return TEXTS[self.code][0]

    @property
    def text_en(self) -> str:
        """What to tell people, in English."""
        return TEXTS[self.code][1]


@attrs.frozen(kw_only=True)
class Verdict:
    """What came of a check.

    Attributes:
        kind: What the text turned out to be.
        reasons: Everything found, the gravest first, notes last; empty where there was nothing.
        claims: What the credential says; None where it is refused, so that nobody shows
            a name under a token that doesn't hold.
        foreign: What a claim 169 of another issuer says, where the policy only warns.
        keyring_age: How long ago the keyring was signed.
        status_list_age: How long ago the status list was signed; None without one.
    """

    kind: TokenKind
    reasons: tuple[Reason, ...]
    claims: CredentialClaims | None = None
    foreign: ForeignCredential | None = None
    keyring_age: timedelta
    status_list_age: timedelta | None = None

    def __attrs_post_init__(self) -> None:
        ranked = sorted(self.reasons, key=lambda reason: -_ORDER.index(reason.weight))
        object.__setattr__(self, "reasons", tuple(ranked))
        if self.outcome == "refuse":
            object.__setattr__(self, "claims", None)
            object.__setattr__(self, "foreign", None)

    @property
    def outcome(self) -> Weight:
        """The gravest of the reasons; ``accept`` where there is none."""
        return self.reasons[0].weight if self.reasons else "accept"

    @property
    def codes(self) -> tuple[str, ...]:
        """The reasons' codes, the gravest first."""
        return tuple(reason.code for reason in self.reasons)

    @property
    def issuer(self) -> str | None:
        """Who vouches for what it says; None where it is refused."""
        if self.foreign is not None:
            return self.foreign.issuer_name
        return None if self.claims is None else self.claims.issuer

    @property
    def name(self) -> str | None:
        """The person's name, to be compared with who stands there; None where it is refused."""
        if self.foreign is not None:
            return self.foreign.name
        return None if self.claims is None else self.claims.person.name

    @property
    def nik_tail(self) -> str | None:
        """The last four digits of the NIK, where it says as much and isn't refused."""
        if self.claims is None:
            return None
        person = self.claims.person
        return person.nik_tail if person.nik is None else person.nik[-4:]

    def __bool__(self) -> bool:
        """Refuse to be asked like this: a verdict has three outcomes, and all would be true.

        Raises:
            TypeError: Always.
        """
        raise TypeError("a verdict is neither true nor false: ask for its outcome")
