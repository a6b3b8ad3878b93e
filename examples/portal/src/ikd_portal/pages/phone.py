"""The resident's phone: where the case stands, and what is asked of the resident now.

What somebody does here, the phone has signed: the page's script asks for a challenge, signs, and
sends the form. This module knows no office: each part shows where the office's file has it.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Literal

from starlette.responses import Response

import ikd
from ikd import commands as do
from ikd import errors, events, qr
from ikd_portal.call import Call, Page
from ikd_portal.sessions import phone_actor
from ikd_portal.shapes import begun, state_of

HELLO = b"ikd-portal/hello/1"  # what a phone signs to be known again; no COSE message begins so
CARDS: tuple[Literal["issued", "lost", "never"], ...] = ("issued", "lost", "never")


def show(call: Call) -> Response:
    """Show the case or the identity of this session's phone, or let a phone say who it is."""
    session = call.session
    if session.phone is None:
        return call.page("phone/unknown.html", nonce=session.csrf)
    kind = "identity" if session.identity else "application"
    return call.page(f"phone/{kind}.html", shown=_shown(call, kind))


def _shown(call: Call, kind: str) -> dict[str, object]:
    service, actor = call.portal.service, call.actor
    record_id = call.session.identity or call.session.application or ""
    record = service.get(record_id, kind, actor=actor)
    where = service.where(record_id, kind, actor=actor)
    office = call.portal.offices[where.office]
    missing = where.waits.missing
    return {
        "record": record,
        "where": where,
        "office": office,
        "part": f"phone/{missing}.html",
        "captcha": _puzzle(call) if missing == "pin" and office.pin.captcha.value else None,
        "now": service.now(),
        "state": state_of(where),
        "methods": [one for one in office.biometric.methods if one.in_force(service.now().date())],
        "credential": _credential(call)
        if missing == "nothing" and call.session.signed_in
        else None,
    }


def _credential(call: Call) -> str | None:
    if not call.session.signed_in:
        return None
    office_id = call.portal.service.get(_identity(call), "identity", actor=call.actor).office
    issued = call.portal.offices[office_id].credential.issued.value
    return call.portal.service.credential(_identity(call), actor=call.actor) if issued else None


def _identity(call: Call) -> str:
    return call.session.identity or ""


def state(call: Call) -> Response:
    """Tell the page's script whether anything has moved."""
    session = call.session
    kind = "identity" if session.identity else "application"
    where = call.portal.service.where(
        session.identity or session.application or "", kind, actor=call.actor
    )
    return call.json(state=state_of(where))


def hello(call: Call) -> Response:
    """Know a phone again: it signs what this session's page held."""
    record_id, kind = call.form.get("record", ""), call.form.get("kind", "")
    record = _own(call, record_id, kind if kind == "identity" else "application")
    session = call.session
    session.phone = phone_actor(record.device_key)
    session.signed_in = False
    if isinstance(record, ikd.Identity):
        session.identity, session.application = record.id, record.application_id
    else:
        session.application, session.identity = record.id, record.identity_id
    call.portal.sessions.renew(session)
    return call.go("/phone", csrf=session.csrf)


def _own(call: Call, record_id: str, kind: str) -> ikd.Application | ikd.Identity:
    """Return the record whose phone signed; any fault is the same one, and tells of nobody."""
    unknown = errors.RefusedError("record.unknown", "no such phone")
    signature = call.data("signature")
    record = call.portal.service.get(record_id, kind, actor=ikd.Actor.system())
    if not isinstance(record, ikd.Application | ikd.Identity):
        raise unknown
    message = HELLO + call.session.csrf.encode() + bytes.fromhex(record.id)
    if not ikd.PublicKey.p256(record.device_key).holds(signature, message):
        raise unknown
    return record


def challenge(call: Call) -> Response:
    """Give the phone what it signs for one act: a challenge, the time, and which visit counts."""
    record_id, service = call.form.get("record", ""), call.portal.service
    _check_own(call, record_id)
    kind = "identity" if record_id == call.session.identity else "application"
    record = service.get(record_id, kind, actor=call.actor)
    given = service.challenge(record_id, call.form.get("act", ""))
    transcript = getattr(record, "transcript", None) or b""
    now = int(service.now().timestamp())
    return call.json(challenge=given.hex(), now=now, transcript=transcript.hex())


def _check_own(call: Call, record_id: str) -> None:
    if not call.session.owns(record_id):
        raise errors.RefusedError("record.unknown", "not this phone's")


def symbol(call: Call) -> Response:
    """Draw a QR of what the phone has signed; this portal keeps none of it."""
    return call.json(svg=qr.svg(call.form.get("text", "")))


def captcha(call: Call) -> Response:
    """Give another captcha, spoken too where that is asked for."""
    return call.json(**_puzzle(call, spoken="spoken" in call.request.query_params))


def _puzzle(call: Call, *, spoken: bool = False) -> dict[str, str]:
    puzzle = call.portal.service.captcha(call.session.application or "", spoken=spoken)
    data = {"token": puzzle.token, "picture": puzzle.picture, "sound": puzzle.sound or b""}
    return {name: base64.b64encode(one).decode() for name, one in data.items()}


