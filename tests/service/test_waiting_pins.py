"""A PIN on its way: until it reached somebody it costs nothing, and whoever waits is told."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

import ikd
from ikd import commands as do
from ikd import events
from ikd.core.errors import DeliveryError, InputError, RefusedError
from ikd.core.ports import Done, Receipt
from ikd.core.records.patience import LEAST_LIFE
from ikd.plugins.offices import load_office

SYSTEM = ikd.Actor.system()
MINUTE = timedelta(minutes=1)


class Channel:
    """Takes what comes, or fails as told."""

    name = "test"

    def __init__(self, medium="email"):
        self.medium, self.taken, self.tried = medium, [], []
        self.fails = None

    def deliver(self, message):
        self.tried.append(message)
        if self.fails is not None:
            return self.fails()
        self.taken.append(message)
        return Receipt(reference=f"ref-{message.id}")

    def pin(self):
        return pin_of(self.taken[-1].text)


def pin_of(text):
    return re.search(r"\b[0-9]{6}\b", text)[0]


def sent(service):
    return [item for item in service.owed(Done.SENT, actor=SYSTEM) if item.kind == "notice"]


def down():
    raise DeliveryError("channel.connection", retryable=True)


def refuse():
    raise DeliveryError("channel.recipient_refused", retryable=False)


def unsure():
    return Receipt(reference="?", unsure=True)


@pytest.fixture
def mail():
    return Channel()


@pytest.fixture
def sms():
    return Channel("sms")


@pytest.fixture
def walk(world, office, mail):
    return walking(world, office, mail)


def walking(world, office, *channels, **options):
    walk = world.walk(world.open(channels=list(channels), **options), office)
    walk.read_pin = lambda: next((one.pin() for one in channels if one.taken), None)
    return walk


def pass_time(world, walk, much, step=MINUTE):
    """Let time pass, delivering what is due now and then."""
    end = world.clock.now() + much
    while world.clock.now() < end:
        world.clock.advance(min(step, end - world.clock.now()))
        walk.service.deliver_due()


def reissue(world, walk, application_id, key, medium=None):
    proof = walk.proof(
        application_id,
        "reissue_pin",
        walk.service.get(application_id, actor=SYSTEM).transcript,
    )
    command = do.ReissuePin(application_id=application_id, proof=proof, medium=medium)
    return walk.ask(command, walk.resident, key)


def told(walk, record_id, kind, of="application"):
    history = walk.service.history(record_id, of, actor=SYSTEM)
    return [entry.event for entry in history if isinstance(entry.event, kind)]


# --- mail that is down --------------------------------------------------------------------------


def test_a_mail_server_that_is_down_for_hours_ends_no_way(world, walk, mail):
    """However often the resident asks meanwhile: nothing left, so no reissue is used up."""
    mail.fails = down
    application_id = walk.to_pin()
    for number in range(8):
        pass_time(world, walk, timedelta(minutes=20))
        reissue(world, walk, application_id, f"down-{number}")
    pass_time(world, walk, walk.office.pin.life.value)
    assert len(told(walk, application_id, events.PinUndelivered)) >= 4
    mail.fails = None
    reissues = walk.office.pin.reissues.value
    for number in range(1 + reissues):
        reissue(world, walk, application_id, f"up-{number}")
        pass_time(world, walk, walk.office.pin.cooldown.value)
    assert len(mail.taken) == 1 + reissues
    with pytest.raises(RefusedError, match=r"pin\.reissues_used"):
        reissue(world, walk, application_id, "one too many")
    assert walk.enter_pin(application_id).status == "ACTIVATED"


def test_a_pin_that_never_left_ends_as_an_event_and_gives_its_reissue_back(world, walk, mail):
    mail.fails = down
    application_id = walk.to_pin()
    pin = walk.service.get(application_id, actor=SYSTEM).pin
    pass_time(world, walk, walk.office.pin.life.value)
    (end,) = told(walk, application_id, events.PinUndelivered)
    assert (end.pin_id, end.code) == (pin.id, "channel.connection")
    assert end.at >= pin.until - LEAST_LIFE
    application = walk.service.get(application_id, actor=SYSTEM)
    assert (application.pin, application.pins, application.unsent.id) == (None, 0, pin.id)
    assert told(walk, application_id, events.PinExpired) == []
    mail.fails = None
    reissue(world, walk, application_id, "again")
    assert walk.enter_pin(application_id).status == "ACTIVATED"


def test_a_pin_that_ended_unsent_is_seen_until_another_one_is_made(world, walk, mail):
    mail.fails = refuse
    application_id = walk.to_pin()
    (row,) = walk.service.owed(Done.UNDELIVERED, actor=SYSTEM)
    assert (row.failure, row.payload) == ("channel.recipient_refused", b"")
    assert row.record_id == application_id
    mail.fails = None
    pass_time(world, walk, walk.office.pin.cooldown.value)
    reissue(world, walk, application_id, "again")
    assert walk.service.owed(Done.UNDELIVERED, actor=SYSTEM) == ()


def test_a_pin_that_nobody_tried_to_send_in_its_life_never_left_either(world, office, mail):
    """The worker was away; the sweep, or whoever asks next, finds it so."""
    walk = walking(world, office, mail, deliver="worker")
    application_id = walk.to_pin()
    world.clock.set(walk.service.get(application_id, actor=SYSTEM).pin.until)
    walk.service.deliver_due()
    (end,) = told(walk, application_id, events.PinUndelivered)
    assert end.code == "pin.unsent"
    assert (walk.service.get(application_id, actor=SYSTEM).pins, mail.tried) == (0, [])
    assert [item.subject for item in walk.service.owed(Done.UNDELIVERED, actor=SYSTEM)] == [
        end.pin_id
    ]


def test_no_pin_leaves_with_less_than_two_minutes_to_live(world, walk, mail):
    mail.fails = down
    application_id = walk.to_pin()
    until = walk.service.get(application_id, actor=SYSTEM).pin.until
    mail.fails = None
    world.clock.set(until - LEAST_LIFE + timedelta(seconds=1))
    walk.service.deliver_due()
    assert mail.taken == []
    assert len(told(walk, application_id, events.PinUndelivered)) == 1


def test_the_last_try_is_made_while_two_minutes_are_left(world, walk, mail):
    mail.fails = down
    application_id = walk.to_pin()
    until = walk.service.get(application_id, actor=SYSTEM).pin.until
    pass_time(world, walk, until - LEAST_LIFE - timedelta(seconds=1) - world.clock.now())
    mail.fails = None
    world.clock.set(until - LEAST_LIFE)
    walk.service.deliver_due()
    assert len(mail.taken) == 1
    assert walk.enter_pin(application_id).status == "ACTIVATED"


def test_a_pin_that_was_handed_over_and_expires_is_counted(world, walk, mail):
    application_id = walk.to_pin()
    world.clock.set(walk.service.get(application_id, actor=SYSTEM).pin.until)
    walk.service.deliver_due()
    assert walk.service.get(application_id, actor=SYSTEM).pins == 1
    assert len(told(walk, application_id, events.PinExpired)) == 1


def test_an_outcome_that_is_unknown_counts_as_handed_over(world, walk, mail):
    mail.fails = unsure
    application_id = walk.to_pin()
    (item,) = sent(walk.service)
    assert (item.failure, item.channel) == ("channel.unsure", "test")
    assert item.handed_at == world.clock.now()
    pass_time(world, walk, timedelta(minutes=20))
    assert len(mail.tried) == 1
    assert walk.service.get(application_id, actor=SYSTEM).pins == 1


# --- asked for again ----------------------------------------------------------------------------


def test_while_a_pin_waits_no_other_is_made_and_that_one_goes_at_once(world, walk, mail):
    mail.fails = down
    application_id = walk.to_pin()
    pass_time(world, walk, timedelta(minutes=8))
    mail.fails = None
    waiting = walk.service.get(application_id, actor=SYSTEM).pin
    result = reissue(world, walk, application_id, "again")
    walk.service.deliver_due()
    assert [type(one) for one in result.events] == [events.PinHastened]
    assert len(mail.taken) == 1
    assert walk.service.get(application_id, actor=SYSTEM).pin.id == waiting.id
    assert walk.enter_pin(application_id).status == "ACTIVATED"


def test_the_cooldown_counts_requests(world, walk, mail):
    """Those too that make no PIN: nobody's asking may be turned into mail upon mail."""
    mail.fails = down
    application_id = walk.to_pin()
    cooldown = walk.office.pin.cooldown.value
    world.clock.advance(cooldown)
    reissue(world, walk, application_id, "first")
    world.clock.advance(cooldown - timedelta(seconds=1))
    with pytest.raises(RefusedError, match=r"pin\.too_soon"):
        reissue(world, walk, application_id, "second")
    world.clock.advance(timedelta(seconds=1))
    reissue(world, walk, application_id, "second")


