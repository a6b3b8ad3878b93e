"""No registry: every question stays owed until one is connected."""

from __future__ import annotations

from typing import NoReturn

from ikd.core.errors import RegistryUnavailableError
from ikd.core.records.questions import Asked


class AbsentRegistry:
    """Stands where no registry was named; loses nothing and answers nothing."""

    def ask(self, asked: Asked) -> NoReturn:  # noqa: ARG002 - there is nobody to ask
        """Say that there is nobody to ask.

        Raises:
            RegistryUnavailableError: Always.
        """
        raise RegistryUnavailableError("no registry is connected")
