"""What is let in only so often, and that nobody at the counter is turned away for it."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

import ikd
from ikd import commands as do
from ikd.core.records.questions import KtpEl
from ikd.core.tokens.pairing import transcript_of
from ikd.plugins.offices import load_office
from ikd.testing import FaultyStore
from ikd.testing.entropy import seeded_entropy
from ikd.testing.soft_device import SoftDevice

NIK = "1376015708909901"
DAY = timedelta(days=1)
QUOTAS = load_office("payakumbuh").quotas
COUNTER = ikd.Actor.operator("petugas-1", office="payakumbuh", station="loket-1")


def registering(number, *, nik=NIK, email=None, phone=None, device=None):
    """A registration of which everything that isn't named is *number*'s own."""
    key = (device or SoftDevice(seeded_entropy(f"stranger/{number}"))).public_key
    return do.Register(
        office="payakumbuh",
        nik=nik or f"13760157089099{number:02d}",
        email=email or f"stranger{number}@example.org",
        phone=phone or f"08125000{number:04d}",
        device=ikd.Device(kind="smartphone", platform="android", os_version="14", key=key),
        facts=ikd.Candidate(app_installed=True, online=True),
    )


def let_in(service, command, key, actor=None):
    """Return the code of a refusal, or ``None``."""
    try:
        service.handle(command, actor=actor or ikd.Actor.resident(f"anyone-{key}"), key=str(key))
    except ikd.errors.RefusedError as refusal:
        return refusal.code
    return None


@pytest.mark.parametrize(
    ("same", "most"),
    [
        ({"nik": NIK}, QUOTAS.registrations_a_nik.value),
        ({"nik": None, "email": "one@example.org"}, QUOTAS.registrations_a_contact.value),
        ({"nik": None, "phone": "081250009999"}, QUOTAS.registrations_a_contact.value),
        (
            {"nik": None, "device": SoftDevice(seeded_entropy("one phone"))},
            QUOTAS.registrations_a_device.value,
        ),
    ],
    ids=["nik", "email", "phone", "device"],
)
def test_strangers_register_one_thing_so_often_a_day_and_the_counter_stays_open(
    in_memory, same, most
):
    service = in_memory.open(deliver="worker")
    met = [let_in(service, registering(n, **same), n) for n in range(1, most + 4)]
    assert met == [None] * most + ["limit.reached"] * 3
    assert let_in(service, registering(99, **same), "counter", COUNTER) is None
    in_memory.clock.advance(DAY + DAY / 4)
    assert let_in(service, registering(98, **same), "later") is None


def test_what_stands_behind_a_plus_sign_makes_no_other_mailbox(in_memory):
    service = in_memory.open(deliver="worker")
    most = QUOTAS.registrations_a_contact.value
    for n in range(1, most + 1):
        assert let_in(service, registering(n, nik=None, email=f"one+{n}@example.org"), n) is None
    one = registering(99, nik=None, email="ONE@example.org")
    assert let_in(service, one, "more") == "limit.reached"


def test_a_station_registers_more_than_anybody_could_serve_and_no_more(in_memory):
    office = load_office("payakumbuh")
    text = office.text.replace(
        "[about]",
        '[quotas]\nregistrations_a_station = { value = 10, source = "default", '
        'why = "contoh" }\n\n[about]',
        1,
    )
    service = in_memory.open(offices=[ikd.core.standard.office.parse_office_text(text)])
    met = [let_in(service, registering(n), n, COUNTER) for n in range(1, 13)]
    assert met == [None] * 10 + ["limit.reached"] * 2
    beside = ikd.Actor.operator("petugas-2", office="payakumbuh", station="loket-2")
    assert let_in(service, registering(20), "beside", beside) is None


def test_a_full_door_is_kept_as_a_refusal_and_tells_the_public_nothing_of_the_nik(in_memory):
    service = in_memory.open(deliver="worker")
    for n in range(1, QUOTAS.registrations_a_nik.value + 1):
        let_in(service, registering(n), n)
    with pytest.raises(ikd.errors.RefusedError) as met:
        service.handle(registering(50), actor=ikd.Actor.resident("late"), key="late")
    assert NIK not in repr(met.value) + str(met.value.public)
    (kept,) = service.refusals(actor=ikd.Actor.system())
    assert kept.code == "limit.reached"


def test_a_repeat_of_what_was_let_in_is_no_further_one(in_memory):
    service = in_memory.open(deliver="worker")
    actor = ikd.Actor.resident("one")
    for n in range(1, QUOTAS.registrations_a_nik.value + 1):
        service.handle(registering(n), actor=actor, key=str(n))
    again = service.handle(registering(1), actor=actor, key="1")
    assert [type(event).__name__ for event in again.events][:1] == ["Registered"]


@pytest.mark.parametrize("threads", [64])
def test_as_many_as_may_are_let_in_of_those_that_race(world, threads):
    service = world.open(deliver="worker")
    start = Barrier(threads)

    def run(number):
        start.wait()
        return let_in(service, registering(number), number)

    with ThreadPoolExecutor(threads) as pool:
        met = Counter(pool.map(run, range(1, threads + 1)))
    most = QUOTAS.registrations_a_nik.value
    assert met == {None: most, "limit.reached": threads - most}
    assert len(service.find(actor=ikd.Actor.system())) == most


# --- mail ----------------------------------------------------------------------------------


def rejected(world, service, number, email):
    """Let a stranger's registration end in a rejection that goes to *email*."""
    world.resident(number, ktp_el=KtpEl.NOT_RECORDED)
    nik = f"13760157089099{number:02d}"
    service.handle(
        registering(number, nik=nik, email=email, phone=None),
        actor=ikd.Actor.resident(f"stranger-{number}"),
        key=str(number),
    )


