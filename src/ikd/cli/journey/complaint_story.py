"""Plays a complaint at one office as its file has it, from its receipt to its end."""

from __future__ import annotations

import json
from pathlib import Path

import attrs

from ikd import commands as do
from ikd import wire
from ikd.bootstrap import open_service
from ikd.cli.journey import demo_store, narrator, people
from ikd.cli.journey.delivered_mail import MailBox, paragraphs
from ikd.cli.language import half, language, text
from ikd.cli.output import put
from ikd.cli.screen import Screen
from ikd.core.ids import RecordId
from ikd.core.records.actor import Actor
from ikd.core.records.declaration import Command
from ikd.core.standard.channels import ComplaintChannel, Complaints
from ikd.core.standard.media import FIELD_OF
from ikd.core.standard.national import WITHOUT_LIMIT
from ikd.core.standard.office import Office
from ikd.service import Service
from ikd.service.result import Result

RESULT = "complaint.json"
_VISITOR = Actor.resident("demo")


def play_complaint(office: Office, store: str, out: Path, screen: Screen) -> None:
    """Play a complaint at *office* and leave what helps at the Ombudsman in *out*.

    Args:
        office: The office; only its file decides what happens.
        store: URL of the store; what is in it already stays.
        out: Folder of the results.
        screen: Where it is told.

    Raises:
        IkdError: Whatever was refused or failed.
        OSError: *out* can't be written.
    """
    narrator.opening(screen, office)
    with demo_store.turn(store, screen):
        keys = demo_store.keys_of(store, office.id, people.STATION)
        box = MailBox(out / "mails", office)
        with open_service(
            offices=[office], store=store, keys=keys, channels=box.channels, deliver="worker"
        ) as service:
            demo_store.clear(out)
            number = len(service.find("complaint", actor=Actor.system(), limit=10_000))
            address = f"pengadu{number}@example.id"  # one address gets only so many messages
            box.known.add(address)
            told = _Told(
                address=address, office=office, service=service, box=box, screen=screen, out=out
            )
            told.play()


