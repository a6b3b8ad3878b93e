"""Errors: stable codes, families to catch by, and what a program reads from them."""

import pytest

from ikd.core.errors import (
    NO_PATH,
    ConflictError,
    DeliveryError,
    IkdError,
    InputError,
    KeySourceError,
    PluginError,
    PortError,
    RefusedError,
    RegistryUnavailableError,
    StoreError,
    shown_path,
)


@pytest.mark.parametrize(
    ("error", "code", "port"),
    [
        (StoreError(), "store.failed", "store"),
        (ConflictError("version"), "store.conflict", "store"),
        (DeliveryError(retryable=True), "channel.failed", "channel"),
        (RegistryUnavailableError(), "registry.unavailable", "registry"),
        (KeySourceError(), "keys.failed", "keys"),
        (PortError("captcha.failed", port="captcha"), "captcha.failed", "captcha"),
    ],
)
def test_whatever_fails_outside_names_its_port_and_has_a_code(error, code, port):
    assert (error.code, error.port) == (code, port)
    assert isinstance(error, PortError)
    assert not isinstance(error, InputError | RefusedError)


def test_a_clash_says_what_clashed_and_a_delivery_whether_to_try_again():
    assert ConflictError("claim").clash == "claim"
    assert DeliveryError(retryable=False).retryable is False


def test_a_plugin_s_error_names_the_plugin():
    error = PluginError("ikd-contoh", "hangs")
    assert (error.plugin, str(error)) == ("ikd-contoh", "plugin.failed: ikd-contoh: hangs")


def test_what_was_passed_wrongly_is_a_value_error_too():
    assert isinstance(InputError("x.form"), ValueError)
    assert issubclass(InputError, IkdError)


@pytest.mark.parametrize(
    "given",
    ["-----BEGIN PRIVATE KEY-----", "a/" * 513, "a" * 256, "folder\\" + "a" * 256],
)
def test_what_can_be_no_path_is_not_quoted(given):
    assert shown_path(given) == NO_PATH


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("a" * 255, "a" * 255),
        ("a/" * 512, "a/" * 512),
        ("kantor/Payakumbuh Barat.toml", "kantor/Payakumbuh Barat.toml"),
        ("a\nb", r"a\nb"),
        ("a\x1b[2Jb", r"a\x1b[2Jb"),
    ],
)
def test_a_path_is_quoted_on_one_line_with_nothing_that_moves_a_cursor(given, shown):
    assert shown_path(given) == shown
