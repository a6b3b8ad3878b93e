"""Presence: the visit. It binds the phone to the person, and takes the claims on both."""

from __future__ import annotations

import hmac

from ikd.core.activation import commands as do
from ikd.core.activation import events as e
from ikd.core.activation.application import PendingPairing
from ikd.core.activation.turn import CaseTurn
from ikd.core.errors import RefusedError
from ikd.core.records.context import Paired
from ikd.core.records.decision import Claim, Effects
from ikd.core.records.resident import CaseStarted
from ikd.core.records.turn import DEVICE_SPACE
from ikd.core.validators import given


def scan_pairing(turn: CaseTurn, _command: do.ScanPairing) -> None:
    """The operator read the phone's QR: the resident is here (P23)."""
    _require_direction(turn, "office_reads_resident")
    paired, actor = _paired(turn, "resident"), turn.context.actor
    turn.use(paired.token)
    _arrive(turn, actor.office or "", actor.station or "", paired.transcript)


def answer_pairing(turn: CaseTurn, _command: do.AnswerPairing) -> None:
    """The phone read the office's QR (W15); an operator at that station must still confirm."""
    _require_direction(turn, "resident_reads_office")
    paired, application = _paired(turn, "office"), turn.record
    turn.prove("answer_pairing", paired.transcript)
    office, presence = given(paired.office), turn.context.standard.presence
    if office != application.office and not presence.elsewhere.value:
        raise RefusedError("actor.other_office", "the case belongs to another office")
    turn.use(paired.token)
    turn.happen(
        e.PairingAnswered(
            at=turn.context.now,
            office=office,
            station=given(paired.station),
            transcript=paired.transcript,
            until=turn.context.now + presence.confirm_within.value,
        )
    )


def confirm_presence(turn: CaseTurn, command: do.ConfirmPresence) -> None:
    """The operator typed the code shown on the phone before them: a relayed picture fails here.

    Wrong codes are counted, and few of them end the pairing: four digits would be tried out.

    Raises:
        RefusedError: No answer waits at this station (``presence.none_waiting``), or another
            one than that whose code was typed (``presence.check_code``).
    """
    _require_direction(turn, "resident_reads_office")
    pairing, actor = turn.record.pairing, turn.context.actor
    here, now = (actor.office, actor.station), turn.context.now
    if pairing is None or (pairing.office, pairing.station) != here or now >= pairing.until:
        raise RefusedError("presence.none_waiting", "no phone has answered this station's QR")
    paired = turn.context.evidence.pairing
    if paired is None or paired.transcript != pairing.transcript:  # replaced meanwhile
        raise RefusedError("presence.check_code", "another phone has answered meanwhile")
    if hmac.compare_digest(command.check_code.encode(), paired.check_code.encode()):
        _arrive(turn, pairing.office, pairing.station, pairing.transcript)
    else:
        _mistyped(turn, pairing)


def refuse_presence(turn: CaseTurn, command: do.RefusePresence) -> None:
    """The operator turned the person away: nobody is let in until who decides has looked."""
    turn.require_step("presence")
    actor = turn.context.actor
    turn.happen(
        e.PresenceRefused(
            at=turn.context.now,
            office=actor.office or "",
            station=actor.station or "",
            operator=actor.id,
            reason=command.reason,
        )
    )


def _mistyped(turn: CaseTurn, pairing: PendingPairing) -> None:
    """Count a wrong code, and refuse it once that is committed."""
    left = max(turn.context.standard.presence.check_code_tries.value - pairing.wrong - 1, 0)
    turn.happen(
        e.CheckCodeRefused(
            at=turn.context.now,
            office=pairing.office,
            station=pairing.station,
            operator=turn.context.actor.id,
            attempts_left=left,
        )
    )
    told = "not the code of the phone that answered"
    turn.plan.refusal = RefusedError("presence.check_code", told)


def _require_direction(turn: CaseTurn, direction: str) -> None:
    turn.require_step("presence")
    published = turn.context.standard.presence.direction
    if published.value != direction:
        raise RefusedError("presence.direction", f"here {published.value}", clause=published.clause)


def _paired(turn: CaseTurn, shown_by: str) -> Paired:
    paired = turn.context.evidence.pairing
    if paired is None or paired.shown_by != shown_by:
        raise RefusedError("token.kind", "not the QR of this step")
    return paired


def _arrive(turn: CaseTurn, office: str, station: str, transcript: bytes) -> None:
    """Take the claims on NIK and device; the newest visit wins over an older running case."""
    application, resident, context = turn.record, turn.resident, turn.context
    if context.evidence.device_owner not in (None, resident.id):
        raise RefusedError("device.taken", "this phone is bound to another resident")
    if turn.rival is not None and turn.rival.is_live:
        turn.supersede(turn.rival)
    held = Claim(space=DEVICE_SPACE, key=application.thumbprint, owner=resident.id)
    turn.plan.add(Effects(takes=(held,)))
    turn.resident_happens(CaseStarted(at=context.now, application_id=application.id))
    turn.happen(
        e.PresenceConfirmed(
            at=context.now,
            office=office,
            station=station,
            operator=context.actor.id,
            transcript=transcript,
            place=context.actor.place,
            title=context.actor.title,
        )
    )
    turn.advance()
