"""A device's description: numbers compared as numbers, three kinds of silence kept apart."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikd.core.errors import DeviceError
from ikd.core.resident.device import Device, DeviceKind, Platform, Version
from ikd.core.structure import structure, unstructure

POINT = b"\x04" + bytes(64)


@pytest.mark.parametrize(
    ("lower", "higher"),
    [
        ("8", "10"),
        ("7.1.2", "8"),
        ("10.3.4", "11.0"),
        ("10.3", "11"),
        ("8.0.0", "8.0.1"),
        ("9", "15"),
    ],
)
def test_versions_are_compared_as_numbers(lower: str, higher: str):
    assert Version.parse(lower) < Version.parse(higher)
    assert Version.parse(higher) >= Version.parse(lower)
    assert Version.parse(lower) != Version.parse(higher)


def test_zeros_at_the_end_make_no_difference():
    assert Version.parse("8") == Version.parse("8.0") == Version.parse("8.0.0")
    assert len({Version.parse("8"), Version.parse("8.0.0")}) == 1
    assert Version.parse("8") >= Version.parse("8.0.0")
    assert not Version.parse("8") < Version.parse("8.0")
    assert Version.parse("0") == Version.parse("0.0")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Android 8", "8"),
        ("Android 8.1 Go", "8.1"),
        ("8.1 Go", "8.1"),
        ("android 8.1.0 (Go edition)", "8.1.0"),
        ("iOS 11.0", "11.0"),
        ("iPadOS 17", "17"),
    ],
)
def test_a_version_is_read_as_phones_write_it(text: str, number: str):
    assert Version.parse(text) == Version.parse(number)


@pytest.mark.parametrize("text", ["Android", "Go", "Android Go", "Oreo 8", "8 Oreo", "8.x", "v8"])
def test_a_name_or_anything_around_a_version_is_none(text: str):
    assert Version.read(text) is None


numbers = st.lists(st.integers(0, 99999), min_size=1, max_size=4).map(tuple)


@given(numbers, numbers)
def test_versions_order_like_their_numbers_filled_up_with_zeros(one: tuple, other: tuple):
    full = [parts + (0,) * (4 - len(parts)) for parts in (one, other)]
    assert (Version(one) < Version(other)) == (full[0] < full[1])
    assert (Version(one) == Version(other)) == (full[0] == full[1])
    assert (hash(Version(one)) == hash(Version(other))) or full[0] != full[1]


@given(numbers)
def test_a_version_is_written_as_it_was_read(parts: tuple):
    assert Version.parse(str(Version(parts))).parts == parts


def test_a_version_is_shown_as_its_text_and_is_no_text():
    assert (str(Version.parse(" 11.0.1 ")), repr(Version.parse("8"))) == (
        "11.0.1",
        "Version.parse('8')",
    )
    assert Version.parse("8") != "8"
    with pytest.raises(TypeError):
        assert Version.parse("8") < "9"


@pytest.mark.parametrize(
    "text",
    ["", " ", "Oreo", "8 Oreo", "v8", "8.", ".8", "8..0", "-8", "８", "8.0.0.0.0", "123456", "8\n"],
)
def test_what_is_not_made_of_numbers_is_not_known(text: str):
    assert Version.read(text) is None
    assert Device(kind="smartphone", platform="android", os_version=text).os_version is None
    with pytest.raises(DeviceError, match="version"):
        Version.parse(text)


@pytest.mark.parametrize("parts", [(), (1,) * 5, (-1,), (True,), ("8",), [8], (100000,), None])
def test_a_version_is_made_of_one_to_four_small_numbers(parts: object):
    with pytest.raises(DeviceError, match="version"):
        Version(parts)  # type: ignore[arg-type]


def test_a_device_states_what_it_is_and_leaves_out_what_it_does_not_know():
    bare = Device(kind="tablet")
    assert (bare.kind, bare.platform) == (DeviceKind.TABLET, Platform.OTHER)
    assert (bare.os_version, bare.model, bare.online, bare.key) == (None,) * 4


def test_words_and_versions_become_values():
    device = Device(
        kind="smartphone",
        platform="ios",
        os_version="11.0",
        model="Gawai 5",
        online=True,
        key=POINT,
    )
    assert (device.kind, device.platform) == (DeviceKind.SMARTPHONE, Platform.IOS)
    assert device.os_version == Version((11,))
    assert (device.model, device.online, device.key) == ("Gawai 5", True, POINT)
    assert attrs.evolve(device, os_version=Version((12,))).os_version == Version((12,))


def test_no_device_is_an_answer():
    assert Device(kind="none").kind is DeviceKind.NONE


@pytest.mark.parametrize(
    ("fault", "changed"),
    [
        ("kind", {"kind": "phone"}),
        ("kind", {"kind": None}),
        ("kind", {"kind": []}),
        ("platform", {"platform": "Android"}),
        ("platform", {"platform": None}),
        ("version", {"os_version": 8}),
        ("version", {"os_version": 8.1}),
        ("model", {"model": ""}),
        ("model", {"model": "  "}),
        ("model", {"model": "x" * 65}),
        ("model", {"model": "a\nb"}),
        ("model", {"model": "a\u202eb"}),
        ("model", {"model": b"x"}),
        ("online", {"online": 1}),
        ("online", {"online": "yes"}),
        ("browser", {"browser": 1}),
        ("browser", {"browser": None}),
        ("key", {"key": b""}),
        ("key", {"key": POINT[:64]}),
        ("key", {"key": POINT + b"\x00"}),
        ("key", {"key": b"\x02" + POINT[1:]}),
        ("key", {"key": bytearray(POINT)}),
        ("key", {"key": POINT.hex()}),
        ("none", {"kind": "none", "key": POINT}),
    ],
)
def test_what_cannot_be_a_device_is_refused_with_its_fault(fault: str, changed: dict):
    with pytest.raises(DeviceError) as refused:
        Device(**({"kind": "smartphone"} | changed))
    told = f"device.{fault}: A device description or device key can't be used"
    assert (refused.value.fault, str(refused.value)) == (fault, told)
    assert refused.value.__context__ is None


def test_neither_key_nor_model_is_shown():
    shown = repr(Device(kind="smartphone", model="Gawai 5", key=POINT))
    assert "Gawai" not in shown
    assert "x04" not in shown


@given(
    st.builds(
        Device,
        kind=st.sampled_from([DeviceKind.SMARTPHONE, DeviceKind.TABLET]),
        platform=st.sampled_from(Platform),
        os_version=st.none() | numbers.map(Version),
        model=st.none() | st.text("abcXYZ 059", min_size=1, max_size=64).filter(str.strip),
        online=st.none() | st.booleans(),
        key=st.none() | st.binary(min_size=64, max_size=64).map(b"\x04".__add__),
    )
)
def test_a_device_comes_back_from_its_plain_form(device: Device):
    assert structure(unstructure(device), Device) == device
