"""Defects of the text, of base45 and of zlib."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import house
from cases import Case

from ikd.core.tokens import base45


def _gzip(data: bytes) -> bytes:
    """Return *data* as gzip (RFC 1952); the header is zlib's own, alike on every Python."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return packer.compress(data) + packer.flush()


def bad_texts() -> Iterator[Case]:
    """Yield every case."""
    signed = house.sign1(house.plain_claims())
    text = house.text(signed)
    for name, spoiled in _texts(text).items():
        yield Case(f"text_{name}", spoiled, "malformed")
    for name, prefix in {
        "pairing_of_a_resident": "IKDR:",
        "pairing_of_an_office": "IKDO:",
    }.items():
        yield Case(f"text_prefix_of_a_{name}", prefix + text, "other_kind")
    for name, data in _zlibs(signed).items():
        yield Case(f"zlib_{name}", base45.encode(data), "malformed")
    yield Case("zlib_missing", base45.encode(signed), "rewritten")


def _texts(text: str) -> dict[str, str]:
    return {
        "empty": "",
        "one_character": "A",
        "only_spaces": "   ",
        "lower_case": text.lower(),
        "one_lower_case_letter": _first_letter_lower(text),
        "space_before": " " + text,
        "space_behind": text + " ",
        "line_feed_behind": text + "\n",
        "carriage_return_behind": text + "\r\n",
        "tab_behind": text + "\t",
        "nul_behind": text + "\0",
        "byte_order_mark_before": "\ufeff" + text,
        "zero_width_space_behind": text + "\u200b",
        "fullwidth_digit": text[:-1] + "\uff10",
        "arabic_digit": text[:-1] + "\u0660",
        "underscore": text[:9] + "_" + text[10:],
        "comma": text[:9] + "," + text[10:],
        "percent_encoded": text.replace(" ", "%20") + "%20",
        "character_missing_at_the_end": text[:-1],
        "character_missing_inside": text[:60] + text[61:],
        "character_doubled_inside": text[:60] + text[59:],
        "two_characters_swapped": text[:60] + text[61] + text[60] + text[62:],
        "half_of_it": text[: len(text) // 2],
        "twice": text + text,
        "reversed": text[::-1],
        "group_above_65535": ":::" + text[3:],
        "last_pair_above_255": text + "::" if len(text) % 3 == 0 else text[:-2] + "::",
        "2001_characters": "A" * 2001,
        "prefix_of_another_country": "HC1:" + text,
        "prefix_of_a_presentation": "IKDP:" + text,
        "prefix_in_lower_case": "ikdp:" + text,
        "prefix_alone": "IKDP:",
        "address": "HTTPS://IKD.EXAMPLE.ID/" + text,
        "json": '{"qr": "' + text + '"}',
    }


def _first_letter_lower(text: str) -> str:
    place = next(place for place, sign in enumerate(text) if sign.isalpha())
    return text[:place] + text[place].lower() + text[place + 1 :]


def _zlibs(signed: bytes) -> dict[str, bytes]:
    whole = zlib.compress(signed, 9)
    raw = zlib.compressobj(9, wbits=-15)
    known = zlib.compressobj(9, zdict=b"https://ikd.example.id")
    return {
        "byte_behind": whole + b"\0",
        "second_stream_behind": whole + zlib.compress(b"", 9),
        "last_byte_missing": whole[:-1],
        "checksum_missing": whole[:-4],
        "checksum_wrong": whole[:-1] + bytes((whole[-1] ^ 1,)),
        "header_missing": whole[2:],
        "raw_deflate": raw.compress(signed) + raw.flush(),
        "gzip": _gzip(signed),
        "preset_dictionary": known.compress(signed) + known.flush(),
        "twice": zlib.compress(whole, 9),
        "of_nothing": zlib.compress(b"", 9),
        "of_4097_bytes": zlib.compress(bytes(4097), 9),
        "of_a_million_bytes": zlib.compress(bytes(10**6), 9),
        "of_a_text": zlib.compress(b"halo", 9),
    }
