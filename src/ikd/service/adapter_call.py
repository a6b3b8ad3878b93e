"""The fence around other people's code: whatever an adapter does wrong becomes a port's error."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TypeVar

from ikd.core.errors import PortError

T = TypeVar("T")


def fenced(call: Callable[[], object], wanted: type[T], fault: Callable[[str], PortError]) -> T:
    """Return what *call* returns, if it is exactly a *wanted*.

    A ``PortError`` of the adapter passes. Anything else that it raises, ``SystemExit`` too,
    and anything else that it returns is told by *fault*, without what the adapter said: its
    texts may quote a NIK. Only the user's own ``KeyboardInterrupt`` is let through.
    """
    raised: PortError | None = None
    answer: object = None
    try:
        answer = call()
    except (PortError, KeyboardInterrupt):
        raise
    except BaseException as failure:  # noqa: BLE001 - an adapter's own errors end here
        raised = fault(f"the adapter raised {type(failure).__name__}")
    if raised is not None:  # raised out here, so that no chained text is shown
        raise raised
    if inspect.iscoroutine(answer):
        answer.close()  # else Python would complain about it later, elsewhere
    if type(answer) is not wanted:
        raise fault(f"the adapter returned no {wanted.__name__}")
    return answer
