"""What may be asked of an application. Values only; ``ikd.wire`` reads one from JSON."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from ikd.core.activation.application import Application
from ikd.core.errors import InputError
from ikd.core.ids import RecordId, parse_id
from ikd.core.records.actor import Role
from ikd.core.records.declaration import SINCE, Command, Declared, Guessed, Need
from ikd.core.records.questions import Answer
from ikd.core.resident.contact import Email, Phone
from ikd.core.resident.device import Device
from ikd.core.resident.nik import Nik
from ikd.core.secrets.pin import Pin
from ikd.core.standard.candidate import Candidate
from ikd.core.standard.own_limits import OWN_LIMITS
from ikd.core.tokens.pairing import peek_application_id
from ikd.core.validators import (
    exactly,
    filled_bytes,
    filled_text,
    flag,
    is_code,
    is_line,
    one_line,
    one_of,
    valid,
)

MAX_SAMPLE = OWN_LIMITS.sample.value
SHORT_TEXT = one_line("command", 64)
PROOF = filled_bytes("command", 1024)
QR_TOKEN = filled_text("command", 2000)
_FLAG = flag("command")
CODE = valid("command", "letters, and one dot at most: mail.address", is_code)
OFFICERS = frozenset({Role.OPERATOR, Role.MINISTRY})


def _nik(value: Nik | str) -> Nik:
    return value if isinstance(value, Nik) else Nik.parse(value)


def to_email(value: Email | str) -> Email:
    """Return an e-mail address as it is, or as typed."""
    return value if isinstance(value, Email) else Email.parse(value)


def to_phone(value: Phone | str) -> Phone:
    """Return a number as it is, or as typed."""
    return value if isinstance(value, Phone) else Phone.parse(value)


def to_pin(value: Pin | str) -> Pin:
    """Return a PIN as it is, or as typed."""
    return value if isinstance(value, Pin) else Pin.parse(value)


def _more(value: Mapping[str, str]) -> Mapping[str, str]:
    plain = dict(value) if isinstance(value, Mapping) else {"": None}
    texts = [*plain, *plain.values()]
    if len(plain) > 16 or not all(isinstance(t, str) and len(t) <= 256 for t in texts):
        raise InputError("command.more", "at most 16 further fields of at most 256 characters")
    return plain


@attrs.frozen(kw_only=True)
class Captcha:
    """Not a command by itself: the filled-in captcha of an ``EnterPin``.

    Attributes:
        token: Token of the puzzle, as ``service.captcha`` gave it.
        text: What the resident typed.
    """

    token: bytes = attrs.field(repr=False, validator=PROOF)
    text: str = attrs.field(repr=False, validator=SHORT_TEXT)


@attrs.frozen(kw_only=True)
class OfApplication(Command):
    """A command that addresses an application.

    Attributes:
        application_id: The application.
    """

    application_id: RecordId = attrs.field(converter=parse_id)


@Declared(
    by={Role.RESIDENT, Role.OPERATOR},
    needs={Need.FIELDS, Need.FACTS},
    public="accepted",
    place="begin",
)
@attrs.frozen(kw_only=True)
class Register(Command):
    """Open an application at *office*.

    Drafts of one NIK coexist and claim nothing, so that knowing a NIK doesn't block its owner. The
    device is made known here, so no proof comes with it.

    Leads to: ``Registered``, then ``FactsAsked`` where a requirement is due and something isn't
    stated, ``DataReferred``, or ``QuestionAsked`` where the registry comes next.

    Attributes:
        office: Id of the office.
        nik: NIK, parsed or as typed in 16 digits.
        email: E-mail address, where the office asks for one.
        phone: Number of the phone, where the office asks for one.
        device: The phone, with the public key it made for this application.
        more: Further fields that the office's own list names, at most 16.
        facts: What else the resident states for the requirements; it is sealed. What the
            register tells isn't weighed before its answer.
        accepted_terms: Whether the office's terms were accepted, which counts where it asks for
            consent; the front end shows them and asks.
    """

    office: str = attrs.field(validator=SHORT_TEXT)
    nik: Nik = attrs.field(converter=_nik)
    email: Email | None = attrs.field(default=None, converter=attrs.converters.optional(to_email))
    phone: Phone | None = attrs.field(default=None, converter=attrs.converters.optional(to_phone))
    device: Device = attrs.field(validator=exactly("command", Device))
    more: Mapping[str, str] = attrs.field(factory=dict, converter=_more, repr=False)
    facts: Candidate | None = attrs.field(
        default=None, repr=False, validator=exactly("command", Candidate)
    )
    accepted_terms: bool = attrs.field(default=False, validator=_FLAG)

    @property
    def stated(self) -> Candidate:
        """What it says about the requirements."""
        return attrs.evolve(
            self.facts or Candidate(),
            device=self.device,
            email=self.email is not None,
            phone=self.phone is not None,
        )


@Declared(by={Role.RESIDENT, Role.OPERATOR}, needs={Need.PROOF, Need.FACTS, Need.STATED})
@attrs.frozen(kw_only=True)
class StateFacts(OfApplication):
    """State what a requirement still asks for.

    The resident does it by device proof, or an operator in person. Only what is asked is taken.
    What the register answers too is weighed with a fresh answer of it, which wins.

    Leads to: ``FactsStated``, then ``FactsAsked`` where something is still open, ``DataReferred``,
    or ``QuestionAsked``.

    Attributes:
        application_id: The application.
        facts: The facts.
        proof: The device proof; needed where the resident asks.
    """

    facts: Candidate = attrs.field(repr=False, validator=exactly("command", Candidate))
    proof: bytes | None = attrs.field(default=None, repr=False, validator=PROOF)

    @property
    def stated(self) -> Candidate:
        """What it says about the requirements."""
        return self.facts


@Declared(by={Role.RESIDENT, Role.OPERATOR}, needs={Need.PROOF, Need.CONTACT})
@attrs.frozen(kw_only=True)
class CorrectContact(OfApplication):
    """Mend a mistyped e-mail address or number.

    The resident does it by device proof before the visit, at most twice, and an operator in
    person until the activation. What isn't given stays as it was.

    Leads to: ``ContactCorrected``.

    Attributes:
        application_id: The application.
        email: E-mail address; at least one of the two.
        phone: Number of the phone.
        proof: The device proof; needed where the resident asks.
    """

    email: Email | None = attrs.field(default=None, converter=attrs.converters.optional(to_email))
    phone: Phone | None = attrs.field(default=None, converter=attrs.converters.optional(to_phone))
    proof: bytes | None = attrs.field(default=None, repr=False, validator=PROOF)

    def __attrs_post_init__(self) -> None:
        if self.email is None and self.phone is None:
            raise InputError("command.contact", "an e-mail address, a number or both")


@Declared(by={Role.RESIDENT}, needs={Need.PROOF, Need.SAMPLE})
@attrs.frozen(kw_only=True)
class SubmitBiometric(OfApplication):
    """Hand in a sample, which waits sealed for the registry's answer and is then erased.

    Leads to: ``BiometricSubmitted``, ``QuestionAsked``.

    Attributes:
        application_id: The application.
        method: ``face``, ``iris`` or ``fingerprint``, as the office publishes.
        sample: At most 1 MiB.
        moving: Whether the face moved, where the office asks for that.
        proof: The device proof.
    """

    method: str = attrs.field(validator=SHORT_TEXT)
    sample: bytes = attrs.field(repr=False, validator=filled_bytes("command", MAX_SAMPLE))
    moving: bool = attrs.field(default=False, validator=_FLAG)
    proof: bytes = attrs.field(repr=False, validator=PROOF)


CLEARINGS = ("equipment", "conditions", "appearance", "other")


@Declared(by={Role.OPERATOR}, anywhere=True)
@attrs.frozen(kw_only=True)
class ClearBiometric(OfApplication):
    """Let one more sample be handed in at the counter, with the operator beside the resident.

    For a resident whose tries are used up; it may be cleared again when the time was missed or
    the sample refused.

    Leads to: ``BiometricCleared``.

    Attributes:
        application_id: The application.
        reason: Why the tries failed: ``equipment``, ``conditions``, ``appearance`` or ``other``.
    """

    reason: str = attrs.field(validator=one_of("command", CLEARINGS))


def _person_told(command: RecordAnswer) -> set[Need]:
    """Return the sealing of the person, and what was stated, where the answer tells of one."""
    return {Need.STATED, Need.PERSON} if command.answer.person is not None else set()


@Declared(by={Role.REGISTRY}, needs=_person_told)
@attrs.frozen(kw_only=True)
class RecordAnswer(OfApplication):
    """The registry answers a question.

    The service asks it by itself when it delivers; only an embedder whose registry calls back sends
    it. An answer to a question that isn't open is absorbed.

    Leads to: ``DataChecked``, ``FactsAsked``, ``DataReferred``, ``BiometricMatched``,
    ``BiometricRefused``, ``Reviewed`` (followed by ``Rejected`` where it doesn't stand),
    ``Rejected`` or nothing.

    Attributes:
        application_id: The application.
        answer: The answer, strictly typed.
    """

    answer: Answer = attrs.field(validator=exactly("command", Answer))


def _pin_if_approved(command: ReportStep) -> set[Need]:
    """Return a new PIN, where the report is that of the decision."""
    return {Need.PIN} if command.step == "decision" else set()


@Declared(by={Role.REGISTRY}, needs=_pin_if_approved)
@attrs.frozen(kw_only=True)
class ReportStep(OfApplication):
    """The registry reports a step that the office's standard does in SIAK itself.

    Never the visit or the PIN.

    Leads to: ``StepReported``, or ``Approved`` and ``PinIssued`` for the decision, or ``Rejected``.

    Attributes:
        application_id: The application.
        step: ``data_check``, ``biometric``, ``ministry_review`` or ``decision``.
        passed: Whether it was passed.
    """

    step: str = attrs.field(validator=SHORT_TEXT)
    passed: bool = attrs.field(validator=_FLAG)


@Declared(by=OFFICERS, right="verify")
@attrs.frozen(kw_only=True)
class DeclareComplete(OfApplication):
    """Declare the application complete, where the office counts a time from that (F13).

    An approval declares it too, if nobody did before.

    Leads to: ``DeclaredComplete``.

    Attributes:
        application_id: The application.
    """


def _names(value: tuple[str, ...]) -> tuple[str, ...]:
    if isinstance(value, list | tuple) and all(is_line(one, 64) for one in value):
        return tuple(value)
    raise InputError("command.which", "names of what is meant, and why")


GROUNDS = ("seen", "documents", "registry", "other")


@attrs.frozen(kw_only=True)
class OfReferral(OfApplication):
    """A command about what an application was referred to an officer for.

    Attributes:
        application_id: The application.
        which: What of it: ids of requirements, or the word that it was referred for.
        why: What that rests on: ``seen``, ``documents``, ``registry`` or ``other``.
    """

    which: tuple[str, ...] = attrs.field(default=(), converter=_names, metadata={SINCE: 2})
    why: str | None = attrs.field(
        default=None, validator=one_of("command", GROUNDS), metadata={SINCE: 2}
    )

    def __attrs_post_init__(self) -> None:
        if bool(self.which) != (self.why is not None):
            raise InputError("command.which", "names of what is meant, and why")


@Declared(by=OFFICERS, right="verify")
@attrs.frozen(kw_only=True)
class AskAgain(OfReferral):
    """An officer has cleared up what a case was referred for: let it go on, and ask the registry.

    Requirements are cleared by name, each with what that rests on; the case goes on once none is
    left. Whose visit was refused may come again once the one who decides has cleared it up.

    Leads to: ``ReferralCleared``, then ``QuestionAsked``, or ``FactsAsked``.

    Attributes:
        application_id: The application.
        which: What is cleared: ids of the requirements; or the word that the case was referred
            for, which may be left out.
        why: What that rests on: ``seen``, ``documents``, ``registry`` or ``other``; with *which*.
    """


@Declared(by=OFFICERS, right="verify")
@attrs.frozen(kw_only=True)
class RefuseReferral(OfReferral):
    """An officer has looked at what a case was referred for, and it stands against it.

    A visit that was refused is for the one who decides.

    Leads to: ``Rejected``.

    Attributes:
        application_id: The application.
        which: What stands against it: ids of the requirements, or the word that the case was
            referred for.
        why: What that rests on: ``seen``, ``documents``, ``registry`` or ``other``.
    """

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if not self.which:
            raise InputError("command.which", "names of what is meant, and why")


@Declared(by={Role.MINISTRY})
@attrs.frozen(kw_only=True)
class Review(OfApplication):
    """The ministry has reviewed the registration, where the office's standard has it do so (P22).

    Leads to: ``Reviewed``, followed by ``Rejected`` unless both hold.

    Attributes:
        application_id: The application.
        verified: The data are the resident's.
        validated: The data are right.
    """

    verified: bool = attrs.field(validator=_FLAG)
    validated: bool = attrs.field(validator=_FLAG)


@Declared(
    by={Role.OPERATOR},
    needs={Need.PHONE_QR, Need.DEVICE_OWNER},
    anywhere=True,
    right="scan",
    place="finish",
)
@attrs.frozen(kw_only=True)
class ScanPairing(Command):
    """The operator has scanned the QR that the resident's phone shows.

    The token names the application, and is itself signed by the phone.

    Wrong codes are counted, and few of them end the pairing: the phone must read the QR again.

    Leads to: ``PresenceConfirmed``; an older running case of the same resident is ``Withdrawn``.
    ``CheckCodeRefused`` where the code is another, together with a refusal.

    Attributes:
        token: The ``IKDR:`` text.
    """

    token: str = attrs.field(repr=False, validator=QR_TOKEN)

    @property
    def application_id(self) -> RecordId:
        """The case that the token names, unverified: whom the operator looks at before.

        Raises:
            TokenError: It is no such token.
        """
        return RecordId(peek_application_id(self.token).hex())


@Declared(by={Role.RESIDENT}, needs={Need.PROOF, Need.OFFICE_QR})
@attrs.frozen(kw_only=True)
class AnswerPairing(OfApplication):
    """The phone has scanned the QR that the office shows and signs its answer.

    Presence doesn't count before ``ConfirmPresence``.

    Leads to: ``PairingAnswered``.

    Attributes:
        application_id: The application.
        token: The ``IKDO:`` text.
        proof: The device proof; it names this very token.
    """

    token: str = attrs.field(repr=False, validator=QR_TOKEN)
    proof: bytes = attrs.field(repr=False, validator=PROOF)


@Declared(
    by={Role.OPERATOR},
    needs={Need.PAIRING, Need.DEVICE_OWNER},
    anywhere=True,
    right="scan",
    place="finish",
)
@attrs.frozen(kw_only=True)
class ConfirmPresence(OfApplication):
    """The operator at that station types the check code shown on the phone before them.

    Leads to: ``PresenceConfirmed``; an older running case of the same resident is ``Withdrawn``.

    Attributes:
        application_id: The application.
        check_code: The four digits.
    """

    check_code: str = attrs.field(validator=SHORT_TEXT)


REFUSALS = ("data_mismatch", "face_mismatch", "documents", "other")


@Declared(by={Role.OPERATOR}, anywhere=True, right="scan")
@attrs.frozen(kw_only=True)
class RefusePresence(OfApplication):
    """The operator turns the person at the counter away; the case waits for the one who decides.

    They reject it, or clear it up with ``AskAgain``.

    Leads to: ``PresenceRefused``.

    Attributes:
        application_id: The application.
        reason: ``data_mismatch``, ``face_mismatch``, ``documents`` or ``other``.
    """

    reason: str = attrs.field(validator=one_of("command", REFUSALS))


@Declared(by=OFFICERS, needs={Need.PIN}, decider=True, right="decide")
@attrs.frozen(kw_only=True)
class Approve(OfApplication):
    """Approve: a PIN is made and owed to the resident.

    Leads to: ``Approved``, ``PinIssued``.

    Attributes:
        application_id: The application.
    """


REASONS = ("requirements", "review", "data_mismatch", "face_mismatch", "documents", "other")


@Declared(by=OFFICERS, decider=True, right="decide")
@attrs.frozen(kw_only=True)
class Reject(OfApplication):
    """Reject, until the activation; the reason is kept for the audit and never sent.

    After an approval it takes that back: the PIN dies, and the resident is told so.

    Leads to: ``Rejected``.

    Attributes:
        application_id: The application.
        reason: ``requirements``, ``review``, ``data_mismatch``, ``face_mismatch``, ``documents`` or
            ``other``.
    """

    reason: str = attrs.field(default="other", validator=one_of("command", REASONS))


def _live_pin(command: EnterPin, application: Application) -> Guessed:
    pin = application.pin
    return Guessed(secret_id=pin.id if pin else None, entered=command.pin)


@Declared(
    by={Role.RESIDENT},
    needs={Need.PROOF, Need.CAPTCHA, Need.PLACE, Need.GUESS},
    guesses_at=_live_pin,
)
@attrs.frozen(kw_only=True)
class EnterPin(OfApplication):
    """Enter the PIN on the paired phone; a wrong one is an event, not an error.

    Leads to: ``Activated``; or ``PinRefused``, followed by ``PinLocked`` when the tries are used
    up.

    Attributes:
        application_id: The application.
        pin: What was typed.
        proof: The device proof.
        captcha: Where the office publishes one.
    """

    pin: Pin = attrs.field(converter=to_pin)
    proof: bytes = attrs.field(repr=False, validator=PROOF)
    captcha: Captcha | None = attrs.field(default=None, validator=exactly("command", Captcha))


@Declared(by={Role.RESIDENT, Role.OPERATOR}, needs={Need.PROOF, Need.PIN}, public="accepted")
@attrs.frozen(kw_only=True)
class ReissuePin(OfApplication):
    """Ask for a PIN that supersedes the one sent; tries are never refilled.

    The resident asks by the paired phone, as often as the office allows, and an operator in
    person: reissues count anew then. While a PIN still waits to be sent none is made: that one
    goes at once.

    Leads to: ``PinIssued``, or ``PinHastened`` for one that waits.

    Attributes:
        application_id: The application.
        proof: The device proof; needed where the resident asks.
        medium: Which of the media that the office's standard declares is tried first, if another
            than its own first: ``email``, ``sms``, ``whatsapp``, ``officer``.
    """

    proof: bytes | None = attrs.field(default=None, repr=False, validator=PROOF)
    medium: str | None = attrs.field(default=None, validator=SHORT_TEXT, metadata={SINCE: 2})


@Declared(by={Role.OPERATOR})
@attrs.frozen(kw_only=True)
class HandOverPin(OfApplication):
    """Hand the PIN that waits to the resident at the counter, where the standard says so.

    ``Result.slip`` holds what is printed, once: a repeat has none, and a print that failed is a
    ``ReissuePin``.

    Leads to: ``PinHandedOver``.

    Attributes:
        application_id: The application.
    """


@Declared(by={Role.SYSTEM})
@attrs.frozen(kw_only=True)
class ReportUndelivered(OfApplication):
    """Report that a PIN reached nobody; asked by delivery, once a PIN.

    Leads to: ``PinUndelivered``, or nothing if the case has ended or is activated.

    Attributes:
        application_id: The application.
        pin_id: The PIN.
        code: What went wrong last.
    """

    pin_id: RecordId = attrs.field(converter=parse_id, repr=False)
    code: str = attrs.field(validator=CODE)


@Declared(by={Role.RESIDENT, Role.OPERATOR}, needs={Need.PROOF})
@attrs.frozen(kw_only=True)
class Withdraw(OfApplication):
    """Withdraw the application: the resident by device proof, or an operator in person.

    Leads to: ``Withdrawn``.

    Attributes:
        application_id: The application.
        proof: The device proof; needed where the resident asks.
    """

    proof: bytes | None = attrs.field(default=None, repr=False, validator=PROOF)


@Declared(by={Role.SYSTEM})
@attrs.frozen(kw_only=True)
class TimePasses(OfApplication):
    """Look whether an application is overdue; asked by the sweep.

    Leads to: ``PinExpired``, ``Expired`` or nothing.

    Attributes:
        application_id: The application.
    """


COMMANDS = (
    Register,
    StateFacts,
    CorrectContact,
    SubmitBiometric,
    ClearBiometric,
    RecordAnswer,
    ReportStep,
    DeclareComplete,
    AskAgain,
    RefuseReferral,
    Review,
    ScanPairing,
    AnswerPairing,
    ConfirmPresence,
    RefusePresence,
    Approve,
    Reject,
    EnterPin,
    ReissuePin,
    HandOverPin,
    ReportUndelivered,
    Withdraw,
    TimePasses,
)
