"""The native backend, or a reason to skip."""

import pytest

from tasou import backends
from tasou.errors import TasouError


@pytest.fixture(scope="session")
def native():
    try:
        return backends.make("native", n_threads=1)
    except TasouError as reason:
        pytest.skip(str(reason))
