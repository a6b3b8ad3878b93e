"""``ikd qr``, ``ikd keys`` and ``ikd status``: what a counter needs, from files alone."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from PIL import Image

from ikd.adapters.keys.keys_in_folder import FileKeys, new_keys
from ikd.adapters.qrimage import png, svg
from ikd.adapters.system import SystemClock, system_entropy
from ikd.cli import main
from ikd.core import cbor
from ikd.core.tokens import base45, cose
from ikd.core.tokens.claim169 import Claim169
from ikd.core.tokens.credential import CredentialClaims, write
from ikd.core.tokens.inflate import deflate
from ikd.core.tokens.signing import ed25519_signer
from ikd.core.tokens.statuslist import StatusList
from ikd.core.tokens.verdict import TEXTS
from ikd.service.signers import signing_key
from ikd.testing.soft_device import SoftDevice

LIST = "https://ikd.example.id/status/1"
DEVICE = SoftDevice(system_entropy)
OTHER = ed25519_signer(b"another." * 4)
OTHER_PEM = (
    ed25519.Ed25519PublicKey.from_public_bytes(OTHER.public.raw)
    .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    .decode()
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with keys, public files, a credential and a list in which it is valid."""
    folder = tmp_path_factory.mktemp("house")
    now = SystemClock().now() - timedelta(minutes=1)
    keys = new_keys(folder / "keys", now=now, entropy=system_entropy)
    claims = CredentialClaims(
        issuer="https://ikd.example.id",
        credential_id=b"credential-id-01",
        issued_at=now,
        not_before=now,
        expires_at=now + timedelta(days=10),
        device_key=DEVICE.signer.public,
        status_list=LIST,
        status_index=7,
        person=Claim169(name="SITI CONTOH", sex=2, nik_tail="9901", birth_year=1989),
    )
    text = write(claims, signing_key(keys, "credential"))
    (folder / "credential.txt").write_text(text + "\n", "ascii")
    (folder / "credential.png").write_bytes(png(text))
    for name, standings in (("valid", {}), ("revoked", {7: "invalid"})):
        made = StatusList.of(
            standings, uri=LIST, size=100, issued_at=now, expires_at=now + timedelta(days=7)
        )
        (folder / f"{name}.cwt").write_bytes(made.write(signing_key(keys, "status")))
    assert main(["keys", "publish", str(folder / "keys"), "--out", str(folder)]) == 0
    return folder


@pytest.fixture
def here(house: Path, tmp_path: Path, monkeypatch, capsys) -> Path:
    folder = shutil.copytree(house, tmp_path / "house")
    monkeypatch.chdir(folder)
    capsys.readouterr()
    return folder


def verdict(capsys, *words: str, keyring: str = "keyring.cbor") -> tuple[int, dict]:
    code = main(["qr", "verify", *words, "--keyring", keyring, "--json"])
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("given", ["credential.txt", "credential.png"])
def test_a_text_and_a_photo_give_one_verdict(here, capsys, given):
    code, found = verdict(capsys, given, "--status", "valid.cwt")
    assert (code, found["outcome"], found["kind"]) == (0, "warn", "credential")
    assert [reason["code"] for reason in found["reasons"]] == ["no_holder_proof"]
    assert found["issuer"] == "https://ikd.example.id"
    assert found["status_list_age_seconds"] >= 60


def test_the_token_itself_and_stdin_are_texts_too(here, capsys, monkeypatch):
    text = Path("credential.txt").read_text("ascii").strip("\n")
    assert verdict(capsys, text)[1]["outcome"] == "warn"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(f"{text}\r\n".encode())))
    assert verdict(capsys, "-")[1]["outcome"] == "warn"


def test_a_presentation_with_a_challenge_is_accepted(here, capsys):
    text = Path("credential.txt").read_text("ascii").strip("\n")
    shown = DEVICE.present(text, SystemClock().now(), challenge=b"\x01\x02", by="value")
    words = (shown, "--status", "valid.cwt", "--challenge", "0102")
    assert verdict(capsys, *words)[0] == 0
    assert verdict(capsys, *words)[1]["outcome"] == "accept"
    assert verdict(capsys, *words[:-1], "0103")[0] == 1


