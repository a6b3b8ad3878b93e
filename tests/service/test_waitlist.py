"""Nobody waits unseen: who moves next, told to the resident and listed to the officer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import attrs
import pytest

import ikd
from ikd import Actor, Role
from ikd import commands as do
from ikd.core.errors import IkdError
from ikd.core.ports import Done

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MINISTRY = Actor.ministry()
SYSTEM = Actor.system()


def brought(walk: Any, steps: int) -> str:
    """Walk so many steps on; return the application."""
    number = walk.register().id
    for _ in range(steps):
        walk.next(number)
    walk.service.deliver_due()
    return number


def why(page: Any) -> list[tuple[str, set[str]]]:
    return [(entry.id, set(entry.why)) for entry in page]


def code_of(act: Any) -> str:
    with pytest.raises(IkdError) as caught:
        act()
    return caught.value.code


def test_a_resident_reads_the_published_step_they_are_at_and_its_words(in_memory):
    service = in_memory.open()
    walk = in_memory.walk(service)
    told = service.where(brought(walk, 0), actor=walk.resident)
    assert (told.waits.role, told.waits.missing, told.status) == (
        Role.RESIDENT,
        "biometric",
        "OPEN",
    )
    (item,) = told.waits.items
    assert (item.number, item.text.startswith("Melakukan registrasi")) == (2, True)
    assert told.words.id.startswith("Anda perlu")
    assert [limit.text for limit in told.limits] == ["1 Hari"]


def test_a_case_that_expired_is_told_by_where(in_memory):
    service = in_memory.open()
    walk = in_memory.walk(service)
    number = brought(walk, 0)
    in_memory.clock.advance(8 * DAY)
    service.deliver_due()
    told = service.where(number, actor=walk.resident)
    assert (told.waits.role, told.waits.missing) == (None, "expired")
    assert "habis" in told.words.id


def test_where_is_shown_to_whom_the_case_is(in_memory):
    service = in_memory.open()
    number = brought(in_memory.walk(service), 0)
    other = Actor.operator("op", office="wakatobi")
    assert code_of(lambda: service.where(number, actor=other)) == "actor.other_office"
    assert code_of(lambda: service.where(number, actor=Actor.registry())) == "actor.not_permitted"
    own = Actor.operator("op", office="payakumbuh", nik="1376015708909901")
    assert code_of(lambda: service.where(number, actor=own)) == "actor.own_case"


def test_reviews_and_decisions_stand_in_the_ministrys_list_and_scans_in_the_operators(in_memory):
    service = in_memory.open()
    review, scan, decision = (
        brought(in_memory.walk(service, number=number), number) for number in (1, 2, 3)
    )
    operator = in_memory.walk(service).operator
    assert {entry.id for entry in service.worklist(actor=MINISTRY)} == {review, decision}
    assert why(service.worklist(actor=operator)) == [(scan, {"turn"})]
    (entry,) = service.worklist(actor=operator)
    assert (entry.waits.missing, entry.waits.items[0].number) == ("visit", 4)


def test_an_operator_sees_no_list_but_their_own_offices(in_memory):
    service = in_memory.open()
    brought(in_memory.walk(service, number=2), 2)
    there = Actor.operator("op", office="wakatobi")
    assert service.worklist(actor=there) == ()
    asked = lambda: service.worklist(actor=there, office="payakumbuh")  # noqa: E731
    assert code_of(asked) == "actor.other_office"
    resident = Actor.resident()
    assert code_of(lambda: service.worklist(actor=resident)) == "actor.not_permitted"
    assert code_of(lambda: service.worklist(actor=MINISTRY, office="jauh")) == "office.unknown"


def test_pages_hold_everything_once_in_order_of_the_earliest_limit(in_memory):
    service = in_memory.open()
    expected = []
    for number in range(1, 6):
        expected.append(brought(in_memory.walk(service, number=number), 2))
        in_memory.clock.advance(timedelta(hours=30))
    operator = in_memory.walk(service).operator
    pages = [service.worklist(actor=operator, limit=2)]
    while pages[-1]:
        after = pages[-1][-1].after
        pages.append(service.worklist(actor=operator, limit=2, after=after))
    assert [len(page) for page in pages] == [2, 2, 1, 0]
    listed = [entry for page in pages for entry in page]
    assert sorted(entry.id for entry in listed) == sorted(expected)
    limits = [entry.limits[0].due_at for entry in listed]
    assert limits == sorted(limits)


def test_what_waits_too_long_for_others_is_shown_to_the_operator(in_memory):
    in_memory.registry.fail_if(lambda _: True)
    service = in_memory.open(offices=["wakatobi"])
    walk = in_memory.walk(service, "wakatobi")
    number = walk.register().id
    assert service.worklist(actor=walk.operator) == ()
    in_memory.clock.advance(DAY)
    (entry,) = service.worklist(actor=walk.operator)
    assert (entry.id, entry.waits.role) == (number, Role.REGISTRY)
    assert entry.why == {"long", "limit_soon"}


def test_a_limit_that_is_near_or_over_is_shown_to_the_operator(in_memory):
    service = in_memory.open()
    number = brought(in_memory.walk(service), 0)
    operator = in_memory.walk(service).operator
    (limit,) = service.where(number, actor=operator).limits
    in_memory.clock.set(limit.due_at - HOUR)
    assert why(service.worklist(actor=operator)) == [(number, {"limit_soon"})]
    in_memory.clock.set(limit.due_at + HOUR)
    assert why(service.worklist(actor=operator)) == [(number, {"overdue"})]


def test_an_outage_moves_a_limit_in_the_list_and_leaves_the_order(in_memory):
    service = in_memory.open()
    walk = in_memory.walk(service, "wakatobi")
    number = brought(walk, 0)
    began = in_memory.clock.now()
    in_memory.clock.advance(DAY + HOUR)
    outage = ikd.Pause(reason="system_network", began=began, ended=began + 6 * HOUR)
    (late,) = service.worklist(actor=walk.operator)
    assert "overdue" in late.why
    assert service.worklist(actor=walk.operator, pauses=[outage]) == ()
    wrong = ikd.Pause(reason="system_netwerk", began=began)
    for asked in (
        lambda: service.worklist(actor=walk.operator, pauses=[wrong]),
        lambda: service.where(number, actor=walk.operator, pauses=[wrong]),
        lambda: service.deadlines(number, actor=walk.operator, pauses=[wrong]),
    ):
        assert code_of(asked) == "pauses.reason"


def test_a_pin_that_reached_nobody_is_shown_to_the_operator_and_told_to_the_resident(in_memory):
    service = in_memory.open(channels=[])
    walk = in_memory.walk(service)
    number = walk.to_pin()
    (entry,) = service.worklist(actor=walk.operator)
    assert (entry.id, entry.why, entry.waits.missing) == (number, {"undelivered"}, "undelivered")
    told = service.where(number, actor=walk.resident)
    assert (told.waits.role, told.waits.missing) == (Role.RESIDENT, "undelivered")


def rejected_unheard(walk):
    """Reject a case whose notice reaches nobody; return it and its entry in the worklist."""
    number = brought(walk, 3)
    walk.ask(do.Reject(application_id=number), walk.officer(walk.office.decision.by), "reject")
    (entry,) = walk.service.worklist(actor=walk.operator)
    return number, entry


def closing(walk, message):
    return do.CloseUndelivered(office=walk.office.id, message_id=message, reason="by letter")


def test_an_officer_closes_a_message_that_reached_nobody_and_says_how_it_was_told(in_memory):
    walk = in_memory.walk(in_memory.open(channels=[]))
    number, entry = rejected_unheard(walk)
    (message,) = entry.messages
    close = closing(walk, message)
    *_, closed = walk.ask(close, walk.operator, "close").events
    assert (closed.kind, closed.record_id, closed.reason) == ("application", number, "by letter")
    assert walk.service.worklist(actor=walk.operator) == ()
    assert walk.service.owed(Done.PARKED, actor=SYSTEM) == ()
    assert code_of(lambda: walk.ask(close, walk.operator, "x")) == "message.not_undelivered"


def test_an_officer_closes_no_message_of_another_office(in_memory):
    walk = in_memory.walk(in_memory.open(channels=[]))
    _, entry = rejected_unheard(walk)
    other = next(one for one in ("payakumbuh", "wakatobi") if one != walk.office.id)
    elsewhere = ikd.Actor.operator("op-9", office=other)
    close = attrs.evolve(closing(walk, entry.messages[0]), office=other)
    assert code_of(lambda: walk.ask(close, elsewhere, "x")) == "message.not_undelivered"
    assert [one.id for one in walk.service.worklist(actor=walk.operator)] == [entry.id]


def test_a_pin_that_reached_nobody_is_sent_anew_and_not_closed(in_memory):
    walk = in_memory.walk(in_memory.open(channels=[]))
    walk.to_pin()
    (entry,) = walk.service.worklist(actor=walk.operator)
    assert entry.messages == ()


def test_a_notice_that_was_given_up_is_shown_to_the_operator_until_it_is_tried_again(in_memory):
    service = in_memory.open(channels=[])
    walk = in_memory.walk(service)
    number = brought(walk, 3)
    decider = walk.officer(walk.office.decision.by)
    walk.ask(do.Reject(application_id=number), decider, "reject")
    assert why(service.worklist(actor=walk.operator)) == [(number, {"undelivered"})]
    (parked,) = service.owed(Done.PARKED, actor=SYSTEM)
    assert service.retry_all(code="nothing") == 0
    assert service.retry_all(code=parked.failure) == service.retry_all() == 1


def test_one_role_is_asked_for_alone(in_memory):
    service = in_memory.open()
    number = brought(in_memory.walk(service), 0)
    operator = in_memory.walk(service).operator
    listed = service.worklist(actor=operator, role=Role.RESIDENT)
    assert why(listed) == [(number, {"turn"})]
    assert service.worklist(actor=operator, role=Role.REGISTRY) == ()
    assert code_of(lambda: service.worklist(actor=operator, role="resident")) == "role.form"


def test_the_system_sees_what_the_operators_of_every_office_do(in_memory):
    service = in_memory.open()
    numbers = {
        brought(in_memory.walk(service, number=1), 2),
        in_memory.walk(service, "wakatobi", number=2).register().id,
    }
    in_memory.clock.advance(4 * DAY)
    assert {entry.id for entry in service.worklist(actor=SYSTEM)} == numbers


@pytest.mark.parametrize("after", ["", "x", "2026-01-01/" + "a" * 32, 7, "/" + "A" * 32])
def test_a_place_that_is_none_is_malformed(in_memory, after):
    service = in_memory.open()
    assert code_of(lambda: service.worklist(actor=MINISTRY, after=after)) == "after.form"


def test_nobody_is_waited_for_by_a_resident_record(in_memory):
    service = in_memory.open()
    number = brought(in_memory.walk(service), 0)
    resident = service.get(number, actor=SYSTEM).resident_id
    assert code_of(lambda: service.where(resident, "resident", actor=SYSTEM)) == "record.kind"


def test_an_identity_is_told_of_like_a_case(in_memory):
    service = in_memory.open()
    walk = in_memory.walk(service, "wakatobi")
    identity = walk.to_activation()
    told = service.where(identity, "identity", actor=walk.resident)
    assert (told.waits.missing, [item.number for item in told.waits.items]) == ("sign_in", [9])
