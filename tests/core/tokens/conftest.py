"""A small house of keys for the token tests: all keys fixed, one moment."""

from datetime import UTC, datetime, timedelta

import attrs
import pytest

from ikd.core.tokens.claim169 import Claim169
from ikd.core.tokens.credential import CredentialClaims
from ikd.core.tokens.foreignkeys import ForeignKey
from ikd.core.tokens.keyrecord import KeyRecord
from ikd.core.tokens.keyring import Keyring
from ikd.core.tokens.signing import Signer, ed25519_signer, es256_signer
from ikd.core.tokens.statuslist import StatusList

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
LIST = "https://status.example.id/1"


@attrs.frozen
class House:
    """Everything a test needs to make tokens and to read them."""

    now: datetime = NOW
    root: Signer = attrs.field(factory=lambda: ed25519_signer(b"root" * 8))
    issuer: Signer = attrs.field(factory=lambda: ed25519_signer(b"issuer.." * 4))
    issuer_es256: Signer = attrs.field(factory=lambda: es256_signer(b"issuer.." * 4))
    station: Signer = attrs.field(factory=lambda: es256_signer(b"station." * 4))
    status: Signer = attrs.field(factory=lambda: ed25519_signer(b"status.." * 4))
    device: Signer = attrs.field(factory=lambda: es256_signer(b"device.." * 4))
    stranger: Signer = attrs.field(factory=lambda: es256_signer(b"stranger" * 4))
    other: Signer = attrs.field(factory=lambda: ed25519_signer(b"another." * 4))
    other_es256: Signer = attrs.field(factory=lambda: es256_signer(b"another." * 4))
    uri: str = LIST

    def record(self, key: Signer, role: str, **changes) -> KeyRecord:
        times = {"not_before": NOW - timedelta(days=1), "not_after": NOW + timedelta(days=89)}
        return KeyRecord(key=key.public, role=role, **{**times, **changes})

    def records(self) -> list[KeyRecord]:
        return [
            self.record(self.issuer, "credential"),
            self.record(self.issuer_es256, "credential"),
            self.record(self.station, "station", office="wakatobi", station="loket-1"),
            self.record(self.status, "status"),
        ]

    def keyring(self, records=None, **changes) -> Keyring:
        times = {"issued_at": NOW, "expires_at": NOW + timedelta(days=7)}
        return Keyring(
            records=self.records() if records is None else records,
            **{"version": 3, **times, **changes},
        )

    def foreign_keys(self, **changes) -> list[ForeignKey]:
        values = {"issuer": "https://other.example.org", "name": "Negeri Contoh", **changes}
        return [
            ForeignKey(**{"kid": b"key-1", "key": self.other.public, **values}),
            ForeignKey(**{"kid": b"key-2", "key": self.other_es256.public, **values}),
        ]

    def person(self, **changes) -> Claim169:
        return Claim169(
            **{"name": "SITI CONTOH", "sex": 2, "nik_tail": "9901", "birth_year": 1989, **changes}
        )

    def claims(self, **changes) -> CredentialClaims:
        values = {
            "issuer": "https://ikd.example.id",
            "credential_id": b"credential-id-01",
            "issued_at": NOW,
            "not_before": NOW,
            "expires_at": NOW + timedelta(days=180),
            "device_key": self.device.public,
            "status_list": LIST,
            "status_index": 7,
            "person": self.person(),
        }
        return CredentialClaims(**{**values, **changes})

    def status_list(self, standings=None, **changes) -> StatusList:
        values = {
            "uri": LIST,
            "size": 1000,
            "issued_at": NOW,
            "expires_at": NOW + timedelta(days=7),
        }
        return StatusList.of(standings or {}, **{**values, **changes})


@pytest.fixture(scope="session")
def house() -> House:
    """Keys, keyring and claims that go together."""
    return House()