def test_a_revoked_credential_ends_in_one(here, capsys):
    code, found = verdict(capsys, "credential.png", "--status", "revoked.cwt")
    assert (code, found["outcome"], found["issuer"]) == (1, "refuse", None)
    assert found["reasons"][0]["code"] == "invalid"


def test_strict_makes_a_doubt_end_in_one(here, capsys):
    assert verdict(capsys, "credential.txt", "--strict")[0] == 1


def test_a_policy_is_a_file(here, capsys):
    Path("policy.toml").write_text('static = "accept"\nkeyring_grace = "1 d"\n')
    words = ("credential.txt", "--status", "valid.cwt", "--policy", "policy.toml")
    assert verdict(capsys, *words)[1]["outcome"] == "accept"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b'static = "perhaps"', "(policy.value) [static: accept, warn, refuse]"),
        (b'status_missing = "accept"', "(policy.value) [status_missing: warn, refuse]"),
        (b'sttus_missing = "warn"', "(policy.unknown) [sttus_missing]"),
        (b"[static]\nweight = 1", "(policy.value) [static:"),
        (b'keyring_grace = "a week"', "(duration.form) [keyring_grace:"),
        (b"static = warn", "(policy.toml) [bukan TOML]"),
        (b"\xff", "(policy.toml) [bukan TOML]"),
    ],
)
def test_a_policy_file_with_a_fault_is_named_with_it_before_anything_is_judged(
    here, capsys, text, told
):
    Path("policy.toml").write_bytes(text)
    words = ["qr", "verify", "credential.txt", "--policy", "policy.toml"]
    assert main([*words, "--keyring", "keyring.cbor"]) == 2
    said = capsys.readouterr()
    assert said.err.startswith("ikd: policy.toml: ")
    assert told in " ".join(said.err.split())
    assert said.out == ""


def test_people_are_told_the_name_and_the_tail_and_every_reason(here, capsys):
    words = ["qr", "verify", "credential.txt", "--keyring", "keyring.cbor"]
    assert main([*words, "--status", "valid.cwt"]) == 0
    told = capsys.readouterr().out
    assert "SITI CONTOH" in told
    assert "************9901" in told
    assert "no_holder_proof" in told
    assert "umur daftar status" in told
    assert main([*words, "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert (row["name"], row["nik_tail"]) == ("SITI CONTOH", "9901")
    [reason] = [one for one in row["reasons"] if one["code"] == "no_holder_proof"]
    assert (reason["text_id"], reason["text_en"]) == TEXTS["no_holder_proof"]


def test_a_memory_refuses_an_older_keyring_and_list(here, capsys):
    older = shutil.copy("keyring.cbor", "older.cbor")
    assert main(["keys", "publish", "keys", "--renew", "--out", "."]) == 0
    capsys.readouterr()
    words = ("credential.txt", "--status", "valid.cwt", "--memory", "memory.json")
    assert verdict(capsys, *words)[0] == 0
    assert main(["qr", "verify", *words, "--keyring", older]) == 3
    assert "token.rollback" in capsys.readouterr().err
    assert main(["qr", "verify", "credential.txt", "--keyring", older]) == 0


def test_another_root_is_refused(here, capsys):
    new_keys("other", now=SystemClock().now(), entropy=system_entropy)
    words = ["credential.txt", "--keyring", "keyring.cbor", "--root", "other/root.pub.pem"]
    assert main(["qr", "verify", *words]) == 3
    assert "token.signature" in capsys.readouterr().err


def test_without_a_root_nothing_is_believed(here, capsys):
    Path("root.pub.pem").unlink()
    assert main(["qr", "verify", "credential.txt", "--keyring", "keyring.cbor"]) == 3
    assert "--root" in capsys.readouterr().err


def test_a_picture_with_no_symbol_or_two_is_told(here, capsys):
    Image.new("L", (60, 60), 255).save("empty.png")
    assert main(["qr", "verify", "empty.png", "--keyring", "keyring.cbor"]) == 4
    assert "0 kode QR" in capsys.readouterr().err


def test_what_is_neither_text_nor_picture_is_told(here, capsys):
    Path("noise").write_bytes(b"\xfe\xff\x00")
    assert main(["qr", "verify", "noise", "--keyring", "keyring.cbor"]) == 4
    assert "bukan teks dan bukan gambar" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "IKDR:ABC", "x" * 5000, "a\0b", "halo"])
