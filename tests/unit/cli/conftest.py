"""Each test begins in English."""

from collections.abc import Iterator

import pytest

from ccd.cli import messages


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    messages.use("en")
    yield
    messages.use("en")
