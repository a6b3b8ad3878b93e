"""The PIN: issued on approval, entered on the paired phone, reissued without being refilled.

A try is a wrong comparison. Three a PIN and four an application, over every reissue, restart
and race, and twenty a NIK in 30 days (NIST SP 800-63B: a new secret must not reset the count).
"""

from __future__ import annotations

from ikd.core.activation import commands as do
from ikd.core.activation import events as e
from ikd.core.activation.application import ApplicationStatus
from ikd.core.activation.turn import CaseTurn
from ikd.core.activation.weighing import unsettled
from ikd.core.errors import RefusedError
from ikd.core.ids import RecordId, draw_id
from ikd.core.records.decision import Effects
from ikd.core.secrets.ledger import Left
from ikd.core.validators import given


def approve(turn: CaseTurn, _command: do.Approve | do.ReportStep) -> None:
    """Approve, and owe the resident a PIN by the media of the standard (P25, P26, W16 to W18)."""
    turn.require_step("decision")
    if turn.record.questions:
        raise RefusedError("step.waiting", "the registry is still being asked")
    if unsettled(turn.record, turn.context.standard):  # it began before all was asked
        turn.advance()
        turn.plan.refusal = RefusedError("step.unanswered", "a requirement is asked for first")
        return
    turn.happen(e.Approved(at=turn.context.now))
    _issue(turn, 1)


def _issue(turn: CaseTurn, number: int, medium: str | None = None) -> None:
    fresh, now = given(turn.context.evidence.fresh_pin), turn.context.now
    standard = turn.context.standard
    ends = now + standard.lives.pin_sent.value if number == 1 else turn.record.expires_at
    until = min(now + standard.pin.life.value, ends)
    turn.happen(
        e.PinIssued(
            at=now,
            pin_id=fresh.pin_id,
            until=until,
            number=number,
            expires_at=ends,
            medium=medium or standard.pin.by_hand,
        )
    )
    turn.send_pin(fresh, "pin", until)


def enter_pin(turn: CaseTurn, _command: do.EnterPin) -> None:
    """Compare a PIN that came with the paired phone's proof and, where published, a captcha."""
    turn.require(ApplicationStatus.PIN_SENT)
    turn.prove("enter_pin")
    if not _captcha_passes(turn):
        turn.plan.refusal = RefusedError(
            "captcha.wrong",
            "not what the picture shows",
            clause=turn.context.standard.pin.captcha.clause,
        )
        return
    ledger = turn.pin_ledger(turn.record.pin_tries)
    left = turn.judge(ledger, of_the_nik=True)
    if left is not None:
        _count(turn, left)
    else:
        _activate(turn, given(ledger.secret_id))


def _captcha_passes(turn: CaseTurn) -> bool:
    """Use the captcha up, right or wrong; a try of the PIN is spent by neither."""
    published, filled = turn.context.standard.pin.captcha, turn.context.evidence.captcha
    if not published.value:
        return True
    if filled is None:
        raise RefusedError("captcha.missing", "fill in the captcha", clause=published.clause)
    turn.use(filled.puzzle)
    return filled.ok


def _activate(turn: CaseTurn, pin_id: RecordId) -> None:
    """Activate; where the PIN may sign in once more (W28), its verifier goes on."""
    context = turn.context
    deletes = (pin_id,) if context.standard.sign_in is None else ()
    turn.plan.add(Effects(voids=(pin_id,), deletes=deletes))
    turn.happen(e.Activated(at=context.now, identity_id=draw_id(context.entropy, "identity")))


def _count(turn: CaseTurn, left: Left) -> None:
    now = turn.context.now
    turn.happen(e.PinRefused(at=now, attempts_left=left.here, tries_left=left.whole))
    if left.whole == 0:
        turn.end(e.PinLocked(at=now))
        turn.notify("locked", turn.context.standard.pin)


def reissue_pin(turn: CaseTurn, command: do.ReissuePin) -> None:
    """Send another PIN that supersedes the last; never a fresh budget.

    While one still waits none is made: that one goes at once, by the medium asked for.
    """
    turn.require(ApplicationStatus.PIN_SENT)
    in_person = turn.in_person("reissue_pin", command.proof)
    if turn.check_reissue(command.medium, e.PinHastened, in_person=in_person):
        return
    turn.end_pin(turn.record)
    _issue(turn, 1 if in_person else turn.record.pins + 1, command.medium)


def hand_over(turn: CaseTurn, _command: do.HandOverPin) -> None:
    """Hand the PIN that waits to the resident at the counter, on a slip that is given once."""
    turn.require(ApplicationStatus.PIN_SENT)
    turn.hand_over(e.PinHandedOver)


def report_undelivered(turn: CaseTurn, command: do.ReportUndelivered) -> None:
    """Take in that a PIN reached nobody; a case that has ended or is activated absorbs it."""
    if turn.record.status is ApplicationStatus.PIN_SENT:
        turn.unsent(command.pin_id, command.code, e.PinUndelivered)


def withdraw(turn: CaseTurn, command: do.Withdraw) -> None:
    """Withdraw: the resident by device proof, an operator in person."""
    turn.require(ApplicationStatus.OPEN, ApplicationStatus.PIN_SENT)
    turn.in_person("withdraw", command.proof)
    turn.end(e.Withdrawn(at=turn.context.now, reason=turn.context.actor.role.value))
    turn.tell("withdrawn")
