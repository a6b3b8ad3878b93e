"""Who takes part: invented residents with their phones, the registry, eyes for a captcha."""

from __future__ import annotations

from collections.abc import Iterator

from ikd.adapters.captcha.picture_captcha import PictureCaptcha
from ikd.adapters.registry import SimulatedResident, Simulator, people
from ikd.core.errors import RegistryUnavailableError, SecretError
from ikd.core.ports import Entropy
from ikd.core.records.actor import Actor
from ikd.core.records.questions import Answer, Asked
from ikd.core.resident.contact import Email
from ikd.core.resident.contact import Phone as Number
from ikd.core.resident.nik import Nik
from ikd.core.secrets.passcode import Passcode, known_of
from ikd.core.standard.office import Office
from ikd.service import Service
from ikd.testing.soft_device import SoftDevice

STATION = "loket-1"
_PAGE = 1000
_SEED = 1000  # people drawn from one seed, so that a late one is found as quickly as an early one


class Siak(Simulator):
    """SIAK simulated in this process. It leaves questions about other people to their registry."""

    def __init__(self) -> None:
        super().__init__()
        self._met: set[Nik] = set()

    def add(self, resident: SimulatedResident) -> None:
        """Know *resident* from now on."""
        self._met.add(resident.nik)
        super().add(resident)

    def ask(self, asked: Asked) -> Answer:
        """Return the simulator's answer.

        Raises:
            RegistryUnavailableError: The question is about nobody of this journey; it stays open.
        """
        if asked.nik not in self._met:
            raise RegistryUnavailableError("nobody of this journey")
        return super().ask(asked)


class DemoCaptcha(PictureCaptcha):
    """Makes real pictures and remembers what the last one shows.

    **Only for the demo**: whoever knows the answer beforehand proves nothing by it. It is
    checked like any other.
    """

    answer = ""

    def _answer(self, entropy: bytes) -> str:
        self.answer = super()._answer(entropy)
        return self.answer


def newcomers(
    service: Service, office: Office, limit: int
) -> Iterator[tuple[int, SimulatedResident]]:
    """Yield up to *limit* invented residents, numbered on from those the store has met."""
    region = f"{office.region.replace('.', '')}01"
    met = _met(service)
    for number in range(met, met + limit):
        seed, place = divmod(number, _SEED)
        yield number, people(seed, place + 1, region)[-1]


def _met(service: Service) -> int:
    count, after = 0, None
    while page := service.find("resident", limit=_PAGE, after=after, actor=Actor.system()):
        count, after = count + len(page), page[-1].id
    return count


class PlayedPhone:
    """One resident's phone.

    Attributes:
        owner: The invented resident.
        place: Their number among all invented residents.
        soft: The phone's key and what it does with it.
        email: Their address.
        number: Their number.
    """

    def __init__(self, owner: SimulatedResident, place: int, entropy: Entropy) -> None:
        self.owner = owner
        self.place = place
        self.soft = SoftDevice(entropy)
        self.email = Email.parse(f"warga{place}@example.id")
        self.number = Number.parse(f"0812345{place % 100_000:05d}")
        self._entropy = entropy

    @property
    def addresses(self) -> tuple[str, str]:
        """Where mail for its owner goes."""
        return self.email.address, self.number.e164

    def passcode(self, pin: str) -> str:
        """Return six digits that its owner makes up: nothing that others know, and not *pin*."""
        while True:
            made = f"{int.from_bytes(self._entropy(8), 'big') % 1_000_000:06d}"
            try:
                chosen = Passcode.parse(made)
            except SecretError:
                continue
            if not chosen.resembles(*known_of(self.owner.nik, self.owner.birth_date), pin):
                return made
