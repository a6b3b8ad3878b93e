"""One complaint at one office and everything that can become of it, by ``decide`` itself.

A world holds the complaint, the clock and what was owed: each notice waits, was sent, or is parked.
Every move names its mover, or the fault that it is.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import attrs

from ikd.core.complaint import commands as do
from ikd.core.complaint.complaint import Complaint, ComplaintStatus
from ikd.core.decide import COMPLAINT, decide
from ikd.core.errors import IkdError
from ikd.core.ids import RecordId
from ikd.core.records.actor import Actor, Role
from ikd.core.records.context import Context, Evidence, SealedText
from ikd.core.records.decision import Decision
from ikd.core.records.declaration import Command, Need
from ikd.core.records.kind import Rulebook
from ikd.core.standard.office import Office
from ikd.plugins.offices import load_office

START = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
RESIDENT, SYSTEM = Actor.resident("ayu"), Actor.system()
RECEIPT = "0123-4567-89AB-CDEF-GHJK"
OTHER_ID = RecordId("f" * 32)
_DRAWN = count()

FILED: Mapping[str, Mapping[str, Any]] = {
    "by e-mail": {"channel": "email", "email": "ayu@example.org"},
    "into a box": {"channel": "box", "name": "Ayu", "address": "Jalan Anggrek 5"},
    "in a social network": {"channel": "instagram", "handle": "@ayu"},
    "anonymous": {"channel": "phone", "naming": "anonymous"},
    "of a levy": {"channel": "email", "email": "ayu@example.org", "levy": True},
    "about an officer": {"channel": "email", "email": "ayu@example.org", "concerns": "petugas-9"},
    "a suggestion": {"channel": "email", "email": "ayu@example.org", "message": "saran"},
}


@attrs.frozen
class Owed:
    """A notice: what it says, of which words, and how it ended so far."""

    template: str
    text_id: RecordId | None
    done: str = "waiting"


@attrs.frozen
class Desk:
    """One complaint and what stands around it."""

    office: Office
    now: datetime = START
    complaint: Complaint | None = None
    owed: tuple[Owed, ...] = ()

    @property
    def officer(self) -> Actor:
        return Actor.operator("petugas-1", office=self.office.id)

    def decided(self, command: Command, actor: Actor, *, holder: bool = True) -> Decision:
        """Return what *command* leads to; raises what it is refused by."""
        context = self.context(command, actor, holder=holder)
        return decide(COMPLAINT, COMPLAINT.load(Shelf(self), command), command, context)

    def context(self, command: Command, actor: Actor, *, holder: bool = True) -> Context:
        """Return the world as ``decide`` is shown it."""
        entropy = hashlib.sha256(str(next(_DRAWN)).encode()).digest()
        text = SealedText(
            id=RecordId(entropy[:16].hex()),
            value=b"sealed",
            data_key_id=RecordId(entropy[16:].hex()),
            wrapped=b"wrapped",
            receipts=(entropy,),
            counted={"email": entropy},
        )
        holds = self.complaint.id if self.complaint and holder else None
        needs = command.needs()
        return Context(
            now=self.now,
            actor=actor,
            standard=self.office,
            entropy=entropy * 2,
            evidence=Evidence(
                text=text if Need.TEXT in needs else None,
                receipt_of=holds if Need.RECEIPT in needs else None,
            ),
        )

    def does(self, command: Command, actor: Actor) -> Desk | None:
        """Return the world after *command*, or ``None`` where it is refused without effect."""
        try:
            decision = self.decided(command, actor)
        except IkdError:
            return None
        if not any(change.events for change in decision.changes):
            return None
        return self.after(decision)

    def after(self, decision: Decision) -> Desk:
        record = decision.changes[0].record
        assert isinstance(record, Complaint)
        void = set(decision.voids)
        kept = tuple(one for one in self.owed if one.text_id is None or one.text_id not in void)
        new = tuple(Owed(notice.template, notice.text_id) for notice in decision.notices)
        # what was said last is what matters: two of each would only be more of the same
        return attrs.evolve(self, complaint=record, owed=(*kept, *new)[-1:])


@attrs.frozen
class Shelf:
    """What a command loads by in a world."""

    desk: Desk

    def record(self, _kind: object, record_id: RecordId | None) -> Complaint | None:
        known = self.desk.complaint
        if known is not None and record_id == OTHER_ID:
            return attrs.evolve(known, id=OTHER_ID, links=(), concerns=None)
        return known if known is not None and record_id == known.id else None

    def office(self, _office_id: str) -> Office:
        return self.desk.office

    def standard(self, _digest: str) -> Office:
        return self.desk.office


@attrs.frozen
class Deed:
    """A move: who makes it, what it is, and the fault that it is, if it is one."""

    mover: str
    what: str
    go: Callable[[Desk], Desk | None]
    fault: str = ""


def _asks(mover: str, make: Callable[[RecordId], Command]) -> Deed:
    def go(desk: Desk) -> Desk | None:
        assert desk.complaint is not None
        actor = {"resident": RESIDENT, "operator": desk.officer, "system": SYSTEM}[mover]
        return desk.does(make(desk.complaint.id), actor)

    return Deed(mover, make("0" * 32).act(), go)  # type: ignore[arg-type]


def _settled(done: str, *, told: bool, before: str = "waiting") -> Callable[[Desk], Desk | None]:
    """Return a move that ends the first notice; one that reached nobody is told of by its words."""

    def go(desk: Desk) -> Desk | None:
        found = [one for one in desk.owed if one.done == before]
        if not found or desk.complaint is None:
            return None
        first, text_id = found[0], found[0].text_id
        others = tuple(one for one in desk.owed if one is not first)
        after = attrs.evolve(desk, owed=(*others, attrs.evolve(first, done=done)))
        if told and text_id is not None:
            report = do.ReportAnswerUndelivered(
                complaint_id=desk.complaint.id, text_id=text_id, code="channel.refused"
            )
            after = attrs.evolve(desk, owed=others).does(report, SYSTEM) or after
        return after

    return go


def _time(length: timedelta) -> Callable[[Desk], Desk | None]:
    def go(desk: Desk) -> Desk | None:
        later = desk.now + length
        return attrs.evolve(desk, now=later) if later < START + timedelta(days=400) else None

    return go


STEPS = ("verify", "follow_up", "coordinate", "sanction")
DEEDS: tuple[Deed, ...] = (
    *(
        attrs.evolve(
            _asks("operator", lambda one, step=step: do.StepComplaint(complaint_id=one, step=step)),
            what=step,
        )
        for step in STEPS
    ),
    _asks("operator", lambda one: do.AssignComplaint(complaint_id=one, to="Bidang")),
    _asks("operator", lambda one: do.ClassifyComplaint(complaint_id=one, category="ordinary")),
    _asks("operator", lambda one: do.NoteComplaint(complaint_id=one, text="x")),
    _asks("operator", lambda one: do.LinkComplaints(complaint_id=one, other_id=OTHER_ID)),
    _asks("operator", lambda one: do.AnswerComplaint(complaint_id=one, text="x")),
    _asks("operator", lambda one: do.HandOverAnswer(complaint_id=one, medium="letter")),
    _asks("operator", lambda one: do.HandOverComplaint(complaint_id=one, reference="L-123")),
    _asks("operator", lambda one: do.ReturnComplaint(complaint_id=one, reason="x")),
    *(
        attrs.evolve(
            _asks(
                "operator",
                lambda one, end=end: do.CloseComplaint(complaint_id=one, ending=end, text="x"),
            ),
            what=f"closes as {end}",
        )
        for end in ("solved", "not_ours")
    ),
    _asks("resident", lambda o: do.ReplyComplaint(complaint_id=o, receipt=RECEIPT, text="x")),
    _asks("resident", lambda o: do.ReopenComplaint(complaint_id=o, receipt=RECEIPT, text="x")),
    _asks("resident", lambda o: do.RateComplaint(complaint_id=o, receipt=RECEIPT, rating=4)),
    _asks("system", lambda one: do.ComplaintTimePasses(complaint_id=one)),
    Deed("lane", "sends", _settled("sent", told=False)),
    Deed("lane", "gives up", _settled("parked", told=True), "mail refused"),
    Deed("lane", "hands over what never comes", _settled("sent", told=False), "mail unknown"),
    Deed("lane", "a bounce comes", _settled("parked", told=True, before="sent"), "mail refused"),
    Deed("operator", "retries", _settled("waiting", told=False, before="parked")),
    Deed("time", "a day passes", _time(timedelta(days=1))),
    Deed("time", "a month passes", _time(timedelta(days=31))),
    Deed("time", "the clock leaps ahead", _time(timedelta(days=200)), "clock off"),
)
STOPPED: Mapping[str, frozenset[str]] = {
    "mail refused": frozenset({"lane"}),
    "mail unknown": frozenset({"lane"}),
    "mail slow": frozenset({"lane"}),
    "clock off": frozenset(),
    "officer away": frozenset({"operator"}),
    "complainant away": frozenset({"resident"}),
}
"""Every fault, and the movers that do nothing while it lasts."""


def state_of(desk: Desk) -> Any:
    """Return what of a world makes a difference."""
    one = desk.complaint
    if one is None:
        return None
    reopenable = one.closed_at is not None and desk.now < one.closed_at + timedelta(days=60)
    last = one.letters[-1] if one.letters else None
    return (
        one.status.value,
        one.ending,
        tuple(step for step in ("verify", "follow_up") if step in one.done),
        one.answered_at is not None,
        None if one.due is None else one.due <= desk.now,
        last and (last.about, last.by_hand),
        frozenset(letter.about for letter in one.owed_by_hand),
        frozenset((item.template, item.done) for item in desk.owed),
        reopenable,
    )


@attrs.define
class Walked:
    """Everything that can become of a complaint that was filed in one way."""

    desks: dict[Any, Desk] = attrs.field(factory=dict)
    ways: dict[Any, list[tuple[Deed, Any]]] = attrs.field(factory=dict)


def walked(office: str, filed: str, *, most: int = 60_000) -> Walked:
    """Walk everything that can happen to a complaint that was *filed* so at *office*."""
    graph, todo = Walked(), deque[Any]()

    def reach(desk: Desk) -> Any:
        state = state_of(desk)
        if state not in graph.desks:
            graph.desks[state] = desk
            todo.append(state)
        return state

    reach(begun(office, filed))
    while todo:
        assert len(graph.desks) <= most
        state = todo.popleft()
        desk, ways = graph.desks[state], graph.ways.setdefault(state, [])
        for deed in DEEDS:
            after = deed.go(desk)
            end = state if after is None else reach(after)
            if end != state:
                ways.append((deed, end))
    return graph


def begun(office: str, filed: str) -> Desk:
    """Return the world in which a complaint was just filed."""
    desk = Desk(load_office(office))
    said = {"message": "pengaduan" if office == "payakumbuh" else "aduan", **FILED[filed]}
    command = do.FileComplaint(office=office, text="Antre lama.", **said)
    made = desk.does(command, RESIDENT)
    assert made is not None
    return made


def waits(desk: Desk) -> tuple[str, str]:
    """Return whom the complaint waits for, and what for; nobody once it is over."""
    assert desk.complaint is not None
    assert COMPLAINT.waits is not None
    found = COMPLAINT.waits(desk.complaint, desk.office, desk.now)
    return found.role.value if found.role else "", found.missing


def is_seen(desk: Desk) -> bool:
    """Say whether the row stands in the list of whom it waits for."""
    assert desk.complaint is not None
    columns = COMPLAINT.columns(desk.complaint, Rulebook(standard=lambda _: desk.office))
    return columns.waits == waits(desk)[0] and columns.desk == desk.office.id


def is_told(desk: Desk) -> bool:
    """Say whether the complainant was told, or an officer sees that they weren't."""
    one = desk.complaint
    assert one is not None
    if one.status in (ComplaintStatus.OPEN, ComplaintStatus.HANDED_OVER):
        return waits(desk)[0] == Role.OPERATOR.value and is_seen(desk)  # it stands in the list
    letter = {"silence": "silence", "not_ours": "not_ours"}.get(one.ending or "", "closed")
    last = f"complaint_{letter if one.ending else 'answer'}"
    owed = any(item.template == last for item in desk.owed)
    by_hand = any(item.by_hand for item in one.letters)
    return one.is_anonymous or owed or by_hand


