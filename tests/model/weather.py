"""A world that fails at random: a registry, a mail provider and a clock, each down for hours."""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import attrs

from ikd.adapters.registry.simulator import Simulator
from ikd.core.errors import DeliveryError, PortError, RegistryUnavailableError
from ikd.core.ports import Receipt
from ikd.core.records.notices import Message
from ikd.core.records.questions import Answer, Asked, RegistryStanding

SPELL = timedelta(minutes=30)
_PIN = re.compile(r"^[0-9]{6}$", re.ASCII | re.MULTILINE)


@attrs.define
class Weather:
    """What fails during the spell that is now; each of the three fails for *share* of the time.

    Attributes:
        chance: Where everything random here comes from.
        share: Of the time, from 0 to 1.
        registry, mail, clock: How it fails now; "" while it doesn't.
    """

    chance: random.Random
    share: float
    registry: str = ""
    mail: str = ""
    clock: str = ""
    spells: Counter[str] = attrs.field(factory=Counter)

    def change(self) -> None:
        """Let the next spell begin."""
        self.registry = self._fails("silent", "late", "incomplete")
        self.mail = self._fails("slow", "refused", "unknown")
        self.clock = self._fails("behind", "ahead", "broken")
        failing = {"registry": self.registry, "mail": self.mail, "clock": self.clock}
        self.spells.update(f"{what} {how}" for what, how in failing.items() if how)

    def clear(self) -> None:
        """Let nothing fail any more."""
        self.share, self.registry, self.mail, self.clock = 0.0, "", "", ""

    def _fails(self, *ways: str) -> str:
        return self.chance.choice(ways) if self.chance.random() < self.share else ""


@attrs.define
class FailingRegistry:
    """The simulator, as far as the weather lets it answer."""

    simulator: Simulator
    weather: Weather

    def ask(self, asked: Asked) -> Answer:
        """Return the answer, or one that doesn't answer.

        Raises:
            RegistryUnavailableError: It is silent.
        """
        match self.weather.registry:
            case "silent":
                raise RegistryUnavailableError("silent")
            case "late":
                standing = RegistryStanding.NOT_SYNCHRONISED
                return Answer(question_id=asked.question_id, standing=standing)
            case "incomplete":
                return Answer(question_id=asked.question_id, standing=RegistryStanding.FOUND)
        return self.simulator.ask(asked)


@attrs.define
class Post:
    """A mail provider that keeps what it delivered, by address.

    Attributes:
        letters: What came to each address.
    """

    weather: Weather
    name: str = "post"
    medium: str = "email"
    letters: dict[str, list[Message]] = attrs.field(factory=lambda: defaultdict(list))

    def deliver(self, message: Message) -> Receipt:
        """Take a message, or fail as the weather is.

        Raises:
            DeliveryError: Not now, or not at all.
        """
        match self.weather.mail:
            case "slow":
                raise DeliveryError("channel.failed", "slow", retryable=True)
            case "refused":
                raise DeliveryError("channel.refused", "refused", retryable=False)
            case "unknown":
                if self.weather.chance.random() < 0.5:
                    self._keep(message)
                return Receipt(unsure=True)
        self._keep(message)
        return Receipt()

    def _keep(self, message: Message) -> None:
        self.letters[message.to].append(message)

    def pins(self, address: str) -> list[str]:
        """Return the PINs that came to *address*, oldest first."""
        found = (_PIN.search(letter.text) for letter in self.letters[address])
        return [match[0] for match in found if match]

    def doubled(self) -> int:
        """Return how many messages came more than once."""
        ids = Counter(letter.id for letters in self.letters.values() for letter in letters)
        return sum(count > 1 for count in ids.values())


@attrs.define
class FailingClock:
    """The service's clock: right, three quarters of an hour wrong, or out of order.

    Like every clock of ikd it never tells less than before, so after it was ahead it stands.
    """

    right: Callable[[], datetime]
    weather: Weather
    newest: datetime = datetime(1970, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        """Return the time as this clock has it.

        Raises:
            PortError: It doesn't say any (``clock.jump``).
        """
        if self.weather.clock == "broken":
            raise PortError("clock.jump", "out of order", port="clock")
        self.newest = max(self.newest, self.right() + _WRONG.get(self.weather.clock, timedelta()))
        return self.newest


_WRONG = {"behind": -timedelta(minutes=45), "ahead": timedelta(minutes=45)}
