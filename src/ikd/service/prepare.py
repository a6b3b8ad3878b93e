"""Preparing: everything slow or outside, once a call, before any transaction.

What a command needs it declares, and it is made in the order of ``Need``. What is slow is made
only if the decision, rehearsed with a stand-in, would come to it. What can change until the
commit (claims, used tokens, verifiers) is looked up at every try.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import attrs

from ikd.core.activation.application import Application
from ikd.core.errors import ConflictError, StoreError
from ikd.core.house.commands import MakeAnew
from ikd.core.identity.opening import STATUS_SPACE
from ikd.core.ids import RecordId, draw
from ikd.core.records.actor import Actor
from ikd.core.records.case_record import CaseRecord
from ikd.core.records.context import Context, Evidence, SealedText
from ikd.core.records.decision import Retold
from ikd.core.records.declaration import SLOW, Command, Guessed, Need
from ikd.core.records.questions import Answer
from ikd.core.records.turn import DEVICE_SPACE
from ikd.core.standard.candidate import Candidate
from ikd.core.validators import given
from ikd.service.hashing import Hasher, guessed, matters, stand_in
from ikd.service.load import Loaded, retold
from ikd.service.parts import Parts
from ikd.service.person_facts import PersonFacts
from ikd.service.proofs import Checker
from ikd.service.sealed_fields import Contact, Stating, Telling, Typed, Vault, holder_of
from ikd.service.unreached import to_close, unreached

STATUS_PLACES = 2**20  # entries of one status list: a crowd to hide in
_TRIED_PLACES = 8


@attrs.define
class Preparer:
    """Makes the context of one call, try after try."""

    parts: Parts
    command: Command
    actor: Actor
    entropy: bytes = attrs.field(repr=False)
    _needs: frozenset[Need] = attrs.field(init=False)
    _fixed: Evidence | None = None
    _guess: Guessed | None = None
    _slow_done: bool = False

    def __attrs_post_init__(self) -> None:
        self._needs = self.command.needs()

    def context(self, loaded: Loaded, now: datetime) -> Context:
        """Return the context of this try; what is fixed is made at the first one only."""
        if self._fixed is None:
            self._fixed = self._sealed(self._checked(loaded, now), loaded)
            self._guess = guessed(self.command, loaded.around.phone)
        made = self._looked_up(self._fixed, loaded, now)
        if not self._slow_done and self._matters(made, loaded, now):
            slow = self._slow(loaded)
            self._fixed, made = attrs.evolve(self._fixed, **slow), attrs.evolve(made, **slow)
            self._slow_done = True
        return self._around(made, loaded, now)

    def _checked(self, loaded: Loaded, now: datetime) -> Evidence:
        """Check what came with the command, in the order of the needs."""
        checker, needs = Checker(self.parts, self.command, self.actor), self._needs
        readers = {
            Need.PHONE_QR: checker.phone_qr,
            Need.OFFICE_QR: checker.office_qr,
            Need.PAIRING: checker.waiting,
        }
        proof = checker.proof(loaded, now) if Need.PROOF in needs else None
        read = [reader(loaded, now) for need, reader in readers.items() if need in needs]
        return Evidence(
            proof=proof,
            pairing=read[0] if read else None,
            captcha=checker.captcha(loaded, now) if Need.CAPTCHA in needs else None,
            own_case=checker.own_case(loaded),
        )

    def _sealed(self, made: Evidence, loaded: Loaded) -> Evidence:
        """Seal what came with the command."""
        vault, phone = Vault(self.parts), loaded.around.phone
        if Need.FIELDS in self._needs:
            word = self.parts.kinds.asked(self.command).word
            assert isinstance(self.command, Typed)  # noqa: S101 - declared
            return attrs.evolve(made, sealed=vault.seal_typed(self.command, word, self.entropy))
        if Need.CONTACT in self._needs and phone is not None:
            assert isinstance(self.command, Contact)  # noqa: S101 - declared
            contact = vault.seal_contact(phone, self.command, self.entropy)
            return attrs.evolve(made, contact=contact)
        if Need.TEXT in self._needs:
            return attrs.evolve(made, text=self._written(vault, loaded))
        if Need.FACTS in self._needs and phone is not None:
            assert isinstance(self.command, Stating)  # noqa: S101 - declared
            return attrs.evolve(made, facts=vault.seal_facts(phone, self.command, self.entropy))
        if Need.SAMPLE in self._needs and phone is not None:
            plain: bytes = getattr(self.command, "sample")  # noqa: B009 - declared
            sample = vault.seal_bytes(phone, "sample", plain, self.entropy)
            return attrs.evolve(made, sample=sample)
        return made

    def _written(self, vault: Vault, loaded: Loaded) -> SealedText:
        """Return what was written, sealed for the record addressed or a new one."""
        assert isinstance(self.command, Telling)  # noqa: S101 - declared
        record = loaded.around.subject
        if isinstance(record, CaseRecord):
            return vault.seal_told(self.command, record, self.entropy)
        word = self.parts.kinds.asked(self.command).word
        return vault.seal_opening(self.command, word, self.entropy)

    def _matters(self, made: Evidence, loaded: Loaded, now: datetime) -> bool:
        """Say whether there is something slow that the decision would come to."""
        if not SLOW & self._needs:
            return False
        aimed = self._guess.secret_id if self._guess else None
        context = self._around(stand_in(self.command, aimed, made), loaded, now)
        kind = self.parts.kinds.asked(self.command)
        return matters(kind, loaded.around, self.command, context)

    def _slow(self, loaded: Loaded) -> dict[str, Any]:
        """Return the slow parts of the evidence, by name."""
        phone = given(loaded.around.phone)  # the rehearsal refuses without one
        if Need.PERSON not in self._needs:
            hasher = Hasher(self.parts, self.command, self.entropy)
            return hasher.hashed(phone, self._guess)
        answer: Answer = getattr(self.command, "answer")  # noqa: B009 - declared
        known = PersonFacts.of(given(answer.person), self.parts.fit_photo).to_bytes()
        return {"person": Vault(self.parts).seal_bytes(phone, "person", known, self.entropy)}

    # --- what may have changed since ----------------------------------------------------

    def _around(self, made: Evidence, loaded: Loaded, now: datetime) -> Context:
        return Context(
            now=now,
            actor=self.actor,
            standard=loaded.around.standard,
            entropy=self.entropy,
            evidence=attrs.evolve(made, verifier=self._verifier(made, loaded)),
            days_off=self.parts.days_off,
        )

    def _looked_up(self, made: Evidence, loaded: Loaded, now: datetime) -> Evidence:
        claims = (
            made.proof.challenge if made.proof else None,
            made.pairing.token if made.pairing else None,
            made.captcha.puzzle if made.captcha else None,
        )
        return attrs.evolve(
            made,
            used=frozenset(
                (one.space, one.key)
                for one in claims
                if one and self.parts.store.claim(one.space, one.key) is not None
            ),
            device_owner=self._device_owner(loaded),
            status_indexes=self._free_place(),
            ahead=self.parts.store.ahead(now) if Need.AHEAD in self._needs else None,
            pin_waits=self._pin_waits(loaded),
            receipt_of=self._receipt_of(),
            undelivered=self._undelivered(loaded, now),
            stated=self._stated(loaded),
            retold=self._retold(),
        )

    def _retold(self) -> Retold | None:
        """Return the record that was named as its journal tells it, where that can be believed."""
        if not isinstance(self.command, MakeAnew):
            return None
        asked = self.command
        told = retold(self.parts, asked.kind, asked.record_id)
        stored = self.parts.store.entries(asked.kind, asked.record_id)
        then = [entry.hash for entry in stored[asked.version - 1 : asked.version]]
        return told if then == [asked.head] else None

    def _stated(self, loaded: Loaded) -> Candidate:
        """Return what was stated before, as the record stands at this try."""
        phone = loaded.around.phone
        if Need.STATED not in self._needs or not isinstance(phone, Application):
            return Candidate()
        return Vault(self.parts).open_facts(phone, phone.facts if phone.is_live else ())

    def _verifier(self, made: Evidence, loaded: Loaded) -> bytes | None:
        """Return the verifier of the secret that was guessed at, if it still counts.

        Where the record as loaded says that it does and the verifier is gone, the record is no
        longer what was loaded: it has to be loaded again, or a dead PIN would look superseded.
        """
        if made.guess is None:
            return None
        stored = self.parts.store.secret(made.guess.secret_id)
        if stored is not None:
            return stored.value
        now_aimed = guessed(self.command, loaded.around.phone)
        if now_aimed is not None and now_aimed.secret_id == made.guess.secret_id:
            self._check_moved(loaded)
            raise ConflictError("version")
        return None

    def _receipt_of(self) -> RecordId | None:
        if Need.RECEIPT not in self._needs:
            return None
        receipt: str = getattr(self.command, "receipt")  # noqa: B009 - declared
        return holder_of(self.parts, receipt)

    def _check_moved(self, loaded: Loaded) -> None:
        """Refuse a record that still names a secret which isn't there: it would be met for ever."""
        phone = loaded.around.phone
        row = self.parts.store.get(phone.kind, phone.id) if phone else None
        if phone is not None and row is not None and row.version == phone.version:
            raise StoreError("store.damaged", f"a secret is missing that a {phone.kind} names")

    def _pin_waits(self, loaded: Loaded) -> bool:
        """Say whether the notice of the PIN that counts hasn't left: its payload is there."""
        phone = loaded.around.phone
        item = self.parts.store.item(phone.pin.id) if phone and phone.pin else None
        return item is not None and item.payload != b""

    def _undelivered(self, loaded: Loaded, now: datetime) -> tuple[str, RecordId] | None:
        """Return whose message was named, where it is the office's and reached nobody so far."""
        if Need.MESSAGE not in self._needs:
            return None
        named: RecordId = getattr(self.command, "message_id")  # noqa: B009 - declared
        met = unreached(self.parts.store, now).values()
        owed = next((one for items in met for one in to_close(items) if one.id == named), None)
        row = self.parts.store.get(owed.record_kind, owed.record_id) if owed else None
        if row is None or row.office != loaded.around.standard.id:
            return None
        return row.kind, row.id

    def _device_owner(self, loaded: Loaded) -> str | None:
        phone = loaded.around.phone
        if Need.DEVICE_OWNER not in self._needs or phone is None:
            return None
        held = self.parts.store.claim(DEVICE_SPACE, phone.thumbprint)
        return None if held is None else held.owner

    def _free_place(self) -> tuple[int, ...]:
        """Return a free place on the status list, drawn at random, or nothing if none is met."""
        if Need.PLACE not in self._needs:
            return ()
        for number in range(_TRIED_PLACES):
            drawn = draw(self.entropy, f"status/{number}", 8)
            place = int.from_bytes(drawn, "big") % STATUS_PLACES
            if self.parts.store.claim(STATUS_SPACE, place.to_bytes(4, "big")) is None:
                return (place,)
        return ()
