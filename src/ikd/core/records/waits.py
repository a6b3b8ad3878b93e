"""Who moves next: the role, since when, until when, what is missing, and at which step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import attrs

from ikd.core.records.actor import Role
from ikd.core.standard.findings import Finding
from ikd.core.standard.steps import Published

MISSING = frozenset(
    {
        *("registry_answer", "facts", "referral", "unfit_text", "refused_visit"),
        *("biometric", "biometric_clearing"),
        *("review", "report", "visit", "check_code", "decision"),
        *("pin", "new_pin", "pin_at_office", "hand_over", "delivery", "undelivered"),
        *("sign_in", "new_sign_in", "passcode", "sign_in_reset", "nothing"),
        "frozen",
        *("activated", "rejected", "withdrawn", "expired", "locked", "identity_ended"),
        *("complaint_verification", "complaint_follow_up", "complaint_answer", "complaint_end"),
        *("complaint_by_hand", "complaint_reply", "complaint_handed_over"),
        *("complaint_closed", "complaint_silence", "complaint_not_ours"),
    }
)
"""What can be missing, or how it ended instead; each has its words for residents."""


@attrs.frozen(kw_only=True)
class Waits:
    """Who is waited for at one moment.

    Attributes:
        role: Who moves next; ``None`` where nobody has to.
        since: Since when.
        until: When time alone changes it, if ever.
        missing: What is missing, or else how it ended, by the name of its words.
        desk: The office at which it waits.
        step: Name of the step of the procedure, if it is at one.
        items: What the office published of that step: number and words.
        findings: What is open of the requirements, in the office's words: what is asked of the
            resident, or what an officer must look at.
    """

    role: Role | None
    since: datetime
    until: datetime | None
    missing: str
    desk: str
    step: str | None = None
    items: tuple[Published, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def facts(self) -> tuple[str, ...]:
        """Names of the facts that the resident is asked for."""
        asked = (fact for one in self.findings if one.outcome == "ask" for fact in one.facts)
        return tuple(dict.fromkeys(asked))


LONG: Mapping[Role, timedelta] = {
    Role.REGISTRY: timedelta(days=1),
    Role.MINISTRY: timedelta(days=3),
    Role.RESIDENT: timedelta(days=3),
    Role.SYSTEM: timedelta(hours=1),
}
"""After how long a wait for others is shown to the operators of the office: our own choice.

A night without the registry is none; of seven days a draft has four left then.
"""

SOON = timedelta(hours=4)
"""How long before a published limit a case is shown as near it: half a working day."""
