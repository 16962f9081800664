"""What `ccd doctor` sees from inside the daemon: the business's systems, and what messages rest on."""

import asyncio
import shutil
from urllib.parse import urlsplit

from ccd.asterisk.findings import Finding, Result, finding
from ccd.calls.house import House
from ccd.lookup.breaker import BreakerState
from ccd.lookup.client import LookupStatus


async def look_around(house: House, language: str) -> list[Finding]:
    """Look at every lookup, and at the mailboxes where there are any."""
    statuses = house.lookups.statuses(house.config.lookups)
    found = list(await asyncio.gather(*(_lookup(house, status, language) for status in statuses)))
    if house.config.voicemail.mailboxes:
        found.append(await _voicemail(house, language))
    return found


async def _lookup(house: House, status: LookupStatus, language: str) -> Finding:
    """See whether a system answers; one that is left alone has a reason already."""
    settings, name = house.config.lookups[status.name], f"lookup {status.name}"
    parts = urlsplit(settings.url)
    url = f"{parts.scheme}://{parts.netloc}{parts.path}"  # what follows may hold a key
    if status.state is not BreakerState.CLOSED:
        reason = status.last_failure
        return finding(name, Result.FAILED, "lookup_suspended", language, url=url, reason=reason)
    if reason := await house.lookups.trouble(settings):
        blanks = {"url": url, "reason": reason, "system": status.name}
        return finding(name, Result.FAILED, "lookup_silent", language, **blanks)
    return finding(name, Result.OK, "lookup", language, url=url)


async def _voicemail(house: House, language: str) -> Finding:
    """See that a message can be begun, and that the programs are there that tell of one."""
    name = "voicemail"
    if reason := await house.mailroom.check():
        folder = house.config.recording.directory
        return finding(name, Result.FAILED, "voicemail_trouble", language, reason=reason, folder=folder)
    boxes = house.config.voicemail.mailboxes.values()
    programs = {box.notify.command[0] for box in boxes if box.notify.command is not None}
    lacking = await asyncio.to_thread(lambda: [each for each in programs if shutil.which(each) is None])
    if lacking:
        told = ", ".join(sorted(lacking))
        return finding(name, Result.FAILED, "notify_missing", language, programs=told)
    return finding(name, Result.OK, "voicemail", language)
