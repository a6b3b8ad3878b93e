"""What schemathesis asks before it sends a body: most of them name somebody and something real."""

from __future__ import annotations

import json
import os
import zlib

import schemathesis

REAL = json.loads(os.environ["IKD_FUZZ"])
"""Actors, and ids of records by their kind."""


@schemathesis.hook
def map_body(_context: schemathesis.HookContext, body: object) -> object:
    """Put a real actor and real ids into three of four bodies; the same body gets the same ones."""
    drawn = zlib.crc32(repr(body).encode("utf-8", "surrogatepass"))
    if isinstance(body, dict) and drawn % 4:
        if "actor" in body:
            body["actor"] = REAL["actors"][drawn // 4 % len(REAL["actors"])]
        for part in ("command", "read"):
            _name(body.get(part), drawn // 64)
    return body


def _name(part: object, drawn: int) -> None:
    if not isinstance(part, dict):
        return
    for kind in ("application", "identity", "complaint"):
        name = f"{kind}_id"
        if name in part:
            part[name] = REAL[kind][drawn % len(REAL[kind])]
    if "record_id" in part:
        part["kind"] = ("application", "identity")[drawn % 2]
        part["record_id"] = REAL[part["kind"]][drawn // 2 % len(REAL[part["kind"]])]
