"""A kind of record is one thing, and what it doesn't say has a plain default."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

import attrs
import pytest

from ikd.core.activation import commands as do
from ikd.core.activation.application import Application, ApplicationStatus
from ikd.core.decide import APPLICATION, IDENTITY, KINDS, RESIDENT
from ikd.core.errors import InputError, RefusedError
from ikd.core.identity.commands import IdentityTimePasses
from ikd.core.ids import RecordId
from ikd.core.records.actor import Role
from ikd.core.records.declaration import Command, Declared
from ikd.core.records.event import Event, event
from ikd.core.records.kind import Columns, Kind, Kinds, Owner, Rulebook
from ikd.core.records.law import Law
from ikd.core.records.permission import check_reader
from ikd.core.records.phone_record import PhoneRecord
from ikd.core.records.questions import Answer, RegistryStanding
from ikd.core.records.record import Known, Record
from model import acts
from model.cases import START, Case
from model.flaws import NOBODY


@event("bell.hung/1")
@attrs.frozen(kw_only=True)
class Hung(Event):
    """A bell was hung up."""


@attrs.frozen(kw_only=True)
class Bell(Record):
    """A bell."""

    kind: ClassVar[str] = "bell"


@attrs.frozen(kw_only=True)
class Tower(Bell):
    """A bell in a tower."""

    kind: ClassVar[str] = "tower"


@Declared(by={Role.OPERATOR})
@attrs.frozen(kw_only=True)
class Ring(Command):
    """Ring it."""


LAW = Law[Bell](
    transitions={(None, Hung): Known.KNOWN},
    begin=lambda hung: Bell(id=RecordId("b" * 32), version=1, changed_at=hung.at),
    changes={},
)
BELL = Kind[Bell](record=Bell, events=(Hung,), law=LAW, commands=(Ring,))


NOWHERE = Rulebook(standard={}.__getitem__)


def rules(world: Case) -> Rulebook:
    """What the rows of a world's records are worked out by."""
    return Rulebook(standard={world.office.digest: world.office}.__getitem__)


def code_of(kinds: Kinds, command: object) -> str:
    with pytest.raises(InputError) as caught:
        kinds.asked(command)  # type: ignore[arg-type]
    return caught.value.code


def test_a_further_kind_is_asked_named_and_replayed_like_our_own():
    more = KINDS.and_further((BELL,))
    assert more.named("bell") is more.asked(Ring()) is BELL
    assert more.replay("bell", (Hung(at=START),)) == LAW.evolve(None, Hung(at=START))
    assert more.events["bell.hung/1"] is Hung
    own = ["application", "identity", "resident", "house", "complaint"]
    assert [kind.word for kind in more] == [*own, "bell"]
    assert [kind.word for kind in KINDS] == own


def test_a_kind_that_says_no_more_shows_status_office_and_due_and_seals_under_its_own_key():
    bell = LAW.evolve(None, Hung(at=START))
    assert BELL.columns(bell, NOWHERE) == Columns(status="KNOWN", office=None, due=None)
    assert BELL.fields_of(bell) == Owner(kind="bell", id=bell.id)
    assert BELL.addressed(Ring()) is None
    assert (BELL.form, BELL.older, BELL.time_passes, BELL.answered) == (1, {}, None, None)


def test_what_is_asked_of_no_kind_is_no_command():
    assert code_of(KINDS, Ring()) == "command.unknown"
    assert code_of(KINDS, "Register") == "command.unknown"


@pytest.mark.parametrize("word", ["bell", "", None, 7, ["application"]])
def test_a_word_that_names_no_kind_is_refused_with_those_there_are(word: str):
    with pytest.raises(InputError, match="application, identity, resident") as caught:
        KINDS.named(word)
    assert caught.value.code == "record.kind"


@pytest.mark.parametrize(
    "second",
    [
        attrs.evolve(BELL, commands=()),
        Kind[Tower](record=Tower, events=(), law=LAW, commands=(Ring,)),
    ],
)
def test_two_kinds_share_neither_word_nor_command(second: Kind[Bell]):
    with pytest.raises(InputError) as caught:
        Kinds((BELL, second))
    assert caught.value.code == "kinds.twice"


