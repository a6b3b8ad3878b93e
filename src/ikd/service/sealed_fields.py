"""Sealing and opening personal fields; only delivery and the token maker open any."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol, runtime_checkable

import attrs

from ikd.core import cbor, structure
from ikd.core.complaint.receipt import RECEIPT_SPACE, draw_receipt
from ikd.core.errors import StoreError
from ikd.core.ids import RecordId, draw, draw_id
from ikd.core.records.case_record import CaseRecord
from ikd.core.records.context import FreshPin, Sealed, SealedText
from ikd.core.records.kind import Owner
from ikd.core.records.phone_record import PhoneRecord, SealedFields, SealedRecord
from ikd.core.records.record import Record
from ikd.core.records.turn import NIK_SPACE
from ikd.core.resident.contact import Email, Phone
from ikd.core.resident.nik import Nik
from ikd.core.secrets import pin as pins
from ikd.core.secrets.sealing import (
    FieldPlace,
    blind_index,
    new_data_key,
    seal,
    seal_with,
    unseal,
    unseal_with,
    unwrap,
    wrap,
)
from ikd.core.standard.candidate import Candidate
from ikd.service.parts import Parts
from ikd.service.person_facts import PersonFacts

NONCE = 12  # bytes, of AES-GCM (NIST SP 800-38D)
SALT = 16  # bytes
MAX_TOLD = 65536  # bytes: four pages in any script, and what stands beside them


@runtime_checkable
class Contact(Protocol):
    """What a resident typed of how they are reached."""

    @property
    def email(self) -> Email | None:
        """E-mail address, if one was asked for."""

    @property
    def phone(self) -> Phone | None:
        """Number of the phone, if one was asked for."""


@runtime_checkable
class Typed(Contact, Protocol):
    """What a resident typed into a command that opens a record."""

    @property
    def nik(self) -> Nik:
        """NIK."""

    @property
    def more(self) -> Mapping[str, str]:
        """Further fields of the office's own list."""


@runtime_checkable
class Telling(Protocol):
    """A command with words that are sealed."""

    def told(self) -> Mapping[str, object]:
        """Return what is sealed of it, by name."""


@runtime_checkable
class Stating(Protocol):
    """What states facts about the one who asks."""

    @property
    def stated(self) -> Candidate:
        """The facts."""


