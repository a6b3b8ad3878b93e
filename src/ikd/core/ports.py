"""The ports: what ikd needs from outside, as Protocols and plain rows.

An adapter raises nothing but ``PortError`` (or its kin) from any of these methods.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

import attrs

from ikd.core.ids import RecordId
from ikd.core.records.decision import Claim, Effects, Secret
from ikd.core.records.journal import StoredEntry
from ikd.core.records.notices import Message
from ikd.core.records.questions import Answer, Asked
from ikd.core.secrets.sealing import SecretKey
from ikd.core.timing import aware_field
from ikd.core.tokens.keyrecord import KeyRole

# --- store -------------------------------------------------------------------

BESIDE = "beside"  # in the metadata of a field that is read beside a row and never written


@attrs.frozen(kw_only=True)
class Found:
    """One row of a search: no state, nothing personal.

    Attributes:
        kind: Kind of the record.
        id: The record.
        version: How many events it is made of.
        status: Its status as a word.
        office: The office it belongs to, if to one.
        due: When time alone changes it, if ever.
        at: Time of its last event.
        waits: Role that moves next, if anybody is waited for.
        desk: Office at which it waits.
        since: Since when it waits so.
        limit_at: The earliest published limit, pauses left out.
    """

    kind: str
    id: RecordId
    version: int
    status: str
    office: str | None
    due: datetime | None
    at: datetime
    waits: str | None = None
    desk: str | None = None
    since: datetime | None = None
    limit_at: datetime | None = None


@attrs.frozen(kw_only=True)
class Row(Found):
    """A record as a store keeps it; ``state`` is canonical CBOR and never looked into.

    Attributes:
        head: Hash of its last journal entry.
        state: The record itself.
        form: Number of the form that ``state`` is written in.
        mac: What binds the row to a key outside the database, once it is bound.
        length: How many entries its journal had in the same read; ``None`` in what is written.
        tip: Hash of the entry whose number is *version*, in the same read.
        frozen: Why the record is frozen, in the same read; ``None`` where it isn't.
    """

    head: bytes
    state: bytes = attrs.field(repr=False)
    form: int = 1
    mac: bytes | None = attrs.field(default=None, repr=False)
    length: int | None = attrs.field(default=None, eq=False, metadata={BESIDE: True})
    tip: bytes | None = attrs.field(default=None, eq=False, repr=False, metadata={BESIDE: True})
    frozen: str | None = attrs.field(default=None, eq=False, metadata={BESIDE: True})


def found_of(row: Row) -> Found:
    """Return *row* as a search shows it: without its state."""
    return Found(**{field.name: getattr(row, field.name) for field in attrs.fields(Found)})


@attrs.frozen(kw_only=True)
class Put:
    """A row to write over the version it was loaded at (0: it must not exist yet).

    Attributes:
        row: The row.
        expected: Version that it must have been at.
    """

    row: Row
    expected: int


@attrs.frozen(kw_only=True)
class Read:
    """A row that was read and not changed: it must still be at this version.

    Attributes:
        kind: Kind of the record.
        id: The record.
        version: The version that was read.
    """

    kind: str
    id: RecordId
    version: int


@attrs.frozen(kw_only=True)
class OutboxItem:
    """Something owed: committed with the change that owes it, delivered until done.

    Attributes:
        id: Identifier of the notice or question.
        kind: What it is, which names its deliverer: ``notice``, ``question``.
        lane: Which of the deliverer's lanes it waits in, so that a slow one holds up no other.
        record_kind: Kind of the record that owes it.
        record_id: That record.
        subject: PIN id (or question id) by which it can be voided; else ``None``.
        payload: What is owed, canonical CBOR; erased (empty) when it is done or void.
        not_before: Earliest time of the next try.
        until: After this it must not be delivered any more, if ever.
        attempts: Tries so far; unparking counts them anew.
        lease: Number of its newest lease, from 1 and never counted anew.
        holder: Who holds that lease, by the name it drew at its start; ``None`` for nobody.
        leased_until: Until when; an item is born leased by whoever commits and delivers it.
        failure: Code of the last failure, if any.
        channel: Name of the channel that took it, once one did.
        reference: What the channel's provider calls it.
        handed_at: When it was taken.
        mac: What binds the row, once the store is bound.
        created_at: When it was owed.
    """

    id: RecordId
    kind: str
    lane: str
    record_kind: str
    record_id: RecordId
    subject: RecordId | None
    payload: bytes = attrs.field(repr=False)
    created_at: datetime
    not_before: datetime
    until: datetime | None = None
    attempts: int = 0
    lease: int = 0
    holder: str | None = None
    leased_until: datetime | None = None
    failure: str | None = None
    channel: str | None = None
    reference: str | None = attrs.field(default=None, repr=False)
    handed_at: datetime | None = None
    mac: bytes | None = attrs.field(default=None, repr=False)


class Done(enum.Enum):
    """How an outbox item ended, or that it waits."""

    WAITING = "waiting"
    SENT = "sent"
    VOID = "void"
    PARKED = "parked"
    """Given up for now: visible, never dropped."""
    UNDELIVERED = "undelivered"
    """Reached nobody and can't any more: visible until what it was for is settled otherwise."""


