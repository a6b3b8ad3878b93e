"""Who can move a case on, and how: people, the registry, the lanes, the system and time.

A move is tried in a world and gives the world after it, or nothing where it can't be made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import attrs

from ikd.core.activation import commands as do
from ikd.core.activation.application import Application
from ikd.core.decide import KINDS
from ikd.core.identity import commands as living
from ikd.core.identity.identity import Identity, IdentityStatus
from ikd.core.ids import RecordId
from ikd.core.records.actor import Actor
from ikd.core.records.declaration import Command
from ikd.core.standard.office import Office
from model import acts
from model.cases import Case
from model.evidence import CHECK_CODE, WRONG
from model.world import Lane, World

Go = Callable[[World], World | None]
COOLDOWN = timedelta(seconds=60)
TICKS = (
    COOLDOWN,
    timedelta(minutes=4),
    timedelta(minutes=5),
    timedelta(days=1),
    timedelta(days=30),
)
"""How long nothing may happen at all; the first is no more than a breath."""


@attrs.frozen
class Move:
    """One way on.

    Attributes:
        mover: ``resident``, ``operator``, ``ministry``, ``registry``, ``lane``, ``system`` or
            ``time``.
        what: What it does, in a few words.
        go: Does it.
        fault: In which fault it happens, if in any.
        no: Whether it is somebody's no: a guess, a rejection, a withdrawal.
    """

    mover: str
    what: str
    go: Go = attrs.field(eq=False, repr=False)
    fault: str = ""
    no: bool = False

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.mover}: {self.what}" + (f" ({self.fault})" if self.fault else "")


Ask = Callable[[Case, Application], Command]
AskIdentity = Callable[[Identity], Command]


def on_case(ask: Ask, actor: Actor | None = None) -> Go:
    """Return the move that asks of the live application, as *actor* or as an operator."""

    def go(world: World) -> World | None:
        application = world.application
        if application is None or not application.is_live:
            return None
        asks = actor or acts.operator(world.case)
        return world.does(ask(world.case, application), asks)

    return go


def on_identity(ask: AskIdentity, actor: Actor | None = None) -> Go:
    """Return the move that asks of the active identity."""

    def go(world: World) -> World | None:
        for identity in world.case.all("identity"):
            if identity.status is IdentityStatus.ACTIVE:
                return world.does(ask(identity), actor or acts.operator(world.case))
        return None

    return go


def people(office: Office) -> Iterator[Move]:
    """Yield what the resident and the officers of *office* can do."""
    yield Move("resident", "registers", _registers)
    yield from _resident(*office.pin.media_kinds[1:])
    for role, actor in (("operator", None), ("ministry", acts.MINISTRY)):
        yield Move(role, "approves", on_case(_by_id(do.Approve), actor))
        yield Move(role, "rejects", on_case(_by_id(do.Reject), actor), no=True)
        yield Move(role, "asks again", on_case(_cleared_up, actor))
        yield Move(role, "finds it stands", on_case(_stands, actor), no=True)
        yield Move(role, "withdraws", on_case(_by_id(do.Withdraw), actor), no=True)
    yield Move("ministry", "reviews", on_case(_reviewed(passed=True), acts.MINISTRY))
    yield Move("ministry", "reviews: no", on_case(_reviewed(passed=False), acts.MINISTRY), no=True)
    if office.presence.direction.value == "office_reads_resident":
        yield Move("operator", "scans", on_case(_scanned))
    else:
        yield Move("resident", "answers the QR", on_case(_answered, acts.RESIDENT))
        yield Move("operator", "confirms", on_case(_confirmed))
    yield Move("operator", "turns away", on_case(_turned_away), no=True)
    yield Move("operator", "clears the biometric", on_case(_cleared))
    if "officer" in office.pin.media_kinds:
        yield Move("operator", "hands a PIN over", _hands_over)
    yield Move("operator", "corrects the address", _corrects(None, None))
    yield Move("operator", "sends a PIN to who came", on_case(_by_id(do.ReissuePin)))
    yield Move("operator", "lets it be tried again", _retries)
    yield Move("operator", "resets sign-in", on_identity(_reset))


def _resident(*media: str) -> Iterator[Move]:
    for medium in media:
        asks = on_case(_proven(do.ReissuePin, medium=medium), acts.RESIDENT)
        yield Move("resident", f"asks for a PIN by {medium}", asks)
        renews = on_identity(_renewed(medium), acts.RESIDENT)
        yield Move("resident", f"asks for a sign-in PIN by {medium}", renews)
    yield Move("resident", "corrects the address", _corrects(b"proof", acts.RESIDENT))
    yield Move("resident", "states facts", on_case(_states, acts.RESIDENT))
    yield Move("resident", "submits a sample", on_case(acts.sample, acts.RESIDENT))
    yield Move("resident", "enters the PIN", _enters)
    yield Move("resident", "guesses", _guesses, no=True)
    yield Move("resident", "asks for a PIN", on_case(_proven(do.ReissuePin), acts.RESIDENT))
    yield Move("resident", "withdraws", on_case(_proven(do.Withdraw), acts.RESIDENT), no=True)
    yield Move("resident", "signs in", _signs_in)
    yield Move("resident", "asks for a sign-in PIN", on_identity(_renewed(None), acts.RESIDENT))
    yield Move("resident", "sets a passcode", on_identity(_passcode, acts.RESIDENT))


def passing() -> Iterator[Move]:
    """Yield time that passes, and the sweep that lets it."""
    for tick in TICKS:
        yield Move("time", str(tick), _later(tick))
    yield Move("system", "sweeps", on_case(_by_id(do.TimePasses), acts.SYSTEM))
    yield Move("system", "sweeps the identity", on_identity(_identity_time, acts.SYSTEM))


# --- what is asked --------------------------------------------------------------------------


def _registers(world: World) -> World | None:
    if world.application is not None:
        return None
    return world.does(acts.register(world.case), acts.RESIDENT)


def _by_id(command: type[Command]) -> Ask:
    return lambda _case, application: command(application_id=application.id)  # type: ignore[call-arg]


def _cleared_up(_case: Case, application: Application) -> Command:
    return acts.cleared(application)


def _stands(_case: Case, application: Application) -> Command:
    found = tuple(one.requirement for one in application.referrals)
    which = found or (application.referred or "nothing",)
    return do.RefuseReferral(application_id=application.id, which=which, why="seen")


def _states(_case: Case, application: Application) -> Command:
    return acts.stated(application)


def _proven(command: type[Command], **other: str) -> Ask:
    return lambda _case, one: command(application_id=one.id, proof=b"proof", **other)  # type: ignore[call-arg]


def _reviewed(*, passed: bool) -> Ask:
    return lambda _case, one: do.Review(application_id=one.id, verified=passed, validated=passed)


def _corrects(proof: bytes | None, actor: Actor | None) -> Go:
    def go(world: World) -> World | None:
        one = world.application
        if not world.mistyped or one is None:
            return None
        mended = do.CorrectContact(application_id=one.id, email="ayu@example.id", proof=proof)
        after = world.does(mended, actor or acts.operator(world.case))
        return after and attrs.evolve(after, mistyped=False)

    return go


def _turned_away(_case: Case, application: Application) -> Command:
    return do.RefusePresence(application_id=application.id, reason="other")


def _cleared(_case: Case, application: Application) -> Command:
    return do.ClearBiometric(application_id=application.id, reason="other")


def reported(world: World, pin_id: str, code: str, actor: Actor) -> World | None:
    """Let the record of a PIN hear that it reached nobody."""
    for kind in KINDS:
        for record in world.case.all(kind.word):
            if kind.undelivered is not None:
                after = world.does(kind.undelivered(record.id, RecordId(pin_id), code), actor)
                if after is not None:
                    return after
    return None


def _hands_over(world: World) -> World | None:
    item = world.waiting(Lane.PIN)
    over = (
        on_case(lambda _case, one: do.HandOverPin(application_id=one.id)),
        on_identity(lambda one: living.HandOverSignInPin(identity_id=one.id)),
    )
    after = next(filter(None, (go(world) for go in over)), None)
    if item is None or after is None:
        return None
    return attrs.evolve(after.without(item), reached=after.reached | {str(item.subject)})


def _retries(world: World) -> World | None:
    parked = next((item for item in world.outbox if item.done == "parked"), None)
    return parked and world.settled(parked, done="waiting", attempts=0)


def _scanned(_case: Case, application: Application) -> Command:
    return do.ScanPairing(token=acts.phone_qr(application.id))


def _answered(_case: Case, application: Application) -> Command:
    return do.AnswerPairing(application_id=application.id, token=acts.OFFICE_QR, proof=b"proof")


def _confirmed(_case: Case, application: Application) -> Command:
    return do.ConfirmPresence(application_id=application.id, check_code=CHECK_CODE)


def _enters(world: World) -> World | None:
    application = world.application
    if application is None or application.pin is None or application.pin.id not in world.reached:
        return None
    return world.does(acts.enter_pin(application), acts.RESIDENT)


def _guesses(world: World) -> World | None:
    application = world.application
    if application is None or application.pin is None:
        return None
    command = acts.enter_pin(application)
    shown = world.case.evidence(command)
    guess = shown.guess and attrs.evolve(shown.guess, candidate=WRONG)
    return world.does(command, acts.RESIDENT, attrs.evolve(shown, guess=guess))


def _signs_in(world: World) -> World | None:
    for identity in world.case.all("identity"):
        if identity.pin is not None and identity.pin.id in world.reached:
            by_pin = living.SignIn(identity_id=identity.id, pin=acts.PIN, proof=b"proof")
            return world.does(by_pin, acts.RESIDENT)
    return None


def _renewed(medium: str | None) -> AskIdentity:
    return lambda one: living.RenewSignIn(identity_id=one.id, proof=b"proof", medium=medium)


def _passcode(one: Identity) -> Command:
    return living.SetPasscode(identity_id=one.id, passcode=acts.PASSCODE, proof=b"proof")


def _reset(identity: Identity) -> Command:
    return living.ResetSignIn(identity_id=identity.id, token="IKDR:" + identity.id)


def _identity_time(identity: Identity) -> Command:
    return living.IdentityTimePasses(identity_id=identity.id)


def _later(tick: timedelta) -> Go:
    return lambda world: world.copy(wall=world.wall + tick).told_the_time()
