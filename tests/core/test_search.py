"""Every state that anybody can bring about, and every law held in each.

The search drives ``decide`` itself, with everything that ``model.attempts`` knows to try;
the laws stand in ``model.laws``.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import attrs
import pytest

from ikd.core import decide as deciding
from ikd.core.activation import application as applications
from ikd.core.activation import checking, decisions, pins, presence, registering, turn, weighing
from ikd.core.activation import commands as do
from ikd.core.activation import events as e
from ikd.core.identity import decisions as living
from ikd.core.identity import events as i
from ikd.core.identity import opening
from ikd.core.ids import RecordId
from ikd.core.records import context, permission
from ikd.core.records import resident as r
from ikd.core.records import turn as shared
from ikd.core.records.turn import NIK_SPACE
from ikd.core.resident.nik import Nik
from ikd.core.secrets import ledger
from ikd.core.standard.office import Office
from model import acts
from model.cases import START, Case
from model.evidence import index_of
from model.flaws import Attempt
from model.laws import TABLES, Laws
from model.offices import office_of
from model.search import Met, explore

TICKS = tuple(
    timedelta(**{unit: number})
    for unit, number in (("seconds", 60), ("minutes", 5), ("days", 1), ("days", 30))
)
OPEN, PIN_SENT = applications.ApplicationStatus.OPEN, applications.ApplicationStatus.PIN_SENT

# --- the offices that are searched -----------------------------------------------------


SIAK = "steps done in SIAK"
TWO = "two cases of one NIK, two phones"


def in_two_cases(attempt: Attempt) -> bool:
    """Two cases in all their states would be too many: what matters is who holds the claims."""
    command, flaw = attempt.command, attempt.flaw
    if deciding.KINDS.asked(command) is deciding.IDENTITY:
        return False
    if isinstance(command, do.CorrectContact | do.RefusePresence | do.StateFacts):
        return False
    if isinstance(command, do.AskAgain | do.RefuseReferral):
        return False
    if isinstance(command, do.Register):
        plain = command.device in (acts.phone(), acts.phone(1))
        return not flaw and plain and attempt.actor == acts.RESIDENT
    return flaw in ("", "secret", "taken", "role")


@attrs.frozen(kw_only=True)
class Searched:
    """One search, and what it must and can't meet.

    Attributes:
        office: The office, where it isn't called like the search.
        states: States that it meets at least; fewer would mean that a door has closed.
        never: Refusals that this office can't give.
        without: Events that can't happen there, as words of the two tables.
    """

    office: str = ""
    states: int
    never: str
    without: str


HANDED = ["PinHandedOver", "SignInPinHandedOver"]
ASKED_AGAIN = (e.PinHastened, i.SignInPinHastened, i.SignInPinUndelivered)
NO_CAPTCHA = "captcha.missing captcha.wrong"
NO_TERMS = "registration.terms registration.not_begun actor.place actor.title"
NO_CLOCK = "complete.declared"
NO_RULE = "requirements step.unanswered referral.unnamed"  # that a phone could fail or leave open
NO_ANSWER = "presence.check_code presence.none_waiting"
SEARCHED: dict[str, Searched] = {
    "payakumbuh": Searched(
        states=690,
        never=f"{NO_CAPTCHA} {NO_ANSWER} {NO_TERMS} {NO_RULE} {NO_CLOCK} pin.resident_budget",
        without="FactsAsked FactsStated IdentityEnded PairingAnswered CheckCodeRefused "
        "StepReported DeclaredComplete",
    ),
    "wakatobi": Searched(
        states=950,
        never=f"{NO_TERMS} {NO_CLOCK} biometric.still",
        without="IdentityEnded StepReported DeclaredComplete",
    ),
    "review after presence": Searched(
        states=670,
        never=f"{NO_CAPTCHA} {NO_ANSWER} {NO_TERMS} {NO_RULE} {NO_CLOCK} pin.resident_budget",
        without="FactsAsked FactsStated IdentityEnded PairingAnswered CheckCodeRefused "
        "StepReported DeclaredComplete",
    ),
    "office reads, no sign-in": Searched(
        states=730,
        never=f"{NO_ANSWER} {NO_TERMS} {NO_CLOCK} biometric.still pin.resident_budget",
        without="IdentityEnded PairingAnswered CheckCodeRefused StepReported DeclaredComplete",
    ),
    SIAK: Searched(
        states=320,
        never=f"{NO_CAPTCHA} {NO_ANSWER} pin.resident_budget requirements "
        "referral.unnamed complete.unpublished "
        "biometric.exhausted biometric.method biometric.still biometric.tries_left",
        without="IdentityEnded PairingAnswered CheckCodeRefused Reviewed "
        "BiometricMatched BiometricRefused BiometricSubmitted BiometricCleared",
    ),
    TWO: Searched(
        office="four steps only",
        states=300,
        never="",  # it tries only what concerns the claims
        without="PairingAnswered CheckCodeRefused StepReported ReferralCleared "
        "FactsAsked FactsStated DataReferred Reviewed ContactCorrected PresenceRefused "
        "BiometricCleared DeclaredComplete "
        "BiometricMatched BiometricRefused BiometricSubmitted PinExpired PasscodeSet "
        "SignedIn SignInRefused SignInPinIssued SignInPinExpired",
    ),
}


def worn(office: Office) -> Case:
    """A world whose NIK has met 18 wrong PINs these days, with a case that waits for its PIN."""
    case = Case(office=office)
    number, at = RecordId("a" * 32), START
    made = [r.ResidentOpened(at=at, resident_id=number), *18 * [r.GuessCounted(at=at)]]
    record = deciding.KINDS.replay("resident", tuple(made))
    case.events["resident", number], case.records["resident", number] = tuple(made), record
    case.claims[NIK_SPACE, index_of(Nik.parse(acts.NIK))] = number
    acts.brought_to(case, "PIN_SENT")
    return case


# --- the searches ----------------------------------------------------------------------


def search(name: str) -> Met:
    """Search the office *name*."""
    office = office_of(SEARCHED[name].office or name)
    laws, two = Laws(office), name == TWO
    starts = [Case(office=office)] + ([worn(office)] if name == "wakatobi" else [])
    starts += [Case(office=office, now=START - timedelta(days=1))] if name == SIAK else []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shared, "matches", laws.spy(shared.matches))
        return explore(
            starts,
            ticks=TICKS[2:3] if two else TICKS,
            law=laws,
            cases=2 if two else 1,
            worth=in_two_cases if two else lambda _: True,
        )


@pytest.mark.slow
@pytest.mark.parametrize("name", SEARCHED)
def test_wherever_anybody_can_come_every_law_holds_and_all_that_can_be_met_is_met(
    name: str, record_property: Callable[[str, object], None]
):
    searched, met = SEARCHED[name], search(name)
    record_property("search", f"{name}: {met}")
    assert len(met.states) >= searched.states
    assert met.pairs >= 100 * len(met.states)
    every_case_can_end(met)
    cases = ("application", "identity", "resident")  # house and complaint have tests of their own
    tabled = {(kind, *pair) for kind in cases for pair in TABLES[kind]}
    by_hand = "officer" in office_of(searched.office or name).pin.media_kinds
    absent = searched.without.split() + ([] if by_hand else HANDED)
    without = {t for t in tabled if t[2].__name__ in absent}
    if name == TWO:
        without.add(("application", PIN_SENT, e.PinIssued))  # its file allows no reissue
        without |= {t for t in tabled if t[2] in ASKED_AGAIN}  # nor is the clock stopped so soon
    assert {t for t in met.transitions if t[0] in TABLES} == tabled - without
    if name == TWO:
        assert met.codes <= all_codes()
    else:
        never = set(searched.never.split()) | (set() if by_hand else {"pin.not_waiting"})
        assert met.codes == all_codes() - never


def every_case_can_end(met: Met) -> None:
    """From every state there is a way to one in which no application is live: none is stuck."""
    over = {
        state
        for state, case in met.states.items()
        if not any(a.is_live for a in case.all("application"))
    }
    before: dict[Any, set[Any]] = {}
    for state, ends in met.ends.items():
        for end in ends:
            before.setdefault(end, set()).add(state)
    todo = list(over)
    while todo:
        new = before.get(todo.pop(), set()) - over
        over |= new
        todo.extend(new)
    assert over == set(met.states)


def raised_codes(*modules: Any) -> Iterator[str]:
    """Yield the code of every refusal that *modules* raise, read from their text.

    One that begins with the word of a ledger stands for that of each.
    """
    for module in modules:
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            match node:
                case ast.Call(
                    func=ast.Name(id="RefusedError" | "InputError"),
                    args=[ast.Constant(value=str(code)), *_],
                ):
                    yield code
                case ast.Call(
                    func=ast.Name(id="RefusedError"),
                    args=[ast.JoinedStr(values=[_, ast.Constant(value=str(ending))]), *_],
                ):
                    yield from (f"{word}{ending}" for word in LEDGERS)
                case ast.Call(func=ast.Name(id="DeviceError"), args=[ast.Constant(value=fault)]):
                    yield f"device.{fault}"


LEDGERS = ("pin", "passcode")
NEVER = {
    "passcode.dead",  # one that isn't set is passcode.none, and one that is locked says so
    "passcode.resident_budget",  # a passcode is no PIN: its wrong guesses don't count for the NIK
}


def all_codes() -> set[str]:
    """Every refusal that is written down and can be met."""
    machine = (checking, decisions, pins, presence, registering, turn, weighing, permission, shared)
    return {*raised_codes(*machine, living, opening, context, ledger, deciding)} - NEVER


def test_every_transition_and_every_refusal_is_met_in_some_search():
    whole = [searched for name, searched in SEARCHED.items() if name != TWO]
    assert not set.intersection(*(set(s.never.split()) for s in whole))
    assert not set.intersection(*(set(s.without.split()) for s in SEARCHED.values()))
    assert len(all_codes()) > 30