def test_two_kinds_share_no_name_of_an_event():
    @event("bell.hung/1")
    @attrs.frozen(kw_only=True)
    class HungElsewhere(Event):
        """Another was hung up."""

    with pytest.raises(TypeError, match=r"bell\.hung/1"):
        KINDS.and_further((BELL, Kind[Tower](record=Tower, events=(HungElsewhere,), law=LAW)))


# --- our own -------------------------------------------------------------------------------


def test_a_command_addresses_the_record_it_names_and_a_scanned_qr_names_its_own(anywhere: Case):
    number = acts.opened(anywhere).id
    scan = do.ScanPairing(token=acts.phone_qr(number))
    assert APPLICATION.addressed(do.Withdraw(application_id=number)) == number
    assert APPLICATION.addressed(scan) == number
    assert APPLICATION.addressed(acts.register(anywhere)) is None
    assert IDENTITY.addressed(IdentityTimePasses(identity_id=NOBODY)) == NOBODY


@pytest.mark.parametrize(
    "command", [do.TimePasses(application_id=NOBODY), IdentityTimePasses(identity_id=NOBODY)]
)
def test_what_is_asked_of_a_record_that_nobody_knows_is_refused(payakumbuh: Case, command: Command):
    with pytest.raises(RefusedError) as caught:
        payakumbuh.loaded(command)
    assert caught.value.code == "record.unknown"


def test_a_record_that_asks_the_registry_nothing_has_no_open_question(anywhere: Case):
    assert acts.opened(anywhere).questions != ()
    acts.brought_to(anywhere, "ACTIVATED")
    assert anywhere.identity.questions == ()


def test_time_passes_for_what_can_be_due_and_the_registry_answers_what_asks():
    assert APPLICATION.time_passes is not None
    assert IDENTITY.time_passes is not None
    assert APPLICATION.time_passes(NOBODY) == do.TimePasses(application_id=NOBODY)
    assert IDENTITY.time_passes(NOBODY) == IdentityTimePasses(identity_id=NOBODY)
    assert RESIDENT.time_passes is None
    assert APPLICATION.answered is not None
    answer = Answer(question_id=NOBODY, standing=RegistryStanding.FOUND)
    told = APPLICATION.answered(NOBODY, answer)
    assert told == do.RecordAnswer(application_id=NOBODY, answer=answer)
    assert (IDENTITY.answered, RESIDENT.answered) == (None, None)


def test_a_row_shows_where_its_record_stands_whose_it_is_and_when_it_is_due(anywhere: Case):
    draft = acts.opened(anywhere)
    shown = APPLICATION.columns(draft, rules(anywhere))
    assert (shown.status, shown.office, shown.due) == ("OPEN", anywhere.office.id, draft.due)
    assert draft.due is not None
    assert draft.due > anywhere.now + timedelta(days=1)


def test_an_identity_goes_on_under_the_data_key_of_its_application(anywhere: Case):
    application = acts.brought_to(anywhere, "ACTIVATED")
    owner = Owner(kind=Application.kind, id=application.id)
    assert IDENTITY.fields_of(anywhere.identity) == owner
    assert APPLICATION.fields_of(application) == owner


def test_a_kind_knows_every_status_that_its_table_leads_to():
    assert set(APPLICATION.statuses) == {one.value for one in ApplicationStatus}
    assert BELL.statuses == ("KNOWN",)


def test_a_record_of_no_office_is_shown_at_none(anywhere: Case):
    bell = Bell(id=RecordId("b" * 32), version=1, changed_at=START)
    assert (bell.office, bell.desks) == (None, frozenset())


def test_a_case_is_shown_at_its_office_and_where_the_visit_is(anywhere: Case):
    acts.brought_to(anywhere, "PIN_SENT")
    elsewhere = attrs.evolve(anywhere.application, presence_office="elsewhere")
    assert anywhere.application.desks == {anywhere.office.id}
    assert elsewhere.desks == {anywhere.office.id, "elsewhere"}


def test_a_record_with_a_phone_is_live_until_its_kind_says_otherwise(anywhere: Case):
    acts.brought_to(anywhere, "PIN_SENT")
    assert PhoneRecord.is_live.fget(anywhere.application)  # type: ignore[attr-defined]


def test_nothing_is_shown_to_who_is_no_reader():
    with pytest.raises(RefusedError, match=r"actor\.not_permitted"):
        check_reader(acts.RESIDENT, {Role.OPERATOR})
    check_reader(acts.RESIDENT, {Role.RESIDENT})
