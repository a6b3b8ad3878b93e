"""What a ``postgresql://`` URL asks for; nothing of it is ever quoted, a password least of all."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, urlencode

import attrs
from psycopg import Error, IsolationLevel
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ikd.core.errors import StoreError

_PLACE = r"(?:\[[0-9A-Fa-f:.%]*\]|[^@:/?#\[\],]*)(?::[0-9]*)?"
# An "@" or "/" that a password holds unquoted would make the rest of it a host, or a port.
_URL = re.compile(
    rf"postgresql://(?:[^@/?#]*@)?{_PLACE}(?:,{_PLACE})*(?:/[^@/?#]*)?(?:\?(?P<asked>[^?#]*))?"
)
_LEVELS = {
    "read-committed": IsolationLevel.READ_COMMITTED,
    "serializable": IsolationLevel.SERIALIZABLE,
}

# A commit is answered once it is durable; a session that waits, works or sleeps too long
# ends, whatever its process died of.
_SETTINGS = {
    "synchronous_commit": "on",
    "statement_timeout": "30s",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "30s",
}
# libpq waits for ever where the network swallows what is sent (libpq, 34.1.2).
_DEFAULTS = {
    "application_name": "ikd",
    "connect_timeout": "5",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "60000",
}


@attrs.frozen(kw_only=True)
class Target:
    """Where to connect, and how.

    Attributes:
        conninfo: What libpq is given; it holds the password.
        isolation: Of the transactions that write.
        connections: How many a process opens at most.
    """

    conninfo: str = attrs.field(repr=False)
    isolation: IsolationLevel
    connections: int


def target(url: str) -> Target:
    """Return what *url* asks for.

    Beside what libpq knows it may say ``isolation`` (``read-committed``, the default, or
    ``serializable``) and ``connections`` (10 unless told).

    Raises:
        StoreError: It is no such URL (``store.url``).
    """
    found = _URL.fullmatch(url)
    asked = dict(parse_qsl(found["asked"] or "", keep_blank_values=True)) if found else {}
    isolation = _LEVELS.get(asked.pop("isolation", "read-committed"))
    connections = asked.pop("connections", "10")
    known = _known(f"{url.partition('?')[0]}?{urlencode(asked, quote_via=quote)}") if found else ""
    if not known or isolation is None or not re.fullmatch("[1-9][0-9]{0,2}", connections):
        raise StoreError("store.url", "postgresql://role:password@host:5432/database")
    return Target(conninfo=known, isolation=isolation, connections=int(connections))


def _known(url: str) -> str:
    """Return what libpq reads in *url*, over our defaults; nothing if it can't."""
    try:
        said = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    except Error:
        return ""
    ours = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
    options = f"{ours} {said.pop('options', '')}".rstrip()  # what is said last holds
    return make_conninfo(**{**_DEFAULTS, **said, "options": options, "client_encoding": "UTF8"})
