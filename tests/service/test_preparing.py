"""Preparing: in its order, once a call, and nothing slow for whoever has no right to it."""

from __future__ import annotations

import threading
import time

import pytest

from ikd import commands as do
from ikd.core.errors import ConflictError, IkdError
from ikd.core.records.actor import Actor
from ikd.core.records.questions import Answer, KtpEl, RegistryStanding
from ikd.service.person_facts import PersonFacts
from ikd.testing.entropy import seeded_entropy
from ikd.testing.kdf import quick_kdf
from ikd.testing.soft_device import SoftDevice


class Counted:
    """Counts the calls of a KDF, a source of entropy or a method."""

    def __init__(self, act):
        self.act = act
        self.calls = 0

    def __call__(self, *given, **named):
        self.calls += 1
        return self.act(*given, **named)


@pytest.fixture
def kdf():
    return Counted(quick_kdf)


@pytest.fixture
def walk(world, office, kdf):
    return world.walk(world.open(kdf=kdf), office)


def entering(walk, application_id, pin, **changes):
    application = walk.service.get(application_id, actor=Actor.system())
    given = {
        "application_id": application_id,
        "pin": pin,
        "proof": walk.proof(application_id, "enter_pin", application.transcript),
        "captcha": walk.solve(application_id) if walk.office.pin.captcha.value else None,
    }
    return do.EnterPin(**{**given, **changes})


def refused(walk, command, actor=None, key="again"):
    with pytest.raises(IkdError) as met:
        walk.ask(command, actor or walk.resident, key)
    return met.value.code


def test_a_pin_is_hashed_once_when_made_and_once_when_entered(walk, kdf):
    application_id = walk.to_pin()
    assert kdf.calls == 1
    walk.enter_pin(application_id)
    assert kdf.calls == 2


def test_nothing_is_hashed_without_the_paired_phone(walk, kdf):
    application_id = walk.to_pin()
    application = walk.service.get(application_id, actor=Actor.system())
    other = SoftDevice(seeded_entropy("another phone"), transcripts=[application.transcript])
    challenge = walk.service.challenge(application_id, "enter_pin")
    proof = other.proof(application_id, "enter_pin", challenge, walk.now(), application.transcript)
    assert refused(walk, entering(walk, application_id, "123456", proof=proof)) == "proof.invalid"
    assert kdf.calls == 1
    assert walk.service.get(application_id, actor=Actor.system()).pin_tries == 0


def test_nothing_is_hashed_for_a_proof_of_another_visit(walk, kdf):
    application_id = walk.to_pin()
    proof = walk.proof(application_id, "enter_pin", b"x" * 32)
    assert refused(walk, entering(walk, application_id, "123456", proof=proof)) == "proof.invalid"
    assert kdf.calls == 1


def test_a_used_proof_is_refused_before_anything_is_hashed(walk, kdf):
    application_id = walk.to_pin()
    wrong = f"{(int(walk.read_pin()) + 1) % 10**6:06d}"
    command = entering(walk, application_id, wrong)
    walk.ask(command, walk.resident, "first")
    again = entering(walk, application_id, wrong, proof=command.proof)
    assert refused(walk, again) == "token.used"
    assert kdf.calls == 2


def test_a_wrong_captcha_is_used_up_and_nothing_is_hashed(world, kdf):
    walk = world.walk(world.open(kdf=kdf), "wakatobi")
    application_id = walk.to_pin()
    wrong = do.Captcha(token=b"a puzzle", text="not ok")
    command = entering(walk, application_id, walk.read_pin(), captcha=wrong)
    assert refused(walk, command) == "captcha.wrong"
    right = do.Captcha(token=b"a puzzle", text="ok")
    command = entering(walk, application_id, walk.read_pin(), captcha=right)
    assert refused(walk, command, key="once more") == "token.used"
    missing = entering(walk, application_id, walk.read_pin(), captcha=None)
    assert refused(walk, missing, key="without") == "captcha.missing"
    assert (kdf.calls, walk.service.get(application_id, actor=Actor.system()).pin_tries) == (1, 0)
    assert walk.enter_pin(application_id).status == "ACTIVATED"


def test_a_captcha_where_none_is_published_changes_nothing(world):
    walk = world.walk(world.open(), "payakumbuh")
    application_id = walk.to_pin()
    filled = do.Captcha(token=b"a puzzle", text="not ok")
    command = entering(walk, application_id, walk.read_pin(), captcha=filled)
    assert walk.ask(command, walk.resident, "enter").status == "ACTIVATED"


