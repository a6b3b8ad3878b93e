"""Channels: what carries a message to a resident. A file per technology."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ikd.core.ports import Channel


def channel_from_url(url: str) -> Channel:
    """Return the channel that *url* names.

    ``console:``, ``file:///folder``, ``smtp://user:password@host:587?from=siak@example.id`` or
    ``smtps://...``; each is described by ``from_url`` of its class.

    Raises:
        InputError: *url* names no channel, or lacks or misspells something
            (``channel.url``). The message never holds any of *url*.
    """
    from ikd.adapters.notification.address import ChannelUrl

    parts = ChannelUrl.parse(url)
    if parts.scheme == "console":
        from ikd.adapters.notification.console import ConsoleChannel

        return ConsoleChannel.from_url(parts)
    if parts.scheme == "file":
        from ikd.adapters.notification.file import FileChannel

        return FileChannel.from_url(parts)
    if parts.scheme in {"smtp", "smtps"}:
        from ikd.adapters.notification.smtp import SmtpChannel

        return SmtpChannel.from_url(parts)
    raise parts.fault("a channel is console:, file:, smtp: or smtps:")
