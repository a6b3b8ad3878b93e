"""Sealing and opening personal fields; only delivery and the token maker open any."""

from __future__ import annotations

import attrs

from ikd.core import cbor
from ikd.core.activation.application import Application
from ikd.core.activation.commands import Register
from ikd.core.activation.registering import application_id
from ikd.core.activation.turn import NIK_SPACE
from ikd.core.errors import StoreError
from ikd.core.identity.identity import Identity
from ikd.core.ids import RecordId, draw, draw_id
from ikd.core.records.context import FreshPin, Sealed
from ikd.core.secrets import pin as pins
from ikd.core.secrets.sealing import (
    Place,
    blind_index,
    new_data_key,
    seal,
    seal_with,
    unseal,
    unseal_with,
    unwrap,
    wrap,
)
from ikd.service.known import Known
from ikd.service.parts import Parts

NONCE = 12  # bytes, of AES-GCM (NIST SP 800-38D)
SALT = 16  # bytes


@attrs.frozen
class Vault:
    """Opens and seals with the service's keys."""

    parts: Parts

    def seal_registration(self, command: Register, entropy: bytes) -> Sealed:
        """Return what a registration stores of a person, under a data key of its own."""
        owner, data_key = application_id(entropy), new_data_key(entropy)
        texts = {
            "nik": command.nik.digits,
            "email": command.email.address if command.email else None,
            "phone": command.phone.e164 if command.phone else None,
        }
        fields = {
            name: _seal_text(data_key, owner, name, text.encode(), entropy)
            for name, text in texts.items()
            if text is not None
        }
        if command.more:
            further = cbor.encode(dict(command.more))
            fields["more"] = _seal_text(data_key, owner, "more", further, entropy)
        keys = self.parts.keys
        nonce = draw(entropy, "nonce/wrap", NONCE)
        return Sealed(
            data_key_id=draw_id(entropy, "data-key"),
            wrapped=wrap(data_key, keys.secrets("wrap")[0], nonce=nonce, owner=owner),
            indexes=tuple(
                blind_index(key, NIK_SPACE, command.nik.digits) for key in keys.secrets("index")
            ),
            **fields,
        )

    def open_field(self, record: Application | Identity, field: str) -> str | None:
        """Return a sealed field of *record*, or ``None`` where it holds none."""
        sealed: bytes | None = getattr(record.sealed, field)
        return None if sealed is None else self._open(record, field, sealed).decode()

    def seal_person(self, application: Application, known: Known, entropy: bytes) -> bytes:
        """Return the registry's facts of a person, sealed for *application*."""
        return self.seal_bytes(application, "person", known.to_bytes(), entropy)

    def open_person(self, record: Application | Identity) -> Known | None:
        """Return the registry's facts of the person, or ``None`` where there are none."""
        if record.person is None:
            return None
        return Known.from_bytes(self._open(record, "person", record.person))

    def seal_bytes(
        self, application: Application, field: str, plain: bytes, entropy: bytes
    ) -> bytes:
        """Return *plain* sealed as *field* of *application*."""
        return _seal_text(self._data_key(application), application.id, field, plain, entropy)

    def open_sample(self, application: Application, sealed: bytes) -> bytes:
        """Return a biometric sample."""
        return self._open(application, "sample", sealed)

    def fresh_pin(
        self, record: Application | Identity, application_id: RecordId, entropy: bytes
    ) -> FreshPin:
        """Return a new PIN: its verifier, and itself sealed for the notice that carries it."""
        pin = pins.make_pin(draw(entropy, "pin", 32))
        pin_id, notice_id = draw_id(entropy, "pin-id"), draw_id(entropy, "pin-notice")
        keys = self.parts.keys
        verifier = pins.make_verifier(
            pin,
            salt=draw(entropy, "pin-salt", SALT),
            pepper=keys.secrets("pepper")[0],
            application_id=application_id,
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

    def _open(self, record: Application | Identity, field: str, sealed: bytes) -> bytes:
        place = Place("application", _owner(record), field)
        return unseal(self._data_key(record), sealed, place=place)

    def _data_key(self, record: Application | Identity) -> bytes:
        stored = self.parts.store.secret(record.data_key_id)
        if stored is None:
            raise StoreError("store.erased", "the personal data of this record are erased")
        return unwrap(stored.value, self.parts.keys.secrets("wrap"), owner=_owner(record))


def _owner(record: Application | Identity) -> RecordId:
    return record.application_id if isinstance(record, Identity) else record.id


def _seal_text(data_key: bytes, owner: RecordId, field: str, plain: bytes, entropy: bytes) -> bytes:
    nonce = draw(entropy, f"nonce/{field}", NONCE)
    return seal(data_key, plain, nonce=nonce, place=Place("application", owner, field))
