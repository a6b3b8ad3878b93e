"""JSON: any of it is read to its command or refused with its place; all that is written fits."""

from __future__ import annotations

import base64
import enum
import inspect
import json
import re
import typing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import attrs
import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ikd
from ikd import commands as do
from ikd import errors, wire
from ikd.core.secrets.opaque import Opaque
from ikd.ports import (
    KINDS,
    Answer,
    Command,
    Event,
    KtpEl,
    Person,
    RecordId,
    RegistryStanding,
    Sex,
    Solved,
)
from ikd.testing import (
    Mailbox,
    MemoryKeys,
    SimulatedResident,
    Simulator,
    SoftDevice,
    Walk,
    Walker,
    quick_kdf,
    seeded_entropy,
)
from model.appointments import APPOINTMENT, Book

SCHEMA = wire.schema()
FITS = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
ID = "0" * 32
PHONE = SoftDevice(seeded_entropy("wire"))
PLACE = re.compile(r"[a-z]+\.[a-z_]+: command(\.[a-z_*]+|\[\d+\])*(: |$)")


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def plain(value: object) -> object:  # noqa: C901 - one case a type
    """Return the JSON of what a command holds: the writer that ikd itself doesn't have."""
    match value:
        case bytes():
            return base64url(value)
        case tuple():
            return list(map(plain, value))
        case enum.Enum():
            return value.value
        case Opaque():
            return value.reveal()
        case date():
            return value.isoformat()
        case ikd.Nik():
            return value.digits
        case ikd.Email() | ikd.Phone():
            return value.address if isinstance(value, ikd.Email) else value.e164
        case ikd.Version():
            return str(value)
        case tuple():
            return [plain(one) for one in value]
        case _ if attrs.has(type(value)):
            return {one.name: plain(getattr(value, one.name)) for one in attrs.fields(type(value))}
    return value


def of(command: Command) -> dict[str, object]:
    return {"command": command.act(), **plain(command)}


def held(value: object) -> object:
    """Return what can be compared: two secrets never are equal."""
    if isinstance(value, Opaque):
        return value.reveal()
    if isinstance(value, tuple):
        return [held(one) for one in value]
    if attrs.has(type(value)):
        return type(value), {
            f.name: held(getattr(value, f.name)) for f in attrs.fields(type(value))
        }
    return value


