"""Who takes part: invented residents, the registry that knows them, and the officers."""

from __future__ import annotations

from collections.abc import Iterator

from ikd.adapters.registry import SimulatedResident, Simulator, people
from ikd.core.errors import RegistryUnavailableError
from ikd.core.records.actor import Actor
from ikd.core.records.questions import Answer, Asked
from ikd.core.resident.nik import Nik
from ikd.core.standard.office import Office
from ikd.core.standard.steps import Step
from ikd.service import Service

STATION = "loket-1"
_PAGE = 1000
_SEED = 1000  # people drawn from one seed, so that a late one is found as quickly as an early one


class Siak:
    """SIAK simulated in this process. It leaves questions about other people to their registry."""

    def __init__(self) -> None:
        self._simulator = Simulator()
        self._known: set[Nik] = set()

    def add(self, resident: SimulatedResident) -> None:
        """Know *resident* from now on."""
        self._known.add(resident.nik)
        self._simulator.add(resident)

    def ask(self, asked: Asked) -> Answer:
        """Return the simulator's answer.

        Raises:
            RegistryUnavailableError: The question is about nobody of this journey; it stays open.
        """
        if asked.nik not in self._known:
            raise RegistryUnavailableError("nobody of this journey")
        return self._simulator.ask(asked)


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
    while page := service.find("resident", limit=_PAGE, after=after):
        count, after = count + len(page), page[-1].id
    return count


def officer(step: Step, office: Office) -> Actor:
    """Return who decides or reviews: the ministry, or an operator at the counter."""
    return Actor.ministry() if step.by == "ministry" else operator(office)


def operator(office: Office) -> Actor:
    """Return the operator at the journey's counter."""
    return Actor.operator("petugas-1", office=office.id, station=STATION)
