"""Why a text is no TOML, in words that an officer understands, with the line."""

from __future__ import annotations

import re

_TOLD = re.compile(r"(.*) \(at (?:line ([0-9]+), column ([0-9]+)|end of document)\)", re.DOTALL)
_WORDS = (
    ("Invalid value", "teks perlu tanda petik lurus / a text needs straight quotation marks"),
    ("Unterminated string", "tanda petik penutup tidak ada / a closing quotation mark is missing"),
    ("Illegal character", "tanda petik penutup tidak ada / a closing quotation mark is missing"),
    ("Cannot overwrite", "kunci ini sudah ada di atas / this key stands above already"),
    ("Cannot declare", "bagian ini sudah ada di atas / this part stands above already"),
    ("Unclosed array", "tanda ] tidak ada / the sign ] is missing"),
    ("Unclosed inline table", "tanda } tidak ada / the sign } is missing"),
    ("Expected '='", "setelah kunci perlu tanda = / a key needs the sign = behind it"),
    ("Expected newline", "satu baris, satu nilai / one value a line"),
)


def why_no_toml(error: ValueError | RecursionError) -> str:
    """Return what the reader of TOML or JSON said, with where and in plainer words."""
    found = _TOLD.fullmatch(str(error))
    if found is None:
        return f"bukan TOML / not TOML: {error}"
    said, line, column = found.groups()
    where = f"baris / line {line}, kolom / column {column}" if line else "di akhir / at the end"
    plain = next((words for start, words in _WORDS if said.startswith(start)), said)
    return f"bukan TOML / not TOML: {where}: {plain}"
