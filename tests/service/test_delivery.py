"""Delivery: what is owed arrives once, by the published media and no other, or stays visible."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import attrs
import pytest

from ikd import commands as do
from ikd.adapters.registry.no_registry import AbsentRegistry
from ikd.core.errors import DeliveryError, RefusedError, StoreError
from ikd.core.ports import Done, Receipt
from ikd.core.records.actor import Actor
from ikd.core.records.patience import FIRST_WAIT, LEAST_LIFE, LONGEST_WAIT, MAIL_LIFE
from ikd.testing.mailbox import _PIN

LATER = LONGEST_WAIT * 1.25


class Recorder:
    """A channel that takes every message, unless it was told what to do with the next."""

    name = "recorder"

    def __init__(self, medium="email"):
        self.medium = medium
        self.taken = []
        self.tried = []
        self.acts = []
        self.always = None

    def deliver(self, message):
        self.tried.append(message)
        act = self.acts.pop(0) if self.acts else self.always
        if act is not None:
            return act(message)
        self.taken.append(message)
        return Receipt()

    def pins(self):
        found = [_PIN.search(message.text) for message in self.taken]
        return [match[0] for match in found if match]


def refuse(_message):
    raise DeliveryError("channel.refused", retryable=False)


def defer(_message):
    raise DeliveryError("channel.deferred", retryable=True)


@pytest.fixture
def mail():
    return Recorder()


@pytest.fixture
def sms():
    return Recorder("sms")


@pytest.fixture
def whatsapp():
    return Recorder("whatsapp")


@pytest.fixture
def walk(in_memory, office, mail):
    return _walk(in_memory, office, [mail])


def _walk(world, office, channels, **options):
    walk = world.walk(world.open(channels=channels, **options), office)
    walk.read_pin = lambda: next((pin for c in channels for pin in reversed(c.pins())), None)
    return walk


def deliver(world, service, times=1, wait=LATER):
    """Let time pass and deliver, so often."""
    for _ in range(times):
        world.clock.advance(wait)
        service.deliver_due()


def parked(service):
    return [(item.kind, item.failure) for item in service.owed(Done.PARKED, actor=Actor.system())]


def unsent(service):
    return [
        (item.kind, item.failure) for item in service.owed(Done.UNDELIVERED, actor=Actor.system())
    ]


def to_decision(walk):
    """Walk to the office's decision; return the application."""
    application_id = walk.register().id
    while walk.service.get(application_id, actor=Actor.system()).done[-1] != "presence":
        walk.next(application_id)
    return application_id


# --- once, and the same ------------------------------------------------------------------------


def test_a_notice_is_sent_once(walk, mail, in_memory):
    walk.to_passcode()
    deliver(in_memory, walk.service, 3)
    assert len({message.id for message in mail.taken}) == len(mail.taken)
    assert walk.service.owed(actor=Actor.system()) == ()


def test_a_crash_between_sending_and_noting_it_sends_the_same_message_again(
    walk, mail, in_memory, monkeypatch
):
    store = walk.service._parts.store
    settle, lost = store.settle, []

    def lose(settled):
        if settled.done is Done.SENT and not lost and mail.taken:
            lost.append(settled.id)
            raise StoreError
        settle(settled)

    monkeypatch.setattr(store, "settle", lose)
    walk.to_pin()
    assert len(mail.taken) == 1
    assert walk.service.deliver_due().moved == 0  # its lease still runs
    deliver(in_memory, walk.service, wait=timedelta(seconds=61))
    first, second = mail.taken
    assert (first, first.id) == (second, second.id)
    assert walk.service.owed(actor=Actor.system()) == ()


def test_two_workers_never_hold_one_item_at_a_time(walk, mail, in_memory):
    leave_to_others(walk.service)
    application_id = to_decision_by_hand(walk)
    other = in_memory.open(store=walk.service._parts.store, keys=walk.service._parts.keys)
    mail.acts = [lambda _: (other.deliver_due(), Receipt())[1]]
    walk.service.deliver_due()
    assert len(mail.tried) == 1
    assert walk.service.get(application_id, actor=Actor.system()).status.value == "PIN_SENT"


