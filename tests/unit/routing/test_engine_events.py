"""The engine knows what to do about every event that there is."""

from typing import get_args

import pytest

from ccd.events import Event, Ticked
from ccd.routing import engine


@pytest.mark.parametrize("kind", get_args(Event))
def test_every_event_has_its_handler(kind):
    """An event that is added to the vocabulary is not forgotten here."""
    assert kind in engine._HANDLERS or kind is Ticked
