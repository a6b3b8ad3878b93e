"""The only place that joins everything: a service for offices, a verifier for counters."""

from __future__ import annotations

from ikd.bootstrap.service_opening import Settings, open_service
from ikd.bootstrap.verifier_opening import open_verifier

__all__ = ["Settings", "open_service", "open_verifier"]
