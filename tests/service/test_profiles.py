"""The four profiles of one identity's credential: what each shows, needs and shares."""

from __future__ import annotations

import base64
import builtins
import contextlib
import io
import random
from datetime import UTC, date, datetime, timedelta

import attrs
import pytest
from PIL import Image, ImageDraw

import ikd
from ikd import commands as do
from ikd.adapters.qrimage import report
from ikd.adapters.qrimage.photo import PHOTO_BYTES
from ikd.core.errors import IkdError, InputError, PortError, RefusedError, TokenError
from ikd.core.ports import Done
from ikd.core.records.actor import Role
from ikd.core.records.person import MAX_NAME, MAX_TEXT, Marital, Person
from ikd.core.records.person_text import MAX_ADDRESS_BYTES
from ikd.core.resident.nik import Sex
from ikd.core.tokens import credential, qrtext
from ikd.core.tokens.cose import assemble
from ikd.core.tokens.keyring import Keyring
from ikd.core.tokens.publickey import PublicKey
from ikd.core.tokens.statuslist import StatusList
from ikd.core.tokens.verifier import Verifier
from ikd.service.person_facts import PersonFacts

START = datetime(2026, 11, 23, tzinfo=UTC)
PROFILES = ("masked", "basic", "full", "photo")
URI = "https://ikd.example.id/status/1"
ADDRESS = "Jalan Rekaan 17, RT 003 RW 005\nKelurahan Umpama, Payakumbuh Barat\nSumatera Barat 26224"
SPOKEN = "Jalan Rekaan 17"