def test_a_worker_whose_lease_ran_out_takes_nothing_from_the_one_who_holds_it(
    walk, mail, in_memory
):
    """The first hangs in its channel till another holds the notice, and only then fails."""
    leave_to_others(walk.service)
    to_decision_by_hand(walk)
    parts, clock = walk.service._parts, in_memory.clock
    third = in_memory.open(store=parts.store, keys=parts.keys, channels=[mail], deliver="worker")

    def hang(message):
        clock.advance(timedelta(seconds=61))
        now = clock.now()
        ends = now + timedelta(seconds=60)
        assert len(parts.store.lease("pin", holder="other", now=now, until=ends, limit=9)) == 1
        defer(message)

    mail.acts = [hang]
    assert walk.service.deliver_due().later == 1
    clock.advance(timedelta(seconds=40))
    third.deliver_due()
    assert len(mail.tried) == 1
    clock.advance(timedelta(seconds=21))
    third.deliver_due()
    assert len(mail.tried) == 2


def to_decision_by_hand(walk):
    """Walk to the PIN with nothing delivered but what the walk itself delivers."""
    application_id = to_decision(walk)
    walk.next(application_id)
    return application_id


def test_each_retry_waits_longer_with_jitter_up_to_an_hour(walk, mail, in_memory):
    mail.always = defer
    walk.to_pin()
    waits = []
    for _ in range(11):
        (item,) = walk.service.owed(actor=Actor.system())
        waits.append(item.not_before - in_memory.clock.now())
        in_memory.clock.set(item.not_before)
        if (
            in_memory.clock.now()
            >= walk.service.get(item.record_id, actor=Actor.system()).pin.until - LEAST_LIFE
        ):
            break
        walk.service.deliver_due()
    waits.pop()  # the last is cut short, so that one more try is made before it is too late
    for number, wait in enumerate(waits):
        expected = min(FIRST_WAIT * 2**number, LONGEST_WAIT)
        assert 0.75 * expected <= wait <= 1.25 * expected
    assert len({message.id for message in mail.tried}) == 1
    assert len(waits) > 4
    assert len({wait / (FIRST_WAIT * 2**n) for n, wait in enumerate(waits)}) > 1


def test_a_rejection_is_tried_for_five_days_and_then_parked_to_be_tried_again(in_memory, mail):
    """RFC 5321 4.5.4.1: the give-up time needs to be at least four to five days."""
    walk = _walk(in_memory, "payakumbuh", [mail])
    application_id = walk.register().id
    mail.always = defer
    walk.ask(do.Reject(application_id=application_id), _decider(walk), "reject")
    rejected = in_memory.clock.now()
    while in_memory.clock.now() < rejected + MAIL_LIFE:
        assert parked(walk.service) == []
        deliver(in_memory, walk.service)
    deliver(in_memory, walk.service)
    assert len(mail.tried) > 90
    assert parked(walk.service) == [("notice", "channel.deferred")]
    mail.always = None
    (item,) = walk.service.owed(Done.PARKED, actor=Actor.system())
    walk.service.retry(item.id)
    assert parked(walk.service) == []
    assert [message.id for message in mail.taken] == [item.id]


def _decider(walk):
    return walk.officer(walk.office.decision.by)


def test_without_a_channel_nothing_is_dropped(in_memory):
    walk = _walk(in_memory, "payakumbuh", [])
    walk.to_pin()
    assert unsent(walk.service) == [("notice", "channel.none")]
    other = in_memory.walk(walk.service, number=2)
    walk.ask(do.Reject(application_id=other.register().id), _decider(walk), "reject")
    assert parked(walk.service) == [("notice", "channel.none")]


def test_one_item_that_fails_keeps_no_other_waiting(in_memory, mail):
    service = in_memory.open(channels=[mail])
    first, second = (in_memory.walk(service, number=n) for n in (1, 2))
    mail.acts = [lambda _: 1 / 0]
    for walk in (first, second):
        walk.read_pin = lambda: None
        walk.to_pin()
    assert len(mail.taken) == 1
    assert [item.failure for item in service.owed(actor=Actor.system())] == ["channel.failed"]


