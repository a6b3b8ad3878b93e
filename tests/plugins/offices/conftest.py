"""The two offices that come with ikd."""

from __future__ import annotations

import pytest

from ikd.core.standard.office import Office
from ikd.plugins.offices import load_office


@pytest.fixture(scope="session")
def payakumbuh() -> Office:
    """Return the standard of Kota Payakumbuh."""
    return load_office("payakumbuh")


@pytest.fixture(scope="session")
def wakatobi() -> Office:
    """Return the standard of Kabupaten Wakatobi."""
    return load_office("wakatobi")