def reaching(graph: Walked, goals: set[Any], allowed: Callable[[Deed], bool]) -> set[Any]:
    """Return the states from which the *allowed* deeds lead to one of *goals*."""
    back: dict[Any, list[Any]] = {}
    for state, ways in graph.ways.items():
        for deed, end in ways:
            if allowed(deed):
                back.setdefault(end, []).append(state)
    found, todo = set(goals), list(goals)
    while todo:
        for state in back.get(todo.pop(), ()):
            if state not in found:
                found.add(state)
                todo.append(state)
    return found


def ended(graph: Walked) -> set[Any]:
    """Return the states in which it is closed."""
    return {
        state
        for state, desk in graph.desks.items()
        if desk.complaint and desk.complaint.status is ComplaintStatus.CLOSED
    }


def dead_ends(graph: Walked) -> set[Any]:
    """Return the states from which officers and delivery bring it to no end (R)."""
    right = reaching(graph, ended(graph), lambda deed: not deed.fault and deed.mover != "time")
    return graph.desks.keys() - right


def unseen(graph: Walked) -> set[Any]:
    """Return the states whose next mover isn't named, can't move on, or doesn't see them (S)."""
    return {state for state, desk in graph.desks.items() if not _moves_on(graph, state, desk)}


def _moves_on(graph: Walked, state: Any, desk: Desk) -> bool:
    role, missing = waits(desk)
    if not role:
        return state in ended(graph) and not desk.complaint.owed_by_hand  # type: ignore[union-attr]
    wanted = {
        "complaint_verification": {"verify"},
        "complaint_follow_up": {"follow_up"},
        "complaint_answer": {"answer_complaint"},
        "complaint_end": {"closes as solved"},
        "complaint_by_hand": {"hand_over_answer"},
        "complaint_handed_over": {"return_complaint", "closes as solved"},
        "complaint_reply": {"reply_complaint"},
    }[missing]
    can = {deed.what for deed, _ in graph.ways[state] if deed.mover == role}
    overdue = desk.complaint is not None and desk.complaint.due is not None
    late = overdue and desk.complaint.due <= desk.now  # type: ignore[union-attr,operator]
    return (wanted <= can or late) and is_seen(desk)


