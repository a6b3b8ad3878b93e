"""The service: load, prepare, decide, commit, deliver. No rule of the domain lives here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from types import TracebackType
from typing import Literal, Self, overload

from ikd.core.activation.application import Application
from ikd.core.errors import IkdError, InputError, PortError, RefusedError
from ikd.core.identity.identity import Identity, Status
from ikd.core.ids import ENTROPY_BYTES, draw, id_bytes, parse_id
from ikd.core.ports import Done, Found, OutboxItem, Puzzle, Refusal
from ikd.core.records.actor import Actor
from ikd.core.records.declaration import Command
from ikd.core.records.journal import Entry
from ikd.core.records.record import Record
from ikd.core.records.resident import Resident
from ikd.core.records.templates import PublicText
from ikd.core.standard.deadlines import Deadline, Pause
from ikd.core.standard.office import deadlines
from ikd.core.tokens import challenge as challenges
from ikd.core.tokens import pairing
from ikd.core.tokens.claim169 import Profile
from ikd.core.tokens.publickey import PublicKey
from ikd.core.tokens.signing import Sign, Signer
from ikd.service.background import Courier, Deliver, room_of
from ikd.service.case_times import starts_of, stopped_at
from ikd.service.credentials import CredentialMaker, signing_key
from ikd.service.delivery import Delivered, Delivery
from ikd.service.fence import fenced
from ikd.service.handling import Handler
from ikd.service.health import Health, health
from ikd.service.leases import Leases
from ikd.service.load import Loader
from ikd.service.parts import Parts, Settings
from ikd.service.reading import Reader
from ikd.service.requests import (
    check_length,
    check_limit,
    check_pauses,
    check_profile,
    check_word,
)
from ikd.service.result import Result, public_text, result_of
from ikd.service.statuslist import LIFE, TTL, status_list

__all__ = ["Deliver", "Parts", "Result", "Service", "Settings"]


class Service:
    """Runs activations for one or more offices; made by ``ikd.open_service``.

    Safe to share between threads. Use as a context manager, or call ``close``.
    """

    def __init__(self, parts: Parts, deliver: Deliver = "thread") -> None:
        """Join *parts*; ``thread`` starts a daemon thread that delivers."""
        self._parts = parts
        leases = Leases(parts, room_of(deliver))
        self._handler = Handler(parts, leases.born)
        self._reader = Reader(parts, self._handler.keep)
        self._delivery = Delivery(parts, leases, self._handler.handle)
        self._courier = Courier(self._delivery, deliver)

    # --- writing ---------------------------------------------------------------------------

    def handle(self, command: Command, *, actor: Actor, key: str) -> Result:
        """Handle *command* asked by *actor*; *key* names this write, so a repeat has no effect.

        Returns only once everything is durable. A repeat with the same key gives the same
        events, with the record as it is now.

        Raises:
            InputError: Malformed, nothing changed.
            RefusedError: Not allowed, nothing changed.
            PortError: The store or keys failed; repeat with the same key to learn the outcome.
        """
        try:
            handled = self._handler.handle(command, actor, key)
        except IkdError as error:
            error.public = self.public_text(error)
            raise
        self._courier.committed(handled.owed)
        return result_of(command, handled, self._parts.answers)

    def public_text(self, error: IkdError) -> PublicText:
        """Return what someone who isn't authenticated may be told of *error*, ``id`` and ``en``.

        Errors of ``handle`` carry it as ``public``. This is for those raised elsewhere: while a
        command or an actor is made of what was typed, or while something is read. A malformed
        entry is to be checked, a refusal is for later or for the office, and whatever failed
        outside is for later. No text differs between people who are known and who aren't.

        Args:
            error: Anything that ikd raised.
        """
        return public_text(error, self._parts.answers)

    # --- reading -----------------------------------------------------------------------------

    @overload
    def get(
        self, record_id: str, kind: Literal["application"] = "application", *, actor: Actor
    ) -> Application: ...
    @overload
    def get(self, record_id: str, kind: Literal["identity"], *, actor: Actor) -> Identity: ...
    @overload
    def get(self, record_id: str, kind: Literal["resident"], *, actor: Actor) -> Resident: ...
    @overload
    def get(self, record_id: str, kind: str, *, actor: Actor) -> Record: ...
    def get(self, record_id: str, kind: str = "application", *, actor: Actor) -> Record:
        """Return a record, shown to *actor*.

        The system and the ministry are shown every record; an operator those of their office, or
        that come to it for the visit, but never their own; a resident the application or identity
        that the front end has authenticated them for; the registry none.

        Args:
            record_id: Its id.
            kind: ``application``, ``identity``, ``resident`` or a further kind's word.
            actor: Who looks.

        Raises:
            InputError: Malformed.
            RefusedError: There is none (``record.unknown``), or it isn't shown to *actor*
                (``actor.not_permitted``, ``actor.other_office``, ``actor.own_case``).
        """
        return self._reader.record(record_id, kind, actor)

    def find(
        self,
        kind: str = "application",
        *,
        actor: Actor,
        office: str | None = None,
        status: str | None = None,
        limit: int = 100,
        after: str | None = None,
    ) -> tuple[Found, ...]:
        """Return records by office and status, in order of id, starting behind *after*.

        An operator finds those of their own office; a resident and the registry search nothing.

        Raises:
            InputError: Malformed, or no status of that kind (``record.status``).
            RefusedError: As ``get``, or the office isn't served here (``office.unknown``).
        """
        return self._reader.find(
            kind, actor, office=office, status=status, limit=limit, after=after
        )

    def history(
        self, record_id: str, kind: str = "application", *, actor: Actor
    ) -> tuple[Entry, ...]:
        """Return a record's journal, its hash chain checked, to whom ``get`` shows the record.

        Raises:
            InputError: Malformed.
            RefusedError: As ``get``.
            StoreError: The chain is broken (``journal.broken``).
        """
        return self._reader.history(record_id, kind, actor)

    def deadlines(
        self, application_id: str, *, actor: Actor, pauses: Sequence[Pause] = ()
    ) -> tuple[Deadline, ...]:
        """Return what is left of every limit that the case's office published.

        Clocks that another event starts begin with that event, and all stop when the case ends.

        Raises:
            InputError: Malformed.
            RefusedError: As ``get``.
        """
        application = self.get(application_id, actor=actor)
        history = self.history(application_id, actor=actor)
        return deadlines(
            self._parts.standard(application.standard),
            application.registered_at,
            stopped_at(history, self._parts.clock.now()),
            check_pauses(pauses),
            starts_of(history),
            days_off=self._parts.days_off,
        )

    def owed(
        self, done: Done = Done.WAITING, *, actor: Actor, limit: int = 100
    ) -> tuple[OutboxItem, ...]:
        """Return what waits in the outbox, or what was parked, oldest first.

        It is that of every office, and shown to the system and the ministry.

        Raises:
            InputError: Malformed.
            RefusedError: It isn't shown to *actor* (``actor.not_permitted``).
        """
        if not isinstance(done, Done):
            raise InputError("owed.done", "one of ikd's Done")
        self._reader.check_house(actor)
        return self._parts.store.outbox(done, limit=check_limit(limit))

    def retry(self, item_id: str) -> None:
        """Let a parked item be tried again."""
        self._parts.store.unpark(parse_id(item_id), now=self._parts.clock.now())
        self._courier.look()

    def refusals(self, *, actor: Actor, limit: int = 100) -> tuple[Refusal, ...]:
        """Return the newest security refusals, newest first.

        They are those of every office, and shown to the system and the ministry.

        Raises:
            InputError: Malformed.
            RefusedError: They aren't shown to *actor* (``actor.not_permitted``).
        """
        self._reader.check_house(actor)
        return self._parts.store.refusals(limit=check_limit(limit))

    # --- what phones and screens need -----------------------------------------------------------

    def challenge(self, record_id: str, act: str) -> bytes:
        """Return what a device must sign for *act* on that record within 5 minutes.

        It is made without looking anything up, so it tells nobody what exists.
        """
        return challenges.write(
            self._parts.keys.secrets("challenge")[0].key,
            record_id=id_bytes(parse_id(record_id)),
            act=check_word("act", act),
            now=self._parts.clock.now(),
            nonce=self._draw("challenge"),
        )

    def captcha(self, application_id: str) -> Puzzle:
        """Return a picture for the resident to fill in with the PIN."""
        subject, now = parse_id(application_id), self._parts.clock.now()
        entropy = self._parts.entropy(ENTROPY_BYTES)
        return fenced(
            lambda: self._parts.captcha.puzzle(subject, now=now, entropy=entropy),
            Puzzle,
            lambda why: PortError("captcha.failed", why, port="captcha"),
        )

    def station_token(self, office: str, station: str) -> str:
        """Return the ``IKDO:`` text that a station shows for the next 90 seconds."""
        self._parts.office(check_word("office", office))
        return pairing.write_office(
            office=office,
            station=check_word("station", station),
            token_id=self._draw("station"),
            now=self._parts.clock.now(),
            key=signing_key(self._parts.keys, "station", office=office, station=station),
        )

    def pairing_token(self, application_id: str, sign: Sign) -> str:
        """Return the ``IKDR:`` text that the resident's phone shows for the next 90 seconds.

        Args:
            application_id: The case.
            sign: Asks the phone's key for an ES256 signature (64 bytes) over a message.

        Raises:
            RefusedError: There is no such case (``record.unknown``).
        """
        application = Loader(self._parts).record(Application, parse_id(application_id))
        if application is None:
            raise RefusedError("record.unknown", "no such application")
        device = Signer(public=PublicKey.p256(application.device_key), sign=sign)
        return pairing.write_resident(
            application_id=id_bytes(application.id),
            token_id=self._draw("pairing"),
            now=self._parts.clock.now(),
            device=device,
        )

    def credential(self, identity_id: str, profile: Profile = "masked", *, actor: Actor) -> str:
        """Return the QR text of an active identity's credential, signed by the issuer.

        The same identity and profile give the same text. If signing fails, the identity stands
        and the credential is owed: ask again.

        Args:
            identity_id: Whose.
            profile: What it shows: ``masked``, ``basic``, ``full`` or ``photo``. All of one
                identity share id and place on the status list, so they die together.
            actor: To whom it is handed.

        Raises:
            InputError: No such profile.
            RefusedError: As ``get``; or the identity has ended, its credential is too old, the
                office's standard issues none, or the registry never told what the profile shows.
            KeySourceError: Signing failed.
        """
        wanted = check_profile(profile)
        found = self.get(identity_id, "identity", actor=actor)
        if found.status is not Status.ACTIVE:
            raise RefusedError("status.refused", "the identity has ended")
        if self._parts.clock.now() >= found.credential.expires_at:
            raise RefusedError("credential.expired", "it is older than 180 days")
        return CredentialMaker(self._parts).credential(found, wanted)

    def status_list(self, *, life: timedelta = LIFE, ttl: timedelta = TTL) -> bytes:
        """Return the signed status list, to be published at the address in the settings.

        Args:
            life: Until when it says anything at all.
            ttl: For how long it may be believed before a newer one is fetched; publish more
                often than that.

        Raises:
            KeySourceError: Signing failed.
        """
        life, ttl = check_length("life", life), check_length("ttl", ttl)
        return status_list(self._parts, life=life, ttl=ttl)

    def _draw(self, label: str) -> bytes:
        return draw(self._parts.entropy(ENTROPY_BYTES), label, 16)

    # --- delivering ----------------------------------------------------------------------------

    def deliver_due(self, *, limit: int = 100) -> Delivered:
        """Let time pass and deliver what is due now, once; return what was done.

        Its ``moved`` is 0 when there is nothing to do for now.
        """
        return self._delivery.once(check_limit(limit))

    def delivered(self) -> Delivered:
        """Return what this service delivered since it was opened, in numbers."""
        return self._delivery.done

    def health(self) -> Health:
        """Return how delivery, store and captcha are; what is wrong is told and never raised."""
        published = any(one.pin.captcha.value for one in self._parts.offices.values())
        return health(self._courier, (lambda: self.captcha("0" * 32)) if published else None)

    def close(self, timeout: timedelta = timedelta(seconds=10)) -> None:
        """Stop delivering and release the store; what is still owed stays in the outbox."""
        timeout = check_length("timeout", timeout)
        self._courier.close(timeout)
        self._parts.observer.close(timeout)
        self._parts.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
