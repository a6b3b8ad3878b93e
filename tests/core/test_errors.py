"""Errors: stable codes, families to catch by, and what a program reads from them."""

import pytest

from ikd.core.errors import (
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