def untold(graph: Walked, fault: str) -> set[Any]:
    """Return the states that come to nothing that is told while *fault* lasts (T)."""
    stopped = STOPPED[fault]

    def allowed(deed: Deed) -> bool:
        return deed.fault == fault if deed.fault else deed.mover not in stopped

    goals = {state for state, desk in graph.desks.items() if is_told(desk)}
    return graph.desks.keys() - reaching(graph, goals, allowed)


def attempts(desk: Desk) -> Iterator[tuple[Command, Actor, bool]]:
    """Yield what anybody could ask, rightly or not, and whether they hold the receipt."""
    one = desk.complaint
    assert one is not None
    others = (
        RESIDENT,
        SYSTEM,
        Actor.ministry(),
        Actor.operator("petugas-1", office="elsewhere"),
        Actor.operator("petugas-9", office=desk.office.id),
        desk.officer,
    )
    for kind in do.COMMANDS:
        if issubclass(kind, do.OfComplaint):
            for command in made(kind, one):
                for actor in others:
                    yield command, actor, True
                yield command, RESIDENT, False


def made(kind: type[Command], one: Complaint) -> Iterator[Command]:
    """Yield commands of *kind* in every way that differs."""
    sent = [letter.text_id for letter in one.letters if letter.text_id]
    said: dict[str, Any] = {
        "complaint_id": one.id,
        "text": "x",
        "to": "Bidang",
        "category": "supervision",
        "other_id": OTHER_ID,
        "medium": "letter",
        "reference": "L-123",
        "reason": "x",
        "receipt": RECEIPT,
        "rating": 4,
        "text_id": sent[-1] if sent else OTHER_ID,
        "code": "channel.refused",
    }
    names = {field.name for field in attrs.fields(kind)}  # type: ignore[arg-type]
    given = {name: value for name, value in said.items() if name in names}
    for name, values in {"step": STEPS, "ending": ("solved", "unfounded", "not_ours")}.items():
        if name in names:
            yield from (kind(**given, **{name: value}) for value in values)
            return
    yield kind(**given)
