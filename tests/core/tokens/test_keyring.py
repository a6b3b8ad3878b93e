"""The keyring: what the roots signed, never older, never contradicting itself."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikd.core import cbor
from ikd.core.errors import InputError, TokenError
from ikd.core.tokens import cosesign
from ikd.core.tokens.keyrecord import KeyRecord, is_place
from ikd.core.tokens.keyring import Keyring
from ikd.core.tokens.signing import ed25519_signer

AAD = b"ikd/keyring/1"
DAY = timedelta(days=1)


def fault(make, *arguments, **options) -> str:
    with pytest.raises(TokenError) as caught:
        make(*arguments, **options)
    return caught.value.fault


def document(house, **changes):
    """The map inside a keyring, to be changed and signed again."""
    data = house.keyring().write([house.root])
    payload = cosesign.read(data, [house.root.public], external_aad=AAD, max_bytes=10_000)
    return {**cbor.decode(payload), **changes}


def resigned(house, found):
    return cosesign.write(cbor.encode(found), [house.root], external_aad=AAD)


def read(house, data, **options):
    return Keyring.read(data, [house.root.public], **{"now": house.now, **options})


def test_what_a_root_signed_is_read_back(house):
    keyring = house.keyring()
    data = keyring.write([house.root])
    assert read(house, data) == keyring
    assert keyring.write([house.root]) == data


def test_keys_are_found_by_role_and_name(house):
    keyring = read(house, house.keyring().write([house.root]))
    assert keyring.find("credential", house.issuer.public.kid).key == house.issuer.public
    found = keyring.find("station", house.station.public.kid)
    assert (found.office, found.station) == ("wakatobi", "loket-1")
    assert fault(keyring.find, "status", house.issuer.public.kid) == "key"
    assert fault(keyring.find, "credential", house.station.public.kid) == "key"
    assert fault(keyring.find, "credential", b"") == "key"
    assert fault(keyring.find, "credential", b"../../x") == "key"


def test_only_the_pinned_roots_count(house):
    data = house.keyring().write([house.stranger])
    assert fault(read, house, data) == "signature"
    assert fault(Keyring.read, data, [], now=house.now) == "signature"
    assert read(house, house.keyring().write([house.stranger, house.root]))


def test_a_threshold_counts_different_roots(house):
    second = ed25519_signer(b"second.." * 4)
    roots = [house.root.public, second.public]
    one = house.keyring().write([house.root])
    both = house.keyring().write([house.root, second])
    twice = house.keyring().write([house.root, house.root])
    assert Keyring.read(both, roots, now=house.now, threshold=2)
    assert fault(Keyring.read, one, roots, now=house.now, threshold=2) == "signature"
    assert fault(Keyring.read, twice, roots, now=house.now, threshold=2) == "cose"
    assert fault(Keyring.read, one, roots, now=house.now, threshold=3) == "signature"


def test_nobody_signing_is_not_enough_for_any_threshold(house):
    data = cosesign.write(cbor.encode(document(house)), [], external_aad=AAD)
    for threshold in (0, 1, -1):
        assert fault(read, house, data, threshold=threshold) == "signature"


def test_a_signature_that_names_a_root_and_does_not_hold_refuses_all(house):
    second = ed25519_signer(b"second.." * 4)
    data = bytearray(house.keyring().write([house.root, second]))
    data[-1] ^= 1
    roots = [house.root.public, second.public]
    assert fault(Keyring.read, bytes(data), roots, now=house.now) == "signature"
    assert read(house, bytes(data))  # to whom the second root is unknown, it is passed over


def test_a_root_signs_with_its_own_algorithm(house):
    payload = cbor.encode(document(house))
    protected = cbor.encode({1: -7, 4: house.root.public.kid})
    message = cbor.encode(["Signature", b"", protected, AAD, payload])
    entry = [protected, {}, house.root.sign_checked(message)]
    data = b"\xd8\x62" + cbor.encode([b"", {}, payload, [entry]])
    assert fault(read, house, data) == "algorithm"


def test_every_bit_flip_of_a_keyring_is_refused(house):
    data = house.keyring(records=house.records()[:1]).write([house.root])
    for place in range(0, len(data) * 8, 3):
        flipped = bytearray(data)
        flipped[place // 8] ^= 1 << place % 8
        with pytest.raises(TokenError):
            read(house, bytes(flipped))


def test_a_keyring_is_no_other_signed_thing(house):
    payload = cbor.encode(document(house))
    data = cosesign.write(payload, [house.root], external_aad=b"ikd/keyring/2")
    assert fault(read, house, data) == "signature"


def test_an_older_version_than_seen_is_refused(house):
    data = house.keyring(version=4).write([house.root])
    assert read(house, data, highest_version=4).version == 4
    assert fault(read, house, data, highest_version=5) == "rollback"


def test_an_expired_keyring_is_read_and_says_so(house):
    data = house.keyring().write([house.root])
    keyring = read(house, data, now=house.now + 8 * DAY)
    assert keyring.is_expired(house.now + 7 * DAY)
    assert not keyring.is_expired(house.now + 7 * DAY - timedelta(seconds=1))


def test_a_keyring_from_the_future_is_refused(house):
    data = house.keyring().write([house.root])
    assert read(house, data, now=house.now - timedelta(seconds=30))
    assert fault(read, house, data, now=house.now - timedelta(seconds=31)) == "early"


def test_one_name_twice_is_refused(house):
    twice = [house.record(house.issuer, "credential"), house.record(house.issuer, "credential")]
    assert fault(house.keyring, twice) == "keyring"
    roles = [house.record(house.issuer, "credential"), house.record(house.issuer, "status")]
    assert fault(house.keyring, roles) == "keyring"
    found = document(house)
    found["keys"].append(found["keys"][0])
    assert fault(read, house, resigned(house, found)) == "keyring"


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"version": 0}, "keyring"),
        ({"version": "3"}, "keyring"),
        ({"issued": "now"}, "keyring"),
        ({"issued": -1}, "claims"),
        ({"expires": 2**63}, "claims"),
        ({"expires": 0}, "keyring"),
        ({"profile": "ikd/keyring/2"}, "keyring"),
        ({"keys": {}}, "keyring"),
        ({"keys": [1]}, "keyring"),
        ({"extra": 1}, "keyring"),
    ],
)
def test_a_signed_document_of_another_shape_is_refused(house, changes, word):
    assert fault(read, house, resigned(house, document(house, **changes))) == word


def test_a_signed_list_is_no_keyring(house):
    assert fault(read, house, resigned(house, [1, 2])) == "keyring"


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"role": "root"}, "keyring"),
        ({"state": "destroyed"}, "keyring"),
        ({"state": 1}, "keyring"),
        ({"kid": b"12345678"}, "key"),
        ({"kid": "text"}, "keyring"),
        ({"alg": -7}, "key"),
        ({"alg": 0}, "key"),
        ({"pub": bytes(32)}, "key"),
        ({"nbf": 2**40, "naf": 2**39}, "claims"),
        ({"nbf": 200, "naf": 100}, "keyring"),
        ({"office": "wakatobi"}, "keyring"),
        ({"office": "wakatobi", "station": "loket-1"}, "keyring"),
        ({"extra": 1}, "keyring"),
    ],
)
def test_a_signed_record_of_another_shape_is_refused(house, changes, word):
    found = document(house)
    found["keys"] = [{**found["keys"][0], **changes}]
    assert fault(read, house, resigned(house, found)) == word


def test_a_station_key_names_its_office_and_station(house):
    for places in [{}, {"office": "wakatobi"}, {"office": "Wakatobi", "station": "1"}]:
        assert fault(house.record, house.station, "station", **places) == "keyring"


def test_revoked_and_pending_keys_are_not_found(house):
    for state, word in [("revoked", "revoked"), ("pending", "key")]:
        record = house.record(house.issuer, "credential", state=state)
        keyring = house.keyring([record])
        assert fault(keyring.find, "credential", record.kid) == word
        assert fault(record.signed_at, house.now) == word
    for state in ("active", "verify_only"):
        record = house.record(house.issuer, "credential", state=state)
        assert house.keyring([record]).find("credential", record.kid).state == state


def test_a_key_counts_for_what_was_signed_in_its_time(house):
    record = house.record(house.issuer, "credential")
    for at in (record.not_before, house.now, record.not_after):
        assert record.signed_at(at) == house.issuer.public
    second = timedelta(seconds=1)
    assert fault(record.signed_at, record.not_before - second) == "key"
    assert fault(record.signed_at, record.not_after + second) == "key"


def test_times_without_a_zone_are_refused(house):
    with pytest.raises(InputError):
        house.keyring(issued_at=house.now.replace(tzinfo=None))
    with pytest.raises(InputError):
        house.record(house.issuer, "credential", not_before=house.now.replace(tzinfo=None))


def test_times_are_kept_in_whole_seconds(house):
    late = house.now + timedelta(microseconds=999_999)
    keyring = house.keyring(issued_at=late)
    assert keyring.issued_at == house.now
    assert read(house, keyring.write([house.root])) == keyring


def test_records_keep_whole_seconds_too(house):
    record = house.record(house.issuer, "credential", not_after=house.now + timedelta(seconds=1.5))
    assert KeyRecord.from_map(record.to_map()) == record


@pytest.mark.parametrize("text", ["wakatobi", "loket-1", "a", "7", "a" * 64, "x_y"])
def test_these_are_ids_of_offices_and_stations(text):
    assert is_place(text)


@pytest.mark.parametrize("text", ["", "A", "-a", "a b", "a" * 65, "a\n", "é", "../x", None, 5])
def test_these_are_not(text):
    assert not is_place(text)


def test_other_containers_are_refused(house):
    data = house.keyring().write([house.root])
    parts = cbor.decode(data[2:])
    entry = parts[3][0]
    header = cbor.encode({1: -8})
    for other in [
        b"",
        None,
        data[2:],
        b"\xd2" + data[2:],
        data + b"\x00",
        b"\xd8\x62" + cbor.encode(parts[:3]),
        b"\xd8\x62" + cbor.encode([b"\xa0", *parts[1:]]),
        b"\xd8\x62" + cbor.encode([b"", [], *parts[2:]]),
        b"\xd8\x62" + cbor.encode([b"", {1: 1}, *parts[2:]]),
        b"\xd8\x62" + cbor.encode([b"", {}, "payload", parts[3]]),
        b"\xd8\x62" + cbor.encode([b"", {}, parts[2], b""]),
        b"\xd8\x62" + cbor.encode([b"", {}, parts[2], [1]]),
        b"\xd8\x62" + cbor.encode([b"", {}, parts[2], [entry[:2]]]),
        b"\xd8\x62" + cbor.encode([b"", {}, parts[2], [[entry[0], {1: 1}, entry[2]]]]),
        b"\xd8\x62" + cbor.encode([b"", {}, parts[2], [[entry[0], {}, "text"]]]),
        b"\xd8\x62" + cbor.encode([b"", {}, parts[2], [[header, {}, entry[2]]]]),
        b"\xd8\x62" + cbor.encode([b"", {}, parts[2], [[b"\x01", {}, entry[2]]]]),
        b"\xd8\x62"
        + cbor.encode([b"", {}, parts[2], [[cbor.encode({1: -8, 4: b"1"}), {}, entry[2]]]]),
    ]:
        assert fault(read, house, other) in {"cose", "cbor"}


@given(st.binary(max_size=100) | st.binary(max_size=100).map(lambda data: b"\xd8\x62\x84" + data))
def test_any_bytes_are_refused(house, data):
    with pytest.raises(TokenError):
        read(house, data)


def test_two_thousand_stations_fit_and_no_more_than_the_cap(house):
    assert fault(read, house, b"\xd8\x62" + bytes(300_000)) == "cbor"
