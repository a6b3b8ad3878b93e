"""WhatsApp through the office's own message gateway: one POST a message."""

from __future__ import annotations

import http.client
import json
import re
from urllib.parse import urlsplit

from ikd.errors import DeliveryError
from ikd.ports import Message, Receipt

_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
_TIMEOUT = 10  # seconds for each read and write; ikd cuts the whole call off besides
_CONNECTIONS = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}


class GatewayChannel:
    """Sends each message to the gateway as JSON.

    The gateway gets the message's id and must send the same id only once: ikd repeats what it
    doesn't know to have arrived.

    Args:
        url: Address of the gateway, ``https://`` outside of trials.
        token: What the gateway knows the office by.
    """

    name = "ikd-contoh-gateway"
    medium = "whatsapp"

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in _CONNECTIONS or not parts.hostname:
            raise ValueError("the gateway's address is none")
        self._scheme, self._host, self._port = parts.scheme, parts.hostname, parts.port
        self._path = parts.path or "/"
        self._token = token

    def __repr__(self) -> str:
        return "<GatewayChannel>"

    def deliver(self, message: Message) -> Receipt:
        """Hand *message* to the gateway.

        Raises:
            DeliveryError: It wasn't taken; for good if the gateway refuses this message.
        """
        if _NUMBER.fullmatch(message.to) is None:  # two numbers, or none
            raise DeliveryError("gateway.unfit", "not one number", retryable=False)
        try:
            status = self._post(message)
        except (OSError, http.client.HTTPException):
            status = 0
        if 200 <= status < 300:
            return Receipt(reference=message.id)
        for_good = 400 <= status < 500 and status not in (401, 403, 408, 429)
        raise DeliveryError("gateway.refused", f"status {status}", retryable=not for_good)

    def _post(self, message: Message) -> int:
        body = {
            "id": message.id,
            "to": message.to,
            "text": f"*{message.sender}*: {message.subject}\n\n{message.text}",
        }
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        connection = _CONNECTIONS[self._scheme](self._host, self._port, timeout=_TIMEOUT)
        try:
            connection.request("POST", self._path, json.dumps(body).encode(), headers)
            return connection.getresponse().status
        finally:
            connection.close()