@attrs.frozen
class Vault:
    """Opens and seals with the service's keys."""

    parts: Parts

    def seal_typed(self, typed: Typed, word: str, entropy: bytes) -> Sealed:
        """Return what a new record of the kind *word* stores of a person, under its own data key.

        Its id is drawn from *entropy* for that word.
        """
        owner, data_key = Owner(kind=word, id=draw_id(entropy, word)), new_data_key(entropy)
        texts = {"nik": typed.nik.digits, **_contact(typed)}
        fields = {
            name: _seal_text(data_key, owner, name, text.encode(), entropy)
            for name, text in texts.items()
        }
        if typed.more:
            further = cbor.encode(dict(typed.more))
            fields["more"] = _seal_text(data_key, owner, "more", further, entropy)
        facts = None
        if isinstance(typed, Stating):
            facts = _seal_text(data_key, owner, "facts", _facts(typed), entropy)
        keys = self.parts.keys
        nonce = draw(entropy, "nonce/wrap", NONCE)
        return Sealed(
            data_key_id=draw_id(entropy, "data-key"),
            wrapped=wrap(data_key, keys.secrets("wrap")[0], nonce=nonce, owner=owner.id),
            indexes=tuple(
                blind_index(key, NIK_SPACE, typed.nik.digits) for key in keys.secrets("index")
            ),
            counted=self._counted(typed, nik=typed.nik.digits),
            fields=SealedFields(**fields),
            facts=facts,
        )

    def seal_facts(self, record: SealedRecord, stating: Stating, entropy: bytes) -> bytes:
        """Return what is stated, sealed for *record*."""
        return self.seal_bytes(record, "facts", _facts(stating), entropy)

    def open_facts(self, record: SealedRecord, stated: Iterable[bytes]) -> Candidate:
        """Return what was *stated* of the owner of *record*, statement after statement."""
        known = Candidate()
        for sealed in stated:
            plain = cbor.decode(self._open(record, "facts", sealed), booleans=True, nulls=True)
            known = known.and_then(structure.structure(plain, Candidate))
        return known

    def _counted(self, typed: Contact, **plain: str) -> Mapping[str, bytes]:
        key = self.parts.keys.secrets("index")[0]
        plain |= {"email": typed.email.mailbox} if typed.email else {}
        plain |= {"phone": typed.phone.e164} if typed.phone else {}
        return {name: blind_index(key, f"count/{name}", text) for name, text in plain.items()}

    def seal_contact(
        self, record: SealedRecord, typed: Contact, entropy: bytes
    ) -> Mapping[str, bytes]:
        """Return the parts of a corrected contact, each sealed as that field of *record*."""
        return {
            name: self.seal_bytes(record, name, text.encode(), entropy)
            for name, text in _contact(typed).items()
        }

    def seal_opening(self, telling: Telling, word: str, entropy: bytes) -> SealedText:
        """Return what opens a record of the kind *word*: its words under a data key of its own.

        Beside them a receipt is drawn, by which whoever told them finds the record again.
        """
        owner, data_key = Owner(kind=word, id=draw_id(entropy, word)), new_data_key(entropy)
        keys, receipt = self.parts.keys, draw_receipt(entropy)
        text = _seal_told(data_key, owner, {**telling.told(), "receipt": receipt}, entropy)
        nonce = draw(entropy, "nonce/wrap", NONCE)
        return attrs.evolve(
            text,
            data_key_id=draw_id(entropy, "data-key"),
            wrapped=wrap(data_key, keys.secrets("wrap")[0], nonce=nonce, owner=owner.id),
            receipts=tuple(receipt_indexes(self.parts, receipt)),
            counted=self._counted(telling) if isinstance(telling, Contact) else {},
        )

    def seal_told(self, telling: Telling, record: CaseRecord, entropy: bytes) -> SealedText:
        """Return what *telling* adds to *record*, under its data key."""
        return _seal_told(self._data_key(record), self.owner(record), telling.told(), entropy)

    def told(self, record: CaseRecord, text_id: RecordId) -> Mapping[str, Any]:
        """Return words of *record* that stand apart from it.

        Raises:
            StoreError: They are erased (``store.erased``).
        """
        stored = self.parts.store.secret(text_id)
        if stored is None:
            raise StoreError("store.erased", "these words are erased")
        said = self._open(record, f"told/{text_id}", stored.value)
        words: Mapping[str, Any] = cbor.decode(said, max_bytes=MAX_TOLD)
        return words

    def open_field(self, record: CaseRecord, field: str) -> str | None:
        """Return a sealed field of *record*, or ``None`` where it holds none."""
        if record.told_id is not None:
            told: str | None = self.told(record, record.told_id).get(field)
            return told
        sealed: bytes | None = getattr(getattr(record, "sealed", None), field, None)
        return None if sealed is None else self._open(record, field, sealed).decode()

    def owner(self, record: Record) -> Owner:
        """Return under whose name the fields of *record* are sealed."""
        owner: Owner = self.parts.kinds.named(record.kind).fields_of(record)
        return owner

    def open_person(self, record: SealedRecord) -> PersonFacts | None:
        """Return the registry's facts of the person, or ``None`` where there are none."""
        if record.person is None:
            return None
        return PersonFacts.from_bytes(self._open(record, "person", record.person))

    def seal_bytes(self, record: SealedRecord, field: str, plain: bytes, entropy: bytes) -> bytes:
        """Return *plain* sealed as *field* of *record*."""
        return _seal_text(self._data_key(record), self.owner(record), field, plain, entropy)

    def open_sample(self, record: SealedRecord, sealed: bytes) -> bytes:
        """Return a biometric sample."""
        return self._open(record, "sample", sealed)

    def fresh_pin(self, record: PhoneRecord, entropy: bytes) -> FreshPin:
        """Return a new PIN: its verifier, and itself sealed for the notice that carries it."""
        pin = pins.make_pin(draw(entropy, "pin", 32))
        pin_id, notice_id = draw_id(entropy, "pin-id"), draw_id(entropy, "pin-notice")
        keys = self.parts.keys
        verifier = pins.make_verifier(
            pin,
            salt=draw(entropy, "pin-salt", SALT),
            pepper=keys.secrets("pepper")[0],
            application_id=self.owner(record).id,
            pin_id=pin_id,
            device=record.thumbprint,
            kdf=self.parts.kdf,
        )
        sealed = seal_with(
            keys.secrets("outbox")[0],
            pin.reveal().encode(),
            nonce=draw(entropy, "nonce/pin", NONCE),
            purpose="pin",
            bound=(notice_id, pin_id),
        )
        return FreshPin(pin_id=pin_id, notice_id=notice_id, verifier=verifier, sealed=sealed)

    def open_pin(self, sealed: bytes, notice_id: str, pin_id: str) -> str:
        """Return the PIN that a notice carries."""
        keys = self.parts.keys.secrets("outbox")
        return unseal_with(keys, sealed, purpose="pin", bound=(notice_id, pin_id)).decode()

    def _open(self, record: CaseRecord, field: str, sealed: bytes) -> bytes:
        owner = self.owner(record)
        return unseal(self._data_key(record), sealed, place=FieldPlace(owner.kind, owner.id, field))

    def _data_key(self, record: CaseRecord) -> bytes:
        stored = self.parts.store.secret(record.data_key_id)
        if stored is None:
            raise StoreError("store.erased", "the personal data of this record are erased")
        owner = self.owner(record).id
        return unwrap(stored.value, self.parts.keys.secrets("wrap"), owner=owner)


