"""Ports that fail: the registry, the keys, the captcha and the clock. Nothing fails open."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import attrs
import pytest

import ikd
from ikd import commands as do
from ikd.adapters.keys.memory_keys import MemoryKeys
from ikd.core.errors import IkdError, KeySourceError, PortError, RegistryUnavailableError
from ikd.core.ports import Done, Solved
from ikd.core.records.actor import Actor
from ikd.core.records.person import Person
from ikd.core.records.questions import Answer, KtpEl, QuestionKind, RegistryStanding
from ikd.core.resident.nik import Sex
from ikd.testing.entropy import seeded_entropy

LATER = timedelta(hours=2)


def failing(error):
    def fail(*_given, **_named):
        raise error

    return fail


# --- the registry -----------------------------------------------------------------------------


async def _coroutine():
    return None


PERSON = Person(name="Ayu Lestari", sex=Sex.FEMALE, birth_date=date(1990, 8, 17))

GARBAGE = {
    "nothing": lambda asked: None,
    "yes": lambda asked: True,
    "a word": lambda asked: "approved",
    "a mapping": lambda asked: {"standing": "found"},
    "a coroutine": lambda asked: _coroutine(),
    "an answer to another question": lambda asked: Answer(
        question_id="f" * 32, standing=RegistryStanding.FOUND, verified=True, match=100, live=100
    ),
    "half an answer": lambda asked: Answer(
        question_id=asked.question_id, standing=RegistryStanding.FOUND
    ),
    "a subclass": lambda asked: attrs.make_class("Better", [], bases=(Answer,), kw_only=True)(
        question_id=asked.question_id,
        standing=RegistryStanding.FOUND,
        ktp_el=KtpEl.ISSUED,
        person=PERSON,
        match=100,
        live=100,
        verified=True,
    ),
    "a timeout": lambda asked: failing(TimeoutError("1376015708909901"))(),
    "an exception": lambda asked: failing(ValueError("1376015708909901"))(),
    "an exit": lambda asked: failing(SystemExit(0))(),
    "unavailable": lambda asked: failing(RegistryUnavailableError())(),
    "not synchronised": lambda asked: Answer(
        question_id=asked.question_id, standing=RegistryStanding.NOT_SYNCHRONISED
    ),
}


class Doubtful:
    """Answers with garbage until it is told better."""

    def __init__(self, answer, good):
        self.answer, self.good = answer, good
        self.times = 0

    def ask(self, asked):
        self.times += 1
        return self.answer(asked) if self.answer else self.good.ask(asked)


@pytest.mark.parametrize("what", GARBAGE)
def test_garbage_of_the_registry_is_no_answer_and_the_question_stays_owed(
    in_memory, office, laws, caplog, what
):
    registry = Doubtful(GARBAGE[what], in_memory.registry)
    walk = in_memory.walk(in_memory.open(registry=registry), office)
    application_id = walk.register().id
    _to_a_question(walk, application_id)
    in_memory.clock.advance(LATER)
    walk.service.deliver_due()
    application = walk.service.get(application_id, actor=Actor.system())
    (item,) = walk.service.owed(actor=Actor.system())
    assert (application.status.value, len(application.questions)) == ("OPEN", 1)
    assert registry.times == item.attempts == 2
    assert walk.walker.nik not in f"{item!r}{item.failure}{caplog.text}"
    registry.answer = None
    in_memory.clock.advance(LATER)
    walk.to_passcode()
    laws(walk.service)


def _to_a_question(walk, application_id):
    """Walk until something is owed to the registry; nobody waits for the answer."""
    for _ in range(9):
        if walk.service.get(application_id, actor=Actor.system()).questions:
            return
        walk.next(application_id)


@pytest.mark.parametrize("what", ["unavailable", "not synchronised", "an exit"])
def test_the_registry_is_asked_again_as_long_as_the_case_lives(in_memory, what):
    """However often it gave no answer: one closed night ends no case that waits."""
    registry = Doubtful(GARBAGE[what], in_memory.registry)
    service = in_memory.open(registry=registry)
    walk = in_memory.walk(service, "wakatobi")
    application_id = walk.register().id
    for _ in range(24 * 8):  # eight days, an hour and more at a time
        in_memory.clock.advance(LATER)
        service.deliver_due()
    (item,) = service.owed(actor=ikd.Actor.system())
    assert service.owed(Done.PARKED, actor=ikd.Actor.system()) == ()
    assert registry.times == item.attempts > 190
    registry.answer = None
    in_memory.clock.advance(LATER)
    service.deliver_due()
    assert walk.service.get(application_id, actor=ikd.Actor.system()).done != ("register",)


def test_a_question_of_a_case_that_ended_is_asked_no_more(in_memory):
    registry = Doubtful(GARBAGE["unavailable"], in_memory.registry)
    walk = in_memory.walk(in_memory.open(registry=registry), "wakatobi")
    application_id = walk.register().id
    walk.ask(do.Withdraw(application_id=application_id), walk.operator, "withdraw")
    in_memory.clock.advance(LATER)
    walk.service.deliver_due()
    assert (registry.times, walk.service.owed(actor=ikd.Actor.system())) == (1, ())


def test_without_a_registry_questions_stay_owed(in_memory):
    walk = in_memory.walk(in_memory.open(registry=None), "wakatobi")
    walk.register()
    (item,) = walk.service.owed(actor=Actor.system())
    assert item.failure == "registry.unavailable"


def test_an_answer_that_comes_twice_counts_once(world):
    """The second worker's answer differs, and comes under the same key."""
    service = world.open(deliver="worker")
    walk = world.walk(service, "wakatobi")
    application_id = walk.register().id
    (question,) = service.get(application_id, actor=Actor.system()).questions
    found = Answer(
        question_id=question.id, standing=RegistryStanding.FOUND, ktp_el=KtpEl.ISSUED, person=PERSON
    )

    class Twice:
        def ask(self, asked):
            command = do.RecordAnswer(application_id=application_id, answer=found)
            service.handle(command, actor=Actor.registry(), key=f"answer/{asked.question_id}")
            return attrs.evolve(found, ktp_el=KtpEl.RECORDED)

    object.__setattr__(service._parts, "registry", Twice())
    assert service.deliver_due(limit=1).void == 1
    names = [
        type(entry.event).__name__
        for entry in service.history(application_id, actor=Actor.system())
    ]
    assert names.count("DataChecked") == 1
    assert service.owed(Done.PARKED, actor=Actor.system()) == ()