# --- what a resident does -------------------------------------------------------------------

Build = Callable[[Call, str, bytes], ikd.Command]


def _enter_pin(call: Call, record: str, proof: bytes) -> ikd.Command:
    typed, token = call.form.get("captcha"), call.data("captcha_token")
    filled = do.Captcha(token=token, text=typed) if typed else None
    pin = call.form.get("pin", "").replace(" ", "")
    return do.EnterPin(application_id=record, pin=pin, proof=proof, captcha=filled)


def _sign_in(call: Call, record: str, proof: bytes) -> ikd.Command:
    return do.SignIn(
        identity_id=record,
        pin=call.form.get("pin", "").replace(" ", "") or None,
        passcode=call.form.get("passcode") or None,
        proof=proof,
    )


def _sample(call: Call, record: str, proof: bytes) -> ikd.Command:
    return do.SubmitBiometric(
        application_id=record,
        method=call.form.get("method", ""),
        sample=call.files.get("sample", b""),
        moving=call.form.get("moving") == "yes",
        proof=proof,
    )


def _contact(call: Call, record: str, proof: bytes) -> ikd.Command:
    email, phone = call.form.get("email") or None, call.form.get("phone") or None
    return do.CorrectContact(application_id=record, email=email, phone=phone, proof=proof)


def _facts(call: Call, record: str, proof: bytes) -> ikd.Command:
    """Return what was stated; what was left open stays so."""
    age = call.form.get("fact_age", "")
    card = call.form.get("fact_ktp_el")
    facts = ikd.Candidate(
        age=int(age) if age.isdecimal() and len(age) < 4 else None,
        ktp_el=next((one for one in CARDS if one == card), None),
        ever_married=_yes(call, "ever_married"),
        recorded=_yes(call, "recorded"),
        family_card=_yes(call, "family_card"),
        online=_yes(call, "online"),
        app_installed=_yes(call, "app_installed"),
    )
    return do.StateFacts(application_id=record, facts=facts, proof=proof)


def _yes(call: Call, fact: str) -> bool | None:
    return {"yes": True, "no": False}.get(call.form.get(f"fact_{fact}", ""))


def _medium(call: Call) -> str | None:
    return call.form.get("medium") or None


ACTS: Mapping[str, Build] = {
    "state_facts": _facts,
    "submit_biometric": _sample,
    "correct_contact": _contact,
    "answer_pairing": lambda call, record, proof: do.AnswerPairing(
        application_id=record, token=call.form.get("token", "").strip("\r\n"), proof=proof
    ),
    "enter_pin": _enter_pin,
    "reissue_pin": lambda call, record, proof: do.ReissuePin(
        application_id=record, proof=proof, medium=_medium(call)
    ),
    "withdraw": lambda _, record, proof: do.Withdraw(application_id=record, proof=proof),
    "sign_in": _sign_in,
    "set_passcode": lambda call, record, proof: do.SetPasscode(
        identity_id=record, passcode=call.form.get("passcode", ""), proof=proof
    ),
    "renew_sign_in": lambda call, record, proof: do.RenewSignIn(
        identity_id=record, proof=proof, medium=_medium(call)
    ),
}


def act(call: Call) -> Response:
    """Do what the phone has signed."""
    build, record_id = ACTS.get(call.path["act"]), call.form.get("record", "")
    if build is None:
        return call.refuse(call.say("no_page"), 404)
    _check_own(call, record_id)
    result = call.handle(build(call, record_id, call.data("proof")))
    _take_in(call, result)
    return call.go("/phone")


def _take_in(call: Call, result: ikd.Result) -> None:
    """Note what this session is now, and tell what happened."""
    limits = call.portal.offices[result.record.office or ""].pin
    for happened in result.events:
        match happened:
            case events.Activated(identity_id=identity_id):
                call.session.identity = identity_id
                call.tell(call.say("activated"))
            case events.PinLocked():
                call.tell(call.say("locked"), "negative")
            case events.PinRefused(attempts_left=left):
                call.tell(
                    call.say("wrong_pin", word=begun(limits.word.value), left=left), "negative"
                )
            case events.SignInRefused():
                call.tell(call.say("wrong_sign_in"), "negative")
            case events.SignedIn() | events.PasscodeSet():
                call.session.signed_in = True
                call.tell(call.say("signed_in"))
            case _:
                pass
    if not call.session.told:
        public = result.public
        call.tell(public.en if call.language == "en" else public.id)


def leave(call: Call) -> Response:
    """Sign out of the credential; the phone stays known in this session."""
    call.session.signed_in = False
    return call.go("/phone")


PAGES = (
    Page("/phone", show),
    Page("/phone/state", state),
    Page("/phone/captcha", captcha),
    Page("/phone/hello", hello, "POST"),
    Page("/phone/challenge", challenge, "POST"),
    Page("/phone/qr", symbol, "POST"),
    Page("/phone/leave", leave, "POST"),
    Page("/phone/do/{act}", act, "POST"),
)
