"""The hooks. Six provide something while a service is opened, one reacts to what was recorded.

An implementation may take fewer arguments than its hook has; arguments are added, never
renamed. ``options`` is what the front end gave this plugin, and no other plugin sees it.
No hook takes part in a decision: policy is data, in the office's file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from ikd.core.ports import CaptchaSource, Channel, KeySource, Registry, Store
    from ikd.core.standard.office import Office

hookspec = pluggy.HookspecMarker("ikd")


@hookspec
def ikd_offices(options: Mapping[str, object]) -> Sequence[Office] | None:
    """Return a list or tuple of offices to serve, each made with ``ikd.load_office``."""


@hookspec
def ikd_channels(office: str, options: Mapping[str, object]) -> Sequence[Channel] | None:
    """Return the channels that carry messages of *office*, and of no other office.

    Asked once for each office that the service serves.
    """


@hookspec
def ikd_store(options: Mapping[str, object]) -> Store | None:
    """Return the store. Asked only if the front end names none."""


@hookspec
def ikd_registry(options: Mapping[str, object]) -> Registry | None:
    """Return the registry. Asked only if the front end passes none."""


@hookspec
def ikd_captcha(options: Mapping[str, object]) -> CaptchaSource | None:
    """Return what makes and checks puzzles. Asked only if the front end passes none."""


@hookspec
def ikd_keys(options: Mapping[str, object]) -> KeySource | None:
    """Return the key source. Asked only if the front end names none."""


@hookspec
def ikd_event_recorded(
    event: str,
    kind: str,
    record_id: str,
    seq: int,
    office: str | None,
    at: datetime,
    options: Mapping[str, object],
) -> None:
    """React to an event that is durable: best effort, after the commit.

    Events of one record that two requests caused may arrive out of order; ``seq`` tells.

    Args:
        event: Name of its class in ``ikd.events``, e.g. ``"Activated"``.
        kind: Kind of the record, e.g. ``"application"``.
        record_id: The record.
        seq: The event's place in the record's journal, from 1.
        office: The office of the record, if it has one.
        at: When it was recorded, aware.
        options: What the front end gave this plugin.
    """


@hookspec
def ikd_checkpoint_made(checkpoint: bytes, options: Mapping[str, object]) -> None:
    """Keep a signed checkpoint where the database's owner can't write; best effort.

    Args:
        checkpoint: The whole file; ``ikd audit verify --checkpoint`` takes it as it is.
        options: What the front end gave this plugin.
    """
