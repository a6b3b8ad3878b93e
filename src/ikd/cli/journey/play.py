"""Plays the journey of one office, as its file orders the steps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ikd.adapters.qrimage import terminal
from ikd.bootstrap import open_service
from ikd.cli.journey import acts, demo_store, narrator, people, pictures, timeline
from ikd.cli.journey.case import PlayedCase, Stage, open_case
from ikd.cli.journey.delivered_mail import MailBox, paragraphs
from ikd.cli.language import half, text
from ikd.cli.output import put
from ikd.cli.screen import Screen
from ikd.core.ids import RecordId
from ikd.core.ports import KeySource
from ikd.core.records.actor import Actor
from ikd.core.standard.office import Office


def play(office: Office, store: str, out: Path, screen: Screen) -> None:
    """Play the journey of *office* and leave its results in *out*.

    Args:
        office: The office; only its file decides what happens.
        store: URL of the store; what is in it already stays.
        out: Folder of the results.
        screen: Where it is told.

    Raises:
        CannotError: The office's standard or the store doesn't let an invented resident through.
        IkdError: Whatever was refused or failed.
        OSError: *out* can't be written.
    """
    demo_store.check(store, [out])
    narrator.opening(screen, office)
    with demo_store.turn(store, screen):
        keys = demo_store.keys_of(store, office.id, people.STATION)
        with _stage(office, store, keys, out, screen) as stage:
            demo_store.clear(out)  # only now, for the store has been opened
            _play(stage, keys, out)


@contextmanager
def _stage(
    office: Office, store: str, keys: KeySource, out: Path, screen: Screen
) -> Iterator[Stage]:
    box, siak = MailBox(out / "mails", office), people.Siak()
    captcha = people.DemoCaptcha(keys.secrets("captcha"))
    with open_service(
        offices=[office],
        store=store,
        keys=keys,
        registry=siak,
        channels=box.channels,
        captcha=captcha,
        deliver="worker",  # the journey empties the outbox itself, step by step
    ) as service:
        yield Stage(
            office=office,
            service=service,
            siak=siak,
            box=box,
            captcha=captcha,
            screen=screen,
            out=out,
        )


def _play(stage: Stage, keys: KeySource, out: Path) -> None:
    case = open_case(stage)
    narrator.resident(stage.screen, case)
    for step in case.ahead():
        narrator.step(case, step, acts.perform(case, step))
        if step.name == "decision":
            narrator.letter(stage.screen, case.wait_for_letter(0))
    identity_id = _activate(case)
    verdict = _credential(case, keys, out, identity_id)
    rejected = _reject(stage)
    timeline.write(
        out / "timeline.json",
        stage.office,
        steps=timeline.rows(stage.office, stage.service, case.application),
        rejection=timeline.rows(stage.office, stage.service, rejected.application),
        verdict=verdict,
    )
    _ending(case, out)


def _activate(case: PlayedCase) -> RecordId:
    stage, screen = case.stage, case.stage.screen
    pin, captcha = acts.pin_of(case.letters[-1].letter), stage.office.pin.captcha
    narrator.say(screen, acts.press(case, "mail"))
    if captcha.value:
        narrator.say(screen, [text("demo.captcha", clause=narrator.by(captcha))])
    narrator.say(screen, acts.enter_wrong(case, pin))
    narrator.say(screen, acts.press(case, "activate"))
    identity_id = acts.enter_right(case, pin)
    narrator.say(screen, [*acts.press(case, "confirm"), *acts.press(case, "close")])
    screen.item("✓", text("demo.active", product=stage.office.product), "good")
    narrator.clock(case)
    arrived = case.wait_for_letter(1)
    said = half(arrived.letter.subject) or paragraphs(arrived.letter)[0]
    screen.item("✉", f"{narrator.medium(arrived.medium)}: {said}")
    published = stage.office.sign_in
    narrator.begin(screen, "sign_in", published)
    narrator.published(screen, timeline.last_items(stage.office)[1])
    narrator.say(screen, acts.sign_in(case, identity_id, pin, published))
    return identity_id


def _credential(
    case: PlayedCase, keys: KeySource, out: Path, identity_id: RecordId
) -> dict[str, object] | None:
    stage, office, screen = case.stage, case.stage.office, case.stage.screen
    issued = office.credential.issued
    screen.line()
    screen.rule("QR", issued.source)
    pictures.leave_keys(keys, out)
    put(out / "status.cwt", stage.service.status_list())
    if not issued.value:
        narrator.say(screen, [text("demo.no_qr")])
        return None
    token = stage.service.credential(identity_id, actor=Actor.system())
    pictures.leave_credential(token, office, out)
    # Level L: a screen has no dirt on it, and smaller modules would cost more than they save.
    screen.paper(terminal(token, error="l", dark=not screen.colour))
    verdict = pictures.check(out, keys.roots()[0], office, screen)
    pictures.present(token, case.phone.soft, out, keys.roots()[0], screen)
    return verdict


def _reject(stage: Stage) -> PlayedCase:
    # Let a second resident come as far as the decision, and be rejected there.
    office, screen = stage.office, stage.screen
    case = open_case(stage)
    screen.line()
    screen.rule(text("demo.rejection"), office.rejection.media[0].source)
    narrator.resident(screen, case)
    for step in case.ahead():
        if step.name == "decision":
            break
        list(acts.perform(case, step))
    items = [item for item in office.decision.published if item.branch == "rejected"]
    narrator.published(screen, items)
    case.settle(lambda found: not found.questions)
    case.walk.decide(case.application, office.decision, passed=False)
    done = ", ".join(narrator.step_name(name) for name in dict.fromkeys(case.application.done))
    screen.item("→", text("demo.done", steps=done))
    screen.item("→", text("demo.rejected", who=narrator.who(office.decision.by, office)), "bad")
    narrator.letter(screen, case.wait_for_letter(0))
    return case


def _ending(case: PlayedCase, out: Path) -> None:
    screen, word = case.stage.screen, case.stage.office.pin.word.value
    screen.line()
    screen.rule(text("demo.results"))
    events = case.stage.service.history(case.id, actor=Actor.system())  # refuses a broken chain
    screen.item("✓", text("demo.journal", count=len(events)), "good")
    left = [name for name in demo_store.RESULTS if (out / name).exists()]
    screen.item("·", f"{out}/: {', '.join(left)}")
    screen.item("·", text("demo.mails", folder=out / "mails", word=word))