def test_a_pin_that_waits_goes_by_the_other_declared_medium_if_asked(world, mail, sms):
    walk = walking(world, "payakumbuh", mail, sms)
    mail.fails = down
    application_id = walk.to_pin()
    assert sms.tried == []
    pass_time(world, walk, walk.office.pin.cooldown.value, step=timedelta(seconds=20))
    reissue(world, walk, application_id, "sms", medium="sms")
    assert len(sms.taken) == 1
    assert walk.enter_pin(application_id).status == "ACTIVATED"


def test_a_new_pin_goes_by_the_other_declared_medium_if_asked(world, mail, sms):
    walk = walking(world, "payakumbuh", mail, sms)
    application_id = walk.to_pin()
    pass_time(world, walk, walk.office.pin.cooldown.value)
    result = reissue(world, walk, application_id, "sms", medium="sms")
    assert (len(mail.taken), len(sms.taken)) == (1, 1)
    assert [one.medium for one in result.events] == ["sms"]


@pytest.mark.parametrize("medium", ["sms", "whatsapp", "officer", "other", "post"])
def test_a_medium_that_the_standard_does_not_declare_cannot_be_asked_for(world, mail, medium):
    """W18: by e-mail, and nothing else."""
    walk = walking(world, "wakatobi", mail)
    application_id = walk.to_pin()
    pass_time(world, walk, walk.office.pin.cooldown.value)
    with pytest.raises(RefusedError, match=r"pin\.medium"):
        reissue(world, walk, application_id, "again", medium=medium)


