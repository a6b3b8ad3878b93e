"""The nation's own limits on complaints, for offices that published none.

They are shown with their own law and never as the office's (a clause that isn't there can't be
cited). Class and days as offices publish them after PermenPANRB 62/2018.
"""

from __future__ import annotations

from typing import Literal

import attrs

ComplaintClass = Literal["information", "ordinary", "supervision"]
CLASSES: tuple[ComplaintClass, ...] = ("information", "ordinary", "supervision")
WITHOUT_LIMIT = frozenset({"saran", "masukan", "aspirasi"})
"""Kinds of message that no law sets a limit for: nobody complains of anything."""


@attrs.frozen(kw_only=True)
class NationalClock:
    """A national limit.

    Attributes:
        name: Class of the complaint, or ``routing`` for the first step of each.
        working_days: The limit.
        law: The regulation it comes from.
        why: Why it is used.
    """

    name: ComplaintClass | Literal["routing"]
    working_days: int
    law: str = "PermenPANRB 62/2018"
    why: str = "Kantor tidak menerbitkan batas waktu; berlaku batas nasional menurut jenisnya."


NATIONAL_CLOCKS: tuple[NationalClock, ...] = (
    NationalClock(name="routing", working_days=3),
    NationalClock(name="information", working_days=5),
    NationalClock(name="ordinary", working_days=14),
    NationalClock(name="supervision", working_days=60),
)
