"""Nothing but ``reveal`` ever shows a secret."""

import copy
import io
import json
import logging
import pickle
import pprint
import traceback

import attrs
import pytest

from ikd.core.errors import SecretError
from ikd.core.secrets.opaque import Opaque
from ikd.core.secrets.passcode import Passcode
from ikd.core.secrets.pin import Pin, make_pin
from ikd.core.secrets.sealing import SecretKey

CANARY = "904715"
KEY_CANARY = b"\xa7canary-key-never-shown-anywhere"


@attrs.frozen
class Command:
    pin: object


def secrets():
    return [
        Pin.parse(CANARY),
        Passcode.parse(CANARY),
        Passcode.parse(f"kata sandi {CANARY}"),
        SecretKey(kid=b"12345678", key=KEY_CANARY),
    ]


def shows(text: object) -> bool:
    whole = text if isinstance(text, str) else repr(text)
    return CANARY in whole or "canary" in whole or KEY_CANARY.hex() in whole


def logged(text, *args):
    return logging.LogRecord("ikd", logging.INFO, "here", 1, text, args, None).getMessage()


SHOWN = {
    "repr": repr,
    "str": str,
    "format": lambda secret: f"{secret} {secret!r:>40}",
    "percent": lambda secret: logging.LogRecord(
        "a", 20, "b", 1, "%s %r %a", (secret,) * 3, None
    ).getMessage(),
    "in a tuple": lambda secret: repr((secret, {"pin": secret})),
    "in a command": lambda secret: repr(Command(secret)),
    "asdict of a command": lambda secret: attrs.asdict(Command(secret), recurse=False),
    "pretty print": pprint.pformat,
    "json with str": lambda secret: json.dumps({"pin": secret}, default=str),
    "ascii": ascii,
}


@pytest.mark.parametrize("how", SHOWN)
@pytest.mark.parametrize("secret", secrets(), ids=lambda secret: type(secret).__name__)
def test_no_way_of_showing_a_secret_shows_it(secret, how):
    assert not shows(SHOWN[how](secret))


@pytest.mark.parametrize("secret", secrets()[:3], ids=repr)
def test_a_command_turned_into_a_mapping_keeps_its_secret_closed(secret):
    assert not shows(attrs.asdict(Command(secret)))
    assert f"{secret:>40}" == repr(secret)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("secret", secrets(), ids=lambda secret: type(secret).__name__)
def test_pickle_is_refused_and_says_nothing(secret, protocol):
    with pytest.raises(TypeError, match="never copied or pickled") as caught:
        pickle.dumps(secret, protocol)
    assert not shows(str(caught.value))


@pytest.mark.parametrize("make", [copy.copy, copy.deepcopy, lambda secret: secret.__getstate__()])
@pytest.mark.parametrize("secret", secrets(), ids=lambda secret: type(secret).__name__)
def test_copies_are_refused(secret, make):
    with pytest.raises(TypeError, match="never copied or pickled"):
        make(secret)


@pytest.mark.parametrize("dump", [json.dumps, vars, bytes, int, len, iter, dict])
def test_a_pin_turns_into_nothing_else(dump):
    with pytest.raises(TypeError) as caught:
        dump(Pin.parse(CANARY))
    assert not shows(str(caught.value))


@pytest.mark.parametrize("kind", [Pin, Passcode])
def test_equal_secrets_are_not_equal_objects(kind):
    one, two = kind.parse(CANARY), kind.parse(CANARY)
    assert one in [one]  # identity is all that is left
    assert one != two
    assert one != CANARY
    assert len({one, two}) == 2


@pytest.mark.parametrize("kind", [Pin, Passcode])
def test_a_secret_cant_be_changed(kind):
    secret = kind.parse(CANARY)
    for name in ("_text", "other"):
        with pytest.raises(AttributeError, match=name):
            setattr(secret, name, "000000")
    with pytest.raises(AttributeError, match="_text"):
        del secret._text
    assert secret.reveal() == CANARY


def test_logs_and_tracebacks_with_locals_show_no_secret():
    out = io.StringIO()
    log = logging.getLogger("ikd.test.opaque")
    handler = logging.StreamHandler(out)
    log.addHandler(handler)
    try:
        fails_with(make_pin(b"8 bytes!"), *secrets())
    except ValueError as error:
        log.exception("failed with %s", secrets())
        seen = traceback.TracebackException.from_exception(error, capture_locals=True)
        out.write("".join(seen.format()))
    finally:
        log.removeHandler(handler)
    assert "Pin(******)" in out.getvalue()
    assert not shows(out.getvalue())


def fails_with(*held):
    pin, passcode = held[0], held[2]
    raise ValueError(f"{pin} {passcode} {held}")


@pytest.mark.parametrize("kind", [Pin, Passcode])
@pytest.mark.parametrize("text", [CANARY + "\n", CANARY + "\u200b", CANARY.encode(), int(CANARY)])
def test_the_error_of_a_malformed_secret_does_not_repeat_it(kind, text):
    with pytest.raises(SecretError) as caught:
        kind.parse(text)
    assert not shows("".join(traceback.format_exception(caught.value)))
    assert not shows(repr(caught.value) + repr(vars(caught.value)))
    assert caught.value.__context__ is None


def test_the_bare_kind_holds_nothing():
    with pytest.raises(NotImplementedError):
        Opaque(CANARY)