@pytest.mark.parametrize(
    "act",
    [
        lambda _: None,
        lambda _: True,
        lambda _: "sent",
        lambda _: (_ for _ in ()).throw(SystemExit(1)),
        lambda _: (_ for _ in ()).throw(RecursionError),
        lambda _: (_ for _ in ()).throw(ValueError("1376015708909901")),
        lambda _: _coroutine(),
    ],
)
def test_whatever_a_channel_does_wrong_is_a_failure_that_may_pass(walk, mail, in_memory, act):
    mail.acts = [act]
    application_id = walk.to_pin()
    (item,) = walk.service.owed(actor=Actor.system())
    assert item.failure == "channel.failed"
    deliver(in_memory, walk.service, wait=timedelta(minutes=1))
    assert len(mail.pins()) == 1
    assert walk.enter_pin(application_id).status == "ACTIVATED"


async def _coroutine():
    return Receipt()


def test_the_user_s_own_interrupt_is_let_through(in_memory, mail):
    walk = _walk(in_memory, "payakumbuh", [mail], deliver="worker")
    walk.to_pin()

    def interrupt(_message):
        raise KeyboardInterrupt

    mail.acts = [interrupt]
    with pytest.raises(KeyboardInterrupt):
        walk.service.deliver_due()


def test_a_pin_whose_notice_cannot_be_read_is_told_as_undelivered(
    walk, in_memory, mail, monkeypatch
):
    store = walk.service._parts.store
    application_id = to_decision(walk)
    leave_to_others(walk.service)
    walk.ask(do.Approve(application_id=application_id), _decider(walk), "approve")
    lease = store.lease

    def damaged(*given, **named):
        return tuple(attrs.evolve(item, payload=b"\xff") for item in lease(*given, **named))

    monkeypatch.setattr(store, "lease", damaged)
    walk.service.deliver_due()
    assert unsent(walk.service) == [("notice", "token.cbor")]


# --- dead PINs ------------------------------------------------------------------------------------


def owing_a_pin(walk, mail):
    """Walk to a PIN that can't be delivered yet; return the application."""
    mail.always = defer
    application_id = walk.to_pin()
    mail.always = None
    return application_id


def test_a_pin_that_waits_goes_at_once_when_another_is_asked_for(walk, mail, in_memory):
    application_id = owing_a_pin(walk, mail)
    (waiting,) = walk.service.owed(actor=Actor.system())
    in_memory.clock.advance(walk.office.pin.cooldown.value)
    _reissue(walk, application_id)
    assert [message.id for message in mail.taken] == [waiting.id]
    assert walk.service.get(application_id, actor=Actor.system()).pins == 1
    assert walk.enter_pin(application_id).status == "ACTIVATED"


def _reissue(walk, application_id):
    transcript = walk.service.get(application_id, actor=Actor.system()).transcript
    proof = walk.proof(application_id, "reissue_pin", transcript)
    walk.ask(do.ReissuePin(application_id=application_id, proof=proof), walk.resident, "reissue")


def test_a_dead_pin_s_payload_is_erased_at_once_and_not_when_somebody_delivers(
    walk, mail, in_memory
):
    application_id = owing_a_pin(walk, mail)
    (old,) = walk.service.owed(actor=Actor.system())
    leave_to_others(walk.service)
    walk.ask(do.Withdraw(application_id=application_id), walk.operator, "withdraw")
    (void,) = walk.service.owed(Done.VOID, actor=Actor.system())
    assert (void.id, void.payload) == (old.id, b"")


def test_an_expired_pin_is_never_sent_and_its_payload_is_erased(walk, mail, in_memory):
    owing_a_pin(walk, mail)
    deliver(in_memory, walk.service, wait=walk.office.pin.life.value)
    assert mail.taken == []
    assert [item.payload for item in walk.service.owed(Done.UNDELIVERED, actor=Actor.system())] == [
        b""
    ]