def test_strangers_cannot_let_an_office_write_sixty_mails_to_one_address(in_memory):
    """A day later the rest may go; whoever comes to the counter is told at once."""
    service = in_memory.open()
    for number in range(1, 31):
        rejected(in_memory, service, number, "victim@example.org")
    mails = in_memory.folder / "mails"
    most = QUOTAS.messages_an_address.value
    assert len(list(mails.glob("*.eml"))) == most
    waiting = [one for one in service.owed(actor=ikd.Actor.system()) if one.kind == "notice"]
    assert {one.failure for one in waiting} == {"channel.limit"}
    assert len(waiting) == 30 - most
    rejected(in_memory, service, 31, "other@example.org")
    assert len(list(mails.glob("*.eml"))) == most + 1
    in_memory.clock.advance(DAY + DAY / 4)
    for _ in range(5):
        service.deliver_due()
        in_memory.clock.advance(timedelta(hours=2))
    assert len(list(mails.glob("*.eml"))) == 2 * most + 1


def test_a_message_that_is_tried_again_is_counted_once(in_memory):
    """A mail server that is down for an hour uses nobody's messages up."""

    class Down:
        name, medium, down = "down", "email", True
        sent = 0

        def deliver(self, _message):
            if self.down:
                raise ikd.errors.DeliveryError("channel.down", retryable=True)
            self.sent += 1
            return ikd.ports.Receipt()

    channel = Down()
    service = in_memory.open(channels=[channel])
    most = QUOTAS.messages_an_address.value
    for number in range(1, most + 1):
        rejected(in_memory, service, number, "one@example.org")
    for _ in range(4):
        in_memory.clock.advance(timedelta(minutes=30))
        service.deliver_due()
    channel.down = False
    in_memory.clock.advance(timedelta(hours=1))
    service.deliver_due()
    assert channel.sent == most


def test_whoever_came_to_the_counter_is_told_however_much_strangers_made_be_sent(in_memory):
    service = in_memory.open()
    walk = in_memory.walk(service, number=40)
    for number in range(1, 12):
        rejected(in_memory, service, number, walk.walker.email)
    assert walk.to_pin()
    assert walk.read_pin() is not None