@attrs.define
class _Told:
    """One complaint as it is played and told."""

    address: str
    office: Office
    service: Service
    box: MailBox
    screen: Screen
    out: Path
    keys: int = 0

    @property
    def published(self) -> Complaints:
        return self.office.complaints or Complaints()

    @property
    def officer(self) -> Actor:
        return Actor.operator("petugas-1", office=self.office.id)

    def play(self) -> None:
        filed = self._file()
        self._handle(filed.id)
        self._answer(filed)
        self._reply(filed)
        self._end(filed)

    def _ask(self, command: Command, actor: Actor | None = None) -> Result:
        self.keys += 1
        key = f"{id(self)}/{self.keys}/{self.service.now().isoformat()}"
        result = self.service.handle(command, actor=actor or self.officer, key=key)
        while self.service.deliver_due().moved:
            pass
        return result

    # --- filed -------------------------------------------------------------------------

    def _file(self) -> Result:
        channel, message = self._channel(), self._message()
        self._begin("filed", channel.source if channel else "default")
        for one in self.published.channels:
            name = " ".join(filter(None, (one.label, one.text, one.handle)))
            self.screen.item("·", f"{name} {narrator.by(one)}", "dim")
        filed = self._ask(
            do.FileComplaint(
                office=self.office.id,
                channel=channel.id if channel else "email",
                message=message,
                text=text("demo.complaint_text"),
                name="Warga Pengadu",
                address="Jalan Contoh 1",
                email=self.address,
                answer_by="email",
            ),
            _VISITOR,
        )
        assert filed.receipt is not None  # noqa: S101 - it was filed
        by = channel.text if channel else "email"
        self.screen.item("→", text("demo.complaint_filed", message=message, by=by))
        self.screen.item("✓", text("demo.complaint_receipt", receipt=filed.receipt.receipt), "good")
        team = self.published.team
        if team is not None:
            self.screen.item("→", text("demo.complaint_team", team=team.value, by=team.source))
        self._limits(filed.id)
        self._worklist(filed.id)
        return filed

    def _channel(self) -> ComplaintChannel | None:
        """Return a channel that a message can be answered by, or the office's first."""
        own = [one for one in self.published.channels if not one.external]
        mail = [one for one in own if FIELD_OF.get(one.kind) == "email"]
        return next(iter([*mail, *own]), None)

    def _message(self) -> str:
        """Return the kind of message that has a limit, the office's own first."""
        timed = [kind for clock in self.published.clocks for kind in clock.kinds]
        known = [kind for kind in self.published.published_kinds if kind not in WITHOUT_LIMIT]
        return next(iter([*timed, *known]), "pengaduan")

    # --- handled -----------------------------------------------------------------------

    def _handle(self, complaint: RecordId) -> None:
        for step in self.published.steps:
            if step.optional:
                continue
            self._begin(step.name, step.source)
            self.screen.item("", f"{step.text} {narrator.by(step)}", "bold")
            self._ask(do.StepComplaint(complaint_id=complaint, step=step.name))
            self.screen.item("→", text("demo.complaint_step"))
        if not self.published.clocks:
            self._begin("class", "default")
            self._ask(do.ClassifyComplaint(complaint_id=complaint, category="ordinary"))
            self._limits(complaint)

    def _answer(self, filed: Result) -> None:
        self._begin("answer", "default")
        self._ask(do.AnswerComplaint(complaint_id=filed.id, text=text("demo.complaint_answer")))
        self._letter()

    def _reply(self, filed: Result) -> None:
        self._begin("reply", "default")
        said = {"complaint_id": filed.id, "receipt": self._receipt(filed)}
        self._ask(do.RateComplaint(rating=4, **said), _VISITOR)
        self._ask(do.ReplyComplaint(text=text("demo.complaint_reply"), **said), _VISITOR)
        self.screen.item("→", text("demo.complaint_replied"))
        self._limits(filed.id)
        self._worklist(filed.id)
        if any(step.name == "follow_up" for step in self.published.steps):
            self._ask(do.StepComplaint(complaint_id=filed.id, step="follow_up"))
        self._ask(do.AnswerComplaint(complaint_id=filed.id, text=text("demo.complaint_again")))

    def _end(self, filed: Result) -> None:
        self._begin("close", "default")
        close = do.CloseComplaint(
            complaint_id=filed.id, ending="solved", text=text("demo.complaint_solved")
        )
        self._ask(close)
        self._letter()
        dossier = self.service.complaint_dossier(self._receipt(filed), actor=_VISITOR)
        plain = json.dumps(wire.write(dossier), ensure_ascii=False, indent=2)
        put(self.out / RESULT, f"{plain}\n".encode())
        for row in self.service.complaint_summary(self.office.id):
            counts = f"{row.received}, {row.open}, {row.solved}, {row.late}"
            told = text("demo.complaint_count", month=row.month, message=row.message, counts=counts)
            self.screen.item("·", told)
        self.screen.item("·", f"{self.out}/: {RESULT}, mails/")

    # --- told --------------------------------------------------------------------------

    def _begin(self, name: str, source: str) -> None:
        self.screen.line()
        self.screen.rule(text(f"demo.complaint_{name}_head"), source)

    def _receipt(self, filed: Result) -> str:
        assert filed.receipt is not None  # noqa: S101 - it was filed
        return filed.receipt.receipt

    def _limits(self, complaint: RecordId) -> None:
        for one in self.service.where(complaint, "complaint", actor=self.officer).limits:
            due = narrator.moment(one.due_at, self.office)
            label = one.label if language() == "id" else ""
            told = text("demo.due", text=f"{one.text} ({one.source})", due=due, label=label)
            self.screen.item("◔", told.rstrip("; "), "dim")

    def _worklist(self, complaint: RecordId) -> None:
        for entry in self.service.worklist(actor=self.officer, limit=1000):
            if entry.id == complaint:
                words = entry.words.id if language() == "id" else entry.words.en
                self.screen.item("☰", text("demo.complaint_list", words=words))

    def _letter(self) -> None:
        letter = self.box.arrived[-1].letter
        heading = text("demo.from", medium=narrator.medium("email"), sender=letter.sender)
        self.screen.box([heading, half(letter.subject)], paragraphs(letter))
