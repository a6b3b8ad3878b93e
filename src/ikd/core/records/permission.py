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
    check_post(context, declared)
    if declared.decider:
        check_decider(context)
    elsewhere = declared.anywhere and context.standard.presence.elsewhere.value
    desks = {office, actor.office if elsewhere else office}
    check_desk(actor, desks, own_case=context.evidence.own_case)


def check_post(context: Context, declared: Declared) -> None:
    """Check the title and the place that the front end states of an officer, if it does.

    What the standard gives to no title is anybody's, and what it doesn't say of a place may be
    done there; a title or place that it doesn't know, where it lists some, is refused.

    Raises:
        RefusedError: ``actor.title`` or ``actor.place``, with the clause where one says so.
    """
    standard, title = context.standard, context.actor.title
    holders = [row for row in standard.officers if declared.right in row.may]
    known = [row.title for row in holders or standard.officers]
    if title is not None and declared.right is not None and known and title not in known:
        clause = holders[0].clause if holders else None
        raise RefusedError("actor.title", f"here: {', '.join(known)}", clause=clause)
    _check_place(context, declared)


def _check_place(context: Context, declared: Declared) -> None:
    stated, rows = context.actor.place, context.standard.presence.places
    if stated is None or declared.place is None or not rows:
        return
    here = [row for row in rows if row.kind == stated]
    allowed = [row for row in here if getattr(row, declared.place) is not False]
    if not allowed:
        clause = here[0].clause if here else None
        raise RefusedError("actor.place", f"nobody may {declared.place} there", clause=clause)


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
