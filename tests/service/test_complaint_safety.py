"""Complaints under races, in a database that is read byte by byte, and in one that 0.1.0 left."""

from __future__ import annotations

import contextlib
import logging
import traceback
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from ikd import commands as do
from ikd.core.errors import IkdError
from tests.complaint_desk import ADDRESS, AYU, MAIL, NIK, SYSTEM, Desk, officer
from tests.service.test_canary import leaks, on_disk

SECRETS = {
    "nik": NIK,
    "email": MAIL,
    "phone": "+6281234567890",
    "name": "Ayu Lestari",
    "address": ADDRESS,
    "handle": "@ayu.lestari",
    "text": "Petugas loket dua meminta uang.",
    "answer": "Loket dua sudah ditegur.",
    "note": "Tanyakan kepada kepala seksi.",
    "reply": "Kemarin masih sama saja.",
    "reopened": "Hari ini diminta lagi.",
    "closing": "Petugas sudah dipindahkan.",
    "attachment": "foto-kuitansi-ayu.jpg",
}


# --- the canary --------------------------------------------------------------------------------


@pytest.fixture
def told(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture):
    """A complaint through every call and failure there is, and all that was said meanwhile."""
    caplog.set_level(logging.DEBUG)
    world = request.getfixturevalue("on_disk")
    desk = Desk(world)
    said: list[str] = []

    def trying(act) -> None:
        try:
            said.append(repr(act()))
        except (IkdError, TypeError) as error:
            said.extend([str(error), repr(error), *traceback.format_exception(error)])

    filed = desk.file(
        text=f"{SECRETS['text']} NIK {NIK}",
        name=SECRETS["name"],
        address=ADDRESS,
        phone="081234567890",
        handle=SECRETS["handle"],
        attachments=(do.Attachment.of(SECRETS["attachment"], b"a picture"),),
    )
    receipt = {"receipt": filed.receipt.receipt}
    secrets = {**SECRETS, "receipt": filed.receipt.receipt}
    one = {"complaint_id": filed.id}
    asked = [
        (do.StepComplaint(step="follow_up", **one), None),
        (do.StepComplaint(step="verify", **one), None),
        (do.StepComplaint(step="follow_up", **one), None),
        (do.NoteComplaint(text=SECRETS["note"], **one), None),
        (do.AssignComplaint(to=f"Bidang {NIK}", **one), None),
        (do.AnswerComplaint(text=SECRETS["answer"], **one), AYU),
        (do.AnswerComplaint(text=SECRETS["answer"], **one), None),
        (do.ReplyComplaint(text=SECRETS["reply"], receipt="0" * 20, **one), AYU),
        (do.ReplyComplaint(text=SECRETS["reply"], **receipt, **one), AYU),
        (do.CloseComplaint(ending="not_ours", text=SECRETS["closing"], **one), None),
        (do.AnswerComplaint(text=SECRETS["answer"], **one), None),
        (do.ReopenComplaint(text=SECRETS["reopened"], **receipt, **one), AYU),
        (do.HandOverComplaint(reference="LAPOR-7654321", **one), None),
        (do.ReturnComplaint(reason=f"NIK {NIK}", **one), None),
    ]
    for command, actor in asked:
        said.append(repr(command))
        trying(lambda c=command, a=actor: desk.ask(c, a or officer("wakatobi")))
    for reads in (
        lambda: desk.view(filed),
        lambda: desk.service.complaint_file(filed.id, actor=officer("wakatobi")),
        lambda: desk.service.complaint_dossier(filed.receipt.receipt, actor=AYU),
        lambda: desk.service.complaint_summary("wakatobi"),
        lambda: desk.service.complaint("0" * 20, actor=AYU),
        lambda: desk.service.history(filed.id, "complaint", actor=SYSTEM),
        lambda: desk.service.worklist(actor=officer("wakatobi")),
        lambda: desk.service.owed(actor=SYSTEM),
        lambda: desk.service.refusals(actor=SYSTEM),
        lambda: filed,
        lambda: filed.receipt,
        lambda: do.FileComplaint(office="wakatobi", channel="x", message="x", name=NIK * 20),
        lambda: do.FileComplaint(office="wakatobi", channel="x", message="x", email=f"{MAIL}@"),
    ):
        trying(reads)
    return world, "\n".join([*said, caplog.text]).encode(), secrets


