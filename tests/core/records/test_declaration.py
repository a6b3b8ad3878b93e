"""What a command says of itself stands once, on its class, and is the one thing that counts."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from ikd.core.activation import commands as do
from ikd.core.decide import KINDS
from ikd.core.identity import commands as live
from ikd.core.records.actor import Role
from ikd.core.records.declaration import SLOW, Command, Declared, Guessed, Need
from ikd.core.records.person import Person
from ikd.core.records.questions import Answer, RegistryStanding
from model import acts
from model.cases import Case
from model.flaws import NOBODY
from wording_faults import ANSWERS

COMMANDS: tuple[type[Command], ...] = tuple(command for kind in KINDS for command in kind.commands)


@Declared(by={Role.OPERATOR}, needs=lambda ring: {Need.PROOF} if ring.loud else ())
@attrs.frozen(kw_only=True)
class RingTheBell(Command):
    """Ring the bell."""

    loud: bool


def test_a_declaration_puts_itself_on_the_class_it_decorates():
    assert RingTheBell.declared.by == {Role.OPERATOR}
    assert RingTheBell.declared.public == "done"
    assert not RingTheBell.declared.anywhere
    assert not RingTheBell.declared.decider


def test_a_device_proof_means_the_command_by_its_name():
    assert RingTheBell.act() == "ring_the_bell"
    assert RingTheBell(loud=True).act() == "ring_the_bell"
    assert live.SetPasscode.act() == "set_passcode"


def test_what_is_needed_may_depend_on_what_is_asked():
    assert RingTheBell(loud=True).needs() == {Need.PROOF}
    assert RingTheBell(loud=False).needs() == frozenset()


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.__name__)
def test_every_command_declares_who_may_ask_it_and_a_public_answer_that_has_words(
    command: type[Command],
):
    assert command.declared.by
    assert command.declared.by <= set(Role)
    assert command.declared.public in ANSWERS


def test_only_what_opens_or_sends_something_is_accepted_and_all_else_is_done():
    accepted = {one.__name__ for one in COMMANDS if one.declared.public == "accepted"}
    assert accepted == {"Register", "ReissuePin", "RenewSignIn"}


def needs_of(command: type[Command]) -> set[Need]:
    """What *command* needs whatever it says; nothing where that depends on it."""
    needs = command.declared.needs
    return set() if callable(needs) else set(needs)


def test_a_device_proof_is_needed_by_whatever_carries_one():
    carrying = {one for one in COMMANDS if "proof" in (f.name for f in attrs.fields(one))}
    assert {one for one in COMMANDS if Need.PROOF in needs_of(one)} == carrying


def test_whoever_guesses_says_at_what():
    guessing = {one.__name__ for one in COMMANDS if Need.GUESS in needs_of(one)}
    assert guessing == {one.__name__ for one in COMMANDS if one.declared.guesses_at}
    assert guessing == {"EnterPin", "SignIn"}


def test_an_operator_of_another_office_may_take_part_in_a_visit_and_in_nothing_else():
    assert {one.__name__ for one in COMMANDS if one.declared.anywhere} == {
        "ClearBiometric",
        "ScanPairing",
        "ConfirmPresence",
        "RefusePresence",
    }


def test_whom_the_standard_names_decides_and_nothing_else_is_a_decision():
    assert {one.__name__ for one in COMMANDS if one.declared.decider} == {"Approve", "Reject"}


def test_what_is_slow_comes_after_all_that_can_refuse_at_little_cost():
    assert min(SLOW) > max(set(Need) - SLOW)
    assert Need.PROOF < Need.PHONE_QR < Need.CAPTCHA < Need.FIELDS < Need.GUESS


def answered(**told: Any) -> do.RecordAnswer:
    answer = Answer(question_id=NOBODY, standing=RegistryStanding.FOUND, **told)
    return do.RecordAnswer(application_id=NOBODY, answer=answer)


@pytest.mark.parametrize("person", [acts.PERSON, None])
def test_an_answer_needs_the_sealing_of_whom_it_tells(person: Person | None):
    assert answered(person=person).needs() == ({Need.PERSON, Need.STATED} if person else set())


@pytest.mark.parametrize("step", ["decision", "data_check", "biometric", "ministry_review"])
def test_a_report_needs_a_pin_only_where_it_approves(step: str):
    report = do.ReportStep(application_id=NOBODY, step=step, passed=True)
    assert report.needs() == ({Need.PIN} if step == "decision" else set())


def test_a_guess_is_at_the_secret_of_the_record_that_counts_now(wakatobi: Case):
    guesses_at = live.SignIn.declared.guesses_at
    assert guesses_at is not None
    acts.brought_to(wakatobi, "ACTIVATED")
    first = wakatobi.identity
    assert first.pin is not None
    at_pin = guesses_at(acts.sign_in(wakatobi), first)
    assert at_pin.secret_id == first.pin.id
    wakatobi.do(acts.sign_in(wakatobi), acts.RESIDENT)
    assert guesses_at(acts.sign_in(wakatobi), wakatobi.identity).secret_id is None
    wakatobi.do(acts.set_passcode(wakatobi), acts.RESIDENT)
    by_passcode = acts.sign_in(wakatobi, passcode=acts.PASSCODE)
    assert guesses_at(by_passcode, wakatobi.identity).secret_id == wakatobi.identity.passcode_id
    assert acts.PIN not in repr(at_pin)


def test_a_pin_that_died_is_guessed_at_by_nobody(anywhere: Case):
    guesses_at = do.EnterPin.declared.guesses_at
    assert guesses_at is not None
    application = acts.brought_to(anywhere, "PIN_SENT")
    assert application.pin is not None
    command = acts.enter_pin(application)
    assert guesses_at(command, application).secret_id == application.pin.id
    dead = attrs.evolve(application, pin=None)
    assert guesses_at(command, dead) == Guessed(secret_id=None, entered=command.pin)
