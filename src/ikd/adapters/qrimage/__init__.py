"""QR symbols for screens, paper and terminals. segno is loaded when one is drawn."""

from __future__ import annotations

from ikd.adapters.qrimage.photo import fit_photo
from ikd.adapters.qrimage.symbol import Scannability, png, report, svg, terminal
from ikd.adapters.qrimage.symbol_reading import read_picture

__all__ = ["Scannability", "fit_photo", "png", "read_picture", "report", "svg", "terminal"]
