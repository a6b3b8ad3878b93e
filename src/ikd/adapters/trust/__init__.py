"""What a verifier remembers: the newest lists it read, and presentations it has seen."""

from __future__ import annotations

from ikd.adapters.trust.file import FileTrust
from ikd.adapters.trust.seen import SeenTokens

__all__ = ["FileTrust", "SeenTokens"]
