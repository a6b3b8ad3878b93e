"""A case without a service: records in memory, and ``decide`` called on them.

Here evidence is said, not made: no signature is checked and nothing is hashed slowly, so a
test can pose any combination of right and wrong, and thousands of them a second. What
``decide`` answers is kept only if it could be committed: versions, claims, tokens and
secrets are held against each other as a store would.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any, Self, TypeVar

import attrs

from ikd.core.activation.application import Application
from ikd.core.decide import KINDS, decide
from ikd.core.errors import RefusedError
from ikd.core.identity.identity import Identity
from ikd.core.ids import RecordId
from ikd.core.records.actor import Actor
from ikd.core.records.context import Context, Evidence
from ikd.core.records.decision import Decision, Secret
from ikd.core.records.declaration import Command
from ikd.core.records.event import Event
from ikd.core.records.kind import Around
from ikd.core.records.notices import Notice
from ikd.core.records.questions import Question
from ikd.core.records.record import Record
from ikd.core.records.resident import Resident
from ikd.core.records.turn import NIK_SPACE
from ikd.core.resident.nik import Nik
from ikd.core.standard.office import Office
from model.evidence import Witness, index_of

R = TypeVar("R", bound=Record)
START = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # a Monday, ten o'clock in Payakumbuh


@attrs.define
class Case:
    """One world: an office, a clock that stands still, and all that was committed.

    Attributes:
        office: The standard under which everything here is decided.
        now: The time; tests set it.
        records: Every record by kind and id.
        events: Every record's journal.
        claims: Who holds what, tokens used up among them.
        secrets: What stands outside the records.
        owed: Notices and questions, in the order they came to be owed.
        turn: Number of decisions asked for; entropy depends on it.
    """

    office: Office
    now: datetime = START
    records: dict[tuple[str, str], Any] = attrs.field(factory=dict)
    events: dict[tuple[str, str], tuple[Event, ...]] = attrs.field(factory=dict)
    claims: dict[tuple[str, bytes], str] = attrs.field(factory=dict)
    secrets: dict[str, Secret] = attrs.field(factory=dict)
    owed: tuple[Notice | Question, ...] = ()
    turn: int = 0

    def copy(self) -> Self:
        """Return a world that goes its own way from here."""
        return attrs.evolve(
            self,
            records=dict(self.records),
            events=dict(self.events),
            claims=dict(self.claims),
            secrets=dict(self.secrets),
        )

    def later(self, by: timedelta) -> Self:
        """Let time pass, and nothing else; return this world."""
        self.now += by
        return self

    # --- what is on file -------------------------------------------------------------

    def all(self, kind: str) -> list[Any]:
        """Return every record of *kind*, in the order they were opened."""
        return [record for (of, _), record in self.records.items() if of == kind]

    @property
    def application(self) -> Application:
        """The application opened last."""
        last: Application = self.all("application")[-1]
        return last

    @property
    def identity(self) -> Identity:
        """The identity opened last."""
        last: Identity = self.all("identity")[-1]
        return last

    @property
    def resident(self) -> Resident:
        """The resident met first."""
        first: Resident = self.all("resident")[0]
        return first

    def loaded(self, command: Command) -> Around:
        """Return what *command* concerns, as its kind loads it.

        Raises:
            RefusedError: There is no such record (``record.unknown``).
        """
        load = KINDS.asked(command).load
        assert load is not None
        return load(Found(self), command)

    # --- deciding ----------------------------------------------------------------------

    @property
    def entropy(self) -> bytes:
        """The bytes that the next decision draws from."""
        return hashlib.sha512(f"ikd/testing/cases/{self.turn}".encode()).digest()

    def evidence(self, command: Command, **other: Any) -> Evidence:
        """Return evidence in which everything is right, but for what *other* says."""
        witness = Witness(
            office=self.office.id, entropy=self.entropy, claims=self.claims, secrets=self.secrets
        )
        right = witness.right(self.loaded(command), command)
        return attrs.evolve(right, **other) if other else right

    def context(self, actor: Actor, evidence: Evidence) -> Context:
        """Return the world as ``decide`` is shown it."""
        return Context(
            now=self.now,
            actor=actor,
            standard=self.office,
            entropy=self.entropy,
            evidence=evidence,
        )

    def decide(self, command: Command, actor: Actor, evidence: Evidence | None = None) -> Decision:
        """Return what *command* leads to; nothing is kept of it."""
        shown = self.evidence(command) if evidence is None else evidence
        asked, around = KINDS.asked(command), self.loaded(command)
        return decide(asked, around, command, self.context(actor, shown))

    def do(self, command: Command, actor: Actor, evidence: Evidence | None = None) -> Decision:
        """Let *command* happen; return the decision once it is kept.

        Raises:
            RefusedError: As a service would, after what must be kept was kept.
        """
        decision = self.decide(command, actor, evidence)
        self.keep(decision)
        if decision.refusal is not None:
            raise decision.refusal
        return decision

    def keep(self, decision: Decision) -> None:
        """Keep *decision*, if a store could commit it."""
        self.turn += 1
        for change in decision.changes:
            place = (change.kind, change.record.id)
            held = self.records.get(place)
            _law(change.expected_version == (held.version if held else 0), "a version clashes")
            if change.events:
                self.events[place] = (*self.events.get(place, ()), *change.events)
                self.records[place] = change.record
        self._keep_claims(decision)
        self._keep_secrets(decision)
        self.owed += (*decision.notices, *decision.questions)

    def _keep_claims(self, decision: Decision) -> None:
        for claim in decision.releases:
            held = self.claims.pop((claim.space, claim.key), None)
            _law(held == claim.owner, "a claim is released that its owner doesn't hold")
        for claim in decision.takes:
            held = self.claims.setdefault((claim.space, claim.key), claim.owner)
            _law(held == claim.owner, "a claim is taken from its owner")
        for used in decision.uses:
            _law((used.space, used.key) not in self.claims, "a token counts twice")
            self.claims[used.space, used.key] = used.owner

    def _keep_secrets(self, decision: Decision) -> None:
        for dead in decision.deletes:
            _law(self.secrets.pop(dead, None) is not None, "a secret is deleted that isn't there")
        for secret in decision.writes:
            _law(secret.id not in self.secrets, "a secret is written over another")
            self.secrets[secret.id] = secret

    def check_replay(self) -> None:
        """Hold every record against its own journal."""
        for (kind, _), record in self.records.items():
            _law(KINDS.replay(kind, self.events[kind, record.id]) == record, "a replay differs")


def _law(holds: bool, breach: str) -> None:
    if not holds:
        raise AssertionError(breach)


@attrs.frozen
class Found:
    """What the kinds load by: the records of one world."""

    case: Case

    def record(self, kind: type[R], record_id: RecordId | None) -> R | None:
        """Return a record, or ``None``."""
        found: R | None = self.case.records.get((kind.kind, record_id or ""))
        return found

    def known(self, kind: type[R], record_id: RecordId) -> R:
        """Return a record that another one names."""
        found: R = self.case.records[kind.kind, record_id]
        return found

    def resident_of(self, nik: Nik) -> Resident | None:
        """Return the resident of *nik*, if it was met before."""
        owner = self.case.claims.get((NIK_SPACE, index_of(nik)))
        return None if owner is None else self.known(Resident, RecordId(owner))

    def office(self, office_id: str) -> Office:
        """Return the one office there is."""
        _law(office_id == self.case.office.id, "another office is asked for")
        return self.case.office

    def standard(self, digest: str) -> Office:
        """Return its standard, which a case has pinned."""
        _law(digest == self.case.office.digest, "another standard is asked for")
        return self.case.office


def refusal_of(case: Case, *asked: Any) -> str:
    """Return the code with which what is asked is refused; "" when it isn't."""
    try:
        case.do(*asked)
    except RefusedError as refusal:
        return refusal.code
    return ""
