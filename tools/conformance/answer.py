"""ikd as an implementation under test: what another one has to do, in a page.

Started with the path of ``setup.json``; reads a case a line from its input, writes a verdict
a line to its output.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from ikd.core import cbor
from ikd.core.errors import TokenError
from ikd.core.tokens import cose, credential, pairing, presentation, proof, qrtext
from ikd.core.tokens.checkcode import check_code
from ikd.core.tokens.keyring import Keyring
from ikd.core.tokens.publickey import PublicKey
from ikd.core.tokens.signing import ed25519_signer, es256_signer
from ikd.core.tokens.statuslist import StatusList
from ikd.core.tokens.verifier import Verifier


def answerer(setup: dict[str, Any]) -> Callable[[dict[str, Any]], dict[str, str]]:
    """Return what turns a case into a verdict."""
    now = datetime.fromisoformat(setup["now"])
    root = PublicKey.ed25519(bytes.fromhex(setup["root"]))
    device = PublicKey.p256(bytes.fromhex(setup["device"]))
    ring = Keyring.read(bytes.fromhex(setup["keyring"]), [root], now=now)
    listed = StatusList.read(bytes.fromhex(setup["status_list"]), ring, uri=setup["uri"], now=now)
    known = [bytes.fromhex(one) for one in setup["credentials"]]
    by_hash = {presentation.credential_hash(one): one for one in known}
    verifier = Verifier(ring, listed, resolve=by_hash.get)

    def answer(case: dict[str, Any]) -> dict[str, str]:
        if "writer" in case:
            return {"text": write(case)}
        at = datetime.fromisoformat(case["now"])
        if case["reader"] == "verifier":
            challenge = bytes.fromhex(case["challenge"])
            verdict = verifier.check(case["text"], now=at, challenge=challenge)
            return {"outcome": verdict.outcome, "reason": (*verdict.codes, "")[0]}
        try:
            match case["reader"]:
                case "office":
                    pairing.read_office(case["text"], ring, now=at)
                case "resident":
                    pairing.read_resident(case["text"], device, now=at)
                case "proof":
                    _proof(bytes.fromhex(case["text"]), device, case)
                case "answer":
                    read = pairing.read_office(case["text"], ring, now=at)
                    over = {"act": "answer_pairing", "pairing": read.transcript.hex()}
                    _proof(bytes.fromhex(case["proof"]), device, {**case, **over})
                case _:
                    _code(case["text"], device, case["code"])
        except TokenError as error:
            return {"outcome": "refuse", "reason": error.fault}
        return {"outcome": "accept", "reason": ""}

    return answer


_AADS = {
    "credential": b"",
    "presentation": b"ikd/present/1",
    "resident": b"ikd/pair-r/1",
    "office": b"ikd/pair-o/1",
    "proof": b"ikd/proof/1",
}
_PREFIXES = {"presentation": "IKDP:", "resident": "IKDR:", "office": "IKDO:"}


def write(job: dict[str, Any]) -> str:
    """Return the token that *job* asks for."""
    writer = job["writer"]
    if writer == "code":
        transcript = hashlib.sha256(job["text"].encode()).digest()
        return check_code(transcript, PublicKey.p256(bytes.fromhex(job["device"])).thumbprint)
    held = job["keys"][job["key"]]
    make = ed25519_signer if held["alg"] == "EdDSA" else es256_signer
    payload = cbor.encode(dict(_claims(job["claims"])), booleans=True)
    signed = cose.write(payload, make(bytes.fromhex(held["private"])), external_aad=_AADS[writer])
    if writer == "proof":
        return signed.hex()
    if writer == "credential":
        return credential.to_text(signed)
    return qrtext.write(_PREFIXES[writer], signed)


def _claims(told: dict[str, Any]) -> Iterator[tuple[int, Any]]:
    for label, value in told.items():
        if label == "8":
            sign, x = value[:2], bytes.fromhex(value[2:])
            yield 8, {1: {1: 2, -1: 1, -2: x, -3: sign == "03"}}
        elif label == "169":
            yield 169, {int(one): _bytes(held, one, "16") for one, held in value.items()}
        elif label == "65535":
            yield 65535, {"status_list": value}
        else:
            yield int(label), _bytes(value, label, "7 10 -65537 -65540 -65541 -65542 -65544")


def _bytes(value: Any, label: str, labels: str) -> Any:  # noqa: ANN401 - what JSON held
    return bytes.fromhex(value) if label in labels.split() else value


def _proof(data: bytes, device: PublicKey, asked: dict[str, Any]) -> None:
    """Refuse a proof of another phone, or for something else than was asked for."""
    said = proof.read(data, device)
    found = {
        "record": said.record_id.hex(),
        "act": said.act,
        "challenge": said.challenge.hex(),
        "pairing": said.pairing.hex(),
    }
    for name, value in found.items():
        if asked[name] != value:
            raise TokenError(name)


def _code(text: str, device: PublicKey, code: str) -> None:
    if check_code(hashlib.sha256(text.encode()).digest(), device.thumbprint) != code:
        raise TokenError("code")


def main(setup: str) -> None:
    """Answer until the input ends."""
    answer = answerer(json.loads(Path(setup).read_text("utf-8")))
    for line in sys.stdin:
        case = json.loads(line)
        print(json.dumps({"name": case["name"], **answer(case)}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
