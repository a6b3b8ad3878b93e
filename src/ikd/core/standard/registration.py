"""What the resident fills in to register, and what must be accepted before."""

from __future__ import annotations

import re
from collections.abc import Iterator

import attrs

from ikd.core.standard.checked import Checked, Fault, twice
from ikd.core.standard.grounds import Grounded, Sourced, default

_FIELD = re.compile(r"[a-z][a-z0-9_]{1,39}", re.ASCII)


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

    def _faults(self) -> Iterator[Fault]:
        """Yield a name that no programme could use as a key."""
        yield from super()._faults()
        if _FIELD.fullmatch(self.name) is None:
            words = "huruf kecil, angka, garis bawah / lower-case letters, digits, underscores"
            yield "name", words


@attrs.frozen(kw_only=True)
class Terms(Grounded):
    """Terms that are shown before the fields, and accepted where consent is asked for (F7).

    Attributes:
        text: What is shown, and accepted.
        accept: The word on the button.
        decline: The word on the other button, where there are two.
    """

    text: str
    accept: str
    decline: str | None = None


_CONSENT = default(
    value=False,
    why="Naskah tidak menyebut persetujuan; dasarnya dapat tugas negara (UU 27/2022 Pasal 20).",
)

_BROWSER = default(
    value=False,
    why="Naskah menyebut aplikasi pada gawai; kunci di peramban (WebCrypto) tidak tercakup.",
)


@attrs.frozen(kw_only=True)
class Registration(Checked):
    """What registering asks for.

    Attributes:
        fields: The fields, in order; empty where the text names none.
        open: True when the text says "such as": the office may ask for more.
        button: Label of the explicit act after typing (W13), where one is published.
        terms: Terms shown before the fields; ``consent`` says whether they must be accepted.
        consent: Whether registering without accepting the terms is refused; where it is,
            ``terms`` says to what one agrees.
        browser: Whether a browser counts as a device: its key is made by WebCrypto and can't be
            taken out, but no secure element keeps it and no app asks who holds the phone.
    """

    fields: tuple[FieldRule, ...] = ()
    open: Sourced[bool] | None = None
    button: Sourced[str] | None = None
    terms: Terms | None = None
    consent: Sourced[bool] = _CONSENT
    browser: Sourced[bool] = _BROWSER

    def _faults(self) -> Iterator[Fault]:
        """Yield one field twice, and consent to nothing."""
        yield from twice("fields", "name", (rule.name for rule in self.fields))
        if self.consent.value and self.terms is None:
            words = "sebutkan dalam terms apa yang disetujui / say in terms what is agreed to"
            yield "consent.value", words

    @property
    def required(self) -> frozenset[str]:
        """Names of the fields without which registering is refused."""
        return frozenset(rule.name for rule in self.fields if rule.required)

    def rule(self, name: str) -> FieldRule | None:
        """Return the rule for the field *name*, or None when the text doesn't name it."""
        return next((rule for rule in self.fields if rule.name == name), None)
