"""Showing an officer whom the register names; each look is written down before it is answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import attrs

from ikd.core.errors import IkdError, InputError, RefusedError
from ikd.core.ids import RecordId, parse_id
from ikd.core.records.actor import Actor
from ikd.core.records.context import Context, Evidence
from ikd.core.records.looking import LOOKS, Purpose, Seen, differing
from ikd.core.records.permission import check_declared, check_reader
from ikd.core.records.phone_record import PhoneRecord
from ikd.core.resident.nik import Nik, Sex
from ikd.service.load import Loader, is_own
from ikd.service.looks import look_of
from ikd.service.parts import Parts
from ikd.service.person_facts import SEXES, PersonFacts
from ikd.service.requests import check_actor
from ikd.service.sealed_fields import Vault

_SEX: dict[int, Sex] = {number: sex for sex, number in SEXES.items()}


@attrs.frozen
class Looker:
    """Looks for one service; *keep* keeps a refusal for security."""

    parts: Parts
    keep: Callable[[IkdError, Actor, RecordId | None], None]

    def person(self, record_id: str, word: str, actor: Actor, purpose: str) -> Seen:
        """Return whom the register names in a record of the kind called *word*.

        Raises:
            InputError: Malformed.
            RefusedError: There is no such record, it isn't shown to *actor*, it is over, or the
                registry hasn't told yet.
            StoreError: The look couldn't be written down; then nothing is shown.
        """
        wanted, why = parse_id(record_id), self._purpose(purpose)
        kind = self.parts.kinds.named(word)
        try:
            record = self._checked(kind.word, wanted, check_actor(actor), why)
        except RefusedError as refusal:
            self.keep(refusal, actor, wanted)
            raise
        seen = self._seen(record, why)
        self.parts.store.look(look_of(self.parts, actor, record, purpose, seen.fields))
        return seen

    def _purpose(self, purpose: str) -> Purpose:
        if type(purpose) is not str or purpose not in LOOKS:
            raise InputError("look.purpose", f"one of {', '.join(LOOKS)}")
        return LOOKS[purpose]

    def _checked(self, word: str, wanted: RecordId, actor: Actor, why: Purpose) -> PhoneRecord:
        """Return the record, if *actor* may look; the role alone is checked before it is met."""
        check_reader(actor, why.declared.by)
        record = Loader(self.parts).named(word, wanted)
        if not isinstance(record, PhoneRecord):
            raise RefusedError("record.unknown", f"no such {word}")
        own = is_own(self.parts, actor, record.resident_id)
        context = Context(
            now=self.parts.clock.now(),
            actor=actor,
            standard=self.parts.standard(record.standard),
            entropy=b"",
            evidence=Evidence(own_case=own),
        )
        check_declared(context, why.declared, record.office)
        if not record.is_live:
            raise RefusedError("status.refused", "it is over: nothing is left to look for")
        return record

    def _seen(self, record: PhoneRecord, why: Purpose) -> Seen:
        vault = Vault(self.parts)
        known = vault.open_person(record)
        if known is None:
            raise RefusedError("person.untold", "the registry hasn't told who it is yet")
        nik = Nik.parse(vault.open_field(record, "nik") or "")
        return _seen(known, nik, photo="photo" in why.shown)


def _seen(known: PersonFacts, nik: Nik, *, photo: bool) -> Seen:
    born, sex = date.fromisoformat(known.birth_date), _SEX[known.sex]
    return Seen(
        name=known.name,
        birth_date=born,
        sex=sex,
        photo=known.photo if photo else None,
        photo_format=known.photo_format if photo else None,
        notes=differing(nik, born, sex),
    )