def test_an_answer_of_a_case_that_ended_is_absorbed(world):
    service = world.open(deliver="worker")
    walk = world.walk(service, "wakatobi")
    application_id = walk.register().id
    (question,) = service.get(application_id, actor=Actor.system()).questions
    walk.ask(do.Withdraw(application_id=application_id), walk.operator, "withdraw")
    late = Answer(question_id=question.id, standing=RegistryStanding.DECEASED)
    command = do.RecordAnswer(application_id=application_id, answer=late)
    assert walk.ask(command, Actor.registry(), "late").events == ()
    assert service.deliver_due().sent <= 1
    assert service.get(application_id, actor=Actor.system()).status.value == "WITHDRAWN"


def test_a_sample_is_sealed_while_it_waits_and_erased_at_the_answer(world):
    service = world.open(deliver="worker")
    walk = world.walk(service, "payakumbuh")
    application_id = walk.register().id
    while service.get(application_id, actor=Actor.system()).sample is None:
        walk.next(application_id)
    sample_id = service.get(application_id, actor=Actor.system()).sample.sample_id
    kept = service._parts.store.secret(sample_id)
    method = service.get(application_id, actor=Actor.system()).sample.method
    assert walk.walker.samples[method] not in kept.value
    service.deliver_due()
    assert service._parts.store.secret(sample_id) is None


# --- keys ----------------------------------------------------------------------------------------