def receipt_indexes(parts: Parts, receipt: str) -> Iterator[bytes]:
    """Yield under what a receipt is found, that of the newest key first."""
    for key in parts.keys.secrets("index"):
        yield blind_index(key, RECEIPT_SPACE, receipt)


def holder_of(parts: Parts, receipt: str) -> RecordId | None:
    """Return the id of the record that a receipt belongs to, if to any."""
    found = (parts.store.claim(RECEIPT_SPACE, one) for one in receipt_indexes(parts, receipt))
    claim = next((one for one in found if one is not None), None)
    return None if claim is None else RecordId(claim.owner)


def _seal_told(
    data_key: bytes, owner: Owner, told: Mapping[str, object], entropy: bytes
) -> SealedText:
    text_id = draw_id(entropy, "text")
    plain = cbor.encode(dict(told))
    return SealedText(
        id=text_id, value=_seal_text(data_key, owner, f"told/{text_id}", plain, entropy)
    )


def _contact(typed: Contact) -> dict[str, str]:
    email = {"email": typed.email.address} if typed.email else {}
    phone = {"phone": typed.phone.e164} if typed.phone else {}
    return email | phone


def _facts(stating: Stating) -> bytes:
    """Return what is stated as bytes; of the device what requirements look at, and no more."""
    stated = stating.stated
    device = stated.device and attrs.evolve(stated.device, key=None, model=None)
    plain = structure.unstructure(attrs.evolve(stated, device=device))
    return cbor.encode(plain, booleans=True, nulls=True)


def _seal_text(data_key: bytes, owner: Owner, field: str, plain: bytes, entropy: bytes) -> bytes:
    nonce = draw(entropy, f"nonce/{field}", NONCE)
    return seal(data_key, plain, nonce=nonce, place=FieldPlace(owner.kind, owner.id, field))
