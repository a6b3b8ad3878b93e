"""Drawing QR symbols, and reading them from pictures. Each needs its extra: ``qr`` or ``scan``."""

from ikd.adapters.qrimage import Scannability, fit_photo, png, read_picture, report, svg, terminal

__all__ = [
    "Scannability",
    "fit_photo",
    "png",
    "read_picture",
    "report",
    "svg",
    "terminal",
]
