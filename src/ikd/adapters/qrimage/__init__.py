"""QR symbols for screens, paper and terminals. segno is loaded when one is drawn."""

from __future__ import annotations

from ikd.adapters.qrimage.reading import read_picture
from ikd.adapters.qrimage.symbol import Scannability, png, report, svg, terminal

__all__ = ["Scannability", "png", "read_picture", "report", "svg", "terminal"]
