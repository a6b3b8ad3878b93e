"""What a verifier remembers: the newest lists it read, and presentations it has seen."""

from __future__ import annotations

from ikd.adapters.trust.replaymemory import SeenTokens
from ikd.adapters.trust.trustmemory import FileTrust

__all__ = ["FileTrust", "SeenTokens"]
