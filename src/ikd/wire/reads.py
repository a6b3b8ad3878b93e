"""The reads of a service that cross the wire, each as the arguments that it takes.

Who looks is no argument of them: that comes from whoever authenticated them, as with commands.
"""

from __future__ import annotations

import functools
import inspect
import typing
from collections.abc import Callable, Mapping

import attrs

from ikd.service import Service

READS: Mapping[str, Callable[..., object]] = {
    read.__name__: read
    for read in (
        Service.get,
        Service.find,
        Service.history,
        Service.deadlines,
        Service.where,
        Service.worklist,
        Service.person,
        Service.complaint,
        Service.complaint_file,
        Service.complaint_dossier,
        Service.complaint_summary,
        Service.credential,
        Service.challenge,
        Service.captcha,
        Service.station_token,
        Service.opened,
        Service.now,
        Service.owed,
        Service.refusals,
        Service.looks,
        Service.findings,
        Service.health,
        Service.delivered,
    )
}
"""Every read by its name. What is signed for everybody has an address of its own."""


@functools.cache
def asked_by(read: str) -> type:
    """Return a class whose attributes are what the read of that name takes beside the actor."""
    hints = typing.get_type_hints(READS[read])
    taken = {
        name: attrs.field(default=attrs.NOTHING if one.default is one.empty else one.default)
        for name, one in inspect.signature(READS[read]).parameters.items()
        if name not in ("self", "actor")
    }
    made = attrs.make_class(read, taken, frozen=True, kw_only=True)
    made.__annotations__ = {name: hints[name] for name in taken}
    return made


def answer_of(read: str) -> object:
    """Return the type of what the read of that name answers."""
    return typing.get_type_hints(READS[read])["return"]
