"""Delivering what is owed, after the commit and again until it is done.

A notice keeps its Message-ID over every try, so a crash between sending and noting it makes a
copy that is known as one, never a second notice. What can't be delivered is parked: visible,
never dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import attrs

from ikd.core import cbor, structure
from ikd.core.activation import commands as activation
from ikd.core.activation.application import Application
from ikd.core.decide import Command
from ikd.core.errors import DeliveryError, IkdError, PortError, RegistryUnavailableError, SealError
from ikd.core.identity import commands as identity
from ikd.core.identity.identity import Identity
from ikd.core.ports import Channel, Done, Found, OutboxItem, OutboxKind, Receipt
from ikd.core.records.actor import Actor
from ikd.core.records.notices import Message, Notice
from ikd.core.records.questions import Answer, Asked, Question, Standing
from ikd.core.records.texts import Rendered, local_time, render
from ikd.core.resident.nik import Nik
from ikd.core.standard.office import Office
from ikd.service.load import Loader
from ikd.service.parts import Parts
from ikd.service.vault import Vault

Handle = Callable[[Command, Actor, str], Any]

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
TRIES_A_MEDIUM = 4  # then the next medium that the standard names gets its turn
_ZONES = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}
_BY_MAIL = "email"


@attrs.frozen(kw_only=True)
class Delivered:
    """What one round of delivery did, in numbers."""

    expired: int = 0
    sent: int = 0
    later: int = 0
    parked: int = 0
    void: int = 0

    @property
    def moved(self) -> int:
        """How much was done; 0 when nothing was due."""
        return self.expired + self.sent + self.later + self.parked + self.void

    def plus(self, other: Delivered) -> Delivered:
        """Return the numbers of both."""
        mine, theirs = attrs.asdict(self), attrs.asdict(other)
        return Delivered(**{name: count + theirs[name] for name, count in mine.items()})


@attrs.frozen(kw_only=True)
class _Outcome:
    done: Done
    failure: str | None = None
    wait: timedelta | None = None


@attrs.frozen
class Delivery:
    """Delivers for one service; *handle* takes the registry's answers and the sweep's command."""

    parts: Parts
    handle: Handle

    def once(self, limit: int = 100) -> Delivered:
        """Let time pass for what is overdue, then deliver what is due, up to *limit* of each."""
        now = self.parts.clock.now()
        expired = sum(self._sweep(found) for found in self.parts.store.overdue(now, limit=limit))
        until = now + timedelta(seconds=self.parts.settings.lease_seconds)
        leased = self.parts.store.lease(now, until=until, limit=limit)
        done = [self._settle(item, self._deliver(item)) for item in leased]
        return Delivered(
            expired=expired,
            sent=done.count(Done.SENT),
            later=done.count(Done.WAITING),
            parked=done.count(Done.PARKED),
            void=done.count(Done.VOID),
        )

    def _sweep(self, found: Found) -> int:
        command: Command
        if found.kind == "identity":
            command = identity.IdentityTimePasses(identity_id=found.id)
        else:
            command = activation.TimePasses(application_id=found.id)
        handled = self.handle(command, Actor.system(), f"time/{found.id}/{found.version}")
        return 1 if handled.events else 0

    def _settle(self, item: OutboxItem, outcome: _Outcome) -> Done:
        now = self.parts.clock.now()
        wait = outcome.wait or timedelta()
        self.parts.store.settle(
            item.id, outcome.done, now=now, not_before=now + wait, failure=outcome.failure
        )
        return outcome.done

    def _deliver(self, item: OutboxItem) -> _Outcome:
        try:
            plain = cbor.decode(
                item.payload, max_depth=16, max_bytes=65536, booleans=True, nulls=True
            )
            if item.kind is OutboxKind.NOTICE:
                return self._notice(item, structure.structure(plain, Notice))
            return self._question(item, structure.structure(plain, Question))
        except DeliveryError as failure:
            return self._failed(item, failure.code, forever=not failure.retryable)
        except PortError as failure:
            return self._failed(item, failure.code, forever=False)
        except SealError as failure:
            return self._failed(item, failure.code, forever=True)
        except IkdError as failure:
            return self._failed(item, failure.code, forever=True)
        except Exception as failure:  # noqa: BLE001 - one bad item must not stop the others
            code = f"unexpected.{type(failure).__name__}"
            return self._failed(item, code, forever=False)

    def _failed(self, item: OutboxItem, code: str, *, forever: bool) -> _Outcome:
        if forever or item.attempts >= self.parts.settings.attempts:
            return _Outcome(done=Done.PARKED, failure=code)
        return _Outcome(done=Done.WAITING, failure=code, wait=self._wait(item))

    def _wait(self, item: OutboxItem) -> timedelta:
        """Return a wait that doubles up to an hour, with jitter so that retries spread out."""
        doubled: timedelta = FIRST_WAIT * 2 ** min(max(item.attempts - 1, 0), 12)
        jitter = int.from_bytes(self.parts.entropy(2), "big") / 65536
        return min(doubled, LONGEST_WAIT) * (0.75 + jitter / 2)

    # --- questions ---------------------------------------------------------------------

    def _question(self, item: OutboxItem, question: Question) -> _Outcome:
        application: Application = Loader(self.parts).record("application", question.application_id)
        if question.id not in [asked.id for asked in application.questions]:
            return _Outcome(done=Done.VOID)
        answer = self._ask(self._opened(question, application))
        if answer.question_id != question.id:
            raise RegistryUnavailableError("the answer is to another question")
        if answer.standing is Standing.NOT_SYNCHRONISED:
            return self._failed(item, "registry.not_synchronised", forever=False)
        command = activation.RecordAnswer(application_id=application.id, answer=answer)
        self.handle(command, Actor.registry(), f"answer/{question.id}")
        return _Outcome(done=Done.SENT)

    def _opened(self, question: Question, application: Application) -> Asked:
        vault = Vault(self.parts)
        sample = None
        if question.sample_id is not None:
            stored = self.parts.store.secret(question.sample_id)
            sample = vault.open_sample(application, stored.value) if stored else None
        return Asked(
            question_id=question.id,
            kind=question.kind,
            office=application.office,
            nik=Nik.parse(vault.open_field(application, "nik") or ""),
            method=question.method,
            sample=sample,
        )

    def _ask(self, asked: Asked) -> Answer:
        try:
            answer = self.parts.registry.ask(asked)
        except RegistryUnavailableError:
            raise
        except Exception as failure:  # noqa: BLE001 - a port's own errors end here
            name = type(failure).__name__
            raise RegistryUnavailableError(f"the registry's adapter raised {name}") from None
        if type(answer) is not Answer:
            raise RegistryUnavailableError("the registry's adapter returned no Answer")
        return answer

    # --- notices -----------------------------------------------------------------------

    def _notice(self, item: OutboxItem, notice: Notice) -> _Outcome:
        record: Application | Identity = Loader(self.parts).record(notice.kind, notice.record_id)
        if not self._still_counts(notice, record):
            return _Outcome(done=Done.VOID)
        standard = self.parts.standard(record.standard)
        ways = [way for medium in notice.media for way in self._ways(medium, record, standard)]
        if not ways:
            return _Outcome(done=Done.PARKED, failure="channel.none")
        return self._send(item, notice, ways, self._rendered(notice, record, standard))

    def _send(
        self,
        item: OutboxItem,
        notice: Notice,
        ways: Sequence[tuple[Channel, str]],
        rendered: Rendered,
    ) -> _Outcome:
        first = min((item.attempts - 1) // TRIES_A_MEDIUM, len(ways) - 1)
        for channel, address in ways[max(first, 0) :]:
            try:
                self._through(channel, _message(notice, channel, address, rendered))
            except DeliveryError as failure:
                if failure.retryable:
                    raise
            else:
                return _Outcome(done=Done.SENT)
        return _Outcome(done=Done.PARKED, failure="channel.refused")

    def _through(self, channel: Channel, message: Message) -> None:
        try:
            receipt = channel.deliver(message)
        except DeliveryError:
            raise
        except Exception as failure:  # noqa: BLE001 - a port's own errors end here
            name = type(failure).__name__
            raise DeliveryError("channel.raised", name, retryable=True) from None
        if type(receipt) is not Receipt:
            raise DeliveryError("channel.no_receipt", "a channel returns a Receipt", retryable=True)

    def _still_counts(self, notice: Notice, record: Application | Identity) -> bool:
        """Say whether a PIN still counts: a dead one is never sent."""
        if notice.pin_id is None:
            return True
        alive = record.pin is not None and record.pin.id == notice.pin_id
        return alive and (notice.until is None or self.parts.clock.now() < notice.until)

    def _ways(
        self, medium: str, record: Application | Identity, standard: Office
    ) -> list[tuple[Channel, str]]:
        """Return the channels of *medium*; the open word ``other`` is any but e-mail."""
        vault, found = Vault(self.parts), []
        for channel in self.parts.channels:
            fits = channel.medium == medium or (
                medium == "other" and channel.medium not in (_BY_MAIL, *standard.pin.media_kinds)
            )
            field = "email" if channel.medium == _BY_MAIL else "phone"
            address = vault.open_field(record, field) if fits else None
            if address is not None:
                found.append((channel, address))
        return found

    def _rendered(
        self, notice: Notice, record: Application | Identity, standard: Office
    ) -> Rendered:
        template = self.parts.templates[notice.template]
        zone = _ZONES.get(standard.zone, "WIB")
        times = {
            "until": notice.until,
            "visited_at": getattr(record, "presence_at", None),
            "at": record.changed_at,
        }
        params = {
            **notice.params,
            **{name: local_time(at, zone) for name, at in times.items() if at is not None},
            **self._button(notice, standard),
        }
        wanted = template.required | template.optional
        params = {name: text for name, text in params.items() if name in wanted}
        return render(template, params, self._secrets(notice))

    def _button(self, notice: Notice, standard: Office) -> dict[str, str]:
        """Return the mail's button where the office publishes one (W19): an opaque handle."""
        button = standard.pin.buttons.get("mail")
        if button is None or notice.pin_id is None:
            return {}
        return {
            "button": button.label,
            "link": f"{self.parts.settings.activation_link}{notice.record_id}",
        }

    def _secrets(self, notice: Notice) -> dict[str, str] | None:
        if notice.sealed_pin is None or notice.pin_id is None:
            return None
        return {"pin": Vault(self.parts).open_pin(notice.sealed_pin, notice.id, notice.pin_id)}


def _message(notice: Notice, channel: Channel, address: str, rendered: Rendered) -> Message:
    long = channel.medium == _BY_MAIL
    return Message(
        id=notice.id,
        medium=channel.medium,
        to=address,
        sender=notice.sender,
        subject=rendered.subject,
        text=rendered.text if long else rendered.short,
        html=rendered.html if long else None,
    )