class Moody(MemoryKeys):
    """Signs, or does what it was told instead."""

    act = None

    def sign(self, kid, message):
        return super().sign(kid, message) if self.act is None else self.act(kid, message)


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (failing(KeySourceError("keys.failed")), "keys.failed"),
        (failing(RuntimeError("the HSM is away")), "keys.failed"),
        (lambda _kid, _message: b"x" * 64, "keys.signature"),
        (lambda _kid, _message: None, "keys.signature"),
        (lambda _kid, _message: b"", "keys.signature"),
    ],
)
def test_if_signing_fails_the_activation_stands_and_the_credential_is_owed(
    in_memory, office, laws, act, code
):
    keys = Moody(seeded_entropy("keys"), in_memory.clock.now())
    walk = in_memory.walk(in_memory.open(keys=keys), office)
    identity_id = walk.to_activation()
    keys.act = act
    with pytest.raises(KeySourceError) as met:
        walk.service.credential(identity_id, actor=Actor.system())
    assert met.value.code in {code, "keys.failed"}
    assert walk.service.get(identity_id, "identity", actor=Actor.system()).status.value == "ACTIVE"
    keys.act = None
    assert walk.service.credential(identity_id, actor=Actor.system()) == walk.service.credential(
        identity_id, actor=Actor.system()
    )
    laws(walk.service)


def test_a_key_that_is_no_point_of_its_curve_says_so_and_blames_no_resident(in_memory):
    """What a KMS hands out is no fault of what the registry told."""
    keys = Moody(seeded_entropy("keys"), in_memory.clock.now())
    walk = in_memory.walk(in_memory.open(keys=keys))
    identity_id = walk.to_activation()
    signing = keys.signing
    keys.signing = lambda role, **where: attrs.evolve(signing(role, **where), public=b"x" * 7)
    credential = partial(walk.service.credential, actor=Actor.system())
    for make in (credential, lambda _: walk.service.status_list()):
        with pytest.raises(KeySourceError, match=r"keys\.failed: no usable public key"):
            make(identity_id)
    keys.signing = signing
    assert walk.service.credential(identity_id, actor=Actor.system())


def test_a_station_token_is_refused_if_its_key_fails(in_memory):
    keys = Moody(seeded_entropy("keys"), in_memory.clock.now())
    service = in_memory.open(keys=keys)
    service.station_token("wakatobi", "loket-1")
    keys.act = failing(KeySourceError("keys.failed"))
    with pytest.raises(KeySourceError):
        service.station_token("wakatobi", "loket-1")


@pytest.mark.parametrize("purpose", ["pepper", "wrap", "index", "outbox", "challenge"])
def test_a_write_without_its_key_fails_whole_and_goes_on_when_the_key_is_back(
    in_memory, office, contents, laws, purpose
):
    """Before each step the key is away once; the step is then repeated under its key."""
    keys = MemoryKeys(seeded_entropy("keys"), in_memory.clock.now())
    service = in_memory.open(keys=keys)
    secrets, away = keys.secrets, [False]
    keys.secrets = lambda asked: (
        failing(KeySourceError("keys.failed"))() if away[0] and asked == purpose else secrets(asked)
    )

    class Interrupted:
        def __getattr__(self, name):
            return getattr(service, name)

        def handle(self, command, *, actor, key):
            away[0], before = True, contents(service)
            try:
                done = service.handle(command, actor=actor, key=key)
            except KeySourceError:
                if contents(service) != before:
                    raise
                away[0] = False
                done = service.handle(command, actor=actor, key=key)
            away[0] = False
            in_memory.clock.advance(timedelta(seconds=40))
            service.deliver_due()
            return done

    walk = in_memory.walk(Interrupted(), office)
    walk.wait = lambda: in_memory.clock.advance(timedelta(seconds=40))
    walk.to_passcode()
    laws(service)


def test_a_credential_ends_with_its_identity_and_after_180_days(world):
    service = world.open()
    old = world.walk(service, phone=1).to_passcode()
    new = world.walk(service, phone=2).to_passcode()
    with pytest.raises(IkdError) as met:
        service.credential(old, actor=Actor.system())
    assert met.value.code == "status.refused"
    service.credential(new, actor=Actor.system())
    world.clock.advance(timedelta(days=180))
    with pytest.raises(IkdError) as met:
        service.credential(new, actor=Actor.system())
    assert met.value.code == "credential.expired"


# --- the captcha --------------------------------------------------------------------------------


class Puzzled:
    def __init__(self, act):
        self.check = self.puzzle = act


