"""Registering: a draft is opened. Knowing a NIK must not block its owner, so nothing is claimed."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from ikd.core.activation import commands as do
from ikd.core.activation import events as e
from ikd.core.activation.application import Application, ApplicationStatus
from ikd.core.activation.lifecycle import LAW
from ikd.core.activation.turn import Case, CaseTurn
from ikd.core.activation.weighing import AT_REGISTRATION, check, settled, weigh
from ikd.core.errors import DeviceError, RefusedError
from ikd.core.ids import RecordId, draw_id
from ikd.core.records.actor import Role
from ikd.core.records.context import Context
from ikd.core.records.count import Count
from ikd.core.records.decision import Claim, Effects, Plan
from ikd.core.records.permission import check_permission
from ikd.core.records.resident import LAW as RESIDENT_LAW
from ikd.core.records.resident import ResidentOpened
from ikd.core.records.turn import NIK_SPACE
from ikd.core.standard.findings import Finding
from ikd.core.standard.own_limits import OWN_LIMITS
from ikd.core.standard.steps import movers
from ikd.core.standard.versions import has_begun
from ikd.core.tokens.publickey import PublicKey
from ikd.core.validators import given

CORRECTIONS = OWN_LIMITS.contact_corrections.value


def register(plan: Plan, command: do.Register, context: Context, case: Case) -> CaseTurn:
    """Open an application in OPEN, with the resident's record if this NIK was never met.

    Raises:
        RefusedError: An operator registers for another office (``actor.other_office``), the
            standard doesn't hold yet (``registration.not_begun``), the office asks for consent
            and its terms weren't accepted
            (``registration.terms``), a field it asks for is missing (``registration.field``), the
            key is a browser's where it takes none (``registration.browser``), or a requirement
            that is due isn't met (``requirements``, with every finding).
    """
    check_permission(context, command, context.standard.id)
    _check_begun(context)
    _check_terms(command, context)
    _check_fields(command, context)
    _check_browser(command, context)
    found = weigh(context.standard, command.stated)
    check(found)
    resident_id = case.resident.id if case.resident else draw_id(context.entropy, "resident")
    registered = _registered(command, context, resident_id, found)
    application = plan.happen(LAW, None, registered)
    opened = ResidentOpened(at=context.now, resident_id=resident_id)
    resident = case.resident or plan.happen(RESIDENT_LAW, None, opened)
    turn = CaseTurn.of(
        plan, context, attrs.evolve(case, application=application, resident=resident)
    )
    _keep(turn)
    plan.add(Effects(counts=_counts(context, registered)))
    if not turn.hold(found, AT_REGISTRATION):
        turn.advance()
    return turn


def state_facts(turn: CaseTurn, command: do.StateFacts) -> None:
    """Take what the case waits for, and nothing else: what was weighed isn't stated otherwise.

    What the register answers is weighed with a fresh answer of it, for none is kept.
    """
    context, asked = turn.context, turn.record.asked_facts
    turn.require(ApplicationStatus.OPEN)
    turn.in_person("state_facts", command.proof)
    if not command.facts.stated or not asked.issuperset(command.facts.stated):
        told = ", ".join(sorted(asked)) or "nothing"
        raise RefusedError("facts.not_asked", f"asked for: {told}")
    known = context.evidence.stated.and_then(command.facts)
    found = weigh(context.standard, known, turn.record)
    check(found)
    sealed = given(context.evidence.facts)
    turn.happen(e.FactsStated(at=context.now, facts=sealed, verdicts=settled(found)))
    if not turn.hold(found, AT_REGISTRATION):
        turn.advance()


def correct_contact(turn: CaseTurn, command: do.CorrectContact) -> None:
    """Mend e-mail or phone: by the phone until the visit, or by who has its owner before them."""
    application, contact = turn.record, turn.context.evidence.contact
    turn.require(ApplicationStatus.OPEN, ApplicationStatus.PIN_SENT)
    in_person = turn.in_person("correct_contact", command.proof)
    if not in_person and "presence" in application.done:
        raise RefusedError("contact.confirmed", "it was confirmed at the visit; ask at the office")
    if not in_person and application.contact_corrections >= CORRECTIONS:
        raise RefusedError("contact.corrections_used", "it was corrected twice; ask at the office")
    turn.happen(
        e.ContactCorrected(
            at=turn.context.now,
            sealed=attrs.evolve(application.sealed, **contact),
            number=application.contact_corrections + (not in_person),
        )
    )


def _check_begun(context: Context) -> None:
    standard = context.standard
    if not has_begun(standard, context.today):
        stated = standard.decree.effective_from if standard.decree else None
        told = f"this standard is served from {standard.begins} on"
        raise RefusedError("registration.not_begun", told, clause=stated.clause if stated else None)


def _check_terms(command: do.Register, context: Context) -> None:
    consent = context.standard.registration.consent
    if consent.value and not command.accepted_terms:
        raise RefusedError("registration.terms", "accept the terms first", clause=consent.clause)


def _check_fields(command: do.Register, context: Context) -> None:
    asked = context.standard.registration
    given = {**command.more, "nik": command.nik, "email": command.email, "phone": command.phone}
    missing = [rule for rule in asked.fields if rule.required and not given.get(rule.name)]
    if missing:
        names = ", ".join(rule.name for rule in missing)
        raise RefusedError("registration.field", f"asked for: {names}", clause=missing[0].clause)
    if asked.open is not None and not asked.open.value and not all(map(asked.rule, command.more)):
        raise RefusedError("registration.field", "the list is closed", clause=asked.open.clause)
    if command.device.key is None:
        raise DeviceError("key_missing")


def _check_browser(command: do.Register, context: Context) -> None:
    rule = context.standard.registration.browser
    if command.device.browser and not rule.value:
        words = "this office takes the key of an app, not of a browser"
        raise RefusedError("registration.browser", words, clause=rule.clause)


def _keep(turn: CaseTurn) -> None:
    """Keep the data key, and claim the NIK under every index key there is: an old one can go."""
    sealed = given(turn.context.evidence.sealed)
    turn.keep("data_key", sealed.data_key_id, sealed.wrapped)
    claims = (Claim(space=NIK_SPACE, key=index, owner=turn.resident.id) for index in sealed.indexes)
    turn.plan.add(Effects(takes=tuple(claims)))


def _counts(context: Context, registered: e.Registered) -> tuple[Count, ...]:
    """Count the registration by what it comes with; at the counter by the station alone."""
    quotas, actor = context.standard.quotas, context.actor
    if actor.role is Role.OPERATOR:
        station = f"{actor.office}/{actor.station}".encode()
        by = {"station": (station, quotas.registrations_a_station)}
    else:
        contact, device = quotas.registrations_a_contact, quotas.registrations_a_device
        of = {"nik": quotas.registrations_a_nik, "email": contact, "phone": contact}
        by = {name: (key, of[name]) for name, key in given(context.evidence.sealed).counted.items()}
        by["device"] = (registered.thumbprint, device)
    return tuple(
        Count(space=f"register/{name}", key=key, most=most.value, window=quotas.window.value)
        for name, (key, most) in by.items()
    )


def _registered(
    command: do.Register, context: Context, resident_id: RecordId, found: Iterable[Finding]
) -> e.Registered:
    sealed, key = given(context.evidence.sealed), given(command.device.key)
    return e.Registered(
        at=context.now,
        application_id=draw_id(context.entropy, Application.kind),
        resident_id=resident_id,
        office=context.standard.id,
        standard=context.standard.digest,
        device_key=key,
        thumbprint=PublicKey.p256(key).thumbprint,
        device_model=command.device.model,
        data_key_id=sealed.data_key_id,
        sealed=sealed.fields,
        expires_at=context.now + context.standard.lives.draft.value,
        order=movers(context.standard.steps),
        waived=context.standard.waived_on(context.today),
        paused=context.standard.lives.paused.value,
        facts=sealed.facts,
        verdicts=settled(found),
    )
