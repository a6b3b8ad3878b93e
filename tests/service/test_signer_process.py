"""Private keys in a process of their own, as in an HSM: what it signs is checked here first."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

import ikd
from ikd.adapters.keys.keys_in_folder import FileKeys, new_keys
from ikd.core.errors import KeySourceError
from ikd.core.tokens import credential, pairing
from ikd.core.tokens.keyring import Keyring
from ikd.core.tokens.publickey import PublicKey
from ikd.core.tokens.statuslist import StatusList
from ikd.testing.entropy import seeded_entropy
from ikd.testing.key_source_contract import KeySourceContract

PLACE = ("payakumbuh", "loket-1")
URI = "https://ikd.example.id/status/1"
# The only process that opens the private keys. Asked "sign <kid> <message>" it answers with a
# signature; asked "mood <word>" it does from then on what disturbed or wrong devices do.
DEVICE = """
import sys
from ikd.adapters.keys.keys_in_folder import FileKeys
from ikd.core.errors import IkdError

keys, mood = FileKeys(sys.argv[1]), "sound"
for line in sys.stdin:
    word, *rest = line.split()
    if word == "mood":
        mood = rest[0]
        print("ok", flush=True)
        continue
    kid, message = (bytes.fromhex(one[1:]) for one in rest)
    try:
        made = bytearray(keys.sign(kid, message))
    except IkdError as error:
        print("error", error.code, flush=True)
        continue
    if mood == "fault":
        made[40] ^= 1
    elif mood == "other-message":
        made = bytearray(keys.sign(kid, message + b"x"))
    elif mood == "other-key":
        made = bytearray(keys.sign(keys.signing("checkpoint").kid, message))
    elif mood == "short":
        made = made[:63]
    elif mood == "dies":
        sys.exit(1)
    print(made.hex(), flush=True)
"""


class Hsm:
    """A key source that holds public keys and a pipe; symmetric keys it hands out as any."""

    def __init__(self, folder: str) -> None:
        opened = FileKeys(folder)
        self.secrets, self.signing, self.bound = opened.secrets, opened.signing, opened.bound
        self.keyring, self.roots = opened.keyring, opened.roots
        self._folder = folder
        self._turn = threading.Lock()  # a pipe has one conversation at a time
        self._start()

    def _start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", DEVICE, self._folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def _ask(self, line: str) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._turn:
            try:
                self._process.stdin.write(line + "\n")
                self._process.stdin.flush()
            except OSError as error:
                raise KeySourceError("keys.failed", "the device is away") from error
            told = self._process.stdout.readline().strip()
        if not told:
            raise KeySourceError("keys.failed", "the device is away")
        if told.startswith("error "):
            raise KeySourceError(told.removeprefix("error "), "the device refused")
        return told

    def mood(self, word: str) -> None:
        assert self._ask(f"mood {word}") == "ok"

    def sign(self, kid: bytes, message: bytes) -> bytes:
        return bytes.fromhex(self._ask(f"sign k{kid.hex()} m{message.hex()}"))

    def restart(self) -> None:
        self.close()
        self._start()

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


@pytest.fixture(params=["EdDSA", "ES256"])
def hsm(request, tmp_path, in_memory) -> Iterator[Hsm]:
    folder = tmp_path / "device"
    now = in_memory.clock.now() - timedelta(minutes=1)
    entropy = seeded_entropy("hsm")
    new_keys(folder, now=now, entropy=entropy, stations=[PLACE], issuer=request.param)
    made = Hsm(str(folder))
    yield made
    made.close()


def open_with(world, hsm, **options):
    return world.open(keys=hsm, settings={"production": True}, **options)


def ring_of(hsm, now) -> Keyring:
    roots = [PublicKey.ed25519(raw) for raw in hsm.roots()]
    return Keyring.read(hsm.keyring(), roots, now=now)


class TestHsmKeys(KeySourceContract):
    """It keeps the contract of every key source."""

    place = PLACE

    @pytest.fixture
    def keys(self, hsm):
        return hsm


def test_everything_that_a_service_signs_comes_from_the_other_process(in_memory, hsm):
    service = open_with(in_memory, hsm)
    identity_id = in_memory.walk(service).to_activation()
    now = in_memory.clock.now()
    ring = ring_of(hsm, now)
    assert credential.read(service.credential(identity_id, actor=ikd.Actor.system()), ring, now=now)
    assert StatusList.read(service.status_list(), ring, uri=URI, now=now)
    assert pairing.read_office(service.station_token(*PLACE), ring, now=now)
    assert service.credential(identity_id, actor=ikd.Actor.system()) == service.credential(
        identity_id, actor=ikd.Actor.system()
    )


@pytest.mark.parametrize("mood", ["fault", "other-message", "other-key", "short"])
def test_a_wrong_signature_never_leaves_and_a_sound_device_goes_on(in_memory, hsm, mood):
    service = open_with(in_memory, hsm)
    identity_id = in_memory.walk(service).to_activation()
    before = service.credential(identity_id, actor=ikd.Actor.system())
    hsm.mood(mood)
    for sign in (
        lambda: service.credential(identity_id, actor=ikd.Actor.system()),
        service.status_list,
        lambda: service.station_token(*PLACE),
    ):
        with pytest.raises(KeySourceError, match=r"keys\.signature"):
            sign()
    assert service.get(identity_id, "identity", actor=ikd.Actor.system()).status.value == "ACTIVE"
    hsm.mood("sound")
    assert service.credential(identity_id, actor=ikd.Actor.system()) == before


def test_a_device_that_dies_in_the_middle_is_an_outage_and_nothing_is_lost(in_memory, hsm, laws):
    service = open_with(in_memory, hsm)
    identity_id = in_memory.walk(service).to_activation()
    hsm.mood("dies")
    for _ in range(2):  # the first dies under our hands, the second was dead before
        with pytest.raises(KeySourceError, match=r"keys\.failed"):
            service.credential(identity_id, actor=ikd.Actor.system())
    hsm.restart()
    assert service.credential(identity_id, actor=ikd.Actor.system())
    laws(service)
