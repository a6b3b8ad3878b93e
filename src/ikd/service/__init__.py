"""The service: load, prepare, decide, commit, deliver. No rule of the domain lives here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from types import TracebackType
from typing import Literal, Self, overload

from ikd.core.activation.application import Application
from ikd.core.complaint.complaint import Complaint
from ikd.core.errors import IkdError, InputError, PortError, RefusedError, StoreError
from ikd.core.identity.identity import Identity, IdentityStatus
from ikd.core.ids import ENTROPY_BYTES, draw, id_bytes, parse_id
from ikd.core.ports import Done, Found, Look, OutboxItem, Puzzle, Refusal, SpokenCaptchaSource
from ikd.core.records.actor import Actor, Role
from ikd.core.records.case_record import CaseRecord
from ikd.core.records.declaration import Command
from ikd.core.records.journal import Entry
from ikd.core.records.kind import Kinds
from ikd.core.records.looking import Seen
from ikd.core.records.record import Record
from ikd.core.records.resident import Resident
from ikd.core.records.templates import PublicText
from ikd.core.standard.deadlines import Deadline, Pause
from ikd.core.standard.office import check_reasons, deadlines
from ikd.core.standard.reached import ChannelFinding
from ikd.core.tokens import challenge as challenges
from ikd.core.tokens import pairing
from ikd.core.tokens.claim169 import Profile
from ikd.core.tokens.publickey import PublicKey
from ikd.core.tokens.signing import Sign, Signer
from ikd.service.adapter_call import fenced
from ikd.service.background import Courier, Deliver, room_of
from ikd.service.case_times import starts_of, stopped_at
from ikd.service.channel_findings import findings
from ikd.service.complaints import (
    ComplaintCount,
    ComplaintDesk,
    ComplaintDossier,
    ComplaintFile,
    ComplaintView,
)
from ikd.service.credentials import CredentialMaker, signing_key
from ikd.service.delivery import Delivered, Delivery
from ikd.service.freezing import Freezer
from ikd.service.handling import Handler
from ikd.service.health import Health, health
from ikd.service.leases import Leases
from ikd.service.load import Loader
from ikd.service.looks import listed
from ikd.service.notice_sender import Notifier
from ikd.service.opened import Opened, opened
from ikd.service.parts import Parts, Settings
from ikd.service.record_reader import Reader
from ikd.service.register_looker import Looker
from ikd.service.requests import (
    MAX_LIMIT,
    check_actor,
    check_code,
    check_length,
    check_limit,
    check_pauses,
    check_profile,
    check_word,
)
from ikd.service.result import Result, public_text, result_of
from ikd.service.status_publisher import LIFE, TTL, status_list
from ikd.service.store_scan import Scannable, checkpoint_of
from ikd.service.waitlist import Waiting, Waitlist, check_role_of

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
        parts.store.damaged = Freezer(parts, self._handler.handle).met
        self._looker = Looker(parts, self._handler.keep)
        self._reader = Reader(parts, self._handler.keep)
        self._waitlist = Waitlist(parts, self._handler.keep)
        self._desk = ComplaintDesk(parts, self._handler.keep)
        self._delivery = Delivery(parts, leases, self._handler.handle)
        self._courier = Courier(self._delivery, deliver)

    @property
    def kinds(self) -> Kinds:
        """Every kind of record there is, ikd's own and those that were brought along."""
        return self._parts.kinds

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
        slip = Notifier(self._parts).slip(handled.handed).text if handled.handed else None
        receipt = self._desk.receipt(handled.record, handled.events)
        return result_of(command, handled, self._parts.answers, slip, receipt)

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
    def get(self, record_id: str, kind: Literal["complaint"], *, actor: Actor) -> Complaint: ...
    @overload
    def get(self, record_id: str, kind: str, *, actor: Actor) -> Record: ...
    def get(self, record_id: str, kind: str = "application", *, actor: Actor) -> Record:
        """Return a record, shown to *actor*.

        The system and the ministry are shown every record; an operator those of their office, or
        that come to it for the visit, but never their own; a resident the application or identity
        that the front end has authenticated them for; the registry none.

        Args:
            record_id: Its id.
            kind: ``application``, ``identity``, ``resident``, ``complaint`` or a further word.
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
        self,
        application_id: str,
        kind: str = "application",
        *,
        actor: Actor,
        pauses: Sequence[Pause] = (),
    ) -> tuple[Deadline, ...]:
        """Return what is left of every limit that the case's office published.

        Clocks that another event starts begin with that event, and all stop when the case ends. Of
        a complaint these are the limits of the period that runs, or the nation's where the office
        published none; those that were kept are told too.

        Args:
            application_id: The case.
            kind: ``application`` or ``complaint``.
            actor: Who looks.
            pauses: Times in which the office's clock stood; a complaint's runs through them.

        Raises:
            InputError: Malformed.
            RefusedError: As ``get``.
        """
        if kind == Complaint.kind:
            return self._desk.deadlines(application_id, actor)
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

    def where(
        self,
        record_id: str,
        kind: str = "application",
        *,
        actor: Actor,
        pauses: Sequence[Pause] = (),
    ) -> Waiting:
        """Return who moves a case next, since when, and at which published step; or how it ended.

        Args:
            record_id: Its id.
            kind: ``application``, ``identity`` or ``complaint``.
            actor: Who looks.
            pauses: Times in which the office's clock stood.

        Raises:
            InputError: Malformed, a reason of a pause that the office doesn't name
                (``pauses.reason``), or nobody is waited for by that kind (``record.kind``).
            RefusedError: As ``get``.
        """
        record = self._reader.record(record_id, kind, actor)
        if not isinstance(record, CaseRecord):
            raise InputError("record.kind", f"nobody is waited for by a {kind}")
        check_reasons(self._parts.standard(record.standard), check_pauses(pauses))
        return self._waitlist.told(record, self._parts.clock.now(), pauses)

    def worklist(
        self,
        *,
        actor: Actor,
        office: str | None = None,
        role: Role | None = None,
        after: str | None = None,
        limit: int = 100,
        pauses: Sequence[Pause] = (),
    ) -> tuple[Waiting, ...]:
        """Return what waits for *actor*: in order of the earliest published limit, then of id.

        An operator's is that of their office: scans, decisions and referrals, and what waits too
        long for registry, ministry, resident or delivery, whose limit is near or over, or to whom
        a message couldn't be sent. The ministry's is that of every office served.

        Args:
            actor: An operator, the ministry, or the system, which sees what operators do.
            office: One office; an operator's own in any case.
            role: Whose turn it is; shows that alone.
            after: The ``after`` of the last entry of the page before.
            limit: How many at most.
            pauses: Times in which the office's clock stood; they move limits, not the order.

        Raises:
            InputError: Malformed.
            RefusedError: It isn't shown to *actor*, or no such office is served.
        """
        return self._waitlist.page(
            check_actor(actor),
            office=None if office is None else check_word("office", office),
            role=check_role_of(role),
            after=after,
            limit=check_limit(limit),
            pauses=check_pauses(pauses),
        )

    # --- complaints --------------------------------------------------------------------------

    def complaint(self, receipt: str, *, actor: Actor) -> ComplaintView:
        """Return how a complaint stands, to whoever holds its receipt; nobody else sees it.

        Args:
            receipt: Its own secret, as it was given or typed.
            actor: Who looks, as the front end states it.

        Raises:
            InputError: No receipt has that form (``receipt.form``).
            RefusedError: It belongs to no complaint (``complaint.receipt``).
        """
        return self._desk.by_receipt(receipt, actor)

    def complaint_file(self, complaint_id: str, *, actor: Actor) -> ComplaintFile:
        """Return everything about a complaint, internal notes too, to an officer of its office.

        Each look is written down before anything is shown. Never to whom it is about.

        Raises:
            InputError: Malformed.
            RefusedError: As ``get``.
            StoreError: The look couldn't be written down, or the words are erased.
        """
        return self._desk.file(complaint_id, actor)

    def complaint_dossier(self, named: str, *, actor: Actor) -> ComplaintDossier:
        """Return what helps at the Ombudsman: dates, answers, limits, the standard's version.

        Args:
            named: Of a resident the receipt, of an officer the complaint's id.
            actor: Who asks.

        Raises:
            InputError: Malformed.
            RefusedError: As ``complaint`` or ``get``.
        """
        return self._desk.dossier(named, actor)

    def complaint_summary(self, office: str) -> tuple[ComplaintCount, ...]:
        """Return how many messages an office received by month and kind; it names nobody.

        Raises:
            RefusedError: The office isn't served here (``office.unknown``).
        """
        return self._desk.summary(check_word("office", office))

    # --- what is owed ------------------------------------------------------------------------

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
        """Let a parked item be tried again.

        Raises:
            InputError: Malformed.
            StoreError: There is no such item (``store.unknown``).
        """
        self._parts.store.unpark(parse_id(item_id), now=self._parts.clock.now())
        self._courier.look()

    def retry_all(self, *, code: str | None = None) -> int:
        """Let every parked item be tried again, or those that failed with *code*.

        Returns:
            How many; 100,000 at most in one call.

        Raises:
            InputError: Malformed.
        """
        failed = None if code is None else check_word("code", code)
        parked = self._parts.store.outbox(Done.PARKED, limit=MAX_LIMIT)
        chosen = [one.id for one in parked if failed in (None, one.failure)]
        for one in chosen:
            self._parts.store.unpark(one, now=self._parts.clock.now())
        self._courier.look()
        return len(chosen)

    def findings(self) -> tuple[ChannelFinding, ...]:
        """Return where channels and the standards of the offices served don't meet."""
        return findings(self._parts)

    def opened(self, handle: str) -> Opened:
        """Return what the page behind a mail's button may say of its link.

        It changes nothing, and tells no more than whether the PIN of that mail still counts.

        Args:
            handle: What stands behind ``Settings.activation_link`` in the link; any text.
        """
        return opened(self._parts, handle)

    def bounced(self, notice_id: str, code: str) -> bool:
        """Take in that a message which was handed over reached nobody; say whether it is known.

        A PIN that still counts ends with it, and gives its reissue back; what else was sent is
        shown as undelivered.

        Args:
            notice_id: The notice: what its Message-ID and its channel's reference are made from.
            code: What went wrong, in one word or two with a dot between: ``mail.address``.
        """
        item = self._parts.store.item(parse_id(notice_id))
        if item is None or item.kind != "notice":
            return False
        self._delivery.reporter.bounced(item, check_code(code))
        return True

    def refusals(self, *, actor: Actor, limit: int = 100) -> tuple[Refusal, ...]:
        """Return the newest security refusals, newest first.

        They are those of every office, and shown to the system and the ministry.

        Raises:
            InputError: Malformed.
            RefusedError: They aren't shown to *actor* (``actor.not_permitted``).
        """
        self._reader.check_house(actor)
        return self._parts.store.refusals(limit=check_limit(limit))

    def person(
        self, record_id: str, kind: str = "application", *, actor: Actor, purpose: str
    ) -> Seen:
        """Return whom the register names, as far as *actor* needs it for *purpose*.

        An operator should look before a visit is confirmed: is it they who stand at the counter?
        Each look is written down before anything is shown.

        Args:
            record_id: An application, or an identity whose sign-in is to begin anew.
            kind: ``application`` or ``identity``.
            actor: Who looks.
            purpose: ``visit`` (an operator: name, day of birth, sex and the photo, where the
                registry gave one), ``referral`` (an officer who clears a case up), ``review``
                (the ministry) or ``decision`` (who decides): these without the photo.

        Raises:
            InputError: Malformed.
            RefusedError: There is no such record (``record.unknown``), it isn't shown to *actor*
                (``actor.not_permitted``, ``actor.other_office``, ``actor.own_case``), it is over
                (``status.refused``), or the registry hasn't told yet (``person.untold``).
            StoreError: The look couldn't be written down; then nothing is shown.
        """
        return self._looker.person(record_id, kind, actor, purpose)

    def looks(
        self,
        *,
        actor: Actor,
        by: str | None = None,
        of: str | None = None,
        kind: str = "application",
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 100,
    ) -> tuple[Look, ...]:
        """Return who was shown what of whom, newest first; shown to the system and the ministry.

        Whatever opens a sealed field for somebody is written down before it is shown: ``person``,
        ``credential`` and the slip of a PIN that an officer hands over.

        Args:
            actor: Who asks.
            by: Only those of this actor, as journals name them.
            of: Only those at this record.
            kind: The kind of that record.
            since: Only those from then on.
            until: Only those before then.
            limit: How many at most.

        Raises:
            InputError: Malformed, or *until* isn't after *since* (``looks.between``).
            RefusedError: They aren't shown to *actor* (``actor.not_permitted``).
        """
        self._reader.check_house(actor)
        return listed(self._parts, by=by, of=of, kind=kind, since=since, until=until, limit=limit)

    # --- what phones and screens need -----------------------------------------------------------

    def now(self) -> datetime:
        """Return the service's time, which a phone compares with its own clock.

        A phone that shows a QR or signs a proof goes by this time; it learns it with each answer
        that the front end gives.
        """
        return self._parts.clock.now()

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

    def captcha(self, application_id: str, *, spoken: bool = False) -> Puzzle:
        """Return a picture for the resident to fill in with the PIN.

        Args:
            application_id: The case.
            spoken: Whether it is to be heard too, for somebody who can't see it; making the
                sound takes a while.

        Raises:
            InputError: Malformed.
            PortError: None can be made (``captcha.failed``, ``captcha.missing``), or this
                captcha can't be heard (``captcha.silent``).
        """
        subject, now = parse_id(application_id), self._parts.clock.now()
        entropy, source = self._parts.entropy(ENTROPY_BYTES), self._parts.captcha
        make = source.puzzle
        if spoken:
            if not isinstance(source, SpokenCaptchaSource):
                raise PortError("captcha.silent", "this captcha can't be heard", port="captcha")
            make = source.spoken
        return fenced(
            lambda: make(subject, now=now, entropy=entropy),
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

        It is written down first, as a look for ``credential``. The same identity and profile
        give the same text. If signing fails, the identity stands
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
            StoreError: It couldn't be written down who is shown it; then nothing is shown.
        """
        wanted = check_profile(profile)
        found = self.get(identity_id, "identity", actor=actor)
        if found.status is not IdentityStatus.ACTIVE:
            raise RefusedError("status.refused", "the identity has ended")
        if self._parts.clock.now() >= found.credential.expires_at:
            raise RefusedError("credential.expired", "it is older than 180 days")
        return CredentialMaker(self._parts).credential(found, wanted, actor)

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

    def keyring(self) -> bytes:
        """Return the newest keyring, signed by a root: what verifiers believe.

        Raises:
            KeySourceError: It can't be had.
        """
        return self._parts.keys.keyring()

    def checkpoint(self) -> bytes:
        """Return a signed checkpoint of the store, to be kept where its owner can't write.

        How many events each record has and the hash of the last, and the sum of every table. It
        is a file: a signed line, and a line a record; a plugin's ``ikd_checkpoint_made`` gets it
        too. ``ikd audit verify`` compares it later. Work goes on meanwhile.

        Raises:
            KeySourceError: Signing failed.
            StoreError: The store can't be walked (``store.scan``).
        """
        store = self._parts.store.store
        if not isinstance(store, Scannable):
            raise StoreError("store.scan", "the tables of this store can't be walked")
        made, lines = checkpoint_of(store, self._parts.clock.now())
        data = b"".join(made.write(signing_key(self._parts.keys, "checkpoint"), lines))
        self._parts.observer.kept(data)
        return data

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
        published = any(one.pin.captcha.value for one in self._parts.versions)
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
