"""What a command led to, and the only words about it for someone not authenticated."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from ikd.core.activation.application import Application
from ikd.core.errors import IkdError, InputError, RefusedError, TokenError
from ikd.core.identity.identity import Identity
from ikd.core.ids import RecordId
from ikd.core.records.declaration import Command
from ikd.core.records.event import Event
from ikd.core.records.record import Record
from ikd.core.records.templates import PublicText
from ikd.service.complaints import ComplaintReceipt
from ikd.service.handling import Handled


@attrs.frozen(kw_only=True)
class Result:
    """What a command led to.

    Attributes:
        record: The record addressed, as it is after the command.
        events: Its events of this command.
        public: The only text for someone who isn't authenticated; tells nobody who is
            registered.
        slip: What an officer prints and hands over, where the command was to; it holds the PIN,
            is given once, and a repeat has none.
        receipt: What whoever filed a complaint keeps, holding the complaint's own secret; a
            repeat has it again.
    """

    record: Record = attrs.field(repr=False)
    events: tuple[Event, ...]
    public: PublicText = attrs.field(repr=False)
    slip: str | None = attrs.field(default=None, repr=False)
    receipt: ComplaintReceipt | None = attrs.field(default=None, repr=False)

    @property
    def kind(self) -> str:
        """Kind of the record addressed."""
        return self.record.kind

    @property
    def id(self) -> RecordId:
        """Identifier of the record addressed."""
        return self.record.id

    @property
    def status(self) -> str:
        """Its status as a word, e.g. ``"OPEN"``."""
        word: str = self.record.status.value
        return word

    @property
    def application(self) -> Application:
        """The application addressed; an ``AttributeError`` for any other kind."""
        if not isinstance(self.record, Application):
            raise AttributeError(f"a result about {self.kind}s")  # noqa: TRY004 - as getattr would
        return self.record

    @property
    def identity(self) -> Identity:
        """The identity addressed; an ``AttributeError`` for any other kind."""
        if not isinstance(self.record, Identity):
            raise AttributeError(f"a result about {self.kind}s")  # noqa: TRY004 - as getattr would
        return self.record


def result_of(
    command: Command,
    handled: Handled,
    answers: Mapping[str, PublicText],
    slip: str | None,
    receipt: ComplaintReceipt | None,
) -> Result:
    """Return what *command* led to, with its public answer, and what there is to hand over."""
    told = [happened.public for happened in handled.events if happened.public]
    public = answers[told[0] if told else command.declared.public]
    return Result(
        record=handled.record, events=handled.events, public=public, slip=slip, receipt=receipt
    )


def public_text(error: IkdError, answers: Mapping[str, PublicText]) -> PublicText:
    """Return the public answer to *error*; its family decides, so it tells of nobody.

    A code that hangs on what was typed alone may have an answer of its own. Whatever isn't about
    the input and is no refusal failed on our side, and may pass.
    """
    if isinstance(error, TokenError) and error.code in ("token.early", "token.expired"):
        return answers["clock"]
    own = answers.get(error.code) if isinstance(error, InputError | RefusedError) else None
    if own is not None:
        return own
    if isinstance(error, InputError):
        return answers["malformed"]
    return answers["not_now" if isinstance(error, RefusedError) else "try_later"]