@pytest.mark.parametrize(
    "actor",
    [Actor.resident("somebody"), Actor.registry(), Actor.operator("op", office="elsewhere")],
    ids=lambda actor: actor.role.value,
)
def test_nobody_without_the_right_to_approve_makes_the_service_hash(walk, kdf, actor):
    application_id = walk.register().id
    refused(walk, do.Approve(application_id=application_id), actor)
    assert kdf.calls == 0


def test_an_approval_out_of_turn_hashes_nothing(walk, kdf):
    application_id = walk.register().id
    decider = walk.officer(walk.office.decision.by)
    assert refused(walk, do.Approve(application_id=application_id), decider) == "step.not_next"
    assert kdf.calls == 0


def test_an_expired_pin_is_not_compared(world, walk, kdf):
    application_id = walk.to_pin()
    world.clock.advance(walk.office.pin.life.value)
    assert refused(walk, entering(walk, application_id, walk.read_pin())) == "pin.dead"
    assert (kdf.calls, walk.service.get(application_id, actor=Actor.system()).pin_tries) == (1, 0)


def test_a_sign_in_without_the_phone_hashes_nothing(walk, kdf):
    identity_id = walk.to_passcode()
    before = kdf.calls
    proof = walk.proof(identity_id, "sign_in", b"y" * 32)
    command = do.SignIn(identity_id=identity_id, passcode="582931", proof=proof)
    assert refused(walk, command) == "proof.invalid"
    assert kdf.calls == before


def test_a_second_passcode_is_refused_before_it_is_hashed(walk, kdf):
    identity_id = walk.to_passcode()
    before = kdf.calls
    transcript = walk.service.get(identity_id, "identity", actor=Actor.system()).transcript
    proof = walk.proof(identity_id, "set_passcode", transcript)
    command = do.SetPasscode(identity_id=identity_id, passcode="902847", proof=proof)
    assert refused(walk, command) == "passcode.closed"
    assert kdf.calls == before


@pytest.mark.parametrize(
    "chosen", ["170890", "nik 1376015708909901", "17-08-1990", "17/8/1990", "1990-8-17"]
)
def test_a_passcode_that_resembles_nik_or_birth_date_is_refused_before_it_is_hashed(
    walk, kdf, contents, chosen
):
    identity_id = to_open_passcode(walk)
    before, held = kdf.calls, contents(walk.service)
    transcript = walk.service.get(identity_id, "identity", actor=Actor.system()).transcript
    proof = walk.proof(identity_id, "set_passcode", transcript)
    command = do.SetPasscode(identity_id=identity_id, passcode=chosen, proof=proof)
    assert refused(walk, command) == "passcode.known"
    assert (kdf.calls, contents(walk.service)) == (before, held)
    walk.to_passcode()
    assert walk.service.get(identity_id, "identity", actor=Actor.system()).passcode_id is not None


def to_open_passcode(walk):
    """Walk to where the passcode may be set, and no further."""
    identity_id = walk.to_activation()
    found = walk.service.get(identity_id, "identity", actor=Actor.system())
    if found.pin is not None:
        proof = walk.proof(identity_id, "sign_in", found.transcript)
        command = do.SignIn(identity_id=identity_id, pin=walk.read_pin(), proof=proof)
        walk.ask(command, walk.resident, "sign-in")
    return identity_id


class Contested:
    """A store where somebody else changes something just before each of *times* commits."""

    def __init__(self, store):
        self.store = store
        self.before = []

    def __getattr__(self, name):
        return getattr(self.store, name)

    def commit(self, commit):
        if self.before:
            self.before.pop(0)()
        self.store.commit(commit)


@pytest.fixture
def contested(world, office, kdf):
    """A walk whose commits can be met by something newer."""
    service = world.open(kdf=kdf)
    store = Contested(service._parts.store)
    object.__setattr__(service._parts, "store", store)
    return world.walk(service, office), store


def conflict(clash="version"):
    def clashes():
        raise ConflictError(clash)

    return clashes


@pytest.mark.parametrize("clash", ["key", "version", "claim", "token"])
def test_a_clash_decides_again_without_hashing_or_drawing_again(contested, world, kdf, clash):
    walk, store = contested
    application_id = walk.to_pin()
    entropy = Counted(walk.service._parts.entropy)
    object.__setattr__(walk.service._parts, "entropy", entropy)
    command = entering(walk, application_id, walk.read_pin())
    walk.service._courier.deliver = "worker"
    kdf.calls = entropy.calls = 0
    store.before = [conflict(clash)] * 5
    assert walk.ask(command, walk.resident, "enter").status == "ACTIVATED"
    assert (kdf.calls, entropy.calls) == (1, 1)


