"""Preparing: everything slow or outside, once a call, before any transaction.

In this order: device proof, QR token, captcha, sealing, and only then what is slow: the hash,
or making a portrait small. That is done only if the decision, rehearsed with a stand-in, would
come to it. What can change until the commit (claims, used tokens, verifiers) is looked up at
every try.
"""

from __future__ import annotations

from datetime import datetime

import attrs

from ikd.core.activation import commands as activation
from ikd.core.activation.turn import DEVICE_SPACE
from ikd.core.decide import Command
from ikd.core.identity.opening import STATUS_SPACE
from ikd.core.ids import RecordId, draw
from ikd.core.records.actor import Actor
from ikd.core.records.context import Context, Evidence
from ikd.core.records.decision import Claim
from ikd.service.hashing import Hasher, aimed_at
from ikd.service.known import Known
from ikd.service.load import Loaded
from ikd.service.parts import Parts
from ikd.service.proofs import Checker
from ikd.service.rehearsing import matters, needs_hash, stand_in, tells_person
from ikd.service.vault import Vault

STATUS_PLACES = 2**20  # entries of one status list: a crowd to hide in
_TRIED_PLACES = 8


@attrs.define
class Preparer:
    """Makes the context of one call, try after try."""

    parts: Parts
    command: Command
    actor: Actor
    entropy: bytes = attrs.field(repr=False)
    _fixed: Evidence | None = None
    _aimed: RecordId | None = None
    _slow_done: bool = False

    def context(self, loaded: Loaded, now: datetime) -> Context:
        """Return the context of this try; what is fixed is made at the first one only."""
        if self._fixed is None:
            self._fixed = self._checked(loaded, now)
            self._aimed = aimed_at(self.command, loaded)
        if not self._slow_done and self._matters(loaded, now):
            self._fixed = self._with_slow(self._fixed, loaded)
            self._slow_done = True
        return self._around(self._fixed, loaded, now)

    def _checked(self, loaded: Loaded, now: datetime) -> Evidence:
        checker = Checker(self.parts, self.command, self.actor)
        made = Evidence(
            proof=checker.proof(loaded, now),
            pairing=checker.pairing(loaded, now),
            captcha=checker.captcha(now),
            own_case=checker.own_case(loaded),
        )
        return self._with_sealed(made, loaded)

    def _with_sealed(self, made: Evidence, loaded: Loaded) -> Evidence:
        vault, command = Vault(self.parts), self.command
        application = loaded.records.application
        if isinstance(command, activation.Register):
            return attrs.evolve(made, sealed=vault.seal_registration(command, self.entropy))
        if application is None:
            return made
        if isinstance(command, activation.SubmitBiometric):
            sample = vault.seal_bytes(application, "sample", command.sample, self.entropy)
            return attrs.evolve(made, sample=sample)
        return made

    def _matters(self, loaded: Loaded, now: datetime) -> bool:
        """Say whether there is something slow that the decision would come to."""
        assert self._fixed is not None  # noqa: S101 - made just before
        if not needs_hash(self.command) and not tells_person(self.command):
            return False
        standing_in = stand_in(self.command, self._aimed, self._fixed)
        return matters(loaded.records, self.command, self._around(standing_in, loaded, now))

    def _with_slow(self, made: Evidence, loaded: Loaded) -> Evidence:
        command, application = self.command, loaded.records.application
        if not isinstance(command, activation.RecordAnswer):
            hasher = Hasher(self.parts, command, self.entropy)
            return hasher.hashed(made, loaded, self._aimed)
        assert application is not None  # noqa: S101 - the rehearsal refuses without one
        assert command.answer.person is not None  # noqa: S101 - or nothing would be slow
        known = Known.of(command.answer.person, self.parts.fit_photo)
        sealed = Vault(self.parts).seal_person(application, known, self.entropy)
        return attrs.evolve(made, person=sealed)

    # --- what may have changed since ----------------------------------------------------

    def _around(self, made: Evidence, loaded: Loaded, now: datetime) -> Context:
        return Context(
            now=now,
            actor=self.actor,
            standard=loaded.standard,
            entropy=self.entropy,
            evidence=self._look_up(made, loaded),
        )

    def _look_up(self, made: Evidence, loaded: Loaded) -> Evidence:
        claims = (
            made.proof.challenge if made.proof else None,
            made.pairing.token if made.pairing else None,
            made.captcha.puzzle if made.captcha else None,
        )
        used = frozenset((one.space, one.key) for one in claims if one and self._used(one))
        verifier = self.parts.store.secret(made.guess.secret_id) if made.guess else None
        return attrs.evolve(
            made,
            used=used,
            verifier=verifier.value if verifier else None,
            device_owner=self._device_owner(loaded),
            status_indexes=self._free_place(),
        )

    def _used(self, claim: Claim) -> bool:
        return self.parts.store.owner(claim.space, claim.key) is not None

    def _device_owner(self, loaded: Loaded) -> str | None:
        application = loaded.records.application
        if not isinstance(self.command, activation.ScanPairing | activation.ConfirmPresence):
            return None
        return self.parts.store.owner(DEVICE_SPACE, application.thumbprint) if application else None

    def _free_place(self) -> tuple[int, ...]:
        """Return a free place on the status list, drawn at random, or nothing if none is met."""
        if not isinstance(self.command, activation.EnterPin):
            return ()
        for number in range(_TRIED_PLACES):
            drawn = draw(self.entropy, f"status/{number}", 8)
            place = int.from_bytes(drawn, "big") % STATUS_PLACES
            if self.parts.store.owner(STATUS_SPACE, place.to_bytes(4, "big")) is None:
                return (place,)
        return ()
