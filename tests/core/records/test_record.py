"""What a record tells of itself where its kind doesn't say otherwise, and what a search shows."""

from __future__ import annotations

import attrs

from ikd.core import structure
from ikd.core.activation.application import Application
from ikd.core.decide import APPLICATION, IDENTITY
from ikd.core.house.house import HOUSE_ID, House
from ikd.core.identity.opening import STATUS_SPACE
from ikd.core.ports import Row, found_of
from ikd.core.records.kind import Held
from ikd.core.records.record import Known, Record
from ikd.core.records.turn import DEVICE_SPACE
from model import acts
from model.cases import START, Case


def held_by(record: Record) -> Held:
    """What an audit expects to stand elsewhere for *record*."""
    kind = APPLICATION if isinstance(record, Application) else IDENTITY
    assert kind.holds is not None
    return kind.holds(structure.unstructure(record))


def standing(case: Case) -> dict[str, str]:
    """Return the kind of every secret that stands, by its id."""
    return {number: secret.kind for number, secret in case.secrets.items()}


def test_a_record_that_says_no_more_is_of_no_office_concerns_nobody_and_is_never_due():
    house = House(id=HOUSE_ID, version=1, changed_at=START)
    assert (house.status, house.office, house.concerns, house.due) == (
        Known.KNOWN,
        None,
        None,
        None,
    )


def test_an_identity_keeps_nothing_told_apart_and_its_owner_was_present(anywhere: Case):
    acts.brought_to(anywhere, "ACTIVATED")
    assert anywhere.identity.told_id is None
    assert anywhere.identity.was_present


def test_an_application_holds_the_phone_once_somebody_came(anywhere: Case):
    draft = acts.opened(anywhere)
    assert held_by(draft).claims == ()
    come = acts.brought_to(anywhere, "decision")
    assert held_by(come).claims == ((DEVICE_SPACE, come.thumbprint, come.resident_id),)
    assert held_by(come).standards == (anywhere.office.digest,)


def test_an_application_at_its_end_holds_no_phone(anywhere: Case):
    acts.brought_to(anywhere, "ACTIVATED")
    ended = anywhere.all("application")[0]
    assert held_by(ended).claims == ()


def test_an_application_names_every_secret_that_stands_for_it_on_its_way(anywhere: Case):
    draft, kinds = acts.opened(anywhere), set()
    while draft.is_live:
        assert held_by(draft).secrets == standing(anywhere)
        kinds.update(held_by(draft).secrets.values())
        anywhere.do(*acts.next_act(anywhere, draft))
        draft = anywhere.application
    assert kinds == {"data_key", "sample", "pin"}


def test_an_active_identity_holds_its_place_and_its_phone(anywhere: Case):
    acts.brought_to(anywhere, "ACTIVATED")
    one = anywhere.identity
    place = one.credential.status_index.to_bytes(4, "big")
    phone = (DEVICE_SPACE, one.thumbprint, one.resident_id)
    assert held_by(one).claims == ((STATUS_SPACE, place, one.id), phone)
    assert held_by(one).standards == (anywhere.office.digest,)


def test_an_identity_names_every_secret_of_its_sign_in(wakatobi: Case):
    acts.brought_to(wakatobi, "ACTIVATED")
    assert held_by(wakatobi.identity).secrets == standing(wakatobi)
    assert "pin" in standing(wakatobi).values()
    wakatobi.do(acts.sign_in(wakatobi), acts.RESIDENT)
    wakatobi.do(acts.set_passcode(wakatobi), acts.RESIDENT)
    assert held_by(wakatobi.identity).secrets == standing(wakatobi)
    assert "passcode" in standing(wakatobi).values()


def test_an_identity_that_ended_holds_its_place_and_data_key_alone(wakatobi: Case):
    acts.brought_to(wakatobi, "ACTIVATED")
    wakatobi.do(acts.sign_in(wakatobi), acts.RESIDENT)
    wakatobi.do(acts.set_passcode(wakatobi), acts.RESIDENT)
    acts.brought_to(wakatobi, "ACTIVATED", 1)
    ended = wakatobi.all("identity")[0]
    assert [space for space, *_ in held_by(ended).claims] == [STATUS_SPACE]
    assert held_by(ended).secrets == {ended.data_key_id: "data_key"}


def test_a_search_shows_a_row_without_its_state():
    row = Row(
        kind="bell",
        id=HOUSE_ID,
        version=2,
        status="KNOWN",
        office=None,
        due=None,
        at=START,
        waits="operator",
        head=bytes(32),
        state=b"state",
    )
    shown = attrs.asdict(found_of(row))
    assert {**attrs.asdict(row), **shown} == attrs.asdict(row)
    assert shown["waits"] == "operator"
    assert not {"state", "head", "mac", "form"} & set(shown)