def test_any_text_gets_a_verdict(here, capsys, text):
    code, found = verdict(capsys, text)
    assert (code, found["outcome"]) == (1, "refuse")


def test_a_file_that_is_too_large_is_told(here, capsys):
    with Path("large.png").open("wb") as file:
        file.truncate(2**24 + 1)
    assert main(["qr", "verify", "large.png", "--keyring", "keyring.cbor"]) == 1
    assert "terlalu besar" in capsys.readouterr().err


def test_show_draws_saves_and_measures(here, capsys):
    words = ["qr", "show", "credential.txt", "--svg", "a.svg", "--png", "a.png", "--caption", "IKD"]
    assert main(words) == 0
    told = capsys.readouterr().out
    assert "M: v13" in told or "M: v12" in told
    assert "px" in told
    assert "IKD" in Path("a.svg").read_text("utf-8")
    assert [line for line in told.splitlines() if line.strip() == "IKD"]
    assert verdict(capsys, "a.png")[0] == 0


def test_show_tells_where_a_text_does_not_fit(here, capsys):
    assert main(["qr", "show", "A" * 3500, "--level", "l"]) == 0
    assert "M: -" in capsys.readouterr().out


def test_keys_are_shown_rotated_revoked_and_published(here, capsys):
    old = FileKeys("keys").signing("credential").kid.hex()
    assert main(["keys", "show", "keyring.cbor"]) == 0
    assert f"{old} credential EdDSA active" in " ".join(capsys.readouterr().out.split())
    assert main(["keys", "rotate", "keys", "--role", "credential"]) == 0
    assert f"{old} credential EdDSA verify_only" in " ".join(capsys.readouterr().out.split())
    assert main(["keys", "publish", "keys", "--out", "public"]) == 0
    capsys.readouterr()
    assert verdict(capsys, "credential.txt", keyring="public/keyring.cbor")[0] == 0
    assert main(["keys", "revoke", "keys", old]) == 0
    assert f"{old} credential EdDSA revoked" in " ".join(capsys.readouterr().out.split())
    assert main(["keys", "publish", "keys", "--out", "public"]) == 0
    capsys.readouterr()
    code, found = verdict(capsys, "credential.txt", keyring="public/keyring.cbor")
    assert (code, found["reasons"][0]["code"]) == (1, "revoked_key")
    assert sorted(path.name for path in Path("public").iterdir()) == [
        "issuer.pub.pem",
        "keyring.cbor",
        "root.pub.pem",
    ]


def test_a_symmetric_key_asks_for_a_restart(here, capsys):
    assert main(["keys", "rotate", "keys", "--secret", "wrap"]) == 0
    assert "Mulai ulang" in capsys.readouterr().out
    assert len(FileKeys("keys").secrets("wrap")) == 2


def test_keys_are_not_published_into_their_own_folder(here, capsys):
    assert main(["keys", "publish", "keys", "--out", "keys/../keys"]) == 2
    assert "folder lain" in capsys.readouterr().err


@pytest.mark.parametrize("kid", ["", "00", "zz" * 8, "00" * 9])
def test_a_kid_has_sixteen_digits(here, capsys, kid):
    assert main(["keys", "revoke", "keys", kid]) == 2


