"""Offices that come with ikd, and the one way to load any office."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from ikd.core.errors import OfficeFileError

if TYPE_CHECKING:
    from ikd.core.standard.office import Office


def packaged_offices() -> tuple[str, ...]:
    """Return the ids of the offices that come with ikd."""
    names = (entry.name for entry in resources.files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def load_office(office: str | Path | Mapping[str, object]) -> Office:
    """Return an office by its packaged id, the path of its TOML file, or a mapping.

    A text that ends in ``.toml`` is a path.

    Raises:
        OfficeFileError: Unknown id, unreadable file, or faults in the file, all of them.
    """
    from ikd.core.standard.office import parse_office, parse_office_text

    given: object = office  # a front end may pass anything
    if isinstance(given, Mapping):
        return parse_office(given)
    if not isinstance(given, str | Path):
        words = "sebuah id, berkas TOML, atau pemetaan / an id, a TOML file or a mapping"
        raise OfficeFileError((("file", words),))
    return parse_office_text(_text(given))


def _text(office: str | Path) -> str:
    from ikd.core.standard.file_text import LONGEST

    if isinstance(office, str) and not office.endswith(".toml"):
        if office not in packaged_offices():
            known = ", ".join(packaged_offices())
            raise OfficeFileError(
                (("id", f"tidak dikenal; yang ada: {known} / unknown; there are: {known}"),)
            )
        return resources.files(__name__).joinpath(f"{office}.toml").read_bytes().decode()
    try:
        with Path(office).open("rb") as file:
            data = file.read(LONGEST + 1)
        if len(data) <= LONGEST:
            return data.decode("utf-8-sig")
        words = f"lebih dari {LONGEST // 1024} KiB / longer than {LONGEST // 1024} KiB"
    except OSError as error:
        said = error.strerror
        words = f"berkas tidak terbaca ({said}) / the file can't be read ({said})"
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        words = (
            f"baris {line} bukan UTF-8; simpan sebagai UTF-8 / line {line} isn't UTF-8; save it so"
        )
    except ValueError:  # a zero byte, or half a character: the system isn't even asked
        words = "tak ada berkas dapat bernama begitu / no file can have that name"
    raise OfficeFileError((("file", words),))
