"""The token maker: signs what was committed. Deterministic, so nothing signed is stored."""

from __future__ import annotations

import attrs

from ikd.core.errors import RefusedError, TokenError
from ikd.core.identity.identity import Identity
from ikd.core.ids import id_bytes
from ikd.core.records.actor import Actor
from ikd.core.resident.nik import Nik
from ikd.core.tokens.claim169 import Claim169, Profile
from ikd.core.tokens.credential import CredentialClaims, write
from ikd.core.tokens.publickey import PublicKey
from ikd.service.looks import AT_CREDENTIAL, look_of
from ikd.service.parts import Parts
from ikd.service.sealed_fields import Vault
from ikd.service.signers import Signers


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
        key = Signers(self.parts).signer("credential")
        try:
            return write(claims, key)
        except TokenError as error:
            if error.fault != "length":  # which alone depends on what the registry told
                raise
            raise RefusedError("credential.unfit", "longer than readers accept") from error
