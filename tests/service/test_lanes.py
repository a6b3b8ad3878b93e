"""Lanes and leases: a slow registry holds up no PIN, and no long send goes out twice."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import contextmanager
from datetime import timedelta

import attrs
import pytest

import ikd
from ikd.core import cbor, structure
from ikd.core.errors import RegistryUnavailableError, StoreError
from ikd.core.ports import Commit, Done, OutboxItem, Put, Receipt
from ikd.core.records.notices import Notice
from ikd.core.records.questions import Question, QuestionKind
from ikd.service.owed import FORM, encode_owed, read_owed

SYSTEM = ikd.Actor.system()


def _until(act, seconds=120.0):
    end = time.monotonic() + seconds
    while not act():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.005)


class Mail:
    """A channel that does as it is told with the next message, and else takes it."""

    name = "mail"
    medium = "email"

    def __init__(self):
        self.acts = []
        self.taken = []

    def deliver(self, message):
        if self.acts:
            self.acts.pop(0)(message)
        self.taken.append(message)
        return Receipt(reference=f"<{message.id}@example.org>")


@pytest.fixture
def mail():
    return Mail()


class Held:
    """A registry that answers nobody until it may."""

    def __init__(self, good):
        self.good, self.may, self.asked = good, threading.Event(), []

    def ask(self, asked):
        self.asked.append(asked)
        assert self.may.wait(60)
        return self.good.ask(asked)


# --- lanes ---------------------------------------------------------------------------------------


def test_a_pin_is_sent_while_the_registry_keeps_thirty_questions_waiting(in_memory, mail):
    owing = in_memory.open(channels=[mail])
    walk = in_memory.walk(owing)
    application_id = walk.register().id
    while owing.get(application_id, actor=SYSTEM).done[-1] != "presence":
        walk.next(application_id)
    registry = Held(in_memory.registry)
    parts = owing._parts
    service = in_memory.open(
        store=parts.store, keys=parts.keys, channels=[mail], registry=registry, deliver="thread"
    )
    for number in range(2, 32):
        in_memory.walk(service, number=number).register()
    walk.service = service
    _until(lambda: len(registry.asked) == 4)
    walk.decide(service.get(application_id, actor=SYSTEM), walk.office.decision, passed=True)
    _until(lambda: mail.taken)
    assert len(registry.asked) == 4  # all its workers still wait, and so do 26 more
    registry.may.set()
    _until(lambda: service.owed(actor=SYSTEM) == ())
    assert len(registry.asked) == 30


def test_one_pair_of_hands_sends_a_pin_before_it_asks_anything(in_memory, mail):
    """The PIN is the last that came to be owed."""
    service = in_memory.open(channels=[mail])
    walk = in_memory.walk(service)
    application_id = walk.register().id
    while service.get(application_id, actor=SYSTEM).done[-1] != "presence":
        walk.next(application_id)
    parts, order = service._parts, []

    class Registry:
        def ask(self, _asked):
            order.append("asked")
            raise RegistryUnavailableError

    leaving = in_memory.open(
        store=parts.store, keys=parts.keys, channels=[mail], registry=Registry(), deliver="worker"
    )
    in_memory.walk(leaving, number=2).register()
    in_memory.clock.advance(timedelta(seconds=1))
    walk.service = leaving
    walk.decide(leaving.get(application_id, actor=SYSTEM), walk.office.decision, passed=True)
    mail.acts = [lambda _: order.append("sent")]
    leaving.deliver_due()
    assert order == ["sent", "asked"]


def test_what_a_full_lane_cannot_take_anybody_may(in_memory):
    registry = Held(in_memory.registry)
    service = in_memory.open(registry=registry, deliver="thread")
    room = service._delivery.leases.room["registry"]
    for number in range(1, room + 4):
        in_memory.walk(service, number=number).register()
    _until(lambda: len(registry.asked) == 4)
    ours = [item.holder == service._delivery.leases.holder for item in service.owed(actor=SYSTEM)]
    assert (ours.count(True), ours.count(False)) == (room, 3)
    registry.may.set()
    _until(lambda: service.owed(actor=SYSTEM) == ())


@pytest.mark.parametrize("raised", [KeyboardInterrupt, SystemExit, MemoryError, GeneratorExit])
def test_a_lane_survives_whatever_a_channel_raises(in_memory, mail, raised):
    def fail(_message):
        raise raised

    mail.acts = [fail]
    service = in_memory.open(channels=[mail], deliver="thread")
    walk = in_memory.walk(service)
    walk.to_pin()
    _until(lambda: [item.failure for item in service.owed(actor=SYSTEM)] != [None])
    in_memory.clock.advance(timedelta(minutes=1))
    _until(lambda: mail.taken)
    assert all(lane.lives for lane in service.health().lanes)


def test_a_lane_survives_whatever_the_store_raises(in_memory, mail, monkeypatch, caplog):
    service = in_memory.open(channels=[mail], deliver="thread")
    store, faults = service._parts.store, [KeyboardInterrupt(), SystemExit(), StoreError()]
    settle = store.settle

    def away(settled):
        if faults:
            raise faults.pop()
        settle(settled)

    monkeypatch.setattr(store, "settle", away)
    in_memory.walk(service).to_pin()
    for left in (2, 1, 0):
        _until(lambda left=left: len(faults) == left)
        in_memory.clock.advance(timedelta(seconds=61))
    _until(lambda: service.owed(actor=SYSTEM) == ())
    assert len(mail.taken) == 4
    assert "unexpected.KeyboardInterrupt" in caplog.text


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_dies_is_replaced(in_memory, mail):
    """Here the log itself brings it down, where nothing is caught any more."""

    class Deadly(logging.Handler):
        def emit(self, _record):
            died.append(threading.current_thread())
            raise SystemExit

    died, handler = [], Deadly()
    service = in_memory.open(channels=[mail], deliver="thread")
    take = service._delivery.leases.take
    service._delivery.leases.take = lambda lane: take(lane) if died else 1 / 0
    logging.getLogger("ikd").addHandler(handler)
    try:
        _until(lambda: died and not died[0].is_alive())
    finally:
        logging.getLogger("ikd").removeHandler(handler)
    in_memory.walk(service).to_pin()
    _until(lambda: mail.taken)
    _until(lambda: all(lane.lives for lane in service.health().lanes))
    for crew in service._courier._lanes.values():
        _until(lambda crew=crew: len([t for t in crew.threads if t.is_alive()]) == crew._size)


def test_what_is_left_at_the_end_is_delivered_by_the_next_process(in_memory, mail, tmp_path):
    registry = Held(in_memory.registry)
    url = f"sqlite:///{tmp_path}/left.db"
    service = in_memory.open(store=url, registry=registry, deliver="thread")
    for number in range(1, 8):
        in_memory.walk(service, number=number).register()
    _until(lambda: len(registry.asked) == 4)
    threading.Timer(0.1, registry.may.set).start()
    service.close()
    later = in_memory.open(store=url)
    in_memory.clock.advance(timedelta(seconds=61))
    later.deliver_due()
    assert later.owed(actor=SYSTEM) == ()


# --- leases --------------------------------------------------------------------------------------


def test_a_send_that_takes_three_leases_goes_out_once(in_memory, mail):
    """Its lease is renewed while it runs: another worker finds nothing to take."""
    service = in_memory.open(channels=[mail])
    parts = service._parts
    other = in_memory.open(store=parts.store, keys=parts.keys, channels=[mail], deliver="worker")
    service._delivery.leases.pause = 0.001
    store, renewed = parts.store, []
    renew = store.renew
    store.renew = lambda *given, **named: (renew(*given, **named), renewed.append(1))[0]
    late = []

    def dawdle(_message):
        for _ in range(9):
            in_memory.clock.advance(timedelta(seconds=20))
            seen = len(renewed)
            _until(lambda seen=seen: len(renewed) > seen + 1)
            late.append(other.deliver_due().moved)

    mail.acts = [dawdle]
    in_memory.walk(service).to_pin()
    assert (len(mail.taken), late) == (1, [0] * 9)


def test_what_waits_in_memory_is_renewed_too(in_memory):
    registry = Held(in_memory.registry)
    service = in_memory.open(registry=registry, deliver="thread")
    service._delivery.leases.pause = 0.001
    for number in range(1, 7):
        in_memory.walk(service, number=number).register()
    _until(lambda: len(registry.asked) == 4)
    in_memory.clock.advance(timedelta(seconds=50))
    ends = in_memory.clock.now() + timedelta(seconds=60)
    _until(lambda: [item.leased_until for item in service.owed(actor=SYSTEM)] == [ends] * 6)
    registry.may.set()
    _until(lambda: service.owed(actor=SYSTEM) == ())
    assert len(registry.asked) == 6


def test_what_slept_through_its_lease_is_left_to_who_took_it(in_memory, mail):
    """The process stood still between its commit and the send; nobody renewed."""
    service = in_memory.open(channels=[mail])
    parts = service._parts
    other = in_memory.open(store=parts.store, keys=parts.keys, channels=[mail], deliver="worker")
    all_of = service._delivery.all_of

    def sleep(items):
        if any(item.lane == "pin" for item in items):
            in_memory.clock.advance(timedelta(seconds=61))
            other.deliver_due()
        return all_of(items)

    service._delivery.all_of = sleep
    in_memory.walk(service).to_pin()
    assert len(mail.taken) == 1


def test_an_interrupted_send_is_not_held_for_ever(in_memory, mail):
    service = in_memory.open(channels=[mail])

    def interrupt(_message):
        raise KeyboardInterrupt

    mail.acts = [interrupt]
    with pytest.raises(KeyboardInterrupt):
        in_memory.walk(service).to_pin()
    assert service._delivery.leases._held == {}
    in_memory.clock.advance(timedelta(seconds=61))
    service.deliver_due()
    assert len(mail.taken) == 1


def test_what_waits_behind_an_interrupted_send_is_not_held_for_ever(in_memory):
    class Registry:
        def ask(self, _asked):
            raise KeyboardInterrupt

    service = in_memory.open(registry=Registry(), deliver="worker")
    for number in (1, 2):
        in_memory.walk(service, number=number).register()
    leases = service._delivery.leases
    with pytest.raises(KeyboardInterrupt):
        service._delivery.all_of([leases.take("registry"), leases.take("registry")])
    assert leases._held == {}


def test_each_start_draws_a_name_of_its_own(in_memory):
    one, two = in_memory.open(), in_memory.open()
    assert one._delivery.leases.holder != two._delivery.leases.holder


def test_a_pin_is_leased_alone(in_memory, monkeypatch):
    service = in_memory.open(deliver="worker")
    store, limits = service._parts.store, set()
    lease = store.lease

    def watched(lane, **named):
        limits.add((lane, named["limit"]))
        return lease(lane, **named)

    monkeypatch.setattr(store, "lease", watched)
    service.deliver_due()
    assert limits == {("pin", 1), ("mail", 1), ("registry", 1)}


# --- how many transactions a journey makes -------------------------------------------------------


def _counted(service):
    """Count the transactions that write, from now on."""
    session, began = service._parts.store.store._session, []
    writing = session.writing

    @contextmanager
    def counting():
        began.append(1)
        with writing() as execute:
            yield execute

    session.writing = counting
    return began


@pytest.mark.parametrize(
    ("office", "to", "alone", "with_worker"),
    [
        ("payakumbuh", "to_activation", 10, 14),
        ("wakatobi", "to_activation", 11, 16),
        ("wakatobi", "to_passcode", 13, None),
    ],
)
def test_a_journey_makes_few_transactions(world, office, to, alone, with_worker):
    service = world.open()
    began = _counted(service)
    getattr(world.walk(service, office), to)()
    assert len(began) == alone
    assert service.owed(actor=SYSTEM) == ()
    if with_worker is None:
        return
    other = world.open(deliver="worker")
    if other._parts.store is not service._parts.store:
        began = _counted(other)
    walk = world.walk(other, office, number=2)
    identity_id = getattr(walk, to)()
    other.deliver_due()
    assert (len(began), other.owed(actor=SYSTEM)) == (with_worker, ())
    assert identity_id


# --- what is kept of a delivery ------------------------------------------------------------------


def test_who_took_a_notice_what_it_calls_it_and_when_are_kept(in_memory, mail):
    mail.deliver = lambda message: (mail.taken.append(message), Receipt(reference="gw:7f/21"))[1]
    service = in_memory.open(channels=[mail])
    in_memory.walk(service).to_pin()
    (sent,) = [item for item in service.owed(Done.SENT, actor=SYSTEM) if item.kind == "notice"]
    kept = (sent.channel, sent.reference, sent.handed_at)
    assert kept == ("mail", "gw:7f/21", in_memory.clock.now())
    assert sent.reference not in repr(sent)


@pytest.mark.parametrize(
    "reference", ["", "x\ny", "\ud800", 5, "x" * 201, "warga@example.org", "+6281200009901"]
)
def test_a_reference_that_is_none_is_not_kept(in_memory, mail, reference):
    mail.deliver = lambda message: (mail.taken.append(message), Receipt(reference=reference))[1]
    service = in_memory.open(channels=[mail])
    in_memory.walk(service).to_pin()
    (sent,) = [item for item in service.owed(Done.SENT, actor=SYSTEM) if item.kind == "notice"]
    assert (len(mail.taken), sent.channel, sent.reference) == (1, "mail", None)


# --- payloads ------------------------------------------------------------------------------------

NOTICE = Notice(
    id="1" * 32,
    template="rejected",
    kind="application",
    record_id="2" * 32,
    media=("email",),
    sender="SIAK",
)
QUESTION = Question(
    id="3" * 32, kind=QuestionKind.DATA_CHECK, record_kind="application", record_id="4" * 32
)


@pytest.mark.parametrize("owed", [NOTICE, QUESTION])
def test_a_payload_says_what_was_owed(owed):
    assert read_owed(encode_owed(owed), type(owed)) == owed


def test_payloads_of_0_1_0_are_read():
    notice = structure.unstructure(NOTICE)
    assert read_owed(cbor.encode(notice, booleans=True, nulls=True), Notice) == NOTICE
    question = structure.unstructure(QUESTION)
    del question["record_kind"]
    question["application_id"] = question.pop("record_id")
    assert read_owed(cbor.encode(question, booleans=True, nulls=True), Question) == QUESTION


def test_a_payload_of_a_later_ikd_waits_for_that_one():
    later = cbor.encode({"form": FORM + 1, "owed": {}})
    with pytest.raises(StoreError, match=r"store\.newer"):
        read_owed(later, Notice)


# --- the sweep -----------------------------------------------------------------------------------


def test_a_kind_for_which_time_does_not_pass_is_never_swept_as_another(in_memory):
    """Without a command of its own it is left alone: no refusal, and nobody waits behind it."""
    service = in_memory.open(deliver="worker")
    application_id = in_memory.walk(service).register().id
    store = service._parts.store
    draft = store.get("application", application_id)
    for number, kind in enumerate(("outage", "resident")):
        row = attrs.evolve(draft, kind=kind, id=f"{number:032x}", due=in_memory.clock.now())
        store.commit(Commit(at=row.at, puts=(Put(row=row, expected=0),)))
    in_memory.clock.set(draft.due)
    assert [service.deliver_due().expired for _ in range(3)] == [1, 0, 0]
    assert service.get(application_id, actor=SYSTEM).status.value == "EXPIRED"
    assert service.refusals(actor=SYSTEM) == ()


# --- health --------------------------------------------------------------------------------------


def test_health_tells_what_waits_since_when_and_who_delivers(in_memory):
    service = in_memory.open(deliver="worker", offices=["payakumbuh"])
    in_memory.walk(service).register()
    since = in_memory.clock.now()
    in_memory.clock.advance(timedelta(minutes=1))
    in_memory.walk(service, number=2).register()
    told = service.health()
    lanes = {lane.name: (lane.lives, lane.waiting, lane.oldest) for lane in told.lanes}
    assert list(lanes) == ["pin", "mail", "registry"]
    assert lanes["registry"] == (None, 2, since)
    assert lanes["pin"] == (None, 0, None)
    assert (told.swept, told.store, told.captcha) == (None, None, None)
    service.deliver_due()
    assert service.health().swept == in_memory.clock.now()


def test_health_tells_whether_a_lane_lives(in_memory):
    service = in_memory.open(deliver="thread")
    assert [lane.lives for lane in service.health().lanes] == [True] * 3
    service._courier.close(timedelta(seconds=60))
    assert [lane.lives for lane in service.health().lanes] == [False] * 3
    inline = in_memory.open(deliver="inline")
    assert [lane.lives for lane in inline.health().lanes] == [True] * 3


def test_health_names_a_store_that_cannot_be_read(in_memory, monkeypatch):
    service = in_memory.open(deliver="worker")

    def away():
        raise StoreError("store.busy")

    monkeypatch.setattr(service._parts.store, "lanes", away)
    told = service.health()
    assert told.store == "store.busy"
    assert [(lane.waiting, lane.oldest) for lane in told.lanes] == [(None, None)] * 3


def test_health_names_a_lane_that_nobody_here_knows(in_memory):
    service = in_memory.open()
    at = in_memory.clock.now()
    item = OutboxItem(
        id="5" * 32,
        kind="letter",
        lane="post",
        record_kind="application",
        record_id="6" * 32,
        subject=None,
        payload=b"x",
        created_at=at,
        not_before=at,
    )
    service._parts.store.commit(Commit(at=at, outbox=(item,)))
    assert service.deliver_due().moved == 0
    post = service.health().lanes[-1]
    assert (post.name, post.lives, post.waiting, post.oldest) == ("post", None, 1, at)


def test_health_names_a_dead_captcha_where_an_office_publishes_one(in_memory):
    """The one of these tests can't make any puzzle."""
    assert in_memory.open().health().captcha == "captcha.failed"
    assert in_memory.open(offices=["payakumbuh"]).health().captcha is None
    assert in_memory.open(captcha=None, offices=["wakatobi"]).health().captcha is None