def test_a_list_is_published_from_a_store(here, capsys):
    from ikd import open_service

    open_service(offices=["payakumbuh"], store="sqlite:///ikd.db", keys="keys").close()
    words = ["status", "publish", "--store", "sqlite:///ikd.db", "--keys", "keys"]
    assert main([*words, "--out", "list.cwt", "--life", "2d", "--ttl", "1h"]) == 0
    capsys.readouterr()
    [reason] = verdict(capsys, "credential.txt", "--status", "list.cwt")[1]["reasons"]
    assert (reason["code"], reason["weight"]) == ("no_holder_proof", "warn")
    assert main([*words, "--out", "list.cwt", "--address", "https://b.example.id/2"]) == 0
    capsys.readouterr()
    found = verdict(capsys, "credential.txt", "--status", "list.cwt")[1]
    assert found["reasons"][0]["code"] == "status_missing"


@pytest.mark.parametrize("store", ["memory://", "sqlite:///nothing.db"])
def test_no_list_is_made_of_a_store_that_is_not_there(here, capsys, store):
    assert main(["status", "publish", "--store", store, "--out", "list.cwt"]) == 2
    assert not Path("list.cwt").exists()
    assert not Path("nothing.db").exists()


def test_a_length_that_is_none_is_wrong_usage(here, capsys):
    from ikd import open_service

    open_service(offices=["payakumbuh"], store="sqlite:///ikd.db", keys="keys").close()
    words = ["status", "publish", "--store", "sqlite:///ikd.db", "--out", "y"]
    assert main([*words, "--life", "soon"]) == 2
    assert "--life: " in capsys.readouterr().err


def test_a_root_from_beside_the_keyring_is_told_and_is_a_doubt(here, capsys):
    text = Path("credential.txt").read_text("ascii").strip("\n")
    shown = DEVICE.present(text, SystemClock().now(), challenge=b"\1", by="value")
    words = (shown, "--status", "valid.cwt", "--challenge", "01", "--strict")
    code, found = verdict(capsys, *words)
    assert (code, found["outcome"], found["root"]) == (1, "accept", "beside")
    code, found = verdict(capsys, *words, "--root", "root.pub.pem")
    assert (code, found["outcome"], found["root"]) == (0, "accept", "given")
    asked = ["qr", "verify", *words, "--keyring", "keyring.cbor"]
    assert main(asked) == 1
    told = " ".join(capsys.readouterr().out.split())
    assert "dari berkas di samping daftar kunci" in told
    assert main(["--lang", "en", *asked]) == 1
    assert "from beside the keyring" in " ".join(capsys.readouterr().out.split())
    assert main([*asked, "--root", "root.pub.pem"]) == 0
    assert "kunci akar: dari --root\n" in capsys.readouterr().out


def bent(name: str) -> str:
    """Turn one bit in the middle of the last fifth of a file: in its signature."""
    data = bytearray(Path(name).read_bytes())
    data[-20] ^= 1
    Path(name).write_bytes(data)
    return name


@pytest.mark.parametrize(
    ("words", "file", "code", "ends"),
    [
        (["--status", "BENT valid.cwt"], "valid.cwt", "token.signature", 3),
        (["--status", "valid.cwt", "BENT revoked.cwt"], "revoked.cwt", "token.signature", 3),
        (["--keyring", "BENT keyring.cbor"], "keyring.cbor", "token.signature", 3),
        (["--keyring", "credential.txt"], "credential.txt", "token.cose", 3),
        (["--keyring", "gone.cbor"], "gone.cbor", "trust.file", 3),
        (["--root", "keys/root.pem"], "keys/root.pem", "keys.corrupt", 3),
        (["--root", "credential.txt"], "credential.txt", "keys.corrupt", 3),
        (["--root", "gone.pem"], "gone.pem", "trust.file", 3),
        (["--policy", "gone.toml"], "gone.toml", "trust.file", 3),
        (["--memory", "credential.txt"], "credential.txt", "trust.corrupt", 3),
    ],
)
def test_the_file_at_fault_is_named_with_a_sentence_and_its_code(
    here, capsys, words, file, code, ends
):
    words = [bent(one[5:]) if one.startswith("BENT ") else one for one in words]
    usual = [] if "--keyring" in words else ["--keyring", "keyring.cbor"]
    assert main(["qr", "verify", "credential.txt", *usual, *words]) == ends
    told = capsys.readouterr().err
    assert max(map(len, told.splitlines())) <= 80
    assert told.startswith(f"ikd: {file}: ")
    assert re.search(rf"\w+ \({re.escape(code)}\)", " ".join(told.split()))