def test_a_pin_that_dies_between_lease_and_sending_is_not_sent(walk, mail, in_memory):
    """The last look is taken just before sending."""
    owing_a_pin(walk, mail)
    store = walk.service._parts.store
    lease = store.lease

    def slow(*given, **named):
        items = lease(*given, **named)
        if items:
            in_memory.clock.advance(walk.office.pin.life.value)
        return items

    store.lease = slow
    deliver(in_memory, walk.service, wait=timedelta(minutes=1))
    assert mail.taken == []
    assert len(walk.service.owed(Done.UNDELIVERED, actor=Actor.system())) == 1


def test_a_clock_set_back_revives_no_pin(walk, mail, in_memory):
    application_id = owing_a_pin(walk, mail)
    start = in_memory.clock.now()
    deliver(in_memory, walk.service, wait=walk.office.pin.life.value)
    in_memory.clock.set(start)
    walk.service.deliver_due()
    assert mail.taken == []
    assert walk.service.get(application_id, actor=Actor.system()).pin is None


def test_a_pin_that_was_withdrawn_with_its_case_is_never_sent(walk, mail, in_memory):
    application_id = owing_a_pin(walk, mail)
    walk.ask(do.Withdraw(application_id=application_id), walk.operator, "withdraw")
    deliver(in_memory, walk.service, 2)
    assert [one.subject[:24] for one in mail.taken] == ["IKD: permohonan dicabut "]


def test_a_sent_payload_is_erased(walk, contents):
    walk.to_pin()
    assert {item.payload for item in walk.service.owed(Done.SENT, actor=Actor.system())} == {b""}


# --- media ----------------------------------------------------------------------------------------


def test_payakumbuh_tells_of_a_rejection_by_e_mail_and_then_by_sms(in_memory, mail, sms, whatsapp):
    """P29 names e-mail and SMS, and no other."""
    walk = _walk(in_memory, "payakumbuh", [whatsapp, sms, mail])
    mail.always = refuse
    application_id = walk.register().id
    walk.ask(do.Reject(application_id=application_id), _decider(walk), "reject")
    assert (len(mail.tried), len(sms.taken), whatsapp.tried) == (1, 1, [])
    assert sms.taken[0].to == f"+62{walk.walker.phone[1:]}"
    assert sms.taken[0].html is None


def test_payakumbuh_never_tells_of_a_rejection_by_whatsapp(in_memory, whatsapp):
    walk = _walk(in_memory, "payakumbuh", [whatsapp], deliver="worker")
    application_id = walk.register().id
    walk.ask(do.Reject(application_id=application_id), _decider(walk), "reject")
    walk.service.deliver_due()
    assert whatsapp.tried == []
    assert parked(walk.service) == [("notice", "channel.none")]


def test_a_rejection_that_both_media_refuse_is_parked(in_memory, mail, sms):
    walk = _walk(in_memory, "payakumbuh", [mail, sms])
    mail.always = sms.always = refuse
    application_id = walk.register().id
    walk.ask(do.Reject(application_id=application_id), _decider(walk), "reject")
    assert (len(mail.tried), len(sms.tried)) == (1, 1)
    assert parked(walk.service) == [("notice", "channel.refused")]


def test_a_medium_that_fails_again_and_again_lets_the_next_one_try(in_memory, mail, sms):
    walk = _walk(in_memory, "payakumbuh", [mail, sms])
    mail.always = defer
    application_id = walk.register().id
    walk.ask(do.Reject(application_id=application_id), _decider(walk), "reject")
    deliver(in_memory, walk.service, 6)
    assert (len(mail.tried), len(sms.taken)) == (4, 1)


def test_a_next_medium_that_refuses_gives_the_first_another_turn(in_memory, mail, sms):
    walk = _walk(in_memory, "payakumbuh", [mail, sms])
    mail.always, sms.always = defer, refuse
    application_id = walk.register().id
    walk.ask(do.Reject(application_id=application_id), _decider(walk), "reject")
    deliver(in_memory, walk.service, 6)
    mail.always = None
    deliver(in_memory, walk.service)
    assert len(mail.taken) == 1
    assert walk.service.owed(Done.PARKED, actor=Actor.system()) == ()