DEVICE = ikd.Device(
    kind="smartphone", platform="android", os_version="14.1", model="X", key=PHONE.public_key
)
TOLD = Person(name="Ayu", sex=Sex.FEMALE, birth_date=date(1990, 8, 17), portrait=b"\x00\xff")
ANSWER = Answer(question_id=ID, standing=RegistryStanding.FOUND, ktp_el=KtpEl.ISSUED, person=TOLD)
RECEIPT = "0123-4567-89AB-CDEF-GHJK"
COMMANDS = [
    do.Register(office="payakumbuh", nik="1376015708909901", device=DEVICE),
    do.Register(
        office="wakatobi",
        nik="1376015708909901",
        email="a@example.id",
        phone="081234567890",
        device=ikd.Device(kind="tablet", os_version="Oreo", online=False),
        more={"nama": "Ayu"},
        facts=ikd.Candidate(age=36, ktp_el="issued", device=DEVICE),
        accepted_terms=True,
    ),
    do.SubmitBiometric(application_id=ID, method="face", sample=b"\xfb\xff", proof=b"x"),
    do.RecordAnswer(application_id=ID, answer=ANSWER),
    do.ReportStep(application_id=ID, step="decision", passed=True),
    do.AskAgain(application_id=ID),
    do.Review(application_id=ID, verified=True, validated=False),
    do.ScanPairing(token="IKDR:X"),
    do.AnswerPairing(application_id=ID, token="IKDO:X", proof=b"p"),
    do.ConfirmPresence(application_id=ID, check_code="0412"),
    do.Approve(application_id=ID),
    do.Reject(application_id=ID, reason="documents"),
    do.EnterPin(
        application_id=ID, pin="493027", proof=b"p", captcha=do.Captcha(token=b"t", text="ok")
    ),
    do.ReissuePin(application_id=ID, proof=b"p"),
    do.Withdraw(application_id=ID),
    do.TimePasses(application_id=ID),
    do.SignIn(identity_id=ID, passcode="582931", proof=b"p"),
    do.SetPasscode(identity_id=ID, passcode="582931", proof=b"p"),
    do.RenewSignIn(identity_id=ID, proof=b"p"),
    do.ResetSignIn(identity_id=ID, token="IKDR:X"),
    do.IdentityTimePasses(identity_id=ID),
    do.RefusePresence(application_id=ID, reason="documents"),
    do.ClearBiometric(application_id=ID, reason="appearance"),
    do.CorrectContact(application_id=ID, email="a@example.id", phone="081234567890", proof=b"p"),
    do.HandOverPin(application_id=ID),
    do.ReportUndelivered(application_id=ID, pin_id=ID, code="smtp.refused"),
    do.CloseUndelivered(office="payakumbuh", message_id=ID, reason="told by letter"),
    do.FreezeRecord(office="payakumbuh", kind="application", record_id="0" * 32),
    do.CloseDamaged(
        office="payakumbuh", kind="application", record_id="0" * 32, reason="told at the counter"
    ),
    do.MakeAnew(
        office="payakumbuh",
        kind="application",
        record_id="0" * 32,
        version=3,
        head=b"h" * 32,
        reason="a disk was exchanged",
    ),
    do.NoteCalm(office="payakumbuh", until=datetime(2026, 11, 23, tzinfo=UTC)),
    do.HandOverSignInPin(identity_id=ID),
    do.ReportSignInUndelivered(identity_id=ID, pin_id=ID, code="smtp.refused"),
    do.AcceptClock(office="payakumbuh", reason="the clock is right again"),
    do.DeclareComplete(application_id=ID),
    do.FileComplaint(
        office="payakumbuh",
        channel="box",
        message="pengaduan",
        text="Antre lama.",
        name="Ayu",
        address="Jalan Anggrek 5",
        email="a@example.id",
        attachments=(do.Attachment.of("1.jpg", b"a picture"),),
        received_at=datetime(2026, 11, 20, tzinfo=UTC),
        reason="kotak dibuka",
    ),
    do.AssignComplaint(complaint_id=ID, to="Bidang Pelayanan"),
    do.ClassifyComplaint(complaint_id=ID, category="ordinary", concerns="petugas-9"),
    do.StepComplaint(complaint_id=ID, step="verify"),
    do.NoteComplaint(complaint_id=ID, text="Tanya loket dua."),
    do.LinkComplaints(complaint_id=ID, other_id="b" * 32),
    do.AnswerComplaint(complaint_id=ID, text="Loket ditambah.", medium="email"),
    do.HandOverAnswer(complaint_id=ID, medium="letter"),
    do.HandOverComplaint(complaint_id=ID, reference="LAPOR-7654321"),
    do.ReturnComplaint(complaint_id=ID, reason="bukan untuk kementerian"),
    do.CloseComplaint(complaint_id=ID, ending="solved", text="Selesai."),
    do.ReplyComplaint(complaint_id=ID, receipt=RECEIPT, text="Masih lama."),
    do.ReopenComplaint(complaint_id=ID, receipt=RECEIPT, text="Belum."),
    do.RateComplaint(complaint_id=ID, receipt=RECEIPT, rating=4),
    do.ReportAnswerUndelivered(complaint_id=ID, text_id=ID, code="smtp.refused"),
    do.ComplaintTimePasses(complaint_id=ID),
    do.AskAgain(application_id=ID, which=("device", "card"), why="documents"),
    do.RefuseReferral(application_id=ID, which=("device",), why="seen"),
    do.StateFacts(application_id=ID, facts=ikd.Candidate(online=True), proof=b"p"),
]


def test_every_command_is_tried_here() -> None:
    assert {type(one) for one in COMMANDS} == {one for kind in KINDS for one in kind.commands}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: one.act())
