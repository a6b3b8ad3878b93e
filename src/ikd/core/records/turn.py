"""One turn of a record and its resident: the moves that every kind shares."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Generic, TypeVar

import attrs

from ikd.core.errors import RefusedError
from ikd.core.ids import RecordId, draw_id
from ikd.core.records.context import Context, FreshPin
from ikd.core.records.decision import Claim, Effects, Plan, Secret, Unsent
from ikd.core.records.event import Event
from ikd.core.records.law import Law
from ikd.core.records.notices import Notice
from ikd.core.records.patience import LEAST_LIFE
from ikd.core.records.phone_record import PhoneRecord
from ikd.core.records.questions import Question, QuestionKind
from ikd.core.records.resident import LAW as RESIDENT_LAW
from ikd.core.records.resident import GuessCounted, Resident
from ikd.core.secrets.ledger import Ledger, Left
from ikd.core.secrets.pin import matches
from ikd.core.standard.media import Rejection
from ikd.core.standard.pin_terms import PinTerms

R = TypeVar("R", bound=PhoneRecord)
NIK_SPACE = "nik"
DEVICE_SPACE = "device"


@attrs.define
class Turn(Generic[R]):
    """Moves a record and its resident; every move goes through an event."""

    plan: Plan
    context: Context
    law: Law[R]
    record: R
    resident: Resident

    def __attrs_post_init__(self) -> None:
        self.plan.read(self.record)
        self.plan.read(self.resident)

    def happen(self, happened: Event) -> None:
        """Let *happened* happen to the record."""
        self.record = self.plan.happen(self.law, self.record, happened)

    def resident_happens(self, happened: Event) -> None:
        """Let *happened* happen to the resident's record."""
        self.resident = self.plan.happen(RESIDENT_LAW, self.resident, happened)

    def prove(self, act: str, transcript: bytes | None = None) -> None:
        """Refuse without a proof by the record's phone; use its challenge up with the effect.

        Args:
            act: What the proof must mean.
            transcript: Of the pairing that it must name; that of the visit if not given.
        """
        named = transcript or self.record.transcript
        self.use(self.context.proven(act, self.record.thumbprint, named).challenge)

    def use(self, token: Claim) -> None:
        """Use a token up with the effect, unless it was used before."""
        self.plan.add(Effects(uses=(self.context.fresh(token),)))

    def keep(self, kind: str, secret_id: RecordId, value: bytes) -> None:
        """Let a secret of the record be written."""
        secret = Secret(id=secret_id, kind=kind, owner=self.record.id, value=value)
        self.plan.add(Effects(writes=(secret,)))

    def forget(self, *secret_ids: RecordId | None) -> None:
        """Delete secrets that are dead, and void what waits to be sent of them."""
        dead = tuple(one for one in secret_ids if one is not None)
        self.plan.add(Effects(deletes=dead, voids=dead))

    # --- guessing --------------------------------------------------------------------------

    def judge(self, ledger: Ledger, *, of_the_nik: bool) -> Left | None:
        """Return ``None`` for a right guess, or what is left after a wrong one.

        Args:
            ledger: The tries of the secret.
            of_the_nik: Whether wrong guesses count for the NIK too; the secret's last one
                then ends it.
        """
        evidence, now = self.context.evidence, self.context.now
        # a verifier that is gone died with its secret: nothing was compared, nothing is counted
        guess = evidence.guess if evidence.verifier is not None else None
        ledger.check(guess.secret_id if guess else None)
        if of_the_nik and self.resident.guesses_left(now) <= 0:
            told = "too many wrong PINs for this NIK in 30 days"
            raise RefusedError(f"{ledger.word}.resident_budget", told)
        left = ledger.compare(evidence.verifier, guess.candidate if guess else b"")
        if of_the_nik and left is not None:
            self.resident_happens(GuessCounted(at=now))
            if left.here == 0:
                self.forget(ledger.secret_id)
        return left

    def pin_ledger(self, met_whole: int) -> Ledger:
        """Return the tries of the PIN that counts, where *met_whole* were met over all PINs."""
        pin, limits = self.record.pin, self.context.standard.pin
        return Ledger(
            word="pin",
            secret_id=pin.id if pin else None,
            met=pin.tries if pin else 0,
            limit=limits.tries_per_pin.value,
            met_whole=met_whole,
            limit_whole=limits.tries_per_application.value,
            matches=matches,
        )

    # --- what is owed ----------------------------------------------------------------------

    def ask(self, kind: QuestionKind, method: str | None, sample_id: RecordId | None) -> RecordId:
        """Owe the registry a question; return its id."""
        question = Question(
            id=draw_id(self.context.entropy, f"question/{kind.value}"),
            kind=kind,
            record_kind=self.record.kind,
            record_id=self.record.id,
            method=method,
            sample_id=sample_id,
        )
        self.plan.questions.append(question)
        return question.id

    def notify(
        self, template: str, told: PinTerms | Rejection, *, about: PhoneRecord | None = None
    ) -> None:
        """Owe a notice without a PIN, by the media and in the name that *told* publishes.

        It goes to the resident of *about*, this record unless told.
        """
        whose = about or self.record
        notice_id = draw_id(self.context.entropy, f"notice/{template}/{whose.id}")
        self.plan.notices.append(self._notice(notice_id, template, told, whose))

    def _notice(
        self, notice_id: RecordId, template: str, told: PinTerms | Rejection, whose: PhoneRecord
    ) -> Notice:
        standard = self.context.standard
        return Notice(
            id=notice_id,
            template=template,
            kind=whose.kind,
            record_id=whose.id,
            media=told.media_kinds,
            sender=told.sender.value if told.sender else standard.name,
            params=self.words(whose),
        )

    def words(self, _whose: PhoneRecord) -> Mapping[str, str]:
        """Return the office's words that every text may need."""
        standard = self.context.standard
        return {
            "word": standard.pin.word.value,
            "resident": standard.person,
            "office": standard.name,
        }

    def send_pin(self, fresh: FreshPin, template: str, until: datetime) -> None:
        """Keep the verifier of a new PIN and owe the notice that carries it."""
        self.keep("pin", fresh.pin_id, fresh.verifier)
        notice = self._notice(fresh.notice_id, template, self.context.standard.pin, self.record)
        self.plan.notices.append(
            attrs.evolve(notice, pin_id=fresh.pin_id, sealed_pin=fresh.sealed, until=until)
        )

    def end_pin(self, record: PhoneRecord) -> None:
        """Let the PIN of *record* die, and let go of the trace of one that ended unsent."""
        self.forget(record.pin.id if record.pin else None)
        if record.unsent is not None:
            self.plan.add(Effects(voids=(record.unsent.id,)))

    # --- a PIN on its way ------------------------------------------------------------------

    def check_reissue(
        self, medium: str | None, told: Callable[..., Event], *, in_person: bool = False
    ) -> bool:
        """Refuse another PIN that comes too often or too soon; let one that waits go at once.

        Args:
            medium: By which of the standard's media, if that was said.
            told: Makes the event of a PIN that waits and was asked for again.
            in_person: Whether it is asked at the counter, where none comes too often.

        Returns:
            Whether one waits, so that no other is made.
        """
        limits, now, record = self.context.standard.pin, self.context.now, self.record
        if medium is not None and medium not in limits.media_kinds:
            raise RefusedError("pin.medium", "by the media of the office's standard only")
        if record.pin_at is not None and now < record.pin_at + limits.cooldown.value:
            raise RefusedError("pin.too_soon", "a PIN was asked for a moment ago")
        if record.pin is None or not self.context.evidence.pin_waits:
            if record.pins > limits.reissues.value and not in_person:
                words = "no further PIN can be sent; ask at the office"
                raise RefusedError("pin.reissues_used", words)
            return False
        self.plan.add(Effects(hastens=(record.pin.id,)))
        self.happen(told(at=now, pin_id=record.pin.id, medium=medium))
        return True

    def hand_over(self, told: Callable[..., Event]) -> None:
        """Let an officer hand over the PIN that waits, where the standard has that medium."""
        now, pin = self.context.now, self.record.pin
        if "officer" not in self.context.standard.pin.media_kinds:
            raise RefusedError("pin.medium", "no officer hands it over here")
        waits = pin is not None and self.context.evidence.pin_waits
        if pin is None or not waits or pin.until - now < LEAST_LIFE:
            raise RefusedError("pin.not_waiting", "none waits to be handed over; ask for another")
        self.plan.add(Effects(hands=(pin.id,)))
        self.happen(told(at=now, pin_id=pin.id))

    def unsent(self, pin_id: RecordId, code: str, told: Callable[..., Event]) -> None:
        """Let a PIN end that reached nobody, or, where it is dead by now, count it no more.

        It is shown until another one is made, unless that one is alive already.
        """
        pin, before = self.record.pin, self.record.unsent
        if before is not None and before.id == pin_id:
            return  # time told it
        if pin is None or pin.id == pin_id:
            self.plan.add(
                Effects(
                    deletes=(pin_id,) if pin else (),
                    voids=(before.id,) if before else (),
                    unsent=(Unsent(named=pin_id, code=code),),
                )
            )
        self.happen(told(at=self.context.now, pin_id=pin_id, code=code))

    def pin_expires(self, pin_id: RecordId, died: Event, told: Callable[..., Event]) -> None:
        """Let the PIN die of age; if it never left, that is what is told of it."""
        if self.context.evidence.pin_waits:
            return self.unsent(pin_id, "pin.unsent", told)
        self.forget(pin_id)
        return self.happen(died)


T = TypeVar("T")


def take(
    plan: Plan, begin: Callable[[], T], time_passes: Callable[[T], bool], act: Callable[[T], None]
) -> T:
    """Let time pass, then *act*; a refusal is kept until what time did is committed.

    Args:
        plan: Gathers what happens.
        begin: Makes the turn; again, where a half-made decision has to be dropped.
        time_passes: Lets time pass and says whether it changed anything.
        act: Does what was asked.

    Raises:
        RefusedError: Not allowed, and time changed nothing either.
    """
    turn = begin()
    passed = time_passes(turn)
    try:
        act(turn)
    except RefusedError as refusal:
        if not passed:
            raise
        plan.clear()
        turn = begin()
        time_passes(turn)
        plan.refusal = refusal
    return turn
