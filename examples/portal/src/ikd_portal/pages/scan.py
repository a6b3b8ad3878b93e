"""Reads QR codes in frames of a camera, or in a picture, for browsers that can't themselves."""

from __future__ import annotations

from starlette.responses import Response

from ikd import qr
from ikd_portal.call import Call, Page


def scan(call: Call) -> Response:
    """Tell which texts a picture shows; it is kept nowhere."""
    return call.json(texts=qr.read_picture(call.files.get("body", b"")))


PAGES = (Page("/scan", scan, "POST"),)
