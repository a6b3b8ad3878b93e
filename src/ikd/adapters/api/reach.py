"""How far a front end reaches: which actors it may state, and the cases of which offices it meets.

What the actor may do is the service's to say. Here is only that a front end of one office can't
speak for another, and that a page for residents can't speak for an officer.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from ikd.adapters.api.access_tokens import FrontEnd
from ikd.core.errors import RefusedError
from ikd.core.records.actor import Actor, Role
from ikd.core.records.declaration import Command
from ikd.service import Service

_HOUSE = frozenset({Role.SYSTEM, Role.MINISTRY})
_SHOWN_TO: Mapping[str, frozenset[Role]] = {
    "station_token": frozenset({Role.OPERATOR}),  # whoever has one can stand at that counter
    "findings": _HOUSE | {Role.OPERATOR},
    "health": _HOUSE,
    "delivered": _HOUSE,
}
"""To whom is shown what asks no actor in process, where the front end itself is the one asking."""
_OF_NO_OFFICE = frozenset({"challenge", "captcha", "opened", "now"})
_BY_RECEIPT = frozenset({"complaint", "complaint_dossier"})
"""What is shown to a resident who holds a complaint's own secret, whoever passes it on."""
_NAMED_BY: Mapping[str, str] = {
    "application_id": "application",
    "identity_id": "identity",
    "complaint_id": "complaint",
}


@attrs.frozen
class Reach:
    """Checks what a front end asks of one service."""

    service: Service

    def check_command(self, front_end: FrontEnd, actor: Actor, command: Command) -> None:
        """Check a write.

        Raises:
            RefusedError: The front end may not state that actor (``api.role``), or not for that
                office (``api.office``); a case of an office that isn't its own is as unknown to it
                as one that isn't there (``record.unknown``).
        """
        _check_actor(front_end, actor)
        kind = self.service.kinds.asked(command)
        self._check_office(
            front_end,
            actor,
            getattr(command, "office", None),
            (kind.word, kind.addressed(command)),
        )

    def check_read(
        self, front_end: FrontEnd, actor: Actor, read: str, asked: Mapping[str, object]
    ) -> None:
        """Check a read; raises what ``check_command`` does."""
        _check_actor(front_end, actor)
        if actor.role not in _SHOWN_TO.get(read, {actor.role}):
            raise RefusedError("api.role", f"that isn't shown to the {actor.role.value}")
        if read == "station_token" and actor.office != asked["office"]:
            raise RefusedError("api.office", "an operator's station is one of their own office")
        by_receipt = read in _BY_RECEIPT and actor.role is Role.RESIDENT
        if read not in _OF_NO_OFFICE and not by_receipt:
            self._check_office(front_end, actor, asked.get("office"), _record(asked))

    def _check_office(
        self,
        front_end: FrontEnd,
        actor: Actor,
        named: object,
        record: tuple[object, object],
    ) -> None:
        if front_end.offices is None:
            return
        if named is None and actor.role is not Role.OPERATOR and record[1] is not None:
            word, record_id = map(str, record)
            found = self.service.get(record_id, word, actor=Actor.system("api"))
            if found.office not in front_end.offices:
                raise RefusedError("record.unknown", f"no such {word}")
            return
        office = actor.office if named is None and actor.role is Role.OPERATOR else named
        if office not in front_end.offices:
            raise RefusedError("api.office", "this front end isn't one of that office")


def _check_actor(front_end: FrontEnd, actor: Actor) -> None:
    if actor.role not in front_end.roles:
        raise RefusedError("api.role", f"this front end states no {actor.role.value}")
    if front_end.offices is not None and actor.office not in {None, *front_end.offices}:
        raise RefusedError("api.office", "this front end isn't one of that office")


def _record(asked: Mapping[str, object]) -> tuple[object, object]:
    """Return kind and id of the record that a read is about, if it is about one."""
    for name, word in _NAMED_BY.items():
        if name in asked:
            return word, asked[name]
    return asked.get("kind"), asked.get("record_id")