# --- check codes --------------------------------------------------------------------------


def test_check_codes_are_not_tried_one_after_another(in_memory):
    service = in_memory.open()
    walk = in_memory.walk(service, "wakatobi")
    application_id = walk.register().id
    while "presence" not in walk.service.where(application_id, actor=walk.resident).waits.missing:
        application = service.get(application_id, actor=walk.resident)
        if application.done[-1:] == ("ministry_review",):
            break
        walk.next(application_id)
    token = service.station_token("wakatobi", "loket-1")
    walk.ask(
        do.AnswerPairing(
            application_id=application_id,
            token=token,
            proof=walk.proof(application_id, "answer_pairing", transcript_of(token)),
        ),
        walk.resident,
        "answer",
    )
    right = walk.walker.device.check_code(token)
    met = Counter()
    for code in range(10_000):
        wrong = f"{code:04d}"
        if wrong == right:
            continue
        command = do.ConfirmPresence(application_id=application_id, check_code=wrong)
        met[let_in(service, command, f"code-{code}", walk.operator)] += 1
        if met["presence.none_waiting"]:
            break
    assert met == {"presence.check_code": 3, "presence.none_waiting": 1}
    confirm = do.ConfirmPresence(application_id=application_id, check_code=right)
    assert let_in(service, confirm, "right", walk.operator) == "presence.none_waiting"


# --- who ------------------------------------------------------------------------------------


def test_an_operator_registers_for_their_own_office_alone(in_memory):
    service = in_memory.open()
    away = ikd.Actor.operator("petugas-9", office="wakatobi", station="loket-1")
    assert let_in(service, registering(1), "away", away) == "actor.other_office"
    assert service.find(actor=ikd.Actor.system()) == ()
    assert let_in(service, registering(1), "own", COUNTER) is None


@pytest.mark.parametrize("number", ["0" * 32, None])
def test_a_role_is_checked_before_anything_is_looked_up(in_memory, number):
    """Who may not ask isn't told either what exists."""
    service = in_memory.open()
    known = in_memory.walk(service).to_pin()
    store = service._parts.store
    counting = FaultyStore(store, fail_at=0)
    object.__setattr__(service._parts, "store", counting)
    asked = number or known
    for ask in (
        lambda: service.handle(
            do.Approve(application_id=asked), actor=ikd.Actor.resident("x"), key="1"
        ),
        lambda: service.get(asked, actor=ikd.Actor.registry()),
        lambda: service.history(asked, actor=ikd.Actor.registry()),
        lambda: service.where(asked, actor=ikd.Actor.registry()),
        lambda: service.person(asked, actor=ikd.Actor.resident("x"), purpose="visit"),
        lambda: service.credential(asked, actor=ikd.Actor.registry()),
        lambda: service.looks(actor=COUNTER, of=asked),
        lambda: service.worklist(actor=ikd.Actor.resident("x")),
        lambda: service.find(actor=ikd.Actor.registry()),
    ):
        before = counting.calls
        with pytest.raises(ikd.errors.RefusedError, match=r"actor\.not_permitted"):
            ask()
        assert counting.calls == before + 1  # the refusal itself is kept


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)", "http://ikd.example.id/a/", "data:text/html,x", "/a/", "a", "",
        "https:///a/", "https://user:secret@ikd.example.id/a/", "https://ikd.example.id:x/",
        "https://ikd.example.id/a b/", "ftp://ikd.example.id/", "https://[bad/", None, 7,
    ],
)  # fmt: skip
def test_the_button_of_a_mail_leads_to_https(link):
    with pytest.raises(ikd.errors.InputError, match=r"settings\.activation_link"):
        ikd.Settings(activation_link=link)


@pytest.mark.parametrize(
    "link",
    ["https://ikd.example.id/a/", "http://localhost:8000/a/", "http://127.0.0.1/", "http://[::1]/"],
)
def test_this_machine_alone_needs_no_tls(link):
    assert ikd.Settings(activation_link=link).activation_link == link
