"""How it goes: what waits, what is overdue, and promises kept and broken, week by week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from starlette.responses import Response

import ikd
from ikd_portal import plots
from ikd_portal.call import OFFICERS, Call, Page

MOST = 2_000  # records of a kind that one page counts
ROLES = ("resident", "operator", "ministry", "registry", "system")
KINDS = {"application": "ACTIVATED", "complaint": "CLOSED"}
"""What is counted, and the status in which its promise was kept or broken for good."""


def show(call: Call) -> Response:
    """Show the plots; an operator sees their own office, the ministry every one."""
    served = call.portal.offices.values()
    offices = [office for office in served if call.actor.office in (None, office.id)]
    told = [(office, [_of(call, office, kind) for kind in KINDS]) for office in offices]
    return call.page("dashboard.html", told=told)


def _of(call: Call, office: ikd.Office, kind: str) -> dict[str, object]:
    found, now = list(_found(call, office, kind)), call.portal.service.now()
    waiting = Counter(one.waits for one in found if one.waits)
    overdue = sum(1 for one in found if one.waits and one.limit_at and one.limit_at < now)
    promises = _promises(call, office, [one for one in found if one.status == KINDS[kind]])
    weeks = [(week, *promises[week]) for week in sorted(promises)]
    roles = [(role, waiting[role]) for role in ROLES if waiting[role]]
    return {
        "kind": kind,
        "waiting": roles,
        "overdue": overdue,
        "weeks": weeks,
        "statuses": sorted(Counter(one.status for one in found).items()),
        "waiting_plot": plots.bars([(call.say(f"role_{role}"), (count,)) for role, count in roles]),
        "weeks_plot": plots.bars([(week, (kept, broken)) for week, kept, broken in weeks]),
    }


def _promises(call: Call, office: ikd.Office, ended: list[ikd.Found]) -> dict[str, tuple[int, int]]:
    """Return how many promises were kept and broken, by the week of the end."""
    counted: dict[str, tuple[int, int]] = {}
    for one in ended:
        limits = call.portal.service.deadlines(one.id, one.kind, actor=call.actor)
        binding = [limit for limit in limits if limit.binding]
        if binding:
            kept, broken = counted.get(_week(one.at, office), (0, 0))
            missed = any(limit.breached for limit in binding)
            counted[_week(one.at, office)] = (kept + (not missed), broken + missed)
    return counted


def _found(call: Call, office: ikd.Office, kind: str) -> Iterator[ikd.Found]:
    after: str | None = None
    for _ in range(MOST // 100):
        page = call.portal.service.find(kind, actor=call.actor, office=office.id, after=after)
        yield from page
        if len(page) < 100:
            return
        after = page[-1].id


def _week(at: datetime, office: ikd.Office) -> str:
    year, week, _ = at.astimezone(office.tz).isocalendar()
    return f"{year}-{week:02d}"


PAGES = (Page("/dashboard", show, by=OFFICERS),)
