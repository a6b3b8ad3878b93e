"""What is signed for everybody, with headers that let caches keep it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

import ikd

from .conftest import FrontEnd, Served


def test_a_verifier_opens_what_is_published(served: Served) -> None:
    anybody = FrontEnd(served.address, None)
    ring, statuses = anybody.ask("/v1/keyring"), anybody.ask("/v1/status-list")
    root = ikd.PublicKey.ed25519(served.service._parts.keys.roots()[0])
    verifier = ikd.open_verifier(ring.body, root=root, status=statuses.body)
    assert verifier.check("nonsense", now=datetime.now(UTC)).outcome == "refuse"
    assert ring.headers["Content-Type"] == "application/cose"
    assert statuses.headers["Content-Type"] == "application/statuslist+cwt"


@pytest.mark.parametrize("path", ["/v1/keyring", "/v1/status-list", "/v1/openapi.json"])
def test_a_cache_that_has_it_is_told_so(served: Served, path: str) -> None:
    anybody = FrontEnd(served.address, None)
    first = anybody.ask(path)
    assert (first.status, first.headers["Cache-Control"]) == (200, "public, max-age=300")
    for named in (first.headers["ETag"], f'"x", W/{first.headers["ETag"]}', "*"):
        again = anybody.ask(path, If_None_Match=named)
        assert (again.status, again.body) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
    assert anybody.ask(path, If_None_Match='"x"').body == first.body
