"""Registries: SIAK, or what stands in for it. A file per technology."""

from ikd.adapters.registry.population import people
from ikd.adapters.registry.simulated_resident import SimulatedResident
from ikd.adapters.registry.simulator import Simulator

__all__ = ["SimulatedResident", "Simulator", "people"]
