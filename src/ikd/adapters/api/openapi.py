"""The API described as OpenAPI 3.1, made from the schema of the wire and from docstrings."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import version

from ikd import wire
from ikd.adapters.api.calls import MAX_KEY
from ikd.adapters.api.problems import MEDIA_TYPE
from ikd.core.decide import KINDS
from ikd.core.records.kind import AnyKind
from ikd.wire import Json, Schema, forms

_PROBLEMS: Mapping[str, str] = {
    "400": "Malformed; `detail` begins with the place.",
    "401": "No access token, or none that counts.",
    "403": "Not for this front end, or not for this actor.",
    "404": "There is no such record.",
    "408": "The request came too slowly.",
    "409": "Understood, not allowed now; nothing changed.",
    "413": "The body is too large.",
    "415": "The body isn't `application/json`.",
    "422": "The key was used for something else.",
    "429": "Too often; `Retry-After` says when.",
    "503": "Something outside failed or took too long; repeat with the same key.",
}
_KEY: Schema = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "Names this write: a repeat has no effect and the same answer.",
    "schema": {"type": "string", "pattern": f"^[!#-~]{{1,{MAX_KEY}}}$"},
}


def openapi(kinds: Iterable[AnyKind] = ()) -> Schema:
    """Return the description of the API.

    Args:
        kinds: Further kinds of record, as ``open_service`` takes them.
    """
    further = tuple(kinds)
    parts, acts = wire.schema(further)["$defs"], KINDS.and_further(further).acts
    paths: Schema = {
        **{f"/v1/commands/{act}": _command(act, kind) for act, kind in acts.items()},
        **{
            f"/v1/reads/{read}": _read(read, *schemas)
            for read, schemas in wire.reads_schema().items()
        },
        "/v1/keyring": _signed("The keyring, signed by a root.", "application/cose"),
        "/v1/status-list": _signed(
            "What became of every credential.", "application/statuslist+cwt"
        ),
        "/healthz": _told("Whether the process lives.", "alive"),
        "/readyz": _told("Whether store, lanes and captcha are as they should be.", "ready"),
    }
    document: Schema = {
        "openapi": "3.1.0",
        "info": {"title": "ikd", "version": version("ikd")},
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": {**_object(parts), "problem": _problem()},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }
    named = json.dumps(document).replace('"#/$defs/', '"#/components/schemas/')
    return _object(json.loads(named))


def _command(act: str, kind: type) -> Schema:
    body = _body("command", forms.read_schema(kind))
    return {"post": {**_call(act, kind, body, _ref("result")), "parameters": [_KEY]}}


def _read(read: str, asked: Schema, answer: Schema) -> Schema:
    answered: Schema = {
        "type": "object",
        "properties": {"answer": answer},
        "required": ["answer"],
    }
    return {"post": _call(read, wire.READS[read], _body("read", asked), answered)}


def _body(asked: str, schema: Schema) -> Schema:
    return {
        "type": "object",
        "properties": {"actor": _ref("actor"), asked: schema},
        "required": ["actor", *([asked] if schema["required"] else [])],
        "additionalProperties": False,
    }


def _call(name: str, about: Callable[..., object], body: Schema, answer: Schema) -> Schema:
    said = (inspect.getdoc(about) or "").split("\n\n")[0]
    return {
        "operationId": name,
        "summary": " ".join(said.split()).replace("*", "`").replace("``", "`"),
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {
            "200": {
                "description": "What it led to." if answer == _ref("result") else "The answer.",
                "content": {"application/json": {"schema": answer}},
            },
            **{status: _problems(words) for status, words in _PROBLEMS.items()},
        },
    }


def _signed(about: str, media_type: str) -> Schema:
    unchanged: Schema = {"description": "The one that `If-None-Match` names."}
    found: Schema = {"description": about, "content": {media_type: {}}}
    failed = {"503": _problems(_PROBLEMS["503"])}
    answers: Schema = {"200": found, "304": unchanged, **failed}
    return {"get": {"summary": about, "security": [], "responses": answers}}


def _told(about: str, word: str) -> Schema:
    schema: Schema = {"type": "object", "properties": {word: {"type": "boolean"}}}
    told: Schema = {"description": about, "content": {"application/json": {"schema": schema}}}
    return {"get": {"summary": about, "security": [], "responses": {"200": told, "503": told}}}


def _problems(about: str) -> Schema:
    return {"description": about, "content": {MEDIA_TYPE: {"schema": _ref("problem")}}}


def _problem() -> Schema:
    """Return the schema of problem details: the wire's error, and what RFC 9457 3.1 names."""
    texts: Schema = {name: {"type": "string"} for name in ("type", "title", "detail")}
    own: Schema = {
        "type": "object",
        "properties": {**texts, "status": {"type": "integer"}},
        "required": ["type", "title", "status", "detail"],
    }
    return {"allOf": [_ref("error"), own]}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _object(value: Json) -> Schema:
    return value if isinstance(value, dict) else {}