def test_payakumbuh_s_pin_goes_by_what_its_file_says_stands_for_the_open_word(in_memory, mail, sms):
    """P26: "atau media lainnya" is open; its file says by default that this is SMS."""
    walk = _walk(in_memory, "payakumbuh", [sms, mail])
    mail.always = refuse
    application_id = walk.to_pin()
    assert (len(mail.tried), len(sms.taken)) == (1, 1)
    assert walk.service.get(application_id, actor=Actor.system()).status.value == "PIN_SENT"


@pytest.mark.parametrize("medium", ["whatsapp", "letter", "other", "officer"])
def test_no_other_channel_ever_carries_payakumbuh_s_pin(in_memory, mail, medium):
    """Whatever is connected, for whatever reason: a PIN goes where the file says."""
    other = Recorder(medium)
    walk = _walk(in_memory, "payakumbuh", [other, mail])
    mail.always = refuse
    walk.to_pin()
    assert other.tried == []
    assert unsent(walk.service) == [("notice", "channel.refused")]


def test_payakumbuh_s_pin_goes_by_e_mail_alone_if_that_takes_it(in_memory, mail, sms):
    walk = _walk(in_memory, "payakumbuh", [sms, mail])
    walk.to_pin()
    assert (len(mail.taken), sms.tried) == (1, [])


def test_wakatobi_s_code_goes_by_e_mail_and_nothing_else(in_memory, mail, sms, whatsapp):
    """W18: e-mail only, even where it refuses and another medium stands ready."""
    walk = _walk(in_memory, "wakatobi", [sms, whatsapp, mail])
    mail.always = refuse
    walk.to_pin()
    assert (sms.tried, whatsapp.tried) == ([], [])
    assert unsent(walk.service) == [("notice", "channel.refused")]


def test_each_office_s_own_words_and_sender_are_sent(in_memory, office, mail):
    """P25: the PIN is Dirjen Dukcapil's; W16, W17, W19: "kode aktivasi", SIAK, "Aktivasi"."""
    walk = _walk(in_memory, office, [mail])
    walk.to_pin()
    (message,) = mail.taken
    if office == "wakatobi":
        assert "kode aktivasi" in message.text
        assert "PIN" not in message.text
        assert "SIAK" in message.sender
        assert message.html.count("Aktivasi</a>") == 1
    else:
        assert "PIN" in message.text
        assert "Dirjen Dukcapil" in message.sender
        assert message.html is None or "</a>" not in message.html
    assert walk.walker.nik not in repr(message) + message.text + str(message.html)


def test_the_mail_s_link_holds_no_pin_and_no_personal_data(in_memory, mail):
    walk = _walk(in_memory, "wakatobi", [mail])
    application_id = walk.to_pin()
    (message,) = mail.taken
    link = f"https://ikd.example.id/a/{message.id}"
    assert link in message.text
    assert application_id not in message.text
    assert mail.pins()[0] not in link


# --- when it runs ---------------------------------------------------------------------------------


def _until(act, seconds=120.0):
    end = time.monotonic() + seconds
    while not act():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.005)


def leave_to_others(service):
    """Let *service* deliver nothing any more, and lease nothing at birth."""
    service._courier.deliver = "worker"
    service._delivery.leases.room = {}


def _threads():
    return [thread for thread in threading.enumerate() if thread.name == "ikd-deliver"]


def test_a_thread_delivers_in_the_background_and_close_ends_it(world, office):
    before = len(_threads())
    service = world.open(deliver="thread")
    walk = world.walk(service, office)
    assert len(_threads()) > before
    application_id = walk.to_pin()
    _until(lambda: walk.read_pin() is not None)
    assert walk.enter_pin(application_id).status == "ACTIVATED"
    service.close()
    assert len(_threads()) == before