@attrs.frozen(kw_only=True)
class Settled:
    """How one try of an outbox item ended; it ends the lease of that number.

    A sent or void item loses its payload. An item already sent or void stays so. A worker
    whose lease is no longer the item's own may still say that it sent it, or that there is
    nothing left to send; that it failed is then another worker's matter, and is ignored.

    Attributes:
        id: The item.
        lease: Number of the lease that ends.
        done: What became of it; waiting goes on *not_before* then.
        at: When it ended.
        not_before: Earliest time of the next try; at once if not given.
        failure: Code of what went wrong, if anything.
        channel, reference, handed_at: As in ``OutboxItem``.
    """

    id: RecordId
    lease: int
    done: Done
    at: datetime
    not_before: datetime | None = None
    failure: str | None = None
    channel: str | None = None
    reference: str | None = attrs.field(default=None, repr=False)
    handed_at: datetime | None = None


@attrs.frozen(kw_only=True)
class Lane:
    """What waits in one lane of the outbox: how much, and since when the oldest does.

    Attributes:
        name: Its name.
        waiting: How many items wait in it.
        oldest: Since when the oldest does.
    """

    name: str
    waiting: int
    oldest: datetime


@attrs.frozen(kw_only=True)
class Remembered:
    """An answered write, by key: a repeat gets the same events, never a second effect.

    Attributes:
        scope: HMAC of actor and device, under a key outside the database.
        key: What the caller called this write.
        fingerprint: HMAC of the command under a key outside the database.
        kind: Kind of the record addressed.
        id: That record.
        first: Sequence number of its first event of this write.
        last: That of the last; ``first - 1`` when there was none.
        form: Number of the form that the fingerprint is made in.
        mac: What binds the row, once the store is bound.
    """

    scope: bytes = attrs.field(repr=False)
    key: str
    fingerprint: bytes = attrs.field(repr=False)
    kind: str
    id: RecordId
    first: int
    last: int
    form: int = 1
    mac: bytes | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True)
class Refusal:
    """A security refusal that has no record to live in.

    Attributes:
        id: Identifier.
        at: When.
        code: Code of the error.
        actor: A resident's pseudonym; anybody else as stated.
        office: Office an operator works for, else ``None``.
        record_id: The record that was asked for, if one was named.
        mac: What binds the row, once the store is bound.
    """

    id: RecordId
    at: datetime
    code: str
    actor: str  # pseudonym
    office: str | None
    record_id: str | None
    mac: bytes | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True)
class Look:
    """That somebody was shown whom the register names.

    Attributes:
        id: Identifier.
        time: When.
        actor: Who looked, as journals name them.
        office: Office they work for, if any.
        kind: Kind of the record.
        record: That record.
        fields: Names of what was shown, divided by blanks.
        purpose: For what: ``visit``, ``referral``, ``review`` or ``decision``, as an officer said;
            ``credential`` and ``slip`` where that was made for somebody.
        mac: What binds the row, once the store is bound.
    """

    id: RecordId
    time: datetime
    actor: str
    office: str | None
    kind: str
    record: RecordId
    fields: str
    purpose: str
    mac: bytes | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True)
