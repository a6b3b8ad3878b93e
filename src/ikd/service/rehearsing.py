"""What is slow, and whether it would matter: the decision is rehearsed with stand-ins for it.

So the rules of the domain say who may make the service hash or unpack a picture, and nobody
does without the paired phone, an officer's right or the registry's own.
"""

from __future__ import annotations

import attrs

from ikd.core.activation import commands as activation
from ikd.core.activation.events import DataChecked
from ikd.core.decide import Command, Records, decide
from ikd.core.errors import RefusedError
from ikd.core.identity import commands as identity
from ikd.core.ids import RecordId
from ikd.core.records.context import Context, Evidence, FreshPin, Guess
from ikd.core.records.decision import Decision

_NOTHING = RecordId("0" * 32)


def needs_hash(command: Command) -> bool:
    """Say whether *command* compares or makes a PIN or passcode."""
    if isinstance(command, activation.ReportStep):
        return command.step == "decision"
    return isinstance(
        command,
        activation.Approve
        | activation.ReissuePin
        | activation.EnterPin
        | identity.RenewSignIn
        | identity.ResetSignIn
        | identity.SignIn
        | identity.SetPasscode,
    )


def tells_person(command: Command) -> bool:
    """Say whether *command* tells of a person, whose portrait has to be made small."""
    return isinstance(command, activation.RecordAnswer) and command.answer.person is not None


def stand_in(command: Command, aimed: RecordId | None, made: Evidence) -> Evidence:
    """Return the evidence with a stand-in for each slow part, for a rehearsal only."""
    guess = Guess(secret_id=aimed, candidate=b"") if aimed else None
    fresh = FreshPin(pin_id=_NOTHING, notice_id=_NOTHING, verifier=b"", sealed=b"")
    chosen = b"" if isinstance(command, identity.SetPasscode) else None
    person = b"" if tells_person(command) else None
    return attrs.evolve(made, guess=guess, fresh_pin=fresh, passcode=chosen, person=person)


def matters(records: Records, command: Command, context: Context) -> bool:
    """Rehearse the decision: say whether it would come to what is slow."""
    try:
        decision = decide(records, command, context)
    except RefusedError:
        return False
    return decision.refusal is None and (not tells_person(command) or _keeps_person(decision))


def _keeps_person(decision: Decision) -> bool:
    """Say whether the person is kept: an answer may be absorbed, or end or refer the case."""
    happened = (one for change in decision.changes for one in change.events)
    return any(isinstance(one, DataChecked) for one in happened)
