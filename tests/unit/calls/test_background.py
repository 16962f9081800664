"""Work that nobody waits for."""

import asyncio

from structlog.testing import capture_logs

from ccd.calls.background import Background
from tests.support import until


async def test_a_fault_in_it_is_logged_and_an_end_is_not():
    """Nobody would see it otherwise; what was cancelled has no fault."""
    background, over = Background(), asyncio.Event()

    async def fails() -> None:
        await over.wait()
        raise KeyError("sales")

    async def ends() -> None:
        await over.wait()

    with capture_logs() as told:
        background.spawn(ends())
        background.spawn(fails())
        over.set()
        await until(lambda: told)
    assert [(each["log_level"], str(each["exc_info"])) for each in told] == [("error", "'sales'")]
