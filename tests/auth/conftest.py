"""Every test of accounts starts from nowhere: no address, so no limit per network."""

import pytest

from pythoughts.origin import NOWHERE, set_origin


@pytest.fixture(autouse=True)
def _from_nowhere():
    set_origin(NOWHERE)
    yield
    set_origin(NOWHERE)