class Commit(Effects):
    """One transaction: everything or nothing.

    Clashes are met in this order, each a ``ConflictError`` that names it: the
    remembered ``key``, ``version`` (puts and reads), ``claim`` taken, ``token`` used, and
    ``limit``: something is counted that was let in as often as it may be.

    Attributes:
        at: The time of the decision.
        puts: Rows to write.
        reads: Rows that must still be as they were read.
        entries: Journal entries.
        outbox: What is owed from now on.
        settles: Leases that end with this very answer.
        remembered: The answer to a repeat of this write.
        refusal: A refusal to be kept.
        looks: What is shown with the answer to it.
        standards: Pinned texts as (digest, text), kept for good.
        mends: Rows to write over whatever stands there.
    """

    at: datetime
    puts: tuple[Put, ...] = ()
    reads: tuple[Read, ...] = ()
    entries: tuple[StoredEntry, ...] = ()
    outbox: tuple[OutboxItem, ...] = ()
    settles: tuple[Settled, ...] = ()  # leases that end with this very answer
    remembered: Remembered | None = None
    refusal: Refusal | None = None
    looks: tuple[Look, ...] = ()
    standards: tuple[tuple[str, str], ...] = ()  # (digest, text): kept for good
    mends: tuple[Row, ...] = ()


@attrs.frozen(kw_only=True)
class Late:
    """Which waits are late; either is enough.

    Attributes:
        since: Those that last since then, or since before.
        limit_at: Those whose limit is then, or before.
    """

    since: datetime = attrs.field(validator=aware_field)
    limit_at: datetime = attrs.field(validator=aware_field)


PagePlace = tuple[datetime | None, RecordId]
"""Where a row stands among those that wait: its limit (``None`` stands last) and its id."""

Span = tuple[datetime, datetime]
"""From when to when, both included."""


@attrs.frozen(kw_only=True)
class Horizon:
    """How far back a store remembers what has done its work; what is older is dropped.

    Attributes:
        tokens: Used tokens that died before it, and counts that nobody asks for since then.
        answers: Answered writes committed before it; a repeat after that is a write of its own.
        refusals: Refusals of before it.
        looks: Looks of before it.
        ended: Outbox items sent or void since before it. What waits, is parked or reached nobody
            stays for good.
    """

    tokens: datetime = attrs.field(validator=aware_field)
    answers: datetime = attrs.field(validator=aware_field)
    refusals: datetime = attrs.field(validator=aware_field)
    looks: datetime = attrs.field(validator=aware_field)
    ended: datetime = attrs.field(validator=aware_field)