def portrait(edge: int = 320) -> bytes:
    """An invented face before a wall, as a PNG."""
    picture = Image.new("RGB", (edge, edge), (200, 40, 40))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((edge // 4, edge // 6, 3 * edge // 4, 5 * edge // 6), (230, 190, 160))
    for x in (2, 3):
        draw.ellipse((edge * x // 5 - 9, edge // 2 - 9, edge * x // 5 + 9, edge // 2), (30, 20, 20))
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


EVERYTHING = {
    "nationality": "IDN",
    "address": ADDRESS,
    "region": "1376011001",
    "marital": Marital.MARRIED,
    "portrait": portrait(),
}


def activated(world, service, **told):
    """Return the identity of a resident of whom the registry tells *told*."""
    walk = world.walk(service)
    world.registry.change(world.resident().nik, **told)
    return walk.to_activation()


def read(service, text):
    keys, now = service._parts.keys, service._parts.clock.now()
    roots = [PublicKey.ed25519(raw) for raw in keys.roots()]
    return credential.read(text, Keyring.read(keys.keyring(), roots, now=now), now=now)


def refused(service, identity_id, profile) -> RefusedError:
    with pytest.raises(RefusedError) as met:
        service.credential(identity_id, profile, actor=ikd.Actor.system())
    return met.value


def test_each_profile_shows_what_it_is_for_and_nothing_else(world):
    service = world.open()
    identity_id = activated(world, service, **EVERYTHING)
    shown = {
        name: read(service, service.credential(identity_id, name, actor=ikd.Actor.system())).person
        for name in PROFILES
    }
    assert {name: person.profile for name, person in shown.items()} == {p: p for p in PROFILES}
    masked, basic, full, photo = (shown[name].to_map() for name in PROFILES)
    assert masked == {4: "Ayu Lestari", 9: 2, 75: "9901", 76: 1990}
    assert basic == {1: "1376015708909901", 4: "Ayu Lestari", 8: "19900817", 9: 2, 13: "IDN"}
    assert full == {**basic, 10: ADDRESS, 14: 2, 21: "1376011001"}
    assert photo.keys() == {*basic, 16, 17}
    with Image.open(io.BytesIO(photo[16])) as picture:
        assert (picture.format, photo[17]) == ("WEBP", 4)


def test_masked_is_what_is_shown_if_nothing_is_said(in_memory):
    service = in_memory.open()
    identity_id = activated(in_memory, service, **EVERYTHING)
    assert service.credential(identity_id, actor=ikd.Actor.system()) == service.credential(
        identity_id, "masked", actor=ikd.Actor.system()
    )


def test_the_same_identity_and_profile_give_the_same_text_after_a_restart_too(on_disk):
    service = on_disk.open()
    identity_id = activated(on_disk, service, **EVERYTHING)
    before = [service.credential(identity_id, name, actor=ikd.Actor.system()) for name in PROFILES]
    service.close()
    again = on_disk.open()
    assert [
        again.credential(identity_id, name, actor=ikd.Actor.system()) for name in PROFILES
    ] == before
    assert len(set(before)) == len(PROFILES)


def test_a_photo_is_made_once_so_no_later_library_changes_it(on_disk, monkeypatch):
    service = on_disk.open()
    identity_id = activated(on_disk, service, **EVERYTHING)
    before = service.credential(identity_id, "photo", actor=ikd.Actor.system())
    without_pillow(monkeypatch)
    assert service.credential(identity_id, "photo", actor=ikd.Actor.system()) == before


def test_all_profiles_share_their_id_and_place_and_die_together(in_memory):
    service = in_memory.open()
    old = activated(in_memory, service, **EVERYTHING)
    texts = [service.credential(old, name, actor=ikd.Actor.system()) for name in PROFILES]
    claims = [read(service, text) for text in texts]
    assert len({(one.credential_id, one.status_index, one.expires_at) for one in claims}) == 1
    in_memory.clock.advance(timedelta(hours=1))
    in_memory.walk(service, phone=2).to_activation()
    keys, now = service._parts.keys, in_memory.clock.now()
    ring = Keyring.read(keys.keyring(), [PublicKey.ed25519(raw) for raw in keys.roots()], now=now)
    checks = Verifier(ring, StatusList.read(service.status_list(), ring, uri=URI, now=now))
    verdicts = [checks.check(text, now=now) for text in texts]
    assert {(one.outcome, one.codes[0]) for one in verdicts} == {("refuse", "superseded")}
    for name in PROFILES:
        assert refused(service, old, name).code == "status.refused"


@pytest.mark.parametrize(
    ("left_out", "profile", "named"),
    [
        ("nationality", "basic", "nationality"),
        ("nationality", "full", "nationality"),
        ("address", "full", "address"),
        ("region", "full", "region"),
        ("portrait", "photo", "photo, photo_format"),
    ],
)
def test_what_the_registry_never_told_is_named(in_memory, left_out, profile, named):
    service = in_memory.open()
    told = {name: value for name, value in EVERYTHING.items() if name != left_out}
    error = refused(service, activated(in_memory, service, **told), profile)
    assert (error.code, str(error)) == (
        "credential.incomplete",
        f"credential.incomplete: never told: {named}",
    )


def test_a_registry_that_tells_little_still_gives_the_masked_one(in_memory):
    service = in_memory.open()
    identity_id = activated(in_memory, service)
    assert (
        read(service, service.credential(identity_id, actor=ikd.Actor.system())).person.profile
        == "masked"
    )
    for profile in PROFILES[1:]:
        assert refused(service, identity_id, profile).code == "credential.incomplete"


@pytest.mark.parametrize("marital", [None, Marital.WIDOWED])
def test_full_leaves_out_a_status_that_claim_169_has_no_number_for(in_memory, marital):
    service = in_memory.open()
    identity_id = activated(in_memory, service, **{**EVERYTHING, "marital": marital})
    assert (
        read(
            service, service.credential(identity_id, "full", actor=ikd.Actor.system())
        ).person.marital
        is None
    )


@pytest.mark.parametrize("profile", ["Masked", "", None, 1, ["masked"], "all"])
def test_other_words_are_no_profile(in_memory, profile):
    service = in_memory.open()
    identity_id = activated(in_memory, service)
    with pytest.raises(InputError, match=r"credential\.profile"):
        service.credential(identity_id, profile, actor=ikd.Actor.system())


@pytest.mark.parametrize("name", [" Ayu  Lestari", "Ayu\nLestari\t", "Ayu\u00a0Lestari"])
def test_blanks_of_the_register_are_put_right_and_the_credential_holds_the_name(in_memory, name):
    service = in_memory.open()
    identity_id = activated(in_memory, service, name=name)
    text = service.credential(identity_id, actor=ikd.Actor.system())
    assert read(service, text).person.name == "Ayu Lestari"


@pytest.mark.parametrize("name", ["", "A" * 65, "Ayu\u202eLestari", "\u3164", "A" + "\u0301" * 9])
def test_a_name_that_no_credential_holds_waits_for_an_officer_before_the_visit(in_memory, name):
    service = in_memory.open()
    walk = in_memory.walk(service)
    in_memory.registry.change(in_memory.resident().nik, name=name)
    case = walk.register().id
    service.deliver_due()
    seen = service.where(case, actor=walk.operator).waits
    assert (seen.role, seen.missing) == (Role.OPERATOR, "unfit_text")
    again = do.AskAgain(application_id=case)
    walk.ask(again, walk.operator, "not mended yet")
    service.deliver_due()
    assert service.where(case, actor=walk.operator).waits.missing == "unfit_text"
    in_memory.registry.change(in_memory.resident().nik, name="Ayu Lestari")
    walk.ask(again, walk.operator, "mended")
    walk.next(case)
    assert service.get(case, actor=ikd.Actor.system()).done[:2] == ("register", "data_check")


def test_of_what_the_first_version_sealed_blanks_are_put_right_and_the_rest_is_said(in_memory):
    """Nobody looked at names then: an identity of that time may have one that no QR holds."""
    known = PersonFacts.of(in_memory.resident().person, in_memory.open()._parts.fit_photo)
    nik = in_memory.resident().nik
    sealed = attrs.evolve(known, name="x").to_bytes()
    blank = sealed.replace(b"dnameax", b"dnamee Ayu\t")
    assert blank != sealed
    assert PersonFacts.from_bytes(blank).shown("masked", nik).name == "Ayu"
    with pytest.raises(RefusedError, match=r"credential\.unfit") as met:
        attrs.evolve(known, name="A" * 65).shown("masked", nik)
    assert met.value.__context__ is None


@pytest.mark.parametrize(
    ("field", "value", "profile"),
    [
        ("address", "J" * 257, "full"),
        ("address", "\U00020000" * 201, "full"),
        ("address", "Jalan\u202eRekaan", "full"),
        ("address", "", "full"),
        ("region", "13.76.01.1001", "full"),
        ("nationality", "Indonesia", "basic"),
    ],
)
def test_what_no_credential_could_write_counts_as_never_told_and_the_case_goes_on(
    in_memory, field, value, profile
):
    service = in_memory.open()
    identity_id = activated(in_memory, service, **{**EVERYTHING, field: value})
    assert service.credential(identity_id, "masked", actor=ikd.Actor.system())
    error = refused(service, identity_id, profile)
    assert str(error) == f"credential.incomplete: never told: {field}"


def test_one_that_would_be_longer_than_readers_accept_is_refused(in_memory, monkeypatch):
    """Some 2,040 characters are the most that letters of all Unicode come to; here 500 do."""
    monkeypatch.setattr(qrtext, "MAX_CHARS", 500)
    service = in_memory.open()
    identity_id = activated(in_memory, service, **EVERYTHING)
    assert refused(service, identity_id, "full").code == "credential.unfit"
    assert service.credential(identity_id, "basic", actor=ikd.Actor.system())


def test_only_its_length_is_blamed_on_what_the_registry_told(in_memory, monkeypatch):
    def broken(_signed):
        raise TokenError("zlib")

    service = in_memory.open()
    identity_id = activated(in_memory, service)
    monkeypatch.setattr(credential, "deflate", broken)
    with pytest.raises(TokenError, match=r"token\.zlib"):
        service.credential(identity_id, actor=ikd.Actor.system())


# --- portraits ---------------------------------------------------------------------------------


def test_a_portrait_is_kept_small_and_fits_a_symbol_that_a_card_can_bear(in_memory):
    service = in_memory.open()
    name = "MUHAMMAD QXZWVKJ FYHBGTPLRC D'NMSOEIUAX ZQWXVKJYHPLMRTBNCGFD SOE"
    assert len(name) == 64
    told = {**EVERYTHING, "name": name}
    identity_id = activated(in_memory, service, **told)
    found = report(service.credential(identity_id, "photo", actor=ikd.Actor.system()))
    assert found.versions["L"] <= 22
    assert found.characters <= 2000
    assert found.versions["M"] is not None


@pytest.mark.parametrize("data", [b"no picture", portrait()[:200], b"\x89PNG\r\n\x1a\n"])
def test_a_portrait_that_is_no_picture_counts_as_none(in_memory, data):
    service = in_memory.open()
    identity_id = activated(in_memory, service, **{**EVERYTHING, "portrait": data})
    assert refused(service, identity_id, "photo").code == "credential.incomplete"
    assert service.credential(identity_id, "full", actor=ikd.Actor.system())


def without_pillow(monkeypatch):
    real = builtins.__import__

    def absent(name: str, *rest: object, **more: object) -> object:
        if name == "PIL":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", absent)


def test_without_pillow_an_answer_with_a_portrait_stays_owed_and_goes_on_after_it_came(
    in_memory, laws
):
    service = in_memory.open()
    walk = in_memory.walk(service)
    in_memory.registry.change(in_memory.resident().nik, **EVERYTHING)
    with pytest.MonkeyPatch.context() as patch:
        without_pillow(patch)
        application_id = walk.register().id
        service.deliver_due()
        (owed,) = service.owed(Done.WAITING, actor=ikd.Actor.system())
        assert owed.failure == "qr.missing"
        assert service.get(application_id, actor=ikd.Actor.system()).person is None
    in_memory.clock.advance(timedelta(minutes=10))
    service.deliver_due()
    identity_id = walk.to_activation()
    assert read(
        service, service.credential(identity_id, "photo", actor=ikd.Actor.system())
    ).person.photo
    laws(service)


def test_without_pillow_nobody_without_a_portrait_is_held_up(in_memory, monkeypatch):
    without_pillow(monkeypatch)
    service = in_memory.open()
    told = {name: value for name, value in EVERYTHING.items() if name != "portrait"}
    assert service.credential(
        activated(in_memory, service, **told), "full", actor=ikd.Actor.system()
    )


def test_what_is_missing_says_what_to_install(monkeypatch):
    from ikd.adapters.qrimage import fit_photo

    without_pillow(monkeypatch)
    with pytest.raises(PortError, match=r"qr\.missing.*pip install 'ikd\[scan\]'"):
        fit_photo(portrait())


# --- at rest -----------------------------------------------------------------------------------


def test_none_of_it_lies_unsealed_or_shows(on_disk, caplog):
    service = on_disk.open()
    identity_id = activated(on_disk, service, **EVERYTHING)
    photo = read(
        service, service.credential(identity_id, "photo", actor=ikd.Actor.system())
    ).person.photo
    said = [
        repr(service.get(identity_id, "identity", actor=ikd.Actor.system())),
        repr(on_disk.resident(**EVERYTHING)),
    ]
    with contextlib.suppress(IkdError):
        service.credential(identity_id, "none", actor=ikd.Actor.system())
    on_disk.close()
    files = b"".join(path.read_bytes() for path in on_disk.folder.glob("ikd.db*") if path.is_file())
    for secret in (SPOKEN.encode(), b"1376011001", photo, EVERYTHING["portrait"][:64]):
        for form in (secret, secret.hex().encode(), base64.b64encode(secret)):
            assert form not in files
    assert SPOKEN not in " ".join([*said, caplog.text])
    assert "1376011001" not in " ".join([*said, caplog.text])


def test_what_is_sealed_opens_as_it_was(in_memory):
    fit = in_memory.open()._parts.fit_photo
    known = PersonFacts.of(in_memory.resident(**EVERYTHING).person, fit)
    assert PersonFacts.from_bytes(known.to_bytes()) == known
    assert len(known.to_bytes()) < 1024
    assert "Ayu" not in repr(known)


@pytest.mark.parametrize("letter", ["A", "\u00e9", "\u674e", "\U00020000"])
def test_the_largest_person_can_be_sealed_and_opened(letter):
    """A letter is up to four bytes; what is sealed is read back by a reader with a limit."""
    person = Person(
        name=letter * MAX_NAME,
        sex=Sex.FEMALE,
        birth_date=date(1990, 8, 17),
        nationality="IDN",
        address=letter * min(256, MAX_ADDRESS_BYTES // len(letter.encode())),
        region="1376011001",
        marital=Marital.MARRIED,
        portrait=b"x",
    )
    known = PersonFacts.of(person, lambda _: (bytes(1024), 4))
    assert known.address == person.address
    assert len(known.photo) == 1024
    assert PersonFacts.from_bytes(known.to_bytes()) == known


@pytest.mark.parametrize("profile", PROFILES)
def test_the_longest_person_that_is_fit_is_short_enough_for_readers(profile):
    """Letters that nothing compresses, under addresses as long as the format allows."""
    noise = random.Random(7)
    person = Person(
        **{**EVERYTHING, "address": rare(noise, MAX_ADDRESS_BYTES // 4)},
        name=rare(noise, 64),
        sex=Sex.FEMALE,
        birth_date=date(1990, 8, 17),
    )
    assert person.unfit == ()
    known = PersonFacts.of(person, lambda _: (noise.randbytes(PHOTO_BYTES), 4))
    claims = credential.CredentialClaims(
        issuer="".join(noise.choices("abcdefghijklmnop0123456789", k=46)),
        status_list="".join(noise.choices("abcdefghijklmnop0123456789", k=46)),
        credential_id=noise.randbytes(16),
        issued_at=START,
        not_before=START,
        expires_at=START + credential.LIFE,
        device_key=b"\x03" + noise.randbytes(32),
        status_index=2**32 - 1,
        person=known.shown(profile, ikd.Nik.parse("1376015708909901")),
    )
    header, signature = b"\xa2\x01\x27\x04\x48" + noise.randbytes(8), noise.randbytes(64)
    assert credential.to_text(assemble(header, claims.to_payload(), signature))


def rare(noise: random.Random, letters: int) -> str:
    return "".join(chr(noise.randrange(0x20000, 0x2A6D0)) for _ in range(letters))


def test_what_is_too_long_for_a_credential_is_never_sealed():
    told = dict.fromkeys(("nationality", "address", "region"), "\U00020000" * MAX_TEXT)
    born = date(1990, 8, 17)
    person = Person(name="Ayu", sex=Sex.FEMALE, birth_date=born, portrait=b"x", **told)
    known = PersonFacts.of(person, lambda _: (bytes(1025), 4))
    assert known == PersonFacts(name="Ayu", sex=2, birth_date="19900817")
    assert len(known.to_bytes()) < 64