def test_a_thread_goes_on_after_the_store_was_away(in_memory, monkeypatch, caplog):
    service = in_memory.open(deliver="thread")
    store, faults = service._parts.store, [StoreError("store.busy"), ZeroDivisionError()]
    overdue = store.overdue

    def away(*given, **named):
        if faults:
            raise faults.pop()
        return overdue(*given, **named)

    monkeypatch.setattr(store, "overdue", away)
    _until(lambda: not faults)
    walk = in_memory.walk(service)
    walk.to_pin()
    _until(lambda: walk.read_pin() is not None)
    assert "store.busy" in caplog.text


def test_a_worker_leaves_everything_to_whoever_delivers(in_memory, office):
    walk = in_memory.walk(in_memory.open(deliver="worker"), office)
    before = len(_threads())
    application_id = walk.to_pin()
    assert (walk.read_pin(), len(_threads())) == (None, before)
    assert walk.service.deliver_due().sent == 1
    assert walk.enter_pin(application_id).status == "ACTIVATED"


def test_a_failure_of_delivery_never_hides_what_was_committed(in_memory, monkeypatch, caplog):
    service = in_memory.open()

    def away(*_given, **_named):
        raise StoreError("store.busy")

    monkeypatch.setattr(service._parts.store, "lease", away)
    assert in_memory.walk(service).register().status == "OPEN"
    assert "delivery stopped short: store.busy" in caplog.text


def test_no_more_than_asked_for_is_delivered(in_memory):
    service = in_memory.open(deliver="worker")
    for number in (1, 2, 3):
        in_memory.walk(service, number=number).register()
    assert service.deliver_due(limit=0).moved == 0
    assert service.deliver_due(limit=2).moved == 2


# --- the sweep ------------------------------------------------------------------------------------


def test_whoever_delivers_lets_drafts_expire(world):
    walk = world.walk(world.open(deliver="worker"))
    application_id = walk.register().id
    walk.service.deliver_due()
    world.clock.set(walk.service.get(application_id, actor=Actor.system()).due)
    assert walk.service.deliver_due().expired == 1
    assert walk.service.get(application_id, actor=Actor.system()).status.value == "EXPIRED"
    assert walk.service.deliver_due().expired == 0


def test_a_missed_sign_in_window_is_swept(world):
    walk = world.walk(world.open(), "wakatobi")
    identity_id = walk.to_activation()
    world.clock.set(walk.service.get(identity_id, "identity", actor=Actor.system()).due)
    assert walk.service.deliver_due().expired == 1
    assert walk.service.get(identity_id, "identity", actor=Actor.system()).pin is None


def test_a_record_for_which_time_cannot_pass_keeps_no_other_waiting(in_memory, caplog):
    service = in_memory.open()
    ids = [in_memory.walk(service, number=number).register().id for number in (1, 2)]
    store, damaged = service._parts.store, min(ids)
    get = store.get
    in_memory.clock.advance(timedelta(days=60))
    store.get = lambda kind, record_id: (
        None if kind == "resident" and record_id == _resident else get(kind, record_id)
    )
    _resident = service.get(damaged, actor=Actor.system()).resident_id
    service.deliver_due()
    store.get = get
    assert {service.get(one, actor=Actor.system()).status.value for one in ids} == {
        "OPEN",
        "EXPIRED",
    }
    assert f"time can't pass for application {damaged}: store.damaged" in caplog.text


@pytest.fixture
def stuck(in_memory):
    """Seven overdue drafts, and the oldest of them, for which time can't pass.

    As after a bad upgrade: all cases of one standard that can't be read any more.
    """
    service = in_memory.open(deliver="worker", registry=AbsentRegistry())
    ids = [in_memory.walk(service, phone=n).register().id for n in range(1, 8)]
    store = service._parts.store
    get = store.get

    def damaged(kind, record_id):
        if record_id in oldest:
            raise StoreError("store.damaged")
        return get(kind, record_id)

    store.lease = lambda *_given, **_named: ()  # what else is owed isn't looked at here
    in_memory.clock.advance(timedelta(days=60))
    oldest = {found.id for found in store.overdue(in_memory.clock.now(), limit=5)}
    store.get = damaged
    return service, ids, oldest


