"""ccd's user of Asterisk's manager interface, manager_ccd.conf."""

from ccd.ami.translate import EVENTS_WANTED, READ_CLASSES
from ccd.asterisk.template import fill
from ccd.config import Config
from ccd.model import LOOP_CONTEXT

WRITE_CLASSES = ("call", "reporting", "originate")
ONLY = {
    "DeviceStateChange": (",header(Device),method(starts_with)", "PJSIP/"),
    "DTMFEnd": (",header(Context),method(exact)", LOOP_CONTEXT),
}
"""Of the states of devices only those of phones are wanted: queues and calendars have states too. Of the keys
that are pressed only those of callers whom ccd leads."""


def manager_conf(config: Config) -> str:
    """Render the manager user."""
    ami = config.asterisk.ami
    return fill(
        "manager_ccd.conf",
        username=ami.username,
        secret=ami.secret.get_secret_value(),
        permits="".join(f"permit={address}\n" for address in ami.permit),
        read=",".join(READ_CLASSES),
        write=",".join(WRITE_CLASSES),
        filters="".join(map(_filter, EVENTS_WANTED)),
    )


def _filter(event: str) -> str:
    more, value = ONLY.get(event, ("", ""))
    return f"eventfilter(action(include),name({event}){more}) = {value}".rstrip() + "\n"
