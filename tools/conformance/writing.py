"""What an implementation has to write: every token that must pass, said field by field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import house

from ikd.core import cbor
from ikd.core.errors import TokenError
from ikd.core.tokens import base45, cose, credential

Row = dict[str, Any]
_AADS = {
    "credential": b"",
    "presentation": b"ikd/present/1",
    "resident": b"ikd/pair-r/1",
    "office": b"ikd/pair-o/1",
    "proof": b"ikd/proof/1",
}
_SEEDS = (b"issuer..", b"verify..", b"station.", b"device..", b"odd-one.")
_KEYS = (house.EDDSA, house.ES256, house.VERIFY_ONLY, house.STATION, house.DEVICE, house.ODD_DEVICE)


def keys() -> dict[str, dict[str, str]]:
    """Return the private keys of the invented house by name."""
    seeds = {maker(seed * 4).public.kid: seed * 4 for seed in _SEEDS for maker in house.MAKERS}
    return {
        key.public.kid.hex(): {
            "alg": "EdDSA" if key.public.alg == -8 else "ES256",
            "private": seeds[key.public.kid].hex(),
            "public": key.public.raw.hex(),
        }
        for key in _KEYS
    }


def jobs(rows: Iterable[Row]) -> list[Row]:
    """Return one job for each token among the rows that must pass, in their order."""
    found: dict[str, Row] = {}
    for row in rows:
        told = {"name": f"write_{row['name']}", **_fields(row)}
        found.setdefault(repr(sorted((k, repr(v)) for k, v in told.items() if k != "name")), told)
    return list(found.values())


def fault(job: Row, row: Row, text: str) -> str:
    """Return what is wrong with *text* as the answer to *job*, made from *row*; "" for nothing."""
    if job["writer"] == "code":
        return "" if text == row["code"] else "other digits"
    try:
        made, sound = cose.read(_bytes(job["writer"], text)), cose.read(_bytes_of(row))
    except (TokenError, ValueError) as error:
        return f"not readable: {error}"
    if (made.protected, made.payload) != (sound.protected, sound.payload):
        return "another header or payload"
    key = next(one.public for one in _KEYS if one.public.kid == sound.kid)
    message = cose.signing_input(made.protected, made.payload, _AADS[job["writer"]])
    return "" if key.holds(made.signature, message) else "the signature doesn't hold"


def _fields(row: Row) -> Row:
    if row["reader"] == "code":
        return {"writer": "code", "text": row["text"], "device": house.DEVICE.public.raw.hex()}
    writer, parts = _writer(row), cose.read(_bytes_of(row))
    found = cbor.decode(parts.payload, booleans=True)
    return {"writer": writer, "key": parts.kid.hex(), "claims": dict(_claims(found))}


def _writer(row: Row) -> str:
    if row["reader"] == "verifier":
        return "presentation" if row["text"].startswith("IKDP:") else "credential"
    return {"answer": "proof"}.get(row["reader"], row["reader"])


def _claims(found: dict[Any, Any]) -> Iterator[tuple[str, Any]]:
    """Yield labels and values as JSON has them: bytes in hexadecimal, the device as its point."""
    for label, value in reversed(found.items()):  # putting them in order is the writer's
        if label == 8:
            point = bytes((2 + value[1][-3],)) + value[1][-2]
            yield "8", point.hex()
        elif label == 169:
            yield "169", {str(one): _plain(held) for one, held in reversed(value.items())}
        elif label == 65535:
            yield "65535", value["status_list"]
        else:
            yield str(label), _plain(value)


def _plain(value: Any) -> Any:  # noqa: ANN401 - int, text or bytes
    return value.hex() if isinstance(value, bytes) else value


def _bytes_of(row: Row) -> bytes:
    proven = row["proof"] if row["reader"] == "answer" else row["text"]
    return _bytes(_writer(row), proven)


def _bytes(writer: str, text: str) -> bytes:
    if writer == "credential":
        return credential.to_cose(text)
    return bytes.fromhex(text) if writer == "proof" else base45.decode(text[5:])