def test_a_picture_that_cannot_be_read_is_named(here, capsys):
    Path("cut.png").write_bytes(Path("credential.png").read_bytes()[:40])
    assert main(["qr", "verify", "cut.png", "--keyring", "keyring.cbor"]) == 4
    told = capsys.readouterr().err
    assert told.startswith("ikd: cut.png: Gambar tidak terbaca")
    assert "(qr.picture)" in told


def test_a_challenge_that_is_none_is_told(here, capsys):
    words = ["qr", "verify", "x", "--keyring", "keyring.cbor", "--challenge", "xyz"]
    assert main(words) == 2
    told = capsys.readouterr().err
    assert "heksadesimal" in told
    assert "fromhex" not in told


@pytest.mark.parametrize("typed", [b"", b"\r\n", b"  \n\n"])
def test_an_empty_standard_input_is_wrong_usage(here, capsys, monkeypatch, typed):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed)))
    assert main(["qr", "verify", "-", "--keyring", "keyring.cbor"]) == 2
    assert capsys.readouterr() == ("", "ikd: stdin: kosong\n")


@pytest.mark.parametrize("folder", [".", "keys"])
def test_a_folder_is_no_token(here, capsys, folder):
    assert main(["qr", "verify", folder, "--keyring", "keyring.cbor"]) == 2
    assert "folder, bukan berkas" in capsys.readouterr().err


def test_people_read_ages_dates_and_lines_that_fit(here, capsys, monkeypatch):
    words = ["qr", "verify", "credential.txt", "--keyring", "keyring.cbor"]
    told = {}
    monkeypatch.setenv("TZ", "Asia/Jakarta")
    time.tzset()
    try:
        for lang in ("id", "en"):
            assert main(["--lang", lang, *words]) == 0
            told[lang] = capsys.readouterr().out
    finally:
        monkeypatch.undo()
        time.tzset()
    assert max(map(len, "".join(told.values()).splitlines())) <= 80
    one, english = (" ".join(text.split()) for text in told.values())
    assert re.search(r"umur daftar kunci: 1 menit( \d+ detik)? ", one)
    assert re.search(r"berlaku sampai: \d+ \w+ 20\d\d pukul \d\d\.\d\d WIB ", one)
    assert re.search(r"age of the keyring: 1 minute( \d+ seconds?)? ", english)
    assert re.search(r"valid until: \d+ \w+ 20\d\d, \d\d:\d\d WIB ", english)


def test_keys_that_are_not_there_are_named(here, capsys):
    assert main(["keys", "show", "nosuch"]) == 3
    told = capsys.readouterr().err
    assert told.startswith("ikd: nosuch: Berkas tidak terbaca")
    assert main(["keys", "rotate", "nosuch", "--role", "status"]) == 3
    told = capsys.readouterr().err
    assert told.startswith("ikd: nosuch: Kunci tidak ada")
    assert "(keys.missing)" in " ".join(told.split())


def test_a_store_that_is_none_is_named(here, capsys):
    Path("ikd.db").write_text("no database" * 100)
    words = ["--store", "sqlite:///ikd.db", "--keys", "keys", "--out", "list.cwt"]
    assert main(["status", "publish", *words]) == 3
    told = " ".join(capsys.readouterr().err.split())
    assert told.startswith("ikd: ikd.db: Berkas rusak atau bukan basis data")
    assert "(store.corrupt)" in told


