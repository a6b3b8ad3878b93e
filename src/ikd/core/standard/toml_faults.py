"""Why a text is no TOML, in words that an officer understands, with the line."""

from __future__ import annotations

import re

_TOLD = re.compile(r"(.*) \(at (?:line ([0-9]+), column ([0-9]+)|end of document)\)", re.DOTALL)
_VALUES = (  # what stands where a value should, and what fits it
    (r"\s*(?:[#,\]}]|$)", "nilai belum diisi / the value is missing"),
    (r"(?i:true|false)\b", "tulis true atau false dengan huruf kecil / write true or false small"),
    (r"[-+.0-9]", "bukan angka; teks perlu tanda petik / no number; a text needs quotation marks"),
    ("", "teks perlu tanda petik lurus / a text needs straight quotation marks"),
)
_COMMA = "tanda koma kurang sebelum ini / a comma is missing before this"
_ZERO = (
    "angka yang berawal 0, seperti nomor telepon, perlu tanda petik / digits that begin with 0, "
    "as a phone number's, need quotation marks"
)
_LEADING_ZERO = re.compile(r"=\s*0[0-9][0-9 .-]*\s*(?:#|,|$)", re.ASCII)
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
        return f"bukan TOML ({error}) / not TOML ({error})"
    said, line, column = found.groups()
    whole = _lines(text)[int(line) - 1] if line else ""
    indonesian, english = _plain(said, whole, int(column or 1) - 1).split(" / ")
    if line:
        where = (
            f"bukan TOML, baris {line}, kolom {column}",
            f"not TOML, line {line}, column {column}",
        )
    else:
        where = "bukan TOML, di akhir", "not TOML, at the end"
    return f"{where[0]}: {indonesian} / {where[1]}: {english}"


def _lines(text: str) -> list[str]:
    """Return the lines of *text*, counted as the reader of TOML counts."""
    return text.replace("\r\n", "\n").split("\n")


def _plain(said: str, line: str, column: int) -> str:
    rest = line[column:]
    if _LEADING_ZERO.search(line):
        return _ZERO
    if said.startswith("Unclosed") and re.match(r"\s*[^\s#]", rest):
        return _COMMA
    if said == "Invalid value":
        return next(words for form, words in _VALUES if re.match(form, rest))
    found = (words for start, words in _WORDS if said.startswith(start))
    return next(found, f"{said} / {said}")
