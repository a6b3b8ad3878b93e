"""The front door's deadlines know the nation's holidays."""

from datetime import datetime, timedelta

import ikd


def test_a_day_before_christmas_is_not_over_while_nobody_works():
    office = ikd.load_office("payakumbuh")
    wednesday = datetime(2025, 12, 24, 9, tzinfo=office.tz)  # Christmas and joint leave follow
    (limit,) = ikd.deadlines(office, wednesday, wednesday + timedelta(days=4))
    assert not limit.breached
    assert limit.due_at.astimezone(office.tz).date().isoformat() == "2025-12-30"
    assert "belum ditetapkan" not in limit.label
