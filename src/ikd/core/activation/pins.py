"""The PIN: issued on approval, entered on the paired phone, reissued without being refilled.

A try is a wrong comparison. Three a PIN and four an application, over every reissue, restart
and race, and twenty a NIK in 30 days (NIST SP 800-63B: a new secret must not reset the count).
"""

from __future__ import annotations

from ikd.core.activation import commands as do
from ikd.core.activation import events as e
from ikd.core.activation.application import Application, LivePin, Status
from ikd.core.activation.turn import Turn
from ikd.core.errors import RefusedError
from ikd.core.ids import draw_id
from ikd.core.records.context import Guess
from ikd.core.records.decision import Secret
from ikd.core.records.notices import Notice
from ikd.core.records.resident import GuessCounted
from ikd.core.secrets.pin import matches


def approve(turn: Turn) -> None:
    """Approve, and owe the resident a PIN by the media of the standard (P25, P26, W16 to W18)."""
    turn.require_step("decision")
    if turn.application.questions:
        raise RefusedError("step.waiting", "the registry is still being asked")
    turn.happen(e.Approved(at=turn.context.now))
    _issue(turn, "pin")


def _issue(turn: Turn, template: str) -> None:
    fresh, context, standard = turn.context.evidence.fresh_pin, turn.context, turn.context.standard
    assert fresh is not None  # noqa: S101 - prepared for every command that can issue
    first = turn.application.pins == 0
    ends = context.now + standard.lives.pin_sent.value if first else turn.application.expires_at
    until = min(context.now + standard.pin.life.value, ends)
    turn.happen(
        e.PinIssued(
            at=context.now,
            pin_id=fresh.pin_id,
            until=until,
            number=turn.application.pins + 1,
            expires_at=ends,
        )
    )
    turn.plan.writes.append(
        Secret(id=fresh.pin_id, kind="pin", owner=turn.application.id, value=fresh.verifier)
    )
    turn.plan.notices.append(
        Notice(
            id=fresh.notice_id,
            template=template,
            kind="application",
            record_id=turn.application.id,
            media=standard.pin.media_kinds,
            sender=turn.sender(standard.pin),
            params=turn.words(turn.application),
            pin_id=fresh.pin_id,
            sealed_pin=fresh.sealed,
            until=until,
        )
    )


def enter_pin(turn: Turn) -> None:
    """Compare a PIN that came with the paired phone's proof and, where published, a captcha."""
    turn.require(Status.PIN_SENT)
    context, application = turn.context, turn.application
    proof = context.proven("enter_pin", application.thumbprint, application.transcript)
    turn.plan.uses.append(proof.challenge)
    if not _captcha_passes(turn):
        turn.plan.refusal = RefusedError(
            "captcha.wrong",
            "not what the picture shows",
            clause=context.standard.pin.captcha.clause,
        )
        return
    pin, guess = _live_pin(turn)
    if turn.resident.guesses_left(context.now) <= 0:
        raise RefusedError("pin.resident_budget", "too many wrong PINs for this NIK in 30 days")
    if matches(context.evidence.verifier, guess.candidate):
        _activate(turn, pin)
    else:
        _count(turn, pin)


def _captcha_passes(turn: Turn) -> bool:
    """Use the captcha up, right or wrong; a try of the PIN is spent by neither."""
    published, filled = turn.context.standard.pin.captcha, turn.context.evidence.captcha
    if not published.value:
        return True
    if filled is None:
        raise RefusedError("captcha.missing", "fill in the captcha", clause=published.clause)
    turn.plan.uses.append(turn.context.fresh(filled.puzzle))
    return filled.ok


def _live_pin(turn: Turn) -> tuple[LivePin, Guess]:
    """Return the PIN that counts and the guess made at it; a guess at another costs nothing."""
    pin, evidence = turn.application.pin, turn.context.evidence
    if pin is None:
        raise RefusedError("pin.dead", "that PIN no longer counts; ask for a new one")
    if evidence.guess is None or evidence.guess.secret_id != pin.id or evidence.verifier is None:
        raise RefusedError("pin.superseded", "a newer PIN was sent meanwhile")
    return pin, evidence.guess


def _activate(turn: Turn, pin: LivePin) -> None:
    context = turn.context
    turn.plan.voids.append(pin.id)
    if context.standard.sign_in is None:
        turn.plan.deletes.append(pin.id)
    identity_id = draw_id(context.entropy, "identity")
    turn.happen(e.Activated(at=context.now, identity_id=identity_id))


def _count(turn: Turn, pin: LivePin) -> None:
    context, limits = turn.context, turn.context.standard.pin
    total = limits.tries_per_application.value - turn.application.pin_tries - 1
    left = max(0, min(limits.tries_per_pin.value - pin.tries - 1, total))
    turn.resident_happens(GuessCounted(at=context.now))
    turn.happen(e.PinRefused(at=context.now, attempts_left=left, tries_left=max(0, total)))
    if left == 0:
        turn.forget_pin(pin.id)
    if total <= 0:
        turn.end(e.PinLocked(at=context.now))
        turn.notify("locked", limits)


def reissue_pin(turn: Turn) -> None:
    """Send another PIN that supersedes the last; never a fresh budget."""
    turn.require(Status.PIN_SENT)
    context, application = turn.context, turn.application
    proof = context.proven("reissue_pin", application.thumbprint, application.transcript)
    check_reissue(turn, application)
    turn.plan.uses.append(proof.challenge)
    if application.pin is not None:
        turn.forget_pin(application.pin.id)
    _issue(turn, "pin")


def check_reissue(turn: Turn, application: Application) -> None:
    """Refuse a reissue that comes too soon, too often or with no try left to give."""
    limits, now = turn.context.standard.pin, turn.context.now
    if application.pins > limits.reissues.value:
        raise RefusedError("pin.reissues_used", "no further PIN can be sent")
    if application.pin_at is not None and now < application.pin_at + limits.cooldown.value:
        raise RefusedError("pin.too_soon", "a PIN was sent a moment ago")


def withdraw(turn: Turn, command: do.Withdraw) -> None:
    """Withdraw: the resident by device proof, an operator in person."""
    turn.require(Status.OPEN, Status.PIN_SENT)
    context, application = turn.context, turn.application
    by = context.actor.role.value
    if by == "resident" or command.proof is not None:
        proof = context.proven("withdraw", application.thumbprint, application.transcript)
        turn.plan.uses.append(proof.challenge)
    turn.end(e.Withdrawn(at=context.now, reason=by))
