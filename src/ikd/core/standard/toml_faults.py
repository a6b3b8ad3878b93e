"""Why a text is no TOML, in words that an officer understands, with the line."""

from __future__ import annotations

import re

_TOLD = re.compile(r"(.*) \(at (?:line ([0-9]+), column ([0-9]+)|end of document)\)", re.DOTALL)
_VALUES = (  # what stands where a value should, and what fits it
    (r"\s*(?:[#,\]}]|$)", "nilai belum diisi / the value is missing"),
    (r"(?i:true|false)\b", "tulis dengan huruf kecil / write in small letters: true, false"),
    (r"[-+.0-9]", "bukan angka / not a number"),
    ("", "teks perlu tanda petik lurus / a text needs straight quotation marks"),
)
_WORDS = (
    ("Unterminated string", "tanda petik penutup tidak ada / a closing quotation mark is missing"),
    ("Illegal character", "tanda petik penutup tidak ada / a closing quotation mark is missing"),
    ("Cannot overwrite", "kunci ini sudah ada di atas / this key stands above already"),
    ("Cannot declare", "bagian ini sudah ada di atas / this part stands above already"),
    ("Unclosed array", "tanda ] tidak ada / the sign ] is missing"),
    ("Unclosed inline table", "tanda } tidak ada / the sign } is missing"),
    ("Expected '='", "setelah kunci perlu tanda = / a key needs the sign = behind it"),
    ("Expected newline", "satu baris, satu nilai / one value a line"),
)


def why_no_toml(error: ValueError | RecursionError, text: str) -> str:
    """Return what the reader of TOML or JSON said of *text*, with where and in plainer words."""
    found = _TOLD.fullmatch(str(error))
    if found is None:
        return f"bukan TOML / not TOML: {error}"
    said, line, column = found.groups()
    where = f"baris / line {line}, kolom / column {column}" if line else "di akhir / at the end"
    if said == "Invalid value":
        # the rest of that line, counted as the reader of TOML counts
        lines = text.replace("\r\n", "\n").split("\n")
        rest = lines[int(line) - 1][int(column) - 1 :] if line else ""
        plain = next(words for form, words in _VALUES if re.match(form, rest))
    else:
        plain = next((words for start, words in _WORDS if said.startswith(start)), said)
    return f"bukan TOML / not TOML: {where}: {plain}"
