"""The whole configuration: the sections together, and what must hold between them."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, SecretStr, WithJsonSchema

from ccd.config.asterisk import Asterisk, Music
from ccd.config.base import (
    AbsolutePath,
    DialledNumber,
    Host,
    MusicClass,
    Name,
    OneDigit,
    Port,
    Seconds,
    Section,
    TimeZone,
)
from ccd.config.call_keys import CallKeys
from ccd.config.flows import Flow
from ccd.config.hours import Hours
from ccd.config.lamps import Lamps
from ccd.config.lists import Blacklist, CallerList
from ccd.config.lookups import Lookup
from ccd.config.outbound import Outbound
from ccd.config.phones import DeskCalls, FeatureCodes, Phone
from ccd.config.problems import refusal
from ccd.config.prompts import Prompts
from ccd.config.queues import Number, Queue
from ccd.config.recordings import Recording
from ccd.config.surveys import Survey
from ccd.config.voicemail import Voicemail
from ccd.config.wrapping import BreakReason
from ccd.model import BreakLimit, QueueSettings

DATABASE = "sqlite:////var/lib/ccd/ccd.db"


def _check_database(url: SecretStr) -> SecretStr:
    if not url.get_secret_value().startswith(("sqlite:////", "postgresql://")):
        raise refusal("database")
    return url


DatabaseUrl = Annotated[SecretStr, AfterValidator(_check_database), WithJsonSchema({"type": "string"})]


class Http(Section):
    """Health and metrics."""

    host: Host = "127.0.0.1"
    port: Port = 8080


class Config(Section):
    """ccd.yaml, conf.d/*.yaml and CCD_ variables together."""

    model_config = ConfigDict(
        json_schema_extra={"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "ccd.yaml"}
    )

    language: Literal["en", "zh"] = "en"
    """Default language of prompts and messages to callers: en or zh."""
    timezone: TimeZone = "Asia/Shanghai"
    """Of opening hours and of what people read."""
    socket: AbsolutePath = "/run/ccd/ccd.sock"
    """Where the `ccd` commands reach the daemon."""
    state_directory: AbsolutePath = "/var/lib/ccd"
    """Where ccd keeps what must outlive it, besides the database."""
    database: DatabaseUrl = Field(default=SecretStr(DATABASE), json_schema_extra={"default": DATABASE})
    """sqlite:////path or postgresql://user:password@host/name."""
    database_file: str | None = None
    """File that holds the database's URL, when a password stands in it."""
    asterisk: Asterisk = Asterisk()
    http: Http = Http()
    recording: Recording = Recording()
    prompts: Prompts = Prompts()
    voicemail: Voicemail = Voicemail()
    """Where callers leave messages."""
    queue_log: AbsolutePath | None = "/var/log/asterisk/queue_log_ccd"
    """File in the format of Asterisk's queue_log, for programs that read it; null: not written."""
    numbers: dict[DialledNumber, Number] = Field(default_factory=dict)
    """What a dialled number does."""
    flows: dict[Name, Flow] = Field(default_factory=dict)
    """What callers meet: prompts, menus, queues."""
    queues: dict[Name, Queue] = Field(default_factory=dict)
    """Where callers wait for agents."""
    surveys: dict[Name, Survey] = Field(default_factory=dict)
    """What callers are asked when the agent has hung up."""
    hours: dict[Name, Hours] = Field(default_factory=dict)
    """Calendars that flows ask."""
    lists: dict[Name, CallerList] = Field(default_factory=dict)
    """Lists of callers that flows ask; who is on them is in the database."""
    blacklist: Blacklist = Blacklist()
    """Callers who are refused before any flow begins."""
    lookups: dict[Name, Lookup] = Field(default_factory=dict)
    """Systems of the business that flows ask about the caller."""
    music: dict[MusicClass, Music] = Field(default_factory=dict)
    """Classes of music on hold of our own, besides those that Asterisk has."""
    phones: tuple[Phone, ...] = ()
    """Phones to render into pjsip_ccd.conf; none where the PBX has its own."""
    outbound: Outbound = Outbound()
    break_reasons: dict[OneDigit, BreakReason] = Field(default_factory=dict)
    """Reasons for a break by the digit that chooses them."""
    shift_gap_s: Seconds = 14400.0
    """Who signs in after being signed out for no longer goes on with their shift, and with its breaks."""
    feature_codes: FeatureCodes = FeatureCodes()
    call_keys: CallKeys = CallKeys()
    desk_calls: DeskCalls = DeskCalls()
    lamps: Lamps = Lamps()

    def break_limits(self) -> Mapping[str, BreakLimit]:
        """Give how long breaks may last, by the code of their reason, as the engine needs it."""
        limits = {reason.code: reason.limit() for reason in self.break_reasons.values()}
        return {code: limit for code, limit in limits.items() if limit is not None}

    def queue_settings(self) -> tuple[QueueSettings, ...]:
        """Give the queues as the engine needs them, in the order of the configuration."""
        return tuple(queue.settings(name) for name, queue in self.queues.items())
