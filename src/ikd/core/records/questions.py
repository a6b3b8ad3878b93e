"""Questions owed to the registry, and its answers."""

from __future__ import annotations

import enum
from datetime import datetime
from functools import partial

import attrs

from ikd.core.errors import forgets
from ikd.core.ids import RecordId, parse_id
from ikd.core.records.person import Person
from ikd.core.resident.nik import Nik
from ikd.core.validators import exactly, whole


class QuestionKind(enum.Enum):
    """What the registry can be asked."""

    DATA_CHECK = "data_check"
    """Does this NIK exist, and what is the state of its KTP-el?"""

    BIOMETRIC = "biometric"
    """Does this sample match the one recorded, and is it alive? (1:1)"""

    REVIEW = "review"
    """Does the registration as a whole stand? Asked where no ministry review is published."""


class KtpEl(enum.Enum):
    """State of a resident's KTP-el, as the registry knows it."""

    ISSUED = "issued"
    """A physical card has been given (whether or not it is still in hand)."""
    RECORDED = "recorded"
    """Biometrics recorded, no card ever issued."""
    NOT_RECORDED = "not_recorded"


class RegistryStanding(enum.Enum):
    """How a NIK stands in the registry."""

    FOUND = "found"
    UNKNOWN = "unknown"
    DECEASED = "deceased"
    INACTIVE = "inactive"
    SEVERAL = "several"
    """More than one record answers to the NIK: for a human, never for a program."""
    NOT_SYNCHRONISED = "not_synchronised"
    """The warehouse lags behind SIAK: no answer yet, ask again."""


@attrs.frozen(kw_only=True)
class Question:
    """A question owed to the registry; holds no personal data.

    Attributes:
        id: Identifier that its answer names.
        kind: What is asked.
        record_kind: Kind of the record that asks.
        record_id: That record.
        method: ``face``, ``iris`` or ``fingerprint`` for a biometric question.
        sample_id: Secret that holds the sealed sample of a biometric question.
    """

    id: RecordId
    kind: QuestionKind
    record_kind: str
    record_id: RecordId
    method: str | None = None
    sample_id: RecordId | None = None


@attrs.frozen(kw_only=True)
class OpenQuestion:
    """The question that the registry hasn't answered yet.

    Attributes:
        id: Identifier that its answer names.
        kind: What was asked.
        asked_at: When.
    """

    id: RecordId
    kind: QuestionKind
    asked_at: datetime


@attrs.frozen(kw_only=True)
class Asked:
    """A question with everything opened, as the registry's adapter gets it.

    Attributes:
        question_id: Identifier that the answer names.
        kind: What is asked.
        office: The office whose case it is.
        nik: The NIK, opened.
        method: ``face``, ``iris`` or ``fingerprint`` for a biometric question.
        sample: The sample of a biometric question, opened.
    """

    question_id: RecordId
    kind: QuestionKind
    office: str
    nik: Nik = attrs.field(repr=False)
    method: str | None = None
    sample: bytes | None = attrs.field(default=None, repr=False)


_part = partial(exactly, "answer")
_score = whole("answer", 0, 100)


@forgets
@attrs.frozen(kw_only=True)
class Answer:
    """What the registry answered. Strictly typed: anything else is no answer.

    Attributes:
        question_id: The question.
        standing: How the NIK stands.
        ktp_el: State of the KTP-el, for a data check of a NIK that was found.
        person: The person, for a data check of a NIK that was found.
        match: Likeness to the recorded sample, 0 to 100, for a biometric question.
        live: Liveness of the sample, 0 to 100; ``None`` where it wasn't measured.
        verified: Whether the registration stands, for a review.
    """

    question_id: RecordId = attrs.field(converter=parse_id)
    standing: RegistryStanding = attrs.field(validator=exactly("answer", RegistryStanding))
    ktp_el: KtpEl | None = attrs.field(default=None, validator=exactly("answer", KtpEl))
    person: Person | None = attrs.field(
        default=None, repr=False, validator=exactly("answer", Person)
    )
    match: int | None = attrs.field(default=None, validator=_score)
    live: int | None = attrs.field(default=None, validator=_score)
    verified: bool | None = attrs.field(default=None, validator=exactly("answer", bool))