def test_however_many_cannot_expire_the_others_do(stuck):
    service, ids, oldest = stuck
    expired = [service.deliver_due(limit=2).expired for _ in range(8)]
    assert sum(expired) == 2
    whole = oldest.copy()
    oldest.clear()
    left = {one for one in ids if service.get(one, actor=Actor.system()).status.value == "OPEN"}
    assert left == whole
    for _ in range(4):
        service.deliver_due(limit=2)
    assert {service.get(one, actor=Actor.system()).status.value for one in ids} == {"EXPIRED"}


def test_a_round_that_does_nothing_leaves_nobody_for_whom_time_can_pass(stuck):
    """Whoever delivers goes on until a round says 0, and sleeps then."""
    service, ids, oldest = stuck
    while service.deliver_due(limit=2).moved:
        pass
    whole = oldest.copy()
    oldest.clear()
    assert {
        one for one in ids if service.get(one, actor=Actor.system()).status.value == "OPEN"
    } == whole


def test_a_round_that_began_in_the_middle_goes_on_from_the_oldest(stuck):
    service, ids, oldest = stuck
    assert service.deliver_due(limit=2).expired == 1  # the sixth; the next begins behind it
    (seventh,) = (one for one in ids if one not in oldest and _status(service, one) == "OPEN")
    mended = min(oldest)
    oldest ^= {seventh, mended}
    assert service.deliver_due(limit=2).expired == 1
    assert _status(service, mended) == "EXPIRED"


def _status(service, application_id):
    return service.get(application_id, actor=Actor.system()).status.value


def test_a_round_ends_though_all_are_stuck(stuck, monkeypatch):
    service, _ids, _oldest = stuck
    monkeypatch.setattr("ikd.service.sweep._PAGES", 2)
    looked = []
    overdue = service._parts.store.overdue
    monkeypatch.setattr(
        service._parts.store, "overdue", lambda *a, **n: looked.append(1) or overdue(*a, **n)
    )
    assert service.deliver_due(limit=2).expired == 0
    assert len(looked) == 2
    assert service.deliver_due(limit=2).expired == 1


def test_used_tokens_are_purged_a_day_after_they_died(in_memory, database):
    walk = in_memory.walk(in_memory.open())
    walk.to_passcode()

    def used():
        return database(walk.service, "SELECT key FROM claims WHERE space LIKE 'token:%'")

    assert used()
    in_memory.clock.advance(timedelta(hours=2))
    walk.service.deliver_due()
    assert used()
    in_memory.clock.advance(timedelta(days=1))
    walk.service.deliver_due()
    assert used() == []


def test_answers_refusals_and_what_was_sent_are_kept_as_long_as_the_settings_say(world):
    keep = {"keep_answers_days": 2, "keep_refusals_days": 3, "keep_sent_days": 4}
    walk = world.walk(world.open(settings=keep))
    opened = walk.register()
    unknown = do.Approve(application_id="0" * 32)
    with pytest.raises(RefusedError):
        walk.ask(unknown, walk.operator, "refused")
    walk.ask(do.Reject(application_id=opened.id), Actor.ministry(), "reject")
    service = walk.service
    for day in range(1, 6):
        world.clock.advance(timedelta(days=1, seconds=1))
        service.deliver_due()
        again = world.walk(service, phone=1).register()
        assert (again.id == opened.id) is (day < 2)
        assert [one.code for one in service.refusals(actor=Actor.system())] == [
            "record.unknown"
        ] * (day < 3)
        old = [i for i in service.owed(Done.SENT, actor=Actor.system()) if i.record_id == opened.id]
        assert bool(old) is (day < 4)
    assert service.history(opened.id, actor=Actor.system())  # records and journals are for good


def test_an_officer_cannot_be_the_system(world):
    walk = world.walk(world.open())
    application_id = walk.register().id
    for actor in (walk.resident, walk.operator, Actor.ministry(), Actor.registry()):
        with pytest.raises(Exception, match=r"actor\.not_permitted"):
            walk.ask(do.TimePasses(application_id=application_id), actor, "time")