def test_nothing_of_a_complaint_lies_open_in_the_database_files(told):
    world, _, secrets = told
    assert leaks(on_disk(world.folder), secrets) == set()


def test_nothing_of_it_is_said_in_logs_errors_or_representations(told):
    _, said, secrets = told
    assert leaks({"said": said}, secrets) == set()


def test_no_journal_holds_its_words_even_sealed(desk, contents):
    """What is sealed stands beside the record: each text once, in the table of secrets."""
    filed = desk.file()
    note = desk.act(do.NoteComplaint, filed, text="Tanyakan.").events[0]
    sealed = desk.service._parts.store.secret(note.text_id).value
    places = [
        repr(place) for place in contents(desk.service).items() if repr(sealed) in repr(place)
    ]
    assert len(places) == 1
    assert places[0].startswith("('secrets'")


# --- races -----------------------------------------------------------------------------------


@pytest.fixture
def desk(in_memory) -> Desk:
    return Desk(in_memory)


def at_once(acts):
    """Run every act in a thread of its own, all released together; return what each met."""
    start = Barrier(len(acts))

    def run(act):
        start.wait()
        try:
            return act()
        except IkdError as error:
            return error.code

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_of_64_who_do_the_same_step_at_once_one_has_done_it(desk):
    filed, office = desk.file(), "wakatobi"
    acts = {
        "verify": do.StepComplaint(complaint_id=filed.id, step="verify"),
        "follow_up": do.StepComplaint(complaint_id=filed.id, step="follow_up"),
        "hand_over": do.HandOverComplaint(complaint_id=filed.id, reference="LAPOR-7654321"),
        "return": do.ReturnComplaint(complaint_id=filed.id, reason="kembali"),
        "close": do.CloseComplaint(complaint_id=filed.id, ending="not_ours", text="Bukan kami."),
    }
    for name, command in acts.items():
        met = at_once(
            [
                lambda n=n, c=command, k=name: desk.service.handle(
                    c, actor=officer(office, f"petugas-{n}"), key=f"{k}/{n}"
                )
                for n in range(64)
            ]
        )
        lost = [one for one in met if isinstance(one, str)]
        assert len(met) - len(lost) == 1, name
        assert set(lost) <= {"complaint.done", "status.refused"}
    history = desk.service.history(filed.id, "complaint", actor=SYSTEM)
    assert len(history) == 1 + len(acts)


def test_64_clicks_on_one_form_file_one_complaint(desk):
    command = do.FileComplaint(
        office="wakatobi", channel="email", message="aduan", text="Antre.", email=MAIL
    )
    met = at_once([lambda: desk.service.handle(command, actor=AYU, key="click")] * 64)
    assert len({result.id for result in met}) == 1
    assert len({result.receipt.receipt for result in met}) == 1
    assert len(desk.service.find("complaint", actor=SYSTEM)) == 1


def test_its_journal_replays_to_its_row(desk):
    filed = desk.file()
    desk.handled(filed)
    desk.answered(filed)
    said = {"receipt": filed.receipt.receipt, "text": "Masih."}
    desk.act(do.ReplyComplaint, filed, by=AYU, **said)
    with contextlib.suppress(IkdError):
        desk.answered(filed)
    history = desk.service.history(filed.id, "complaint", actor=SYSTEM)
    replayed = desk.service._parts.kinds.replay("complaint", (one.event for one in history))
    assert replayed == desk.service.get(filed.id, "complaint", actor=SYSTEM)