class Store(Protocol):
    """Keeps everything; safe to share between threads."""

    def get(self, kind: str, record_id: RecordId) -> Row | None:
        """Return a record, or ``None``."""

    def claim(self, space: str, key: bytes) -> Claim | None:
        """Return the claim on *key* in *space*, or the used token of that key, or ``None``."""

    def claims(self, space: str, *, after: bytes = b"", limit: int = 100) -> tuple[Claim, ...]:
        """Return the claims in *space* in order of their keys, behind *after*."""

    def secret(self, secret_id: RecordId) -> Secret | None:
        """Return a secret, or ``None`` when it is deleted or never was."""

    def remembered(self, scope: bytes, key: str) -> Remembered | None:
        """Return the answered write of that key, or ``None``."""

    def standard(self, digest: str) -> str | None:
        """Return the text of a pinned standard, or ``None``."""

    def entries(self, kind: str, record_id: RecordId) -> tuple[StoredEntry, ...]:
        """Return a record's whole journal in order."""

    def commit(self, commit: Commit) -> None:
        """Write all of *commit* or nothing.

        Returns only once it is durable.

        Raises:
            ConflictError: Something newer was met; nothing was written.
        """

    def refuse(self, refusal: Refusal) -> None:
        """Keep a security refusal, in a transaction of its own."""

    def refusals(self, *, limit: int = 100) -> tuple[Refusal, ...]:
        """Return the newest refusals, newest first."""

    def look(self, look: Look) -> None:
        """Write down a look, in a transaction of its own; returns only once it is durable."""

    def looks(
        self,
        *,
        actor: str | None = None,
        record: tuple[str, RecordId] | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 100,
    ) -> tuple[Look, ...]:
        """Return the newest looks, newest first: of an actor, at a record (kind, id), or all.

        Only those from *since* on, and before *until*.
        """

    def find(
        self,
        kind: str,
        *,
        office: str | None = None,
        status: str | None = None,
        limit: int = 100,
        after: RecordId | None = None,
    ) -> tuple[Row, ...]:
        """Return records in order of id, starting behind *after*."""

    def overdue(
        self, now: datetime, *, limit: int = 100, after: Found | None = None
    ) -> tuple[Found, ...]:
        """Return the records whose ``due`` is not after *now*, oldest first, behind *after*."""

    def waiting(
        self,
        role: str,
        desk: str,
        *,
        late: Late | None = None,
        limit: int = 100,
        after: PagePlace | None = None,
    ) -> tuple[Found, ...]:
        """Return the records that wait for *role* at *desk*, in order of limit and id.

        They stand behind *after*, those without a limit last; only the *late* ones if told so.
        """

    def lease(
        self, lane: str, *, holder: str, now: datetime, until: datetime, limit: int
    ) -> tuple[OutboxItem, ...]:
        """Take up to *limit* waiting items of *lane* that are due and not leased, until *until*.

        Two workers never hold one item at a time; a lease that ran out can be taken again.
        Each lease counts one attempt, has a number of its own and names its *holder*.
        """

    def renew(
        self, holder: str, leases: Mapping[RecordId, int], *, until: datetime
    ) -> frozenset[RecordId]:
        """Hold those leases of *holder* until *until*; return the items it still holds.

        A lease of another number or holder, or one that has ended, is left alone.
        """

    def settle(self, settled: Settled) -> None:
        """End a lease; see ``Settled``."""

    def lanes(self) -> tuple[Lane, ...]:
        """Return what waits in each lane that holds anything, by name; parked items don't count."""

    def outbox(
        self, done: Done, *, limit: int = 100, subject: RecordId | None = None
    ) -> tuple[OutboxItem, ...]:
        """Return items in that state, oldest first; only those of *subject* if told so."""

    def item(self, named: RecordId) -> OutboxItem | None:
        """Return what is owed under that id or about that subject, or ``None``.

        Of several about one subject it is the newest. One that is done has no payload.
        """

    def unpark(self, item_id: RecordId, *, now: datetime) -> None:
        """Let a parked item be tried again, its attempts counted anew."""

    def newest(self, *, outside: Sequence[Span] = ()) -> datetime | None:
        """Return the time of the newest change *outside* those spans, or ``None`` for none."""

    def ahead(self, of: datetime) -> Span | None:
        """Return the times of the first and the newest change after *of*, or ``None``."""

    def purge(self, before: Horizon) -> int:
        """Drop what is older than *before* allows; return how many rows that were."""

    def close(self) -> None:
        """Release files and connections; calling it twice is fine."""


# --- channels, registry, captcha -----------------------------------------------


@attrs.frozen(kw_only=True)
class Receipt:
    """What a channel says of a message it took.

    Attributes:
        reference: The provider's.
        unsure: It was handed over whole, and whether it was taken isn't known: it counts as
            handed over, since a copy of what did arrive is worse than asking once more.
    """

    reference: str = ""
    unsure: bool = False


class Channel(Protocol):
    """Delivers messages of one medium."""

    name: str
    medium: str

    def deliver(self, message: Message) -> Receipt:
        """Deliver *message*.

        Raises:
            DeliveryError: It wasn't taken; ``retryable`` says whether it may be later.
        """


class Registry(Protocol):
    """SIAK, or what stands in for it."""

    def ask(self, asked: Asked) -> Answer:
        """Return the answer.

        Raises:
            RegistryUnavailableError: No answer now; the question stays open.
        """


class PhotoFitter(Protocol):
    """Makes a portrait small enough for a credential."""

    def __call__(self, portrait: bytes, /) -> tuple[bytes, int]:
        """Return a small picture of *portrait*, and its format's number in claim 169.

        Raises:
            InputError: It is no picture, or none that can be made so small.
            PortError: What makes pictures small isn't there.
        """


