"""Checkpoints: what a store held at one moment, signed, to be kept where its owner can't write.

A MAC tells that a row was changed; that one is gone, or an older copy of it was put back, only
numbers tell that are kept outside. A checkpoint is a signed line and a list, a line a record: how
many events it had, and the hash of the last. Each line stays true for ever, since journals only
grow; so no store has to stand still while it is made, or when it is compared.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

import attrs

from ikd.core import cbor
from ikd.core.errors import TokenError
from ikd.core.timing import from_micros, to_micros
from ikd.core.tokens import cose
from ikd.core.tokens.cwt import exact_map
from ikd.core.tokens.keyring import Keyring
from ikd.core.tokens.signing import Signer

HEADERS = {16: "application/ikd-checkpoint+cbor"}  # typ (RFC 9596)
_MAX_SIGNED = 16_384  # bytes of the signed line: two dozen tables take a tenth of it
_SHAPE = {"at": int, "records": dict, "tables": dict}
_SUM = {"count": int, "digest": bytes}

ListedRecord = tuple[str, str, int, bytes]
"""A record in the list: kind, id, how many events it has, hash of the last."""


@attrs.frozen(kw_only=True)
class TableSum:
    """How many rows a table has, and the digest of all of them in order of their keys.

    Attributes:
        count: How many.
        digest: SHA-256 over each row's canonical CBOR.
    """

    count: int
    digest: bytes = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class Checkpoint:
    """What was signed.

    Attributes:
        at: When it was made.
        records: How many records are listed, and the digest of the list.
        tables: The sum of every table, by its name; they hold while nothing is written.
    """

    at: datetime
    records: TableSum
    tables: Mapping[str, TableSum]

    def write(self, key: Signer, lines: Iterable[ListedRecord]) -> Iterator[bytes]:
        """Yield the file, line by line: what is signed, then the list.

        Raises:
            KeySourceError: Signing failed.
        """
        claims = {
            "at": to_micros(self.at),
            "records": attrs.asdict(self.records),
            "tables": {name: attrs.asdict(one) for name, one in self.tables.items()},
        }
        yield cose.write(cbor.encode(claims), key, headers=HEADERS).hex().encode() + b"\n"
        yield from map(line_bytes, lines)

    @classmethod
    def read(cls, signed: bytes, keyring: Keyring) -> Checkpoint:
        """Return what the first line of a file says.

        Raises:
            TokenError: Not signed by a key for checkpoints, or no checkpoint.
        """
        try:
            data = bytes.fromhex(signed.decode("ascii").strip())
        except ValueError:
            raise TokenError("checkpoint", "no signed line") from None
        found = cose.read(data, headers=HEADERS, max_bytes=_MAX_SIGNED)
        record = keyring.find("checkpoint", found.kid)
        plain = cbor.decode(found.verify(record.key), max_bytes=_MAX_SIGNED)
        exact_map(plain, _SHAPE, fault="checkpoint")
        made = cls(
            at=from_micros(plain["at"]),
            records=_sum(plain["records"]),
            tables={name: _sum(one) for name, one in plain["tables"].items()},
        )
        record.signed_at(made.at)
        return made

    def listed(self, lines: Iterable[bytes]) -> dict[tuple[str, str], tuple[int, bytes]]:
        """Return the list behind the signed line, by kind and id.

        Raises:
            TokenError: It isn't the one that was signed (``checkpoint``).
        """
        digest, found = hashlib.sha256(), {}
        for line in lines:
            digest.update(line)
            kind, record_id, version, head = _parsed(line)
            found[kind, record_id] = version, head
        if (len(found), digest.digest()) != (self.records.count, self.records.digest):
            raise TokenError("checkpoint", "the list isn't the one that was signed")
        return found


def line_bytes(line: ListedRecord) -> bytes:
    """Return a line of the list as the file has it."""
    kind, record_id, version, head = line
    return f"{kind} {record_id} {version} {head.hex()}\n".encode()


def _parsed(line: bytes) -> ListedRecord:
    try:
        kind, record_id, version, head = line.decode("ascii").split()
        return kind, record_id, int(version), bytes.fromhex(head)
    except ValueError:
        raise TokenError("checkpoint", "a line of the list is none") from None


def _sum(plain: object) -> TableSum:
    exact_map(plain, _SUM, fault="checkpoint")
    assert isinstance(plain, dict)  # noqa: S101 - checked
    return TableSum(**plain)
