"""What doesn't meet: the channels of a service and the standards of the offices it serves."""

from __future__ import annotations

from ikd.core.errors import InputError
from ikd.core.standard.reached import ChannelFinding, channel_findings, unused
from ikd.service.parts import Parts


def findings(parts: Parts) -> tuple[ChannelFinding, ...]:
    """Return everything that channels and standards of *parts* don't agree upon."""
    media = [channel.medium for channel in parts.channels]
    missing = dict.fromkeys(
        one
        for office in parts.versions
        for one in channel_findings(office, _carried(parts, office.id))
    )
    return (*missing, *unused(parts.versions, media))


def check_reach(parts: Parts) -> None:
    """Refuse a start whose channels carry the PIN of an office to nobody.

    Without any channel it is no service for residents, unless the settings say that it is one.

    Raises:
        InputError: ``channels.unreached``, with the offices.
    """
    nobody = [one for one in findings(parts) if one.code == "channel.unreached"]
    offices = sorted({str(one.office) for one in nobody if one.act == "pin"})
    if offices and (parts.channels or parts.settings.production):
        raise InputError("channels.unreached", f"a PIN reaches nobody of: {', '.join(offices)}")


def _carried(parts: Parts, office: str) -> set[str]:
    """Return the media of the channels that carry that office's messages."""
    return {
        channel.medium for channel in parts.channels if getattr(channel, "office", office) == office
    }
