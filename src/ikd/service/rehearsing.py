"""What is slow, and whether it would matter: the decision is rehearsed with stand-ins for it.

So the rules of the domain say who may make the service hash or unpack a picture, and nobody
does without the paired phone, an officer's right or the registry's own.
"""

from __future__ import annotations

import attrs

from ikd.core.decide import decide
from ikd.core.errors import RefusedError
from ikd.core.ids import RecordId
from ikd.core.records.context import Context, Evidence, FreshPin, Guess
from ikd.core.records.declaration import Command, Need
from ikd.core.records.kind import AnyKind, Around

_NOTHING = RecordId("0" * 32)


def stand_in(command: Command, aimed: RecordId | None, made: Evidence) -> Evidence:
    """Return the evidence with a stand-in for each slow part, for a rehearsal only."""
    needs = command.needs()
    return attrs.evolve(
        made,
        guess=Guess(secret_id=aimed, candidate=b"") if aimed else None,
        fresh_pin=FreshPin(pin_id=_NOTHING, notice_id=_NOTHING, verifier=b"", sealed=b""),
        passcode=b"" if Need.PASSCODE in needs else None,
        person=b"" if Need.PERSON in needs else None,
    )


def matters(kind: AnyKind, around: Around, command: Command, context: Context) -> bool:
    """Rehearse the decision: say whether it would come to what is slow."""
    try:
        decision = decide(kind, around, command, context)
    except RefusedError:
        return False
    happened = [one for change in decision.changes for one in change.events]
    keeps = any(getattr(one, "person", None) is not None for one in happened)
    # what the registry tells may be absorbed, or end or refer the case: then it isn't kept
    return decision.refusal is None and (keeps or Need.PERSON not in command.needs())
