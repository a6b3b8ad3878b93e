"""``ikd qr verify`` of pictures, as people take them and as attackers make them."""

from __future__ import annotations

import io
import json
import random
import socket
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image, ImageFilter

from ikd.adapters.keys.keys_in_folder import new_keys
from ikd.adapters.qrimage import png
from ikd.adapters.system import SystemClock, system_entropy
from ikd.cli import main
from ikd.core.tokens.claim169 import Claim169
from ikd.core.tokens.credential import CredentialClaims, write
from ikd.service.signers import signing_key
from ikd.testing.soft_device import SoftDevice

GREY = 120
WORDS = ("--keyring", "keys/keyring.cbor", "--json")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder with keys, and the text of a credential."""
    folder = tmp_path_factory.mktemp("house")
    now = SystemClock().now() - timedelta(minutes=1)
    keys = new_keys(folder / "keys", now=now, entropy=system_entropy)
    claims = CredentialClaims(
        issuer="https://ikd.example.id",
        credential_id=b"credential-id-01",
        issued_at=now,
        not_before=now,
        expires_at=now + timedelta(days=10),
        device_key=SoftDevice(system_entropy).signer.public,
        status_list="https://ikd.example.id/status/1",
        status_index=7,
        person=Claim169(name="SITI CONTOH", sex=2, nik_tail="9901", birth_year=1989),
    )
    return folder, write(claims, signing_key(keys, "credential"))


@pytest.fixture
def text(house, monkeypatch, capsys) -> str:
    monkeypatch.chdir(house[0])
    capsys.readouterr()
    return house[1]


def symbol(text: str, scale: int = 6) -> Image.Image:
    with Image.open(io.BytesIO(png(text, scale=scale))) as picture:
        return picture.convert("L")


def photo(text: str, degrees: float) -> Image.Image:
    """A symbol on a table, turned, a little out of focus, with the noise of a cheap camera."""
    whole = Image.new("L", (1200, 1000), GREY)
    turned = symbol(text).rotate(degrees, expand=True, fillcolor=GREY)
    whole.paste(turned, ((1200 - turned.width) // 2, (1000 - turned.height) // 2))
    chance = random.Random(int(degrees))
    noise = Image.frombytes("L", whole.size, chance.randbytes(whole.width * whole.height))
    return Image.blend(whole.filter(ImageFilter.GaussianBlur(0.8)), noise, 0.12)


def verify(capsys, given: str) -> tuple[int, dict[str, object]]:
    code = main(["qr", "verify", given, *WORDS])
    return code, json.loads(capsys.readouterr().out)


def told(capsys, given: str) -> tuple[int, str]:
    code = main(["qr", "verify", given, *WORDS])
    said = capsys.readouterr()
    row = json.loads(said.out)
    assert (row["outcome"], row["exit"]) == (None, code)
    assert said.err.startswith(row["fault"])
    return code, " ".join(said.err.split())


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp", "bmp", "gif", "tiff"])
def test_every_kind_of_picture_is_known_by_its_content_not_its_name(text, capsys, tmp_path, kind):
    path = tmp_path / "photo.dat"
    symbol(text).save(path, kind)
    assert verify(capsys, str(path))[1]["outcome"] == "warn"


@pytest.mark.parametrize("degrees", [0, 8, 90, 137, 180, 270, -20])
def test_a_photo_is_read_however_it_was_held(text, capsys, tmp_path, degrees):
    path = tmp_path / "photo.jpg"
    photo(text, degrees).save(path, "JPEG", quality=80)
    code, found = verify(capsys, str(path))
    assert (code, found["outcome"], found["kind"]) == (0, "warn", "credential")


def test_a_photo_from_standard_input_is_read_too(text, tmp_path):
    file = io.BytesIO()
    photo(text, 8).save(file, "JPEG", quality=80)
    command = [sys.executable, "-m", "ikd", "qr", "verify", "-", *WORDS]
    done = subprocess.run(command, input=file.getvalue(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["outcome"] == "warn"


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", "é".encode()])
def test_standard_input_that_is_neither_is_told(text, data):
    command = [sys.executable, "-m", "ikd", "qr", "verify", "-", *WORDS]
    done = subprocess.run(command, input=data, capture_output=True, check=False)
    assert done.returncode == 4
    assert b"bukan teks dan bukan gambar" in done.stderr
    assert b"Traceback" not in done.stderr


def test_of_two_codes_in_one_picture_none_is_chosen(text, capsys, tmp_path):
    """Else somebody could hold a good code beside a bad one, and the reader picks."""
    one = symbol(text)
    both = Image.new("L", (one.width * 2, one.height), 255)
    both.paste(one, (0, 0))
    both.paste(symbol("HALO"), (one.width, 0))
    both.save(tmp_path / "both.png")
    code, said = told(capsys, str(tmp_path / "both.png"))
    assert (code, said.count("2 kode QR")) == (4, 1)


def test_one_code_shown_twice_is_one(text, capsys, tmp_path):
    one = symbol(text)
    both = Image.new("L", (one.width * 2, one.height), 255)
    both.paste(one, (0, 0))
    both.paste(one, (one.width, 0))
    both.save(tmp_path / "twice.png")
    assert verify(capsys, str(tmp_path / "twice.png"))[0] == 0


def test_a_photo_of_something_else_says_that_there_is_no_code(text, capsys, tmp_path):
    photo("HALO", 0).crop((0, 0, 300, 300)).save(tmp_path / "table.jpg")
    code, said = told(capsys, str(tmp_path / "table.jpg"))
    assert (code, said.count("0 kode QR")) == (4, 1)


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGBA"), ("PNG", "RGB"), ("WEBP", "RGB")])
def test_a_bomb_of_fifty_megapixels_is_refused(text, capsys, tmp_path, kind, mode):
    path = tmp_path / "bomb"
    Image.new(mode, (8000, 6250)).save(path, kind)
    assert path.stat().st_size < 200_000
    code, said = told(capsys, str(path))
    assert code == 4
    assert "qr.picture" in said


@pytest.mark.parametrize("share", [0.02, 0.3, 0.9])
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_file_that_was_cut_short_is_refused(text, capsys, tmp_path, kind, share):
    file = io.BytesIO()
    photo(text, 0).save(file, kind)
    data = file.getvalue()
    path = tmp_path / "cut"
    path.write_bytes(data[: max(12, int(len(data) * share))])
    code, said = told(capsys, str(path))
    assert code == 4
    assert "qr.picture" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x89PNG\r\n\x1a\n", "qr.picture"),
        (b"\xff\xd8\xff\xe0 but a text", "qr.picture"),
        (b"GIF89a", "qr.picture"),
        (b"\x00\x01\x02\xff", "bukan teks dan bukan gambar"),
        (b"%PDF-1.7\n\xe2\xe3", "bukan teks dan bukan gambar"),
    ],
)
def test_what_only_begins_like_a_picture_is_told(text, capsys, tmp_path, data, said):
    path = tmp_path / "file"
    path.write_bytes(data)
    code, message = told(capsys, str(path))
    assert code == 4
    assert said in message


def test_a_file_of_text_is_the_token_or_none(text, capsys, tmp_path):
    (tmp_path / "token.txt").write_text(text + "\r\n", "ascii")
    assert verify(capsys, str(tmp_path / "token.txt"))[1]["outcome"] == "warn"
    (tmp_path / "letter.txt").write_text("Dear verifier, please accept this.\n", "ascii")
    code, found = verify(capsys, str(tmp_path / "letter.txt"))
    assert (code, found["outcome"]) == (1, "refuse")


@pytest.mark.parametrize("name", ["photo.jpg", "no/such/folder/photo.png", "token.txt"])
def test_a_file_that_is_not_there_is_no_bad_token(text, capsys, name):
    """ "Refused" would accuse whoever showed the code of the verifier's own slip."""
    code, said = told(capsys, name)
    assert code == 2
    assert Path(name).name in said


def test_an_address_is_not_fetched(text, capsys):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(30)
        met: list[object] = []
        waiting = threading.Thread(target=lambda: met.append(accepted(server)))
        waiting.start()
        port = server.getsockname()[1]
        for address in (f"http://127.0.0.1:{port}/code", f"http://127.0.0.1:{port}/PHOTO.PNG"):
            code, found = verify(capsys, address)
            assert (code, found["outcome"]) == (1, "refuse")
        with socket.create_connection(("127.0.0.1", port)) as own:
            own.sendall(b"only this one")
        waiting.join()
    assert met == [b"only this one"]


def accepted(server: socket.socket) -> bytes:
    connection, _ = server.accept()
    with connection:
        return connection.recv(64)
