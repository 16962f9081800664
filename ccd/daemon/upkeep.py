"""What is done again and again, as long as the daemon runs."""

import asyncio
import contextlib
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from ccd import notify
from ccd.calls.house import House
from ccd.recording.disk import Limits, Room, free_mb, judge
from ccd.recording.retention import sweep

log = structlog.get_logger(__name__)

SWEEP_EVERY_S = 6 * 3600.0
DISK_EVERY_S = 20.0


async def feed_watchdog() -> None:
    """Show the supervisor that the event loop turns; without a watchdog there is nothing to do."""
    period_s = notify.watchdog_period_s()
    while period_s is not None:
        notify.watchdog()
        await asyncio.sleep(period_s / 3)


async def sweep_recordings(house: House) -> None:
    """Delete the recordings that are past their time, at the start and every few hours; never ends."""
    while True:
        recording, zone = house.config.recording, ZoneInfo(house.config.timezone)
        today = house.clock.wall(house.clock.now()).astimezone(zone).date()
        deleted = await sweep(Path(recording.directory), keep_days=recording.keep_days, today=today)
        if deleted:
            log.info("recordings deleted", count=len(deleted), keep_days=recording.keep_days)
        await asyncio.sleep(SWEEP_EVERY_S)


async def watch_disk(house: House) -> None:
    """Look how much room there is for recordings; a full disk costs recordings, never a call. Never ends."""
    while True:
        recording = house.config.recording
        limits = Limits(warn_free_mb=recording.warn_free_mb, stop_free_mb=recording.stop_free_mb)
        with contextlib.suppress(OSError):  # a folder that is gone is `recordings_unwritable`
            free = await asyncio.to_thread(free_mb, Path(recording.directory))
            room = judge(free, limits, house.room)
            if room is not house.room:
                level = log.info if room is Room.ENOUGH else log.error
                level("recordings disk", room=room.value, free_mb=round(free), folder=recording.directory)
            house.room = room
        await asyncio.sleep(DISK_EVERY_S)
