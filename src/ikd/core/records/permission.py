"""Who may ask what. The front end says who asks; the command declares who may."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from ikd.core.errors import RefusedError
from ikd.core.records.actor import Actor, Role
from ikd.core.records.context import Context
from ikd.core.records.declaration import Command, Declared


def check_role(actor: Actor, command: Command) -> None:
    """Check the role alone, which needs no record.

    Raises:
        RefusedError: This role never asks that (``actor.not_permitted``).
    """
    if actor.role not in command.declared.by:
        raise RefusedError(
            "actor.not_permitted", f"the {actor.role.value} can't ask {type(command).__name__}"
        )


def check_permission(context: Context, command: Command, office: str) -> None:
    """Check that whoever asks may ask *command* of a record of *office*.

    Raises:
        RefusedError: ``actor.not_permitted``, ``actor.own_case`` (nobody handles their
            own case) or ``actor.other_office``.
    """
    check_role(context.actor, command)
    check_declared(context, command.declared, office)


def check_declared(context: Context, declared: Declared, office: str) -> None:
    """Check what *declared* asks beyond the role, of something of a record of *office*.

    Raises:
        RefusedError: As ``check_permission``.
    """
    actor = context.actor
    if declared.decider:
        check_decider(context)
    elsewhere = declared.anywhere and context.standard.presence.elsewhere.value
    desks = {office, actor.office if elsewhere else office}
    check_desk(actor, desks, own_case=context.evidence.own_case)


def check_reader(actor: Actor, readers: AbstractSet[Role]) -> None:
    """Check that *actor* is one of those to whom something is shown at all.

    Raises:
        RefusedError: It isn't (``actor.not_permitted``).
    """
    if actor.role not in readers:
        raise RefusedError("actor.not_permitted", f"that isn't shown to the {actor.role.value}")


def check_desk(actor: Actor, desks: AbstractSet[str | None], *, own_case: bool = False) -> None:
    """Check that it is no officer's own case, and an operator is of one of *desks*.

    Raises:
        RefusedError: ``actor.own_case`` or ``actor.other_office``.
    """
    if own_case and actor.role in (Role.OPERATOR, Role.MINISTRY):
        raise RefusedError("actor.own_case", "nobody handles their own case")
    if actor.role is Role.OPERATOR and actor.office not in desks:
        raise RefusedError("actor.other_office", "the case belongs to another office")


def check_decider(context: Context) -> None:
    """Check that whoever asks is the one whom the office's standard lets decide.

    Raises:
        RefusedError: It is another (``actor.not_permitted``, with the clause that says who).
    """
    decision = context.standard.decision
    decider = "SIAK" if decision.performed_by == "siak" else decision.by
    if context.actor.role.value != decider:
        raise RefusedError(
            "actor.not_permitted",
            f"this office's decision is the {decider}'s",
            clause=decision.by_clause,
        )
