"""The verifier: one QR text in, one verdict out, offline, and never an exception for a text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import attrs

from ikd.core import cbor
from ikd.core.errors import TokenError
from ikd.core.timing import aware
from ikd.core.tokens import credential, foreign, presentation, qrtext
from ikd.core.tokens.credential import CredentialClaims
from ikd.core.tokens.cwt import is_ahead
from ikd.core.tokens.foreign import ForeignCredential, ForeignToken
from ikd.core.tokens.foreignkeys import ForeignKey, key_of
from ikd.core.tokens.inflate import inflate
from ikd.core.tokens.keyring import Keyring
from ikd.core.tokens.memories import ReplayMemory, Resolver, is_first_use, resolved
from ikd.core.tokens.pairing import OFFICE_PREFIX, RESIDENT_PREFIX
from ikd.core.tokens.policy import Policy, Weight
from ikd.core.tokens.presentation import Presentation
from ikd.core.tokens.statuslist import StatusList
from ikd.core.tokens.verdict import Reason, TokenKind, Verdict

# Fault word of a TokenError -> code of a reason; all others are "malformed".
_CODES = {
    "signature": "signature",
    "algorithm": "signature",
    "key": "key",
    "revoked": "revoked_key",
    "early": "early",
    "expired": "expired",
    "life": "life",
    "challenge": "challenge",
}
# The same where the phone should have signed.
_HOLDER_CODES = _CODES | dict.fromkeys(("signature", "algorithm", "key"), "holder")
# Faults of a claim 169 that isn't written as ours, or not by a key of ours.
_OTHERWISE = frozenset({"zlib", "cbor", "cose", "claims", "key"})


def _as_lists(lists: StatusList | Iterable[StatusList] | None) -> dict[str, StatusList]:
    if lists is None:
        return {}
    found = (lists,) if isinstance(lists, StatusList) else tuple(lists)
    newest_last = sorted(found, key=lambda one: one.issued_at)
    return {one.uri: one for one in newest_last}


def _as_keys(keys: Iterable[ForeignKey]) -> tuple[ForeignKey, ...]:
    return tuple(keys)


@attrs.frozen
class Verifier:
    """Checks QR texts against a keyring and status lists that were loaded before.

    Attributes:
        keyring: Whose keys are believed.
        status_lists: One list, several, or None.
        policy: What to make of doubt.
        replay: Remembers presentations; shared by all counters of one place.
        resolve: Finds credentials that are presented by hash.
        foreign_keys: Keys of other issuers; what they signed is a doubt at best.
    """

    keyring: Keyring
    status_lists: dict[str, StatusList] = attrs.field(default=None, converter=_as_lists)
    policy: Policy = attrs.field(factory=Policy)
    replay: ReplayMemory | None = attrs.field(default=None, kw_only=True)
    resolve: Resolver | None = attrs.field(default=None, kw_only=True)
    foreign_keys: tuple[ForeignKey, ...] = attrs.field(default=(), converter=_as_keys, kw_only=True)

    def check(self, qr_text: str, *, now: datetime, challenge: bytes = b"") -> Verdict:
        """Return what is to be made of *qr_text*; no text makes this raise.

        Args:
            qr_text: What the scanner read.
            now: The present.
            challenge: What we gave the phone to sign, if we did; then a code without the
                holder's answer is refused.

        Raises:
            InputError: *now* has no zone (``time.naive``).
        """
        return _Check(self, qr_text, aware(now), challenge).verdict()


class _Check:
    """One check under way: collects reasons until there is nothing more to ask.

    There is one way. Two readers turn bytes into claims, ours strictly and that of others
    tolerantly; all that is asked of claims is asked in ``_asked``, whoever read them.
    """

    def __init__(self, verifier: Verifier, text: str, now: datetime, challenge: bytes) -> None:
        self.verifier = verifier
        self.policy = verifier.policy
        self.text = text
        self.now = now
        self.challenge = challenge
        self.reasons: list[Reason] = []
        self.kind: TokenKind = "unknown"
        self.listed: StatusList | None = None
        self.foreign: ForeignCredential | None = None

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
            foreign=self.foreign,
            keyring_age=self.now - self.verifier.keyring.issued_at,
            status_list_age=None if listed is None else self.now - listed.issued_at,
        )

    def _add(self, code: str, weight: Weight = "refuse", detail: str = "") -> None:
        if weight != "accept":
            self.reasons.append(Reason(code=code, weight=weight, detail=detail))

    def _refused(self, error: TokenError, codes: Mapping[str, str] = _CODES) -> None:
        self._add(codes.get(error.fault, "malformed"), detail=error.fault)

    def _keyring(self) -> None:
        keyring = self.verifier.keyring
        if is_ahead(keyring.issued_at, self.now):
            self._add("clock")
        if self.now - keyring.expires_at >= self.policy.keyring_grace:
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
        claims = self._credential(qrtext.read("", self.text), packed=True)
        # Whoever asks for a challenge asks for the holder: a static code can't answer.
        self._add("no_holder_proof", "refuse" if self.challenge else self.policy.static)
        return claims

    def _presented(self) -> CredentialClaims | None:
        self.kind = "presentation"
        shown = presentation.peek(self.text)
        signed = shown.credential
        if signed is None:
            signed = resolved(self.verifier.resolve, shown.credential_hash)
        if signed is None or presentation.credential_hash(signed) != shown.credential_hash:
            self._add("not_found")
            return None
        claims = self._credential(signed, packed=False)
        if claims is None:
            self._add("holder", detail="claims")  # it names no device, or not as ours do
            return None
        try:
            shown = presentation.read(
                self.text, claims.device_key, now=self.now, challenge=self.challenge
            )
        except TokenError as error:
            self._refused(error, _HOLDER_CODES)
        else:
            self._replay(shown)
        return claims

    def _replay(self, shown: Presentation) -> None:
        if not self.challenge:
            self.reasons.append(Reason(code="unchallenged", weight=self.policy.unchallenged))
        memory = self.verifier.replay
        if memory is None:
            if not self.challenge:
                self._add("replay_unchecked", self.policy.replay_unchecked)
            return
        first = is_first_use(memory, shown.token_id, shown.expires_at, now=self.now)
        if first is None:
            self._add("replay_unchecked")
        elif not first:
            self._add("replayed")

    def _credential(self, data: bytes, *, packed: bool) -> CredentialClaims | None:
        """Return what a credential of ours says; None where it is written otherwise."""
        try:
            signed = inflate(data, max_bytes=cbor.MAX_BYTES) if packed else data
            claims = credential.verify(signed, self.verifier.keyring)
        except TokenError as error:
            if error.fault not in _OTHERWISE:
                raise
            self._otherwise(data, error)
            return None
        self._asked(claims)
        return claims

    def _otherwise(self, data: bytes, error: TokenError) -> None:
        """Ask of what the strict reader refused with *error* whose it is, and then the same."""
        try:
            token = foreign.read(data)
        except TokenError:
            raise error from None
        ours = self.verifier.keyring.keys("credential")
        if any(token.is_by(key) for key in ours):  # under whatever name, in whatever state
            if error.fault == "key" and not token.notes and token.kid in {key.kid for key in ours}:
                raise error  # written as ours are, by a key that doesn't count
            self._add("rewritten", detail=" ".join(token.notes))
        elif token.kid in {key.kid for key in ours}:
            raise TokenError("signature")
        else:
            self._foreign(token)
        self._asked(token)

    def _foreign(self, token: ForeignToken) -> None:
        key = key_of(token, self.verifier.foreign_keys)
        if self.kind == "credential":
            self.kind = "foreign"
        self._add("foreign", self.policy.foreign, detail=" ".join(token.notes))
        if token.issuer not in (None, key.issuer):
            self._add("issuer")
        self.foreign = ForeignCredential(
            notes=token.notes,
            issuer=key.issuer,
            issuer_name=key.name,
            attributes=token.attributes,
        )
        try:
            key.signed_at(self.now if token.issued_at is None else token.issued_at)
        except TokenError as error:
            self._refused(error)

    def _asked(self, claims: CredentialClaims | ForeignToken) -> None:
        """Ask everything that is asked of claims, whoever wrote them."""
        for begins in (claims.not_before, claims.issued_at):
            if begins is not None and is_ahead(begins, self.now):
                self._add("early", detail="early")
                break
        if claims.expires_at is None:
            self._add("no_expiry", self.policy.no_expiry)
        elif self.now >= claims.expires_at:
            self._add("expired", detail="expired")
        if claims.audience and self.policy.audience not in claims.audience:
            self._add("audience")
        self._status(claims.status_list, claims.status_index)

    def _status(self, address: str | None, index: int) -> None:
        self.listed = self.verifier.status_lists.get(address) if address else None
        if self.listed is None:
            self._add("status_missing", self.policy.status_missing)
            return
        if is_ahead(self.listed.issued_at, self.now):
            self._add("clock")
        status = self.listed.status(index, now=self.now)
        if status == "stale":
            self._add("status_stale", self.policy.status_stale)
        elif status != "valid":
            self._add("status_unknown" if status == "unknown" else status)
