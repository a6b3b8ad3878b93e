"""The token maker: signs what was committed. Deterministic, so nothing signed is stored."""

from __future__ import annotations

from functools import partial

import attrs

from ikd.core.errors import KeySourceError, RefusedError, TokenError
from ikd.core.identity.identity import Identity
from ikd.core.ids import id_bytes
from ikd.core.ports import KeySource
from ikd.core.records.actor import Actor
from ikd.core.resident.nik import Nik
from ikd.core.tokens.claim169 import Claim169, Profile
from ikd.core.tokens.credential import CredentialClaims, write
from ikd.core.tokens.publickey import PublicKey
from ikd.core.tokens.signing import Signer
from ikd.service.looks import AT_CREDENTIAL, look_of
from ikd.service.parts import Parts
from ikd.service.sealed_fields import Vault


def signing_key(keys: KeySource, role: str, *, office: str = "", station: str = "") -> Signer:
    """Return the key source's current key of *role* (and station), as tokens take it.

    Raises:
        KeySourceError: There is none, or what it gave is no key (``keys.failed``).
    """
    current = keys.signing(role, office=office, station=station)
    make = PublicKey.ed25519 if current.alg == "EdDSA" else PublicKey.p256
    try:
        public = make(current.public)
    except TokenError as error:
        raise KeySourceError("keys.failed", f"no usable public key of {role}") from error
    return Signer(public=public, sign=partial(keys.sign, current.kid))


@attrs.frozen
class CredentialMaker:
    """Makes the credential of an identity."""

    parts: Parts

    def credential(self, identity: Identity, profile: Profile, actor: Actor) -> str:
        """Return the text of the credential, once it is written down that *actor* gets it.

        All profiles share its id and place.

        Raises:
            RefusedError: The office's standard issues none (``credential.not_issued``), the
                registry never said who this is (``credential.no_person``) or not what the
                profile needs (``credential.incomplete``), or it is in no form or of no length
                that a credential holds (``credential.unfit``).
            KeySourceError: It can't be signed now.
            StoreError: It couldn't be written down; then nothing is shown.
        """
        issued = self.parts.standard(identity.standard).credential.issued
        if not issued.value:
            raise RefusedError(
                "credential.not_issued", "this office issues no QR", clause=issued.clause
            )
        shown = self._shown(identity, profile)
        made = self._signed(identity, shown)
        stated = [field.name for field in attrs.fields(Claim169) if field.init]
        told = [name for name in stated if getattr(shown, name) is not None]
        self.parts.store.look(look_of(self.parts, actor, identity, AT_CREDENTIAL, told))
        return made

    def _shown(self, identity: Identity, profile: Profile) -> Claim169:
        vault = Vault(self.parts)
        known = vault.open_person(identity)
        if known is None:
            raise RefusedError("credential.no_person", "the registry never said who this is")
        nik = Nik.parse(vault.open_field(identity, "nik") or "")
        return known.shown(profile, nik)

    def _signed(self, identity: Identity, shown: Claim169) -> str:
        drawn = identity.credential
        claims = CredentialClaims(
            issuer=self.parts.settings.issuer,
            credential_id=id_bytes(drawn.id),
            issued_at=drawn.issued_at,
            not_before=drawn.issued_at,
            expires_at=drawn.expires_at,
            device_key=PublicKey.p256(identity.device_key),
            status_list=self.parts.settings.status_list,
            status_index=drawn.status_index,
            person=shown,
        )
        key = signing_key(self.parts.keys, "credential")
        try:
            return write(claims, key)
        except TokenError as error:
            if error.fault != "length":  # which alone depends on what the registry told
                raise
            raise RefusedError("credential.unfit", "longer than readers accept") from error
