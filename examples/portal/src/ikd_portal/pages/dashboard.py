"""How it goes: what waits, what is overdue, and promises kept and broken, week by week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from starlette.responses import Response

import ikd
from ikd_portal import plots
from ikd_portal.call import OFFICERS, Call, Page

MOST = 2_000  # cases that one page counts
ROLES = ("resident", "operator", "ministry", "registry", "system")


def show(call: Call) -> Response:
    """Show the plots; an operator sees their own office, the ministry every one."""
    offices = [
        office for office in call.portal.offices.values() if call.actor.office in (None, office.id)
    ]
    told = [_of(call, office) for office in offices]
    return call.page("dashboard.html", told=told)


def _of(call: Call, office: ikd.Office) -> dict[str, object]:
    service, now = call.portal.service, call.portal.service.now()
    cases = list(_cases(call, office))
    waiting = Counter(one.waits for one in cases if one.waits)
    overdue = sum(1 for one in cases if one.waits and one.limit_at and one.limit_at < now)
    kept, broken = Counter[str](), Counter[str]()
    for one in cases:
        if one.status == "ACTIVATED":
            limits = service.deadlines(one.id, actor=call.actor)
            if any(limit.binding for limit in limits):
                missed = any(limit.breached for limit in limits)
                (broken if missed else kept)[_week(one.at, office)] += 1
    weeks = sorted({*kept, *broken})
    ends = Counter(one.status for one in cases)
    return {
        "office": office,
        "waiting": [(role, waiting[role]) for role in ROLES],
        "overdue": overdue,
        "weeks": [(week, kept[week], broken[week]) for week in weeks],
        "statuses": sorted(ends.items()),
        "waiting_plot": plots.bars(
            [(call.say(f"role_{role}"), (waiting[role],)) for role in ROLES]
        ),
        "weeks_plot": plots.bars([(week, (kept[week], broken[week])) for week in weeks]),
    }


def _cases(call: Call, office: ikd.Office) -> Iterator[ikd.Found]:
    after: str | None = None
    for _ in range(MOST // 100):
        page = call.portal.service.find(actor=call.actor, office=office.id, after=after)
        yield from page
        if len(page) < 100:
            return
        after = page[-1].id


def _week(at: datetime, office: ikd.Office) -> str:
    year, week, _ = at.astimezone(office.tz).isocalendar()
    return f"{year}-{week:02d}"


PAGES = (Page("/dashboard", show, by=OFFICERS),)
