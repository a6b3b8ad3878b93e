"""Reads one picture in a process of its own and tells what that took; run by the tests.

python pictures.py FILE
"""

import io
import sys
import time
from pathlib import Path

from PIL import Image

from ikd.adapters.qrimage import read_picture
from ikd.core.errors import InputError


def peak() -> int:
    """Return the most kilobytes that this program ever held.

    Not ``ru_maxrss``, which a program takes over from whatever started it.
    """
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0])


def warm() -> None:
    """Load every library and format once."""
    for kind in ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF"):
        file = io.BytesIO()
        Image.new("RGB", (64, 64)).save(file, kind)
        read_picture(file.getvalue())


def main(path: str) -> None:
    """Print megabytes, seconds of processor time, and how many codes were found, -1 if refused."""
    warm()
    held, begun = peak(), time.process_time()
    try:
        found = len(read_picture(Path(path).read_bytes()))
    except InputError:
        found = -1
    print((peak() - held) / 1024, time.process_time() - begun, found)


if __name__ == "__main__":
    main(*sys.argv[1:])
