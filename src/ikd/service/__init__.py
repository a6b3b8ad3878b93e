"""The service: load, prepare, decide, commit, deliver. No rule of the domain lives here."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from datetime import timedelta
from types import TracebackType
from typing import Any, Literal, Self

import attrs

from ikd.core.activation.application import Application
from ikd.core.decide import Command
from ikd.core.errors import IkdError, InputError, PortError, RefusedError
from ikd.core.identity.identity import Identity, Status
from ikd.core.ids import ENTROPY_BYTES, RecordId, draw, id_bytes, parse_id
from ikd.core.ports import Done, Found, OutboxItem, Puzzle, Refusal
from ikd.core.records.actor import Actor
from ikd.core.records.journal import Entry, check_chain, read_entry
from ikd.core.records.wording import PublicText
from ikd.core.standard.deadlines import Deadline, Pause
from ikd.core.standard.office import deadlines
from ikd.core.tokens import challenge as challenges
from ikd.core.tokens import pairing
from ikd.core.tokens.publickey import PublicKey
from ikd.core.tokens.signing import Signer, SigningKey
from ikd.service.credentials import CredentialMaker, signing_key
from ikd.service.delivery import Delivered, Delivery
from ikd.service.handling import Handled, Handler
from ikd.service.load import Loader
from ikd.service.parts import Parts, Settings

__all__ = ["Deliver", "Parts", "Result", "Service", "Settings"]

Deliver = Literal["thread", "inline", "worker"]
_LOG = logging.getLogger("ikd")
_POLL = 0.5  # seconds between looks at the outbox when nobody wakes the thread
_ROUNDS = 50  # of inline delivery: an answer may owe the next question
_PUBLIC = {
    "Register": "accepted",
    "ReissuePin": "accepted",
    "RenewSignIn": "accepted",
    "PinRefused": "try_again",
    "SignInRefused": "try_again",
}


@attrs.frozen(kw_only=True)
class Result:
    """What a command led to.

    Attributes:
        kind: Kind of the record addressed.
        record: That record, as it is after the command.
        events: Its events of this command.
        public: The only text for someone who isn't authenticated; tells nobody who is
            registered.
    """

    kind: str
    record: Any = attrs.field(repr=False)
    events: tuple[Any, ...]
    public: PublicText = attrs.field(repr=False)

    @property
    def id(self) -> RecordId:
        """Identifier of the record addressed."""
        record_id: RecordId = self.record.id
        return record_id

    @property
    def status(self) -> str:
        """Its status as a word, e.g. ``"OPEN"``."""
        word: str = self.record.status.value
        return word

    @property
    def application(self) -> Application:
        """The application addressed; an ``AttributeError`` for any other kind."""
        if not isinstance(self.record, Application):
            raise AttributeError(f"a result about {self.kind}s")  # noqa: TRY004 - as getattr would
        return self.record

    @property
    def identity(self) -> Identity:
        """The identity addressed; an ``AttributeError`` for any other kind."""
        if not isinstance(self.record, Identity):
            raise AttributeError(f"a result about {self.kind}s")  # noqa: TRY004 - as getattr would
        return self.record


class Service:
    """Runs activations for one or more offices; made by ``ikd.open_service``.

    Safe to share between threads. Use as a context manager, or call ``close``.
    """

    def __init__(self, parts: Parts, deliver: Deliver = "thread") -> None:
        """Join *parts*; ``thread`` starts a daemon thread that delivers."""
        if deliver not in ("thread", "inline", "worker"):
            raise InputError("settings.deliver", 'one of "thread", "inline", "worker"')
        self._parts = parts
        self._handler = Handler(parts)
        self._delivery = Delivery(parts, self._handler.handle)
        self._deliver = deliver
        self._wake = threading.Event()
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None
        if deliver == "thread":
            self._thread = threading.Thread(target=self._run, name="ikd-deliver", daemon=True)
            self._thread.start()

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
            error.public = self._parts.answers[_public_of_error(error)]
            raise
        self._after_commit()
        return self._result(command, handled)

    def _result(self, command: Command, handled: Handled) -> Result:
        words = [type(happened).__name__ for happened in handled.events]
        named = [_PUBLIC[word] for word in [*words, type(command).__name__] if word in _PUBLIC]
        public = self._parts.answers[named[0] if named else "done"]
        return Result(
            kind=handled.kind, record=handled.record, events=handled.events, public=public
        )

    # --- reading -----------------------------------------------------------------------------

    def get(self, record_id: str, kind: str = "application") -> Any:  # noqa: ANN401
        """Return a record.

        Raises:
            RefusedError: There is none (``record.unknown``).
        """
        record = Loader(self._parts).record(kind, parse_id(record_id))
        if record is None:
            raise RefusedError("record.unknown", f"no such {kind}")
        return record

    def find(
        self,
        kind: str = "application",
        *,
        office: str | None = None,
        status: str | None = None,
        limit: int = 100,
        after: str | None = None,
    ) -> tuple[Found, ...]:
        """Return records by office and status, in order of id, starting behind *after*."""
        behind = None if after is None else parse_id(after)
        return self._parts.store.find(kind, office=office, status=status, limit=limit, after=behind)

    def history(self, record_id: str, kind: str = "application") -> tuple[Entry, ...]:
        """Return a record's journal, its hash chain checked.

        Raises:
            StoreError: The chain is broken (``journal.broken``).
        """
        stored = self._parts.store.entries(kind, parse_id(record_id))
        check_chain(stored)
        return tuple(read_entry(entry) for entry in stored)

    def deadlines(
        self, application_id: str, *, pauses: Sequence[Pause] = ()
    ) -> tuple[Deadline, ...]:
        """Return what is left of every limit that the case's office published."""
        application: Application = self.get(application_id)
        standard = self._parts.standard(application.standard)
        return deadlines(standard, application.registered_at, self._parts.clock.now(), pauses)

    def owed(self, done: Done = Done.WAITING, *, limit: int = 100) -> tuple[OutboxItem, ...]:
        """Return what waits in the outbox, or what was parked, oldest first."""
        return self._parts.store.outbox(done, limit=limit)

    def retry(self, item_id: str) -> None:
        """Let a parked item be tried again."""
        self._parts.store.unpark(parse_id(item_id), now=self._parts.clock.now())
        self._after_commit()

    def refusals(self, *, limit: int = 100) -> tuple[Refusal, ...]:
        """Return the newest security refusals, newest first."""
        return self._parts.store.refusals(limit=limit)

    # --- what phones and screens need -----------------------------------------------------------

    def challenge(self, record_id: str, act: str) -> bytes:
        """Return what a device must sign for *act* on that record within 5 minutes.

        It is made without looking anything up, so it tells nobody what exists.
        """
        return challenges.make_challenge(
            self._parts.keys.secrets("challenge")[0].key,
            record_id=id_bytes(parse_id(record_id)),
            act=act,
            now=self._parts.clock.now(),
            nonce=self._draw("challenge"),
        )

    def captcha(self, application_id: str) -> Puzzle:
        """Return a picture for the resident to fill in with the PIN."""
        return self._parts.captcha.puzzle(
            parse_id(application_id),
            now=self._parts.clock.now(),
            entropy=self._parts.entropy(ENTROPY_BYTES),
        )

    def station_token(self, office: str, station: str) -> str:
        """Return the ``IKDO:`` text that a station shows for the next 90 seconds."""
        self._parts.office(office)
        return pairing.build_office(
            office=office,
            station=station,
            token_id=self._draw("station"),
            now=self._parts.clock.now(),
            key=signing_key(self._parts.keys, "station", office=office, station=station),
        )

    def pairing_token(self, application_id: str, sign: Signer) -> str:
        """Return the ``IKDR:`` text that the resident's phone shows for the next 90 seconds.

        Args:
            application_id: The case.
            sign: Asks the phone's key for an ES256 signature (64 bytes) over a message.
        """
        application: Application = self.get(application_id)
        device = SigningKey(public=PublicKey.p256(application.device_key), sign=sign)
        return pairing.build_resident(
            application_id=id_bytes(application.id),
            token_id=self._draw("pairing"),
            now=self._parts.clock.now(),
            device=device,
        )

    def credential(self, identity_id: str) -> str:
        """Return the QR text of an active identity's credential, signed by the issuer.

        The same identity gives the same text. If signing fails, the identity stands and the
        credential is owed: ask again.

        Raises:
            RefusedError: The identity has ended or its credential is too old.
            KeySourceError: Signing failed.
        """
        found: Identity = self.get(identity_id, "identity")
        if found.status is not Status.ACTIVE:
            raise RefusedError("status.refused", "the identity has ended")
        if self._parts.clock.now() >= found.credential.expires_at:
            raise RefusedError("credential.expired", "it is older than 180 days")
        return CredentialMaker(self._parts).credential(found)

    def _draw(self, label: str) -> bytes:
        return draw(self._parts.entropy(ENTROPY_BYTES), label, 16)

    # --- delivering ----------------------------------------------------------------------------

    def deliver_due(self, *, limit: int = 100) -> Delivered:
        """Let time pass and deliver what is due now, once; return what was done."""
        return self._delivery.once(limit)

    def _after_commit(self) -> None:
        if self._deliver == "thread":
            self._wake.set()
        elif self._deliver == "inline":
            self._deliver_all()

    def _deliver_all(self) -> None:
        for _ in range(_ROUNDS):
            if not self._delivery.once().moved:
                return

    def _run(self) -> None:
        while not self._closed.is_set():
            self._wake.wait(_POLL)
            self._wake.clear()
            try:
                self._deliver_all()
            except Exception as failure:  # noqa: BLE001 - what is owed stays owed; try again
                _LOG.warning("delivery stopped short: %s", getattr(failure, "code", "unexpected"))
                self._closed.wait(_POLL)

    def close(self, timeout: timedelta = timedelta(seconds=10)) -> None:
        """Stop delivering and release the store; what is still owed stays in the outbox."""
        self._closed.set()
        self._wake.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout.total_seconds())
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


def _public_of_error(error: IkdError) -> str:
    if isinstance(error, InputError):
        return "malformed"
    return "try_again" if isinstance(error, PortError) else "not_now"