def test_a_sign_in_pin_that_never_left_gives_its_reissue_back(world, mail):
    walk = walking(world, "wakatobi", mail)
    identity_id = walk.to_activation()
    identity = walk.service.get(identity_id, "identity", actor=SYSTEM)
    world.clock.set(identity.pin.until)
    walk.service.deliver_due()
    mail.fails = down
    renew(walk, identity_id, "renew")
    before = walk.service.get(identity_id, "identity", actor=SYSTEM)
    pass_time(world, walk, walk.office.sign_in.window.value, step=timedelta(hours=1))
    (end,) = told(walk, identity_id, events.SignInPinUndelivered, "identity")
    after = walk.service.get(identity_id, "identity", actor=SYSTEM)
    assert (end.pin_id, after.pin, after.pins) == (before.pin.id, None, before.pins - 1)
    mail.fails = None
    renew(walk, identity_id, "renew again")
    assert len(told(walk, identity_id, events.SignInPinIssued, "identity")) == 2


def renew(walk, identity_id, key):
    transcript = walk.service.get(identity_id, "identity", actor=SYSTEM).transcript
    proof = walk.proof(identity_id, "renew_sign_in", transcript)
    walk.ask(do.RenewSignIn(identity_id=identity_id, proof=proof), walk.resident, key)


def test_an_officer_cannot_report_a_pin_as_undelivered(world, walk, mail):
    application_id = walk.to_pin()
    pin_id = walk.service.get(application_id, actor=SYSTEM).pin.id
    report = do.ReportUndelivered(application_id=application_id, pin_id=pin_id, code="x")
    for actor in (walk.resident, walk.operator, ikd.Actor.ministry(), ikd.Actor.registry()):
        with pytest.raises(RefusedError, match=r"actor\.not_permitted"):
            walk.ask(report, actor, "report")


# --- handed over by an officer ------------------------------------------------------------------


@pytest.fixture
def by_hand(world, tmp_path, mail):
    """Payakumbuh, as if its text named the officer as the medium of its PIN."""
    text = load_office("payakumbuh").text
    start = text.index('media = [\n  { kind = "email", source = "P26"')
    end = text.index("digits = { value = 6", start)
    media = 'media = [{ kind = "officer", source = "default", why = "Untuk uji." }]\n'
    file = tmp_path / "by-hand.toml"
    file.write_text(text[:start] + media + text[end:], "utf-8")
    service = world.open(channels=[mail], offices=[file])
    walk = world.walk(service)
    walk.office = load_office(file)
    return walk


def hand_over(walk, application_id, key="hand"):
    return walk.ask(do.HandOverPin(application_id=application_id), walk.operator, key)


def test_an_officer_hands_the_pin_over_on_a_slip_that_is_given_once(world, by_hand, mail):
    application_id = by_hand.to_pin()
    result = hand_over(by_hand, application_id)
    pin = pin_of(result.slip)
    assert pin not in repr(result)
    assert hand_over(by_hand, application_id).slip is None
    assert mail.tried == []
    (item,) = sent(by_hand.service)
    assert (item.channel, item.payload) == ("officer", b"")
    by_hand.read_pin = lambda: pin
    assert by_hand.enter_pin(application_id).status == "ACTIVATED"


def test_a_print_that_failed_is_a_reissue(world, by_hand):
    application_id = by_hand.to_pin()
    first = hand_over(by_hand, application_id).slip
    with pytest.raises(RefusedError, match=r"pin\.not_waiting"):
        hand_over(by_hand, application_id, "again")
    pass_time(world, by_hand, by_hand.office.pin.cooldown.value)
    reissue(world, by_hand, application_id, "print again")
    assert by_hand.service.get(application_id, actor=SYSTEM).pins == 2
    second = hand_over(by_hand, application_id, "second").slip
    assert pin_of(first) != pin_of(second)


def test_a_pin_that_nobody_handed_over_ends_undelivered(world, by_hand):
    application_id = by_hand.to_pin()
    pass_time(world, by_hand, by_hand.office.pin.life.value)
    (end,) = told(by_hand, application_id, events.PinUndelivered)
    assert end.code == "channel.officer"
    assert by_hand.service.get(application_id, actor=SYSTEM).pins == 0


def test_no_officer_hands_a_pin_over_where_the_file_has_another_medium(world, walk, mail):
    mail.fails = down
    application_id = walk.to_pin()
    with pytest.raises(RefusedError, match=r"pin\.medium"):
        hand_over(walk, application_id)


def test_the_attempts_are_no_setting_any_more():
    with pytest.raises(InputError, match=r"settings\.unknown"):
        ikd.Settings.of({"attempts": 12})