def test_a_guess_never_counts_for_a_pin_that_came_meanwhile(contested, world, kdf):
    """The PIN id is fixed at the first load: meeting another one later costs no try."""
    walk, store = contested
    application_id = walk.to_pin()
    world.clock.advance(walk.office.pin.cooldown.value)
    command = entering(walk, application_id, walk.read_pin())
    store.before = [lambda: _reissue(walk, application_id)]
    assert refused(walk, command) == "pin.superseded"
    assert walk.service.get(application_id, actor=Actor.system()).pin_tries == 0
    assert walk.enter_pin(application_id).status == "ACTIVATED"


def test_a_guess_at_no_pin_never_counts_for_one_that_came_meanwhile(contested, world):
    walk, store = contested
    application_id = walk.to_pin()
    old = walk.read_pin()
    world.clock.advance(walk.office.pin.life.value)
    command = entering(walk, application_id, old)
    store.before = [lambda: _reissue(walk, application_id)]
    assert refused(walk, command) in {"pin.superseded", "pin.dead"}
    assert walk.service.get(application_id, actor=Actor.system()).pin_tries == 0


def _reissue(walk, application_id):
    proof = walk.proof(
        application_id,
        "reissue_pin",
        walk.service.get(application_id, actor=Actor.system()).transcript,
    )
    walk.ask(do.ReissuePin(application_id=application_id, proof=proof), walk.resident, "reissue")


def test_whoever_always_meets_something_newer_is_told_that_the_store_is_busy(contested):
    walk, store = contested
    store.before = [conflict()] * 1000
    with pytest.raises(IkdError) as met:
        walk.register()
    assert met.value.code == "store.busy"


# --- portraits ---------------------------------------------------------------------------------


@pytest.fixture
def told(in_memory):
    """A walk whose registry tells a portrait, and the counter of portraits made small."""
    walk = in_memory.walk(in_memory.open(deliver="worker"))
    fit = Counted(lambda _portrait: (b"small", 4))
    object.__setattr__(walk.service._parts, "fit_photo", fit)
    in_memory.registry.change(in_memory.resident().nik, portrait=b"a picture")
    return walk, fit


def answering(in_memory, walk, application_id, **changes):
    (question,) = walk.service.get(application_id, actor=Actor.system()).questions
    given = {
        "question_id": question.id,
        "standing": RegistryStanding.FOUND,
        "ktp_el": KtpEl.ISSUED,
        "person": in_memory.resident(portrait=b"a picture").person,
    }
    return do.RecordAnswer(application_id=application_id, answer=Answer(**{**given, **changes}))


def test_a_portrait_is_made_small_once_however_often_the_answer_comes(in_memory, told):
    walk, fit = told
    application_id = walk.register().id
    command = answering(in_memory, walk, application_id)
    for key in ("answer", "answer", "again"):
        walk.ask(command, Actor.registry(), key)
    assert walk.service.get(application_id, actor=Actor.system()).person is not None
    assert fit.calls == 1


@pytest.mark.parametrize(
    "actor",
    [Actor.resident("somebody"), Actor.system(), Actor.operator("op", office="payakumbuh")],
    ids=lambda actor: actor.role.value,
)
def test_nobody_but_the_registry_makes_the_service_unpack_a_picture(in_memory, told, actor):
    walk, fit = told
    command = answering(in_memory, walk, walk.register().id)
    assert refused(walk, command, actor) == "actor.not_permitted"
    assert fit.calls == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"question_id": "f" * 32},
        {"standing": RegistryStanding.NOT_SYNCHRONISED},
        {"standing": RegistryStanding.DECEASED},
        {"ktp_el": KtpEl.NOT_RECORDED},
    ],
    ids=["to no open question", "none yet", "dead", "refused"],
)
def test_no_picture_is_unpacked_for_an_answer_that_keeps_no_person(in_memory, told, changes):
    walk, fit = told
    application_id = walk.register().id
    walk.ask(answering(in_memory, walk, application_id, **changes), Actor.registry(), "answer")
    assert walk.service.get(application_id, actor=Actor.system()).person is None
    assert fit.calls == 0


def test_an_answer_that_answers_something_else_unpacks_nothing(in_memory, told):
    walk, fit = told
    command = answering(in_memory, walk, walk.register().id, ktp_el=None)
    assert refused(walk, command, Actor.registry()) == "answer.incomplete"
    assert fit.calls == 0


def test_one_picture_is_unpacked_at_a_time(in_memory):
    """Each takes up to a hundred megabytes, whoever may send how many."""
    inside, met = threading.Lock(), []

    def fit(_portrait):
        met.append(inside.acquire(blocking=False))
        time.sleep(0.01)  # the others come to it meanwhile, if they can
        if met[-1]:
            inside.release()
        return b"small", 4

    person = in_memory.resident(portrait=b"a picture").person
    threads = [threading.Thread(target=PersonFacts.of, args=(person, fit)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert met == [True] * 4
