"""The description of the API is that of the API: every address, every part of a body."""

from __future__ import annotations

import inspect
from pathlib import Path

import jsonschema
import pytest

import ikd
from ikd import api, wire
from ikd.ports import KINDS
from model.appointments import APPOINTMENT

from .conftest import FrontEnd, Served

WRITES = {"handle", "retry", "retry_all", "bounced", "deliver_due", "close"}
HERE_ALONE = {"public_text", "pairing_token", "kinds", "checkpoint"}
"""What makes sense in the same process alone: ``pairing_token`` asks the phone's key, and a
checkpoint walks the whole store for whoever runs it."""
AT_ADDRESSES_OF_THEIR_OWN = {"keyring", "status_list"}


def test_every_command_and_every_read_has_an_address(served: Served) -> None:
    told = FrontEnd(served.address, None).ask("/v1/openapi.json").json
    assert told == api.openapi()
    posts = {path for path, item in told["paths"].items() if "post" in item}
    acts = {f"/v1/commands/{act}" for act in KINDS.acts}
    assert posts == acts | {f"/v1/reads/{read}" for read in wire.READS}
    web = served.front_end()
    assert {web.post(path, {}).status for path in posts} == {400}
    assert {web.ask(path).status for path in told["paths"].keys() - posts} == {200}


def test_every_read_stands_on_the_page(root: Path) -> None:
    page = root.joinpath("docs", "reference", "http.md").read_text("utf-8")
    assert [read for read in wire.READS if f"`{read}`" not in page] == []


def test_every_method_of_a_service_is_a_read_or_says_why_not() -> None:
    public = {name for name in vars(ikd.Service) if not name.startswith("_")}
    assert public == {*wire.READS, *WRITES, *HERE_ALONE, *AT_ADDRESSES_OF_THEIR_OWN}


def test_further_kinds_are_described_too() -> None:
    paths = api.openapi([APPOINTMENT])["paths"]
    assert set(paths) > set(api.openapi()["paths"])


def test_every_schema_is_one() -> None:
    told = api.openapi()
    for schema in told["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("read", wire.READS)
def test_every_read_says_what_it_is(read: str) -> None:
    assert api.openapi()["paths"][f"/v1/reads/{read}"]["post"]["summary"].endswith(".")
    assert inspect.getdoc(wire.READS[read])
