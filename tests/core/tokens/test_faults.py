"""Every refusal of a token has a word, and every word is written down."""

import re
from pathlib import Path

import pytest

import ikd.core.tokens
from ikd.core.errors import InputError
from ikd.core.tokens import challenge, credential, pairing
from ikd.core.tokens.keyring import Keyring
from ikd.core.tokens.statuslist import StatusList

FOLDER = Path(ikd.core.tokens.__file__).parent


def test_the_fault_words_are_those_in_the_docstring():
    sources = [*FOLDER.glob("*.py"), FOLDER.parent / "cbor.py"]
    raised = {
        word
        for source in sources
        for word in re.findall(r'TokenError\(\s*"([a-z0-9]+)"', source.read_text("utf-8"))
    }
    described = set(re.findall(r"``([a-z0-9]+)``", ikd.core.tokens.__doc__))
    assert raised == described


def test_no_reader_takes_a_time_without_zone(house):
    now = house.now.replace(tzinfo=None)
    keyring = house.keyring()
    text = credential.write(house.claims(), house.issuer)
    listed = house.status_list()
    shown = pairing.write_resident(
        application_id=b"a" * 16, token_id=b"t" * 16, now=house.now, device=house.device
    )
    values = {"record_id": b"r" * 16, "act": "a"}
    made = challenge.write(b"k" * 32, now=house.now, nonce=b"n" * 16, **values)
    for call in [
        lambda: credential.read(text, keyring, now=now),
        lambda: pairing.read_resident(shown, house.device.public, now=now),
        lambda: Keyring.read(keyring.write([house.root]), [house.root.public], now=now),
        lambda: keyring.is_expired(now),
        lambda: StatusList.read(listed.write(house.status), keyring, uri=house.uri, now=now),
        lambda: listed.status(0, now=now),
        lambda: challenge.read(b"k" * 32, made, now=now, **values),
        lambda: challenge.write(b"k" * 32, now=now, nonce=b"n" * 16, **values),
    ]:
        with pytest.raises(InputError) as caught:
            call()
        assert caught.value.code == "time.naive"
