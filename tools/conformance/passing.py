"""Tokens that every implementation must take."""

from __future__ import annotations

from collections.abc import Iterator

import house
from cases import Case
from house import DAY, NOW, SECOND
from phones import phones

from ikd.core.tokens import credential, pairing, presentation

TOKEN_ID = b"token-id-16-byte"
CHALLENGE = bytes(range(32))
STATIC = "no_holder_proof"  # a picture of a credential looks the same: a warning


def passing() -> Iterator[Case]:
    """Yield every case."""
    yield from _profiles()
    yield from _people()
    yield from _claims()
    yield from _moments()
    yield from _presentations()
    yield from _pairings()
    yield from phones()


def known() -> list[bytes]:
    """Return the credentials that the verifier can find by their hash."""
    return [_signed(key, profile) for key in (house.EDDSA, house.ES256) for profile in house.PEOPLE]


def _signed(key: house.Signer, profile: str = "masked") -> bytes:
    made = house.claims(person=house.person(profile))
    return credential.to_cose(credential.write(made, key))


def _issued(**changes: object) -> str:
    return credential.write(house.claims(**changes), house.EDDSA)


def _shown(signed: bytes, **changes: object) -> str:
    values = {"token_id": TOKEN_ID, "now": NOW, "device": house.DEVICE, "by": "value"}
    return presentation.write(signed, **{**values, **changes})


def _profiles() -> Iterator[Case]:
    for name, key in (("eddsa", house.EDDSA), ("es256", house.ES256)):
        for profile in house.PEOPLE:
            signed, label = _signed(key, profile), f"{name}_{profile}"
            yield Case(f"credential_{label}", credential.to_text(signed), STATIC)
            yield Case(f"presented_by_hash_{label}", _shown(signed, by="hash"), "replay_unchecked")
            yield Case(
                f"presented_by_value_with_challenge_{label}",
                _shown(signed, challenge=CHALLENGE),
                challenge=CHALLENGE,
            )
    yield Case(
        "credential_by_a_key_that_only_verifies",
        credential.write(house.claims(), house.VERIFY_ONLY),
        STATIC,
    )


def _people() -> Iterator[Case]:
    names = {
        "one_letter": "A",
        "64_letters": "A" * 64,
        "apostrophe": "NI'MAH",
        "accents": "RENÉE ÇELİK",
        "arabic": "عائشة",
        "javanese": "ꦱꦶꦠꦶ",
        "full_stop_and_comma": "Dr. SITI CONTOH, S.H.",
        "64_letters_of_4_bytes": "𐌀" * 64,
    }
    for label, name in names.items():
        yield Case(f"name_{label}", _issued(person=house.person(name=name)), STATIC)
    for label, changes in {
        "man": {"sex": 1},
        "tail_0000": {"nik_tail": "0000"},
        "born_1850": {"birth_year": 1850},
    }.items():
        yield Case(f"masked_{label}", _issued(person=house.person(**changes)), STATIC)
    for label, changes in {
        "unmarried": {"marital": 1},
        "divorced": {"marital": 3},
        "marital_status_without_a_number": {"marital": None},
        "region_of_6_digits": {"region": "137601"},
        "address_of_256_characters": {"address": "J" * 256},
        "born_on_29_february": {"birth_date": "20000229"},
    }.items():
        yield Case(f"full_{label}", _issued(person=house.person("full", **changes)), STATIC)
    for number in (1, 2, 3, 4):
        made = house.person("photo", photo_format=number, photo=bytes(64))
        yield Case(f"photo_format_{number}", _issued(person=made), STATIC)


def _claims() -> Iterator[Case]:
    for label, changes in {
        "issuer_of_one_letter": {"issuer": "i"},
        "addresses_of_92_characters": {"issuer": "i" * (92 - len(house.LIST))},
        "odd_device_key": {"device_key": house.ODD_DEVICE.public},
        "status_place_0": {"status_index": 0},
        "last_status_place": {"status_index": house.PLACES - 1},
        "id_of_zeros": {"credential_id": bytes(16)},
        "id_of_ones": {"credential_id": b"\xff" * 16},
        "life_of_180_days": {
            "issued_at": NOW - DAY,
            "not_before": NOW - DAY,
            "expires_at": NOW + 179 * DAY,
        },
        "life_of_a_second": {"issued_at": NOW, "not_before": NOW, "expires_at": NOW + SECOND},
        "holds_from_later_than_issued": {"not_before": NOW - DAY},
    }.items():
        yield Case(f"claims_{label}", _issued(**changes), STATIC)


def _moments() -> Iterator[Case]:
    made = house.claims(not_before=NOW)
    text = credential.write(made, house.EDDSA)
    for label, now in {
        "in_its_first_second": NOW,
        "30_seconds_early": NOW - 30 * SECOND,
        "in_its_last_second": made.expires_at - SECOND,
    }.items():
        yield Case(f"read_{label}", text, STATIC, now=now)


def _presentations() -> Iterator[Case]:
    signed = _signed(house.EDDSA)
    for label, now in {
        "30_seconds_early": NOW - 30 * SECOND,
        "in_its_last_second": NOW + 89 * SECOND,
    }.items():
        yield Case(
            f"presentation_read_{label}",
            _shown(signed, challenge=CHALLENGE),
            now=now,
            challenge=CHALLENGE,
        )
    for size in (1, 64):
        challenge = bytes(size)
        yield Case(
            f"presentation_with_challenge_of_{size}_bytes",
            _shown(signed, challenge=challenge),
            challenge=challenge,
        )
    odd = credential.to_cose(_issued(device_key=house.ODD_DEVICE.public))
    yield Case(
        "presentation_by_an_odd_key",
        _shown(odd, device=house.ODD_DEVICE, challenge=CHALLENGE),
        challenge=CHALLENGE,
    )


def _pairings() -> Iterator[Case]:
    office = pairing.write_office(
        office="wakatobi", station="loket-1", token_id=TOKEN_ID, now=NOW, key=house.STATION
    )
    resident = pairing.write_resident(
        application_id=b"application-id-1", token_id=TOKEN_ID, now=NOW, device=house.DEVICE
    )
    for reader, text in (("office", office), ("resident", resident)):
        yield Case(f"pairing_{reader}", text, reader=reader)
        yield Case(f"pairing_{reader}_30_seconds_early", text, reader=reader, now=NOW - 30 * SECOND)
        yield Case(
            f"pairing_{reader}_in_its_last_second", text, reader=reader, now=NOW + 89 * SECOND
        )