@pytest.mark.parametrize(
    "act",
    [
        failing(ValueError("what the picture shows")),
        failing(PortError("captcha.failed", port="captcha")),
        failing(SystemExit(1)),
        lambda *_, **__: True,
        lambda *_, **__: None,
        lambda *_, **__: _coroutine(),
    ],
)
def test_a_captcha_that_fails_is_no_right_answer_and_costs_no_try(in_memory, contents, act):
    walk = in_memory.walk(in_memory.open(), "wakatobi")
    application_id = walk.to_pin()
    good = walk.service._parts.captcha
    object.__setattr__(walk.service._parts, "captcha", Puzzled(act))
    before = contents(walk.service)
    with pytest.raises(PortError) as met:
        walk.enter_pin(application_id)
    assert (met.value.code, met.value.port) == ("captcha.failed", "captcha")
    assert "picture shows" not in f"{met.value}{met.value.__cause__}{met.value.__context__}"
    assert contents(walk.service) == before
    with pytest.raises(PortError):
        walk.service.captcha(application_id)
    object.__setattr__(walk.service._parts, "captcha", good)
    assert walk.enter_pin(application_id).status == "ACTIVATED"


def test_a_captcha_without_a_voice_says_so(in_memory):
    """One that can't be heard is a port's error of its own code."""
    walk = in_memory.walk(in_memory.open(), "wakatobi")
    application_id = walk.to_pin()
    silent = Puzzled(lambda *_, **__: None)
    object.__setattr__(walk.service._parts, "captcha", silent)
    with pytest.raises(PortError) as met:
        walk.service.captcha(application_id, spoken=True)
    assert (met.value.code, met.value.port) == ("captcha.silent", "captcha")


def test_only_true_is_a_solved_captcha(in_memory):
    walk = in_memory.walk(in_memory.open(), "wakatobi")
    application_id = walk.to_pin()
    almost = lambda *_, now, **__: Solved(  # noqa: E731
        puzzle_id=b"p" * 16, expires_at=now + timedelta(minutes=5), ok="no"
    )
    object.__setattr__(walk.service._parts, "captcha", Puzzled(almost))
    with pytest.raises(IkdError) as met:
        walk.enter_pin(application_id)
    assert met.value.code == "captcha.wrong"


# --- the clock -----------------------------------------------------------------------------------


def test_a_clock_set_back_revives_nothing(world, office, laws):
    """A PIN that died of age stays dead, and no time of the journal runs backwards."""
    walk = world.walk(world.open(), office)
    application_id = walk.to_pin()
    start = world.clock.now()
    world.clock.advance(walk.office.pin.life.value)
    walk.service.deliver_due()
    world.clock.set(start)
    with pytest.raises(IkdError) as met:
        walk.enter_pin(application_id)
    assert met.value.code in {"pin.dead", "proof.invalid", "token.challenge"}
    assert walk.service.get(application_id, actor=Actor.system()).pin is None
    laws(walk.service)


def test_a_clock_set_back_refuses_no_one_who_is_still_in_time(world, office, laws):
    walk = world.walk(world.open(), office)
    application_id = walk.to_pin()
    world.clock.advance(timedelta(minutes=-2))
    assert walk.enter_pin(application_id).status == "ACTIVATED"
    laws(walk.service)


def test_a_clock_that_leaps_forward_expires_and_ends_nothing_twice(world, office, laws):
    walk = world.walk(world.open(), office)
    application_id = walk.to_pin()
    world.clock.advance(timedelta(days=400))
    walk.service.deliver_due()
    assert walk.service.get(application_id, actor=Actor.system()).status.value == "EXPIRED"
    world.clock.advance(timedelta(days=-400))
    walk.service.deliver_due()
    assert walk.service.get(application_id, actor=Actor.system()).status.value == "EXPIRED"
    laws(walk.service)


def test_the_kinds_of_question_are_all_met_in_a_journey(world):
    asked = set()
    for office in ("payakumbuh", "wakatobi"):
        service = world.open()
        identity_id = world.walk(service, office, number=len(office)).to_activation()
        application_id = service.get(identity_id, "identity", actor=Actor.system()).application_id
        asked |= {
            entry.event.question
            for entry in service.history(application_id, actor=Actor.system())
            if type(entry.event).__name__ == "QuestionAsked"
        }
    assert asked == set(QuestionKind)
