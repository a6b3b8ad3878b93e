"""From the activation to the end: first sign-in, passcode, renewal, reset, a new phone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import attrs
import pytest

from ikd.core.activation import commands as do
from ikd.core.decide import IDENTITY, decide
from ikd.core.errors import InputError, RefusedError, StoreError
from ikd.core.identity import commands as live
from ikd.core.identity import events as i
from ikd.core.identity.identity import IdentityStatus
from ikd.core.identity.lifecycle import LAW, TRANSITIONS
from ikd.core.records.context import Evidence, Guess
from ikd.core.records.kind import Around
from ikd.core.records.resident import IdentityLinked
from model import acts
from model.cases import START, Case, refusal_of
from model.evidence import RIGHT, WRONG
from model.flaws import NOBODY

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def signing(wakatobi: Case) -> Case:
    """An identity whose PIN may sign in once (W28)."""
    acts.brought_to(wakatobi, "ACTIVATED")
    return wakatobi


@pytest.fixture
def silent(payakumbuh: Case) -> Case:
    """An identity of an office that publishes no sign-in."""
    acts.brought_to(payakumbuh, "ACTIVATED")
    return payakumbuh


def guessed(case: Case, command: live.SignIn, candidate: bytes) -> tuple[Any, ...]:
    shown = case.evidence(command)
    assert shown.guess is not None
    guess = attrs.evolve(shown.guess, candidate=candidate)
    return case.do(command, acts.RESIDENT, attrs.evolve(shown, guess=guess)).changes[0].events


def wrong(case: Case, **secret: str) -> Any:
    return guessed(case, acts.sign_in(case, **secret), WRONG)[0]


def renewal(case: Case) -> live.RenewSignIn:
    return live.RenewSignIn(identity_id=case.identity.id, proof=b"proof")


def reset(case: Case) -> live.ResetSignIn:
    return live.ResetSignIn(identity_id=case.identity.id, token="IKDR:1")


def with_passcode(case: Case) -> Case:
    if case.identity.pin is not None:
        case.do(acts.sign_in(case), acts.RESIDENT)
    case.do(acts.set_passcode(case), acts.RESIDENT)
    return case


# --- opening ---------------------------------------------------------------------------


def test_an_activation_opens_the_identity_and_the_claims_pass_to_it(anywhere: Case):
    application = acts.brought_to(anywhere, "PIN_SENT")
    decision = anywhere.do(acts.enter_pin(application), acts.RESIDENT)
    kinds = [(c.kind, c.expected_version == 0) for c in decision.changes]
    assert kinds == [("application", False), ("resident", False), ("identity", True)]
    identity = anywhere.identity
    assert identity.id == anywhere.application.identity_id == anywhere.resident.identity
    assert IdentityLinked(at=anywhere.now, identity_id=identity.id) in decision.changes[1].events
    assert anywhere.resident.running is None
    assert decision.releases == ()
    for name in ("device_key", "thumbprint", "data_key_id", "sealed", "person", "transcript"):
        assert getattr(identity, name) == getattr(application, name)


def test_the_credential_gets_an_id_a_place_and_an_end(anywhere: Case):
    application = acts.brought_to(anywhere, "PIN_SENT")
    command = acts.enter_pin(application)
    places = anywhere.evidence(command, status_indexes=(77, 78))
    decision = anywhere.do(command, acts.RESIDENT, places)
    credential = anywhere.identity.credential
    assert credential.status_index == 77
    assert credential.expires_at - credential.issued_at == 180 * DAY
    assert [(c.space, int.from_bytes(c.key, "big"), c.owner) for c in decision.takes] == [
        ("status", 77, anywhere.identity.id)
    ]


def test_an_identity_asks_the_registry_nothing(anywhere: Case):
    anywhere.do(acts.enter_pin(acts.brought_to(anywhere, "PIN_SENT")), acts.RESIDENT)
    assert anywhere.identity.questions == ()


def test_where_no_sign_in_is_published_the_pin_dies_and_the_passcode_is_open(silent: Case):
    identity = silent.identity
    assert (identity.pin, identity.passcode_open) == (None, True)
    assert not [s for s in silent.secrets.values() if s.kind == "pin"]
    silent.do(acts.set_passcode(silent), acts.RESIDENT)


def test_where_one_is_published_the_pin_goes_on_for_a_day_with_its_tries(wakatobi: Case):
    application = acts.brought_to(wakatobi, "PIN_SENT")
    wakatobi.do(*acts.with_pin(wakatobi, application, WRONG))
    wakatobi.later(MINUTE)
    wakatobi.do(acts.enter_pin(wakatobi.application), acts.RESIDENT)
    identity = wakatobi.identity
    assert (identity.pin.id, identity.pin.tries, identity.total_tries) == (application.pin.id, 1, 1)
    assert identity.pin.until == wakatobi.now + DAY
    assert identity.passcode_open is False
    assert [s.id for s in wakatobi.secrets.values() if s.kind == "pin"] == [identity.pin.id]


def test_a_new_activation_ends_the_old_identity_and_releases_its_phone(anywhere: Case):
    acts.brought_to(anywhere, "ACTIVATED")
    with_passcode(anywhere)
    old = anywhere.identity
    acts.brought_to(anywhere, "ACTIVATED", 1)
    ended = anywhere.records["identity", old.id]
    assert ended.status is IdentityStatus.ENDED
    assert (ended.pin, ended.passcode_id, ended.due) == (None, None, None)
    assert old.passcode_id not in anywhere.secrets
    assert anywhere.events["identity", old.id][-1] == i.IdentityEnded(
        at=anywhere.now, reason="superseded"
    )
    assert [x.status for x in anywhere.all("identity")] == [
        IdentityStatus.ENDED,
        IdentityStatus.ACTIVE,
    ]
    claims = [key for space, key in anywhere.claims if space == "device"]
    assert claims == [anywhere.identity.thumbprint]


def test_the_same_phone_goes_on_and_keeps_its_claim(anywhere: Case):
    acts.brought_to(anywhere, "ACTIVATED")
    again = acts.brought_to(anywhere, "PIN_SENT")
    decision = anywhere.do(acts.enter_pin(again), acts.RESIDENT)
    assert decision.releases == ()
    assert [key for space, key in anywhere.claims if space == "device"] == [again.thumbprint]


def test_a_waiting_sign_in_pin_dies_with_its_identity(signing: Case):
    old = signing.identity
    again = acts.brought_to(signing, "PIN_SENT", 1)
    decision = signing.do(acts.enter_pin(again), acts.RESIDENT)
    assert old.pin.id in decision.deletes
    assert old.pin.id in decision.voids


def test_an_ended_identity_lets_nobody_in(anywhere: Case):
    acts.brought_to(anywhere, "ACTIVATED")
    old = with_passcode(anywhere).identity
    acts.brought_to(anywhere, "ACTIVATED", 1)
    command = live.SignIn(identity_id=old.id, passcode=acts.PASSCODE, proof=b"p")
    assert refusal_of(anywhere, command, acts.RESIDENT) == "status.refused"


# --- the first sign-in -----------------------------------------------------------------


def test_the_pin_signs_in_once_and_then_is_dead(signing: Case):
    pin = signing.identity.pin.id
    decision = signing.do(acts.sign_in(signing), acts.RESIDENT)
    assert decision.changes[0].events == (i.SignedIn(at=signing.now, by="pin"),)
    assert decision.deletes == decision.voids == (pin,)
    assert signing.identity.passcode_open
    assert refusal_of(signing, acts.sign_in(signing), acts.RESIDENT) == "pin.dead"


def test_wrong_pins_count_within_the_budget_of_the_application(wakatobi: Case):
    application = acts.brought_to(wakatobi, "PIN_SENT")
    wakatobi.do(*acts.with_pin(wakatobi, application, WRONG))
    wakatobi.do(acts.enter_pin(wakatobi.application), acts.RESIDENT)
    told = [wrong(wakatobi), wrong(wakatobi)]
    assert [(t.attempts_left, t.tries_left) for t in told] == [(1, 2), (0, 1)]
    assert len(wakatobi.resident.guesses) == 3
    assert refusal_of(wakatobi, acts.sign_in(wakatobi), acts.RESIDENT) == "pin.dead"
    wakatobi.later(MINUTE)
    wakatobi.do(renewal(wakatobi), acts.RESIDENT)
    last = wrong(wakatobi)
    assert (last.attempts_left, last.tries_left) == (0, 0)
    wakatobi.later(MINUTE)
    assert refusal_of(wakatobi, renewal(wakatobi), acts.RESIDENT) == "pin.reissues_used"
    assert wakatobi.identity.status is IdentityStatus.ACTIVE


def test_a_wrong_pin_kills_its_verifier_only_when_no_try_is_left(signing: Case):
    pin = signing.identity.pin.id
    for left in (2, 1, 0):
        assert wrong(signing).attempts_left == left
        assert (pin in signing.secrets) == (left > 0)


def test_a_pin_that_died_of_guesses_is_dead_to_whoever_was_still_guessing_at_it(signing: Case):
    command = acts.sign_in(signing)
    at = attrs.evolve(signing.evidence(command).guess, candidate=WRONG)
    met = []
    for _ in range(5):
        stored = signing.secrets.get(at.secret_id)
        shown = signing.evidence(command, guess=at, verifier=stored and stored.value)
        met.append(refusal_of(signing, command, acts.RESIDENT, shown))
    assert met == ["", "", "", "pin.dead", "pin.dead"]


def test_the_niks_twenty_hold_for_signing_in_too(signing: Case):
    spent = (START,) * 20
    resident = attrs.evolve(signing.resident, guesses=spent)
    signing.records["resident", resident.id] = resident
    assert refusal_of(signing, acts.sign_in(signing), acts.RESIDENT) == "pin.resident_budget"
    signing.records["resident", resident.id] = attrs.evolve(resident, guesses=spent[1:])
    signing.do(acts.sign_in(signing), acts.RESIDENT)


@pytest.mark.parametrize("by", [{"pin": acts.PIN}, {"passcode": acts.PASSCODE}])
def test_a_guess_at_another_secret_is_compared_with_nothing(signing: Case, by: dict[str, str]):
    if "passcode" in by:
        with_passcode(signing)
    command = acts.sign_in(signing, **by)
    code = "pin.superseded" if "pin" in by else "passcode.superseded"
    for other in (
        {"guess": None},
        {"guess": Guess(secret_id=NOBODY, candidate=RIGHT)},
        {"verifier": None},
    ):
        shown = signing.evidence(command, **other)
        assert refusal_of(signing, command, acts.RESIDENT, shown) == code


def test_a_missed_window_is_a_renewal_by_the_phone_without_a_visit(signing: Case):
    signing.later(DAY)
    assert refusal_of(signing, acts.sign_in(signing), acts.RESIDENT) == "pin.dead"
    assert isinstance(signing.events["identity", signing.identity.id][-1], i.SignInPinExpired)
    decision = signing.do(renewal(signing), acts.RESIDENT)
    notice = decision.notices[0]
    assert (notice.template, notice.kind, notice.media) == ("pin_signin", "identity", ("email",))
    assert notice.until == signing.identity.pin.until == signing.now + DAY
    signing.do(acts.sign_in(signing), acts.RESIDENT)


def test_the_window_closes_to_the_second(signing: Case):
    signing.later(DAY - timedelta(microseconds=1))
    signing.do(acts.sign_in(signing), acts.RESIDENT)


def test_a_renewal_waits_a_minute_and_counts_with_the_reissues(signing: Case):
    assert refusal_of(signing, renewal(signing), acts.RESIDENT) == "pin.too_soon"
    for number in (2, 3, 4):
        signing.later(MINUTE)
        old = signing.identity.pin.id
        decision = signing.do(renewal(signing), acts.RESIDENT)
        assert (decision.deletes, signing.identity.pins) == ((old,), number)
    signing.later(MINUTE)
    assert refusal_of(signing, renewal(signing), acts.RESIDENT) == "pin.reissues_used"


def test_a_renewal_never_refills_the_tries(signing: Case):
    wrong(signing)
    wrong(signing)
    signing.later(MINUTE)
    signing.do(renewal(signing), acts.RESIDENT)
    assert (signing.identity.total_tries, wrong(signing).tries_left) == (2, 1)


def test_nobody_who_has_signed_in_needs_another_pin(signing: Case, silent: Case):
    signing.do(acts.sign_in(signing), acts.RESIDENT)
    for case in (signing, silent):
        case.later(MINUTE)
        assert refusal_of(case, renewal(case), acts.RESIDENT) == "pin.not_needed"
        with_passcode(case)
        assert refusal_of(case, renewal(case), acts.RESIDENT) == "pin.not_needed"


# --- the passcode ------------------------------------------------------------------------


def test_a_passcode_is_set_once_and_only_after_the_first_sign_in(signing: Case):
    setting = acts.set_passcode(signing)
    assert refusal_of(signing, setting, acts.RESIDENT) == "passcode.closed"
    signing.do(acts.sign_in(signing), acts.RESIDENT)
    decision = signing.do(setting, acts.RESIDENT)
    assert [(s.kind, s.id) for s in decision.writes] == [("passcode", signing.identity.passcode_id)]
    assert refusal_of(signing, setting, acts.RESIDENT) == "passcode.closed"


def test_a_passcode_that_others_know_is_refused_and_leaves_the_way_open(silent: Case):
    setting = acts.set_passcode(silent)
    known = attrs.evolve(silent.evidence(setting), passcode=None, passcode_known=True)
    assert refusal_of(silent, setting, acts.RESIDENT, known) == "passcode.known"
    assert silent.identity.passcode_open
    silent.do(setting, acts.RESIDENT)
    assert silent.identity.passcode_id is not None


def test_the_passcode_signs_in_as_often_as_one_likes(silent: Case):
    with_passcode(silent)
    command = acts.sign_in(silent, passcode=acts.PASSCODE)
    for _ in range(3):
        happened = silent.do(command, acts.RESIDENT).changes[0].events
        assert happened == (i.SignedIn(at=silent.now, by="passcode"),)


def test_without_a_passcode_none_signs_in(silent: Case):
    command = acts.sign_in(silent, passcode=acts.PASSCODE)
    assert refusal_of(silent, command, acts.RESIDENT) == "passcode.none"


def test_three_wrong_passcodes_in_a_row_lock_and_a_right_one_clears(silent: Case):
    with_passcode(silent)
    by = {"passcode": acts.PASSCODE}
    assert [wrong(silent, **by).attempts_left for _ in range(2)] == [2, 1]
    guessed(silent, acts.sign_in(silent, **by), RIGHT)
    assert [wrong(silent, **by).attempts_left for _ in range(3)] == [2, 1, 0]
    assert refusal_of(silent, acts.sign_in(silent, **by), acts.RESIDENT) == "passcode.locked"
    assert len(silent.resident.guesses) == 0


@pytest.mark.parametrize("name", ["SignIn", "SetPasscode", "RenewSignIn"])
def test_only_the_paired_phone_does_any_of_it(signing: Case, name: str):
    signing.later(MINUTE)
    command = {
        "SignIn": acts.sign_in(signing),
        "SetPasscode": acts.set_passcode(signing),
        "RenewSignIn": renewal(signing),
    }[name]
    if name == "SetPasscode":
        signing.do(acts.sign_in(signing), acts.RESIDENT)
    good = signing.evidence(command)
    for change in ({"thumbprint": b"x"}, {"act": "other"}, {"pairing": b"x"}):
        shown = attrs.evolve(good, proof=attrs.evolve(good.proof, **change))
        assert refusal_of(signing, command, acts.RESIDENT, shown) == "proof.invalid"
    assert signing.do(command, acts.RESIDENT, good).uses == (good.proof.challenge,)


# --- reset in person -----------------------------------------------------------------------


def test_an_operator_resets_in_person_and_the_budget_begins_anew(signing: Case):
    for _ in range(3):
        wrong(signing)
    desk = acts.operator(signing)
    decision = signing.do(reset(signing), desk)
    assert decision.changes[0].events[0].in_person
    identity = signing.identity
    assert (identity.total_tries, identity.pins, identity.pin.tries) == (0, 1, 0)
    assert decision.uses[0].space == "token:pairing"
    signing.do(acts.sign_in(signing), acts.RESIDENT)
    assert len(signing.resident.guesses) == 3


def test_a_reset_forgets_passcode_and_lock(silent: Case):
    with_passcode(silent)
    for _ in range(3):
        wrong(silent, passcode=acts.PASSCODE)
    old = silent.identity.passcode_id
    decision = silent.do(reset(silent), acts.operator(silent))
    assert decision.deletes == (old,)
    identity = silent.identity
    assert (identity.passcode_id, identity.passcode_wrong, identity.passcode_open) == (
        None,
        0,
        False,
    )
    assert identity.pin.until == silent.now + 30 * MINUTE
    assert decision.notices[0].sender == "Dirjen Dukcapil Kemendagri RI"


def test_a_reset_that_was_missed_is_renewed_by_the_phone_at_any_office(silent: Case):
    with_passcode(silent)
    silent.do(reset(silent), acts.operator(silent))
    silent.later(30 * MINUTE)
    silent.do(renewal(silent), acts.RESIDENT)
    silent.do(acts.sign_in(silent), acts.RESIDENT)
    silent.do(acts.set_passcode(silent), acts.RESIDENT)


def test_an_office_without_a_published_sender_resets_in_its_own_name(shelf: Any):
    case = Case(office=shelf.office("payakumbuh", lambda text: text["pin"].pop("sender")))
    acts.brought_to(case, "ACTIVATED")
    assert case.do(reset(case), acts.operator(case)).notices[0].sender == case.office.name


@pytest.mark.parametrize(
    ("change", "office", "code"),
    [
        ({"own_case": True}, None, "actor.own_case"),
        ({}, "elsewhere", "actor.other_office"),
        ({"pairing": None}, None, "token.kind"),
    ],
)
def test_a_reset_needs_the_phone_and_an_operator_of_that_office(
    anywhere: Case, change: dict[str, Any], office: str | None, code: str
):
    acts.brought_to(anywhere, "ACTIVATED")
    desk = acts.operator(anywhere, **({"office": office} if office else {}))
    shown = anywhere.evidence(reset(anywhere), **change)
    assert refusal_of(anywhere, reset(anywhere), desk, shown) == code


def test_a_reset_takes_the_phones_own_qr_once(anywhere: Case):
    acts.brought_to(anywhere, "ACTIVATED")
    desk, shown = acts.operator(anywhere), anywhere.evidence(reset(anywhere))
    other = attrs.evolve(shown, pairing=attrs.evolve(shown.pairing, shown_by="office"))
    assert refusal_of(anywhere, reset(anywhere), desk, other) == "token.kind"
    spent = frozenset({(shown.pairing.token.space, shown.pairing.token.key)})
    used = attrs.evolve(shown, used=spent)
    assert refusal_of(anywhere, reset(anywhere), desk, used) == "token.used"


# --- who and when ------------------------------------------------------------------------------


def test_the_table_of_permissions_is_the_one_written_here():
    table = {kind.__name__: {role.value for role in kind.declared.by} for kind in live.COMMANDS}
    assert table == {
        "SignIn": {"resident"},
        "SetPasscode": {"resident"},
        "RenewSignIn": {"resident"},
        "ResetSignIn": {"operator"},
        "HandOverSignInPin": {"operator"},
        "ReportSignInUndelivered": {"system"},
        "IdentityTimePasses": {"system"},
    }


def test_the_role_is_checked_before_it_is_told_whether_there_is_such_an_identity(anywhere: Case):
    look = live.IdentityTimePasses(identity_id=NOBODY)
    nothing = Around(standard=anywhere.office)
    for actor, code in ((acts.RESIDENT, "actor.not_permitted"), (acts.SYSTEM, "record.unknown")):
        with pytest.raises(RefusedError) as caught:
            decide(IDENTITY, nothing, look, anywhere.context(actor, Evidence()))
        assert caught.value.code == code


def test_a_role_that_may_not_is_named_with_a_word_that_fits_every_role(anywhere: Case):
    acts.brought_to(anywhere, "ACTIVATED")
    look = live.IdentityTimePasses(identity_id=anywhere.identity.id)
    with pytest.raises(RefusedError, match="the operator can't ask IdentityTimePasses"):
        anywhere.do(look, acts.operator(anywhere))


def test_the_sweep_lets_a_missed_window_pass_and_nothing_else(signing: Case):
    look = live.IdentityTimePasses(identity_id=signing.identity.id)
    assert signing.do(look, acts.SYSTEM).changes[0].events == ()
    signing.now = signing.identity.due
    pin = signing.identity.pin.id
    decision = signing.do(look, acts.SYSTEM)
    assert decision.changes[0].events == (i.SignInPinExpired(at=signing.now, pin_id=pin),)
    assert decision.deletes == decision.voids == (pin,)
    assert decision.refusal is None


def test_time_passes_first_and_only_then_the_answer_is_no(signing: Case):
    signing.later(DAY)
    command = acts.sign_in(signing)
    bare = signing.evidence(command, proof=None)
    decision = signing.decide(command, acts.RESIDENT, bare)
    assert isinstance(decision.refusal, RefusedError)
    assert decision.refusal.code == "proof.invalid"
    assert [type(x) for x in decision.changes[0].events] == [i.SignInPinExpired]
    assert decision.uses == ()


# --- commands and table ----------------------------------------------------------------------


def test_one_signs_in_by_the_pin_or_by_the_passcode_and_never_by_both_or_neither():
    known = {"identity_id": NOBODY, "proof": b"p"}
    for secrets in ({}, {"pin": acts.PIN, "passcode": acts.PASSCODE}):
        with pytest.raises(InputError, match="sign_in"):
            live.SignIn(**known, **secrets)
    again = live.SignIn(**known, pin=live.SignIn(**known, pin=acts.PIN).pin)
    assert acts.PIN not in repr(again)


def test_a_passcode_must_be_given_to_be_set():
    with pytest.raises(InputError, match="passcode"):
        live.SetPasscode(identity_id=NOBODY, passcode=None, proof=b"p")


@pytest.mark.parametrize("token", ["", "x" * 2001, b"x"])
def test_the_token_of_a_reset_is_text_that_fits_a_qr(token: Any):
    with pytest.raises(InputError, match="token"):
        live.ResetSignIn(identity_id=NOBODY, token=token)


EVENTS = i.EVENTS


@pytest.mark.parametrize("status", [None, *IdentityStatus])
@pytest.mark.parametrize("kind", EVENTS)
def test_every_pair_leads_where_the_table_says_or_is_refused(
    signing: Case, status: IdentityStatus | None, kind: type[Any]
):
    opened = signing.events["identity", signing.identity.id][0]
    known = {**attrs.asdict(opened, recurse=False), "at": START, "by": "pin", "reason": "x"}
    known |= {"until": START, "number": 1, "in_person": False, "passcode_id": NOBODY}
    known |= {"attempts_left": 1, "tries_left": 1, "pin_id": NOBODY}
    known |= {"medium": None, "code": "channel.none"}
    happened = kind(**{f.name: known[f.name] for f in attrs.fields(kind)})
    before = None if status is None else attrs.evolve(signing.identity, status=status)
    after = TRANSITIONS.get((status, kind))
    if after is None:
        with pytest.raises(StoreError) as caught:
            LAW.evolve(before, happened)
        assert caught.value.code == "journal.transition"
    else:
        assert LAW.evolve(before, happened).status is after


def test_every_event_but_the_first_has_its_effect_written_down():
    assert {kind for _, kind in TRANSITIONS} == set(EVENTS)
    assert set(LAW.changes) == set(EVENTS) - {i.IdentityOpened}
    assert {status for status, _ in TRANSITIONS} == {None, IdentityStatus.ACTIVE}


def test_a_replay_of_the_journal_is_the_record_and_of_nothing_is_none(signing: Case):
    assert LAW.replay(signing.events["identity", signing.identity.id]) == signing.identity
    assert LAW.replay(()) is None


def test_a_withdrawn_case_has_no_identity(anywhere: Case):
    number = acts.brought_to(anywhere, "PIN_SENT").id
    anywhere.do(do.Withdraw(application_id=number, proof=b"p"), acts.RESIDENT)
    assert anywhere.all("identity") == []
