"""The verifier: one QR text in, one verdict out, offline, and never an exception for a text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Protocol

import attrs

from ikd.core.errors import TokenError
from ikd.core.timing import aware
from ikd.core.tokens import credential, presentation
from ikd.core.tokens.claims import SKEW
from ikd.core.tokens.credential import CredentialClaims
from ikd.core.tokens.keyring import Keyring
from ikd.core.tokens.pairing import OFFICE_PREFIX, RESIDENT_PREFIX
from ikd.core.tokens.policy import Policy, Weight
from ikd.core.tokens.presentation import Presentation
from ikd.core.tokens.status import Status, StatusList
from ikd.core.tokens.verdict import Kind, Reason, Verdict

Resolver = Callable[[bytes], bytes | None]
"""Finds the COSE_Sign1 of a credential by its SHA-256, or None."""

# Fault word of a TokenError -> code of a reason; all others are "malformed".
_CODES = {
    "signature": "signature",
    "algorithm": "signature",
    "key": "key",
    "revoked": "revoked_key",
    "early": "early",
    "expired": "expired",
    "challenge": "challenge",
}
_STATUS_CODES: dict[Status, str] = {
    "invalid": "invalid",
    "suspended": "suspended",
    "superseded": "superseded",
    "unknown": "status_unknown",
}


class ReplayMemory(Protocol):
    """Remembers presentations until they have expired anyway."""

    def first_use(self, token_id: bytes, expires_at: datetime) -> bool:
        """Return whether *token_id* is new, and remember it until *expires_at* plus skew."""
        ...


def _as_lists(lists: StatusList | Iterable[StatusList] | None) -> dict[str, StatusList]:
    if lists is None:
        return {}
    found = (lists,) if isinstance(lists, StatusList) else tuple(lists)
    return {one.uri: one for one in found}


@attrs.frozen
class Verifier:
    """Checks QR texts against a keyring and status lists that were loaded before.

    Attributes:
        keyring: Whose keys are believed.
        status_lists: One list, several, or None.
        policy: What to make of doubt.
        replay: Remembers presentations; shared by all counters of one place.
        resolve: Finds credentials that are presented by hash.
    """

    keyring: Keyring
    status_lists: dict[str, StatusList] = attrs.field(default=None, converter=_as_lists)
    policy: Policy = attrs.field(factory=Policy)
    replay: ReplayMemory | None = attrs.field(default=None, kw_only=True)
    resolve: Resolver | None = attrs.field(default=None, kw_only=True)

    def check(self, qr_text: str, *, now: datetime, challenge: bytes = b"") -> Verdict:
        """Return what is to be made of *qr_text*; no text makes this raise.

        Args:
            qr_text: What the scanner read.
            now: The present.
            challenge: What we gave the phone to sign, if we did.

        Raises:
            InputError: *now* has no zone (``time.naive``).
        """
        return _Check(self, qr_text, aware(now), challenge).verdict()


class _Check:
    """One check under way: collects reasons until there is nothing more to ask."""

    def __init__(self, verifier: Verifier, text: str, now: datetime, challenge: bytes) -> None:
        self.verifier = verifier
        self.policy = verifier.policy
        self.text = text
        self.now = now
        self.challenge = challenge
        self.reasons: list[Reason] = []
        self.kind: Kind = "unknown"
        self.listed: StatusList | None = None

    def verdict(self) -> Verdict:
        self._keyring()
        claims = None
        try:
            claims = self._claims()
        except TokenError as error:
            self._refused(error)
        listed = self.listed
        return Verdict(
            kind=self.kind,
            reasons=tuple(self.reasons),
            claims=claims,
            keyring_age=self.now - self.verifier.keyring.issued_at,
            status_list_age=None if listed is None else self.now - listed.issued_at,
        )

    def _add(self, code: str, weight: Weight = "refuse", detail: str = "") -> None:
        if weight != "accept":
            self.reasons.append(Reason(code=code, weight=weight, detail=detail))

    def _refused(self, error: TokenError) -> None:
        self._add(_CODES.get(error.fault, "malformed"), detail=error.fault)

    def _keyring(self) -> None:
        keyring = self.verifier.keyring
        if self.now < keyring.issued_at - SKEW:
            self._add("clock")
        if self.now >= keyring.expires_at + self.policy.keyring_grace:
            self._add("keyring_expired")
        elif keyring.is_expired(self.now):
            self._add("keyring_stale", self.policy.keyring_stale)

    def _claims(self) -> CredentialClaims | None:
        if type(self.text) is not str:
            raise TokenError("length")
        if self.text.startswith((RESIDENT_PREFIX, OFFICE_PREFIX)):
            self._add("other_kind")
            return None
        if self.text.startswith(presentation.PREFIX):
            return self._presented()
        self.kind = "credential"
        claims = credential.verify(credential.to_cose(self.text), self.verifier.keyring)
        self._credential(claims)
        self._add("no_holder_proof", self.policy.static)
        return claims

    def _presented(self) -> CredentialClaims | None:
        self.kind = "presentation"
        shown = presentation.peek(self.text)
        signed = shown.credential
        if signed is None:
            signed = self._resolved(shown.credential_hash)
        if signed is None or presentation.credential_hash(signed) != shown.credential_hash:
            self._add("not_found")
            return None
        claims = credential.verify(signed, self.verifier.keyring)
        self._credential(claims)
        try:
            shown = presentation.read(
                self.text, claims.device_key, now=self.now, challenge=self.challenge
            )
        except TokenError as error:
            self._not_by_holder(error)
        else:
            self._replay(shown)
        return claims

    def _resolved(self, wanted: bytes) -> bytes | None:
        if self.verifier.resolve is None:
            return None
        try:
            found = self.verifier.resolve(wanted)
        except Exception:  # noqa: BLE001  (foreign code: whatever it raises, nothing was found)
            return None
        return found if type(found) is bytes else None

    def _not_by_holder(self, error: TokenError) -> None:
        if error.fault in {"signature", "key", "algorithm"}:
            self._add("holder", detail=error.fault)
        else:
            self._refused(error)

    def _replay(self, shown: Presentation) -> None:
        memory = self.verifier.replay
        if memory is None:
            if not self.challenge:
                self._add("replay_unchecked", self.policy.replay_unchecked)
            return
        try:
            first = memory.first_use(shown.token_id, shown.expires_at)
        except Exception:  # noqa: BLE001  (foreign code: a memory that fails has not said yes)
            self._add("replay_unchecked")
            return
        if first is not True:  # a coroutine, say, is truthy and no answer
            self._add("replayed")

    def _credential(self, claims: CredentialClaims) -> None:
        try:
            credential.check_times(claims, now=self.now)
        except TokenError as error:
            self._refused(error)
        self.listed = self.verifier.status_lists.get(claims.status_list)
        if self.listed is None:
            self._add("status_missing", self.policy.status_missing)
            return
        if self.now < self.listed.issued_at - SKEW:
            self._add("clock")
        status = self.listed.status(claims.status_index, now=self.now)
        if status == "stale":
            self._add("status_stale", self.policy.status_stale)
        elif status != "valid":
            self._add(_STATUS_CODES[status])