def test_a_command_that_is_read_is_the_one_made_in_python(command: Command) -> None:
    sent = of(command)
    FITS.validate(sent)
    for given_as in (sent, json.dumps(sent), json.dumps(sent).encode()):
        assert held(wire.read_command(given_as)) == held(command)


def test_what_has_a_default_may_be_left_out() -> None:
    sent = of(do.Withdraw(application_id=ID))
    del sent["proof"]
    FITS.validate(sent)
    assert wire.read_command(sent) == do.Withdraw(application_id=ID)


def refusal(given_as: object) -> str:
    with pytest.raises(errors.InputError) as refused:
        wire.read_command(given_as)
    assert PLACE.match(str(refused.value)), refused.value
    assert refused.value.__cause__ is None
    return str(refused.value)


REGISTER = json.dumps(of(COMMANDS[1]))
KEY = base64url(PHONE.public_key)


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ("", "wire.json: command"),
        ("{", "wire.json: command"),
        (b"\xff{}", "wire.json: command"),
        ("{}".encode("utf-16"), "wire.json: command"),
        ("\ufeff{}", "wire.json: command"),
        ("[" * 200_000, "wire.json: command"),
        ('{"a":' * 100_000, "wire.json: command"),
        ("1" * 10_000, "wire.json: command"),
        (f'"{"x" * 2**21}"', "wire.json: command"),
        ("[]", "structure.type: command"),
        ("null", "structure.type: command"),
        ('{"command": "approve", "command": "approve"}', "structure.type: command"),
        ("{}", "command.unknown: command.command"),
        ('{"command": ["approve"]}', "command.unknown: command.command"),
        ('{"command": "Approve"}', "command.unknown: command.command"),
        ('{"command": "approve"}', "wire.key: command.application_id: must be there"),
        ('{"command": "approve", "application_id": "0"}', "id.form: command.application_id"),
        ('{"command": "approve", "application_id": 0}', "id.form: command.application_id"),
        (REGISTER.replace('"kind"', '"kid"'), "wire.key: command.device.kid: a key that isn't"),
        (REGISTER.replace('"kind"', '"1376015708909901"'), "wire.key: command.device: a key"),
        (REGISTER.replace('"tablet"', '"phone"'), "structure.choice: command.device.kind"),
        (REGISTER.replace('"online": false', '"online": 0'), "structure.type: command.device.onl"),
        (REGISTER.replace('"online": false', '"online": NaN'), "structure.type: command.device.on"),
        (REGISTER.replace('"age": 36', '"age": "36"'), "structure.type: command.facts.age"),
        (REGISTER.replace('"age": 36', '"age": 36.0'), "structure.type: command.facts.age"),
        (REGISTER.replace('"age": 36', '"age": true'), "structure.type: command.facts.age"),
        (REGISTER.replace('"age": 36', '"age": 1e400'), "structure.type: command.facts.age"),
        (REGISTER.replace('"14.1"', "14"), "structure.type: command.facts.device.os_version"),
        (REGISTER.replace(KEY, KEY + "="), "structure.form: command.facts.device.key"),
        (REGISTER.replace(KEY, KEY[:-1]), "structure.form: command.facts.device.key"),
        (REGISTER.replace(KEY, "AAAA"), "device.key: command.facts.device.key"),
        (REGISTER.replace('"Ayu"', "7"), "structure.type: command.more.*"),
        (REGISTER.replace('"Ayu"', '"\\ud800"'), "structure.form: command.more.*"),
        (REGISTER.replace('"nama"', '"a": "b", "a"'), "structure.type: command.more"),
        (REGISTER.replace("a@example.id", "nobody"), "email."),
        (
            REGISTER.replace('"office": "wakatobi"', '"office": ""'),
            "command.office: command.office",
        ),
        (of(COMMANDS[12]) | {"pin": "12345"}, "pin.form: command.pin"),
        (of(COMMANDS[16]) | {"pin": "493027"}, "command.sign_in: command"),
        ({1: 2}, "structure.type: command"),
        (7, "structure.type: command"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(sent: object, told: str) -> None:
    assert refusal(sent).startswith(told)


def test_nothing_that_was_sent_stands_in_what_is_told() -> None:
    for sent in (
        REGISTER.replace("1376015708909901", "1376015708909900000"),
        REGISTER.replace('"office"', '"1376015708909901"'),
        REGISTER[:-1],
    ):
        with pytest.raises(errors.InputError) as refused:
            wire.read_command(sent)
        shown: BaseException | None = refused.value
        while shown is not None:
            assert "13760157089099" not in f"{shown}{vars(shown)}"
            shown = shown.__context__


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from([ID, "face", "smartphone", base64url(b"x"), "1990-08-17", "found"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_json_is_read_or_refused_with_its_place(value: object) -> None:
    for sent in (value, json.dumps(value)):
        refusal(sent)


def paths(value: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    inner = value.items() if isinstance(value, dict) else ()
    return [path, *(found for key, one in inner for found in paths(one, (*path, key)))]


@given(st.data())
def test_a_command_of_which_anything_is_changed_is_read_or_refused_with_its_place(data) -> None:
    sent = json.loads(json.dumps(of(data.draw(st.sampled_from(COMMANDS)))))
    *above, last = data.draw(st.sampled_from(paths(sent)[1:]))
    table = sent
    for key in above:
        table = table[key]
    table[data.draw(st.sampled_from([last, "more", "another"]))] = data.draw(JSON)
    try:
        made = wire.read_command(json.dumps(sent))
    except errors.InputError:
        refusal(json.dumps(sent))
    else:
        assert type(made) in {type(one) for one in COMMANDS}
        FITS.validate(of(made))


# --- what is written -------------------------------------------------------------------------


def fits(thing: wire.Written) -> dict[str, object]:
    written = wire.write(thing)
    assert json.loads(json.dumps(written, allow_nan=False)) == written
    FITS.validate(written)
    return written


@pytest.mark.parametrize("office", ["payakumbuh", "wakatobi"])
def test_all_that_a_journey_shows_fits_the_schema_and_tells_no_secret(
    office: str, tmp_path: Path
) -> None:
    samples = {"face": b"face", "iris": b"iris", "fingerprint": b"finger"}
    known = SimulatedResident(
        nik="1376015708909901", name="Ayu", birth_date=date(1990, 8, 17), recorded=samples
    )
    keys = MemoryKeys(seeded_entropy("keys"), datetime.now(UTC))
    mails, written = Mailbox(tmp_path), []
    with ikd.open_service(
        offices=[office],
        keys=keys,
        registry=Simulator([known]),
        channels=[f"file:{tmp_path}"],
        captcha=Anything(),
        deliver="inline",
        kdf=quick_kdf,
    ) as service:
        walk = Walk(
            service=service,
            office=ikd.load_office(office),
            walker=Walker(
                name="a", nik=known.nik.digits, email="a@example.id", device=PHONE, samples=samples
            ),
            read_pin=lambda: (mails.pins("a@example.id") or [None])[-1],
            solve=lambda _: do.Captcha(token=b"t", text="ok"),
            now=lambda: datetime.now(UTC),
        )
        written.append(fits(walk.register()))
        pin_sent = walk.to_pin()
        written.append(fits(walk.enter_pin(pin_sent, "000000")))
        identity = walk.to_passcode()
        system = ikd.Actor.system()
        for kind, one in (("application", pin_sent), ("identity", identity)):
            record = service.get(one, kind, actor=system)
            written += [fits(record), *map(fits, service.history(one, kind, actor=system))]
        written.append(fits(service.get(record.resident_id, "resident", actor=system)))
        qr = service.credential(identity, actor=system)
        root = ikd.PublicKey.ed25519(keys.roots()[0])
        bank = ikd.open_verifier(keys.keyring(), root=root, status=service.status_list())
        verdict = fits(bank.check(qr, now=datetime.now(UTC)))
        assert verdict["claims"]["person"]["name"] == "Ayu"
        assert fits(bank.check("nonsense", now=datetime.now(UTC)))["claims"] is None
        with pytest.raises(errors.RefusedError) as refused:
            walk.enter_pin(pin_sent, "000000")
        assert fits(refused.value)["words"]["id"]
        secrets = [
            one.hex() if isinstance(one, bytes) else one
            for one in hidden(service, record, pin_sent)
        ]
    told = json.dumps([*written, verdict])
    assert "13760157089" not in told
    assert "a@example.id" not in told
    for secret in secrets:
        assert secret not in told


def hidden(service: ikd.Service, identity: ikd.Identity, application_id: str) -> list[object]:
    """Return ids of secrets and sealed bytes, as text that would show."""
    application = service.get(application_id, actor=ikd.Actor.system())
    ids = [application.data_key_id, identity.passcode_id]
    for entry in service.history(application_id, actor=ikd.Actor.system()):
        ids += [getattr(entry.event, name, None) for name in ("pin_id", "sample_id")]
    sealed = [application.sealed.nik, application.device_key, application.thumbprint]
    return [*filter(None, ids), *map(base64url, sealed)]


class Anything:
    """Takes any text for a solution."""

    def puzzle(self, *_: object, **__: object) -> ikd.Puzzle:
        raise NotImplementedError

    def check(self, _subject: str, token: bytes, text: str, *, now: datetime) -> object:
        used = token + now.isoformat().encode()
        return Solved(puzzle_id=used, expires_at=now + timedelta(minutes=5), ok=text == "ok")


def test_every_error_fits_the_schema() -> None:
    kinds = [one for one in vars(errors).values() if inspect.isclass(one)]
    made = [
        errors.RefusedError("requirements", clause="P1", findings=()),
        errors.NikError("date"),
        errors.StoreError(),
        errors.DeliveryError(retryable=True),
        errors.OfficeFileError((("id", "missing"),)),
    ]
    assert all(type(one) in kinds for one in made)
    assert [fits(one)["error"] for one in made][:2] == ["requirements", "nik.date"]


VALUES = {
    bool: st.booleans(),
    int: st.integers(-(2**40), 2**40),
    str: st.text(max_size=10),
    datetime: st.datetimes(timezones=st.just(UTC)),
    bytes: st.binary(max_size=8),
}


@given(st.data())
def test_any_event_that_can_happen_fits_the_schema(data) -> None:
    kind = data.draw(st.sampled_from(sorted(KINDS.events.values(), key=lambda one: one.__name__)))
    fits(data.draw(st.builds(kind, **{n: _of(t) for n, t in _hints(kind).items()})))


def _hints(kind: type[Event]) -> dict[str, object]:
    hints = typing.get_type_hints(kind)
    return {field.name: hints[field.name] for field in attrs.fields(kind)}


def _of(kind: object) -> st.SearchStrategy[object]:
    if kind is RecordId:
        return st.binary(min_size=16, max_size=16).map(bytes.hex)
    inner = typing.get_args(kind)
    if type(None) in inner:
        return st.one_of(st.none(), *(_of(one) for one in inner if one is not type(None)))
    return VALUES.get(kind, st.from_type(kind))


def test_a_further_kind_goes_over_the_wire_too() -> None:
    book = Book(
        office="payakumbuh",
        nik=ikd.Nik.parse("1376015708909901"),
        email=ikd.Email.parse("a@example.id"),
    )
    sent = of(book)
    with pytest.raises(errors.InputError, match=r"command\.unknown"):
        wire.read_command(sent)
    assert held(wire.read_command(sent, kinds=[APPOINTMENT])) == held(book)
    known = jsonschema.Draft202012Validator(wire.schema(kinds=[APPOINTMENT]))
    known.validate(sent)
    with ikd.open_service(
        offices=["payakumbuh"], kinds=[APPOINTMENT], deliver="inline", kdf=quick_kdf
    ) as service:
        made = service.handle(book, actor=ikd.Actor.resident(), key="1")
        known.validate(wire.write(made))
        assert wire.write(made)["events"][0]["event"] == "appointment.asked/1"


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert not FITS.is_valid({"command": "approve", "application_id": ID, "more": 1})
    assert not FITS.is_valid({"command": "approve"})
    assert not FITS.is_valid({"event": "application.approved/1"})
