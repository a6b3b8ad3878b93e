"""The verifier: one QR text in, one verdict out, offline, and never an exception for a text."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import attrs

from ikd.core.errors import TokenError
from ikd.core.timing import aware
from ikd.core.tokens import credential, foreign, presentation
from ikd.core.tokens.credential import CredentialClaims
from ikd.core.tokens.cwt import SKEW
from ikd.core.tokens.foreign import ForeignCredential
from ikd.core.tokens.keyring import Keyring
from ikd.core.tokens.memories import ReplayMemory, Resolver, is_first_use, resolved
from ikd.core.tokens.pairing import OFFICE_PREFIX, RESIDENT_PREFIX
from ikd.core.tokens.policy import Policy, Weight
from ikd.core.tokens.presentation import Presentation
from ikd.core.tokens.statuslist import FoundStatus, StatusList
from ikd.core.tokens.verdict import Kind, Reason, Verdict

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
# Faults of form: what shows them may be a claim 169 of another dialect.
_FORM = frozenset({"zlib", "cbor", "cose", "claims"})
_STATUS_CODES: dict[FoundStatus, str] = {
    "invalid": "invalid",
    "suspended": "suspended",
    "superseded": "superseded",
    "unknown": "status_unknown",
}


def _as_lists(lists: StatusList | Iterable[StatusList] | None) -> dict[str, StatusList]:
    if lists is None:
        return {}
    found = (lists,) if isinstance(lists, StatusList) else tuple(lists)
    newest_last = sorted(found, key=lambda one: one.issued_at)
    return {one.uri: one for one in newest_last}


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
        self.foreign: ForeignCredential | None = None

    def verdict(self) -> Verdict:
        self._keyring()
        claims = None
        try:
            claims = self._claims()
        except TokenError as error:
            if self.kind != "credential" or error.fault not in _FORM or not self._dialect():
                self._refused(error)
        listed = self.listed
        return Verdict(
            kind=self.kind,
            reasons=tuple(self.reasons),
            claims=claims,
            foreign=self.foreign,
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

    def _dialect(self) -> bool:
        """Return whether the text is a signed claim 169 that others wrote; then it says so."""
        try:
            self.foreign = foreign.read(self.text, self.verifier.keyring, now=self.now)
        except TokenError:
            return False
        self.kind = "foreign"
        self._add("foreign", self.policy.foreign, detail=" ".join(self.foreign.notes))
        self._add("status_missing", self.policy.status_missing)
        return True

    def _presented(self) -> CredentialClaims | None:
        self.kind = "presentation"
        shown = presentation.peek(self.text)
        signed = shown.credential
        if signed is None:
            signed = resolved(self.verifier.resolve, shown.credential_hash)
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
        first = is_first_use(memory, shown.token_id, shown.expires_at)
        if first is None:
            self._add("replay_unchecked")
        elif not first:
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