def test_programs_get_an_object_where_nothing_could_be_judged(here, capsys):
    words = ["qr", "verify", "credential.txt", "--keyring", bent("keyring.cbor"), "--json"]
    assert main(words) == 3
    said = capsys.readouterr()
    row = json.loads(said.out)
    assert (row["outcome"], row["exit"]) == (None, 3)
    assert row["fault"] == said.err.strip()


def test_a_refused_token_is_told_to_programs_without_its_name(here, capsys):
    code, found = verdict(capsys, "credential.txt", "--status", "revoked.cwt")
    assert (code, found["name"], found["nik_tail"], found["issuer"]) == (1, None, None, None)
    assert found["reasons"][0]["text_en"] == "The credential was revoked"


@pytest.mark.parametrize("begin", ["", '<?xml version="1.0"?>\n', "\n "])
def test_a_drawing_is_no_refused_token(here, capsys, begin):
    """The demo's own SVG: nothing was read from it, so nothing is said of a token."""
    text = Path("credential.txt").read_text("ascii").strip("\n")
    Path("a.svg").write_text(begin + svg(text), "utf-8")
    assert main(["qr", "verify", "a.svg", "--keyring", "keyring.cbor"]) == 4
    said = capsys.readouterr()
    assert said.out == ""
    assert "gambar vektor; pakai PNG-nya" in said.err


def test_a_pipe_is_not_opened(here, capsys):
    os.mkfifo("pipe")
    assert main(["qr", "verify", "pipe", "--keyring", "keyring.cbor"]) == 2
    assert "pakai - untuk stdin" in capsys.readouterr().err
    for option in ("--keyring", "--root", "--status", "--memory", "--foreign", "--policy"):
        ring = [] if option == "--keyring" else ["--keyring", "keyring.cbor"]
        assert main(["qr", "verify", "credential.txt", *ring, option, "pipe"]) in (2, 3)
        assert capsys.readouterr().err.startswith("ikd: pipe: ")
    assert main(["qr", "verify", "/dev/null", "--keyring", "keyring.cbor"]) == 2


FOREIGN = """
[[key]]
issuer = "https://other.example.org"
name = "Negeri Contoh"
kid = "6b31"
pem = '''
{}'''
"""


def other_token() -> str:
    """What another issuer writes: another dialect, under a key name of its own."""
    payload = cbor.encode({1: "https://other.example.org", 4: 4102444800, 169: {4: "BUDI"}})
    protected = cbor.encode({1: -8, 4: b"k1"})
    signature = OTHER.sign(cose.signing_input(protected, payload))
    return base45.encode(deflate(cose.assemble(protected, payload, signature)))


def test_a_code_of_another_issuer_is_shown_with_name_and_issuer(here, capsys):
    Path("foreign.toml").write_text(FOREIGN.format(OTHER_PEM))
    Path("policy.toml").write_text('foreign = "warn"\n')
    words = (other_token(), "--foreign", "foreign.toml", "--policy", "policy.toml")
    code, found = verdict(capsys, *words)
    assert (code, found["outcome"], found["kind"]) == (0, "warn", "foreign")
    assert (found["name"], found["issuer"]) == ("BUDI", "Negeri Contoh")
    assert main(["qr", "verify", *words, "--keyring", "keyring.cbor"]) == 0
    told = capsys.readouterr().out
    assert "penerbit: Negeri Contoh" in told
    assert "nama: BUDI" in told
    assert verdict(capsys, other_token(), "--policy", "policy.toml")[1]["reasons"][0]["code"] == (
        "key"
    )


def test_foreign_keys_with_a_fault_are_named(here, capsys):
    Path("foreign.toml").write_text("[[key]]\nissuer = 1\n")
    words = ["qr", "verify", "credential.txt", "--keyring", "keyring.cbor"]
    assert main([*words, "--foreign", "foreign.toml"]) == 3
    told = " ".join(capsys.readouterr().err.split())
    assert told.startswith("ikd: foreign.toml: ")
    assert "(foreign.key) [key[0]: " in told