@attrs.frozen(kw_only=True)
class Puzzle:
    """A captcha to show.

    Attributes:
        token: What comes back with the solution; holds the answer only as an HMAC.
        picture: PNG bytes.
        expires_at: Until when it can be solved.
        sound: The same letters spoken, as WAV bytes, where that was asked for.
    """

    token: bytes = attrs.field(repr=False)
    picture: bytes = attrs.field(repr=False)
    expires_at: datetime
    sound: bytes | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True)
class Solved:
    """Whether a puzzle was solved, and the id under which it is used up.

    Attributes:
        puzzle_id: Under which it is used up.
        expires_at: Until when that must be remembered.
        ok: Whether it was solved.
    """

    puzzle_id: bytes
    expires_at: datetime
    ok: bool


class CaptchaSource(Protocol):
    """Makes and checks puzzles that a resident fills in; keeps nothing."""

    def puzzle(self, subject: RecordId, *, now: datetime, entropy: bytes) -> Puzzle:
        """Return a new puzzle for the application *subject*."""

    def check(self, subject: RecordId, token: bytes, text: str, *, now: datetime) -> Solved:
        """Return whether *text* solves the puzzle of *token*; a forged or old one isn't ok.

        Whoever calls this uses ``puzzle_id`` up in the same commit, right or wrong.
        """


@runtime_checkable
class SpokenCaptchaSource(CaptchaSource, Protocol):
    """A captcha that can also be heard, for residents who can't see a picture."""

    def spoken(self, subject: RecordId, *, now: datetime, entropy: bytes) -> Puzzle:
        """Return a new puzzle for the application *subject*, with its ``sound``."""


# --- keys ------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class SigningKey:
    """A signing key by its public half; the private half never leaves the source.

    Attributes:
        kid: First 8 bytes of SHA-256 over the canonical COSE_Key.
        alg: ``EdDSA`` or ``ES256``.
        public: 32 bytes (Ed25519) or the 65-byte point (P-256).
    """

    kid: bytes
    alg: str
    public: bytes


PURPOSES: Mapping[str, int] = {
    "pepper": 1,
    "index": 1,
    "wrap": 1,
    "outbox": 1,
    "challenge": 1,
    "captcha": 1,
    "fingerprint": 1,
    "pseudonym": 1,
    "row": 2,
}
"""What symmetric keys are for, and the number of the set of keys that has them first.

Whoever adds a purpose or a role gives it the next number: an older set lacks it, and is given it by
``ikd keys upgrade``.
"""

KEY_ROLES: Mapping[KeyRole, int] = {"credential": 1, "status": 1, "checkpoint": 1}
"""Roles with one signing key each, numbered likewise; stations have one for every station."""


class KeySource(Protocol):
    """Where keys live: files for development, a KMS or HSM by plugin."""

    def secrets(self, purpose: str) -> Sequence[SecretKey]:
        """Return the 32-byte keys of *purpose*, one of ``PURPOSES``: newest first, at least one."""

    def bound(self) -> bool:
        """Return whether every row of these keys' store carries a mac: true from its start on.

        A store of before rows were bound is so from the end of ``ikd store bind`` on.
        """

    def signing(self, role: str, *, office: str = "", station: str = "") -> SigningKey:
        """Return the key that signs now for *role*, one of ``KEY_ROLES`` or ``station``."""

    def sign(self, kid: bytes, message: bytes) -> bytes:
        """Return a 64-byte signature (Ed25519, or ES256 as r then s)."""

    def keyring(self) -> bytes:
        """Return the newest keyring, signed by a root."""

    def roots(self) -> Sequence[bytes]:
        """Return the 32-byte Ed25519 public keys that may sign a keyring."""


# --- time and chance ----------------------------------------------------------------


class Clock(Protocol):
    """Tells the time; never returns less than before."""

    def now(self) -> datetime:
        """Return the time, aware."""


class Entropy(Protocol):
    """Gives fresh random bytes."""

    def __call__(self, size: int) -> bytes:
        """Return *size* bytes fit for keys."""
