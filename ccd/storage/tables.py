"""The tables, and what each index is for. Rows never leave this folder.

Names of queues and of agents in the history are plain text, not foreign keys: what happened stays true when
a queue is renamed or an agent leaves. Migrations (`ccd/storage/migrations`) make the same tables; a test
proves it.

A column that comes later is the table's last, and is nullable or has a `default`: rows of an older ccd may
still wait in the spool.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    false,
    text,
)

from ccd.storage.types import UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# ---------------------------------------------------------------- agents, kept by supervisors

agent = Table(
    "agent",
    metadata,
    Column("number", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("extension", Text),  # the phone that they sign in on when none is named
    Column("pin_hash", Text),  # argon2; NULL: they cannot sign in from a phone
    Column("pin_failures", Integer, nullable=False),
    Column("pin_locked_until", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("removed_at", UtcDateTime),  # the row stays: the history names the agent
    Column("caller_id", Text),  # shown by their outgoing calls; NULL: the queue's, or the house's
    Column("calls_per_hour", Integer),  # NULL: no limit
    Column("calls_per_day", Integer),
    Column("rest_s", Float),
)

agent_skill = Table(
    "agent_skill",
    metadata,
    Column("agent", ForeignKey("agent.number", ondelete="CASCADE"), primary_key=True),
    Column("skill", Text, primary_key=True),
    Column("level", Integer, nullable=False),
    sqlite_with_rowid=False,
)

membership = Table(
    "membership",
    metadata,
    Column("agent", ForeignKey("agent.number", ondelete="CASCADE"), primary_key=True),
    Column("queue", Text, primary_key=True),
    Column("penalty", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("ring_s", Float),  # of their own; null: the queue's
    Column("wrap_up_s", Float),
    Index(None, "queue", "position"),  # the members of a queue in order; the last position
    sqlite_with_rowid=False,
)

# ---------------------------------------------------------------- what the engine must remember

agent_memory = Table(
    "agent_memory",
    metadata,
    Column("agent", ForeignKey("agent.number", ondelete="CASCADE"), primary_key=True),
    Column("status", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("extension", Text),
    Column("since_at", UtcDateTime, nullable=False),
    Column("signed_in_at", UtcDateTime),
    Column("wrap_up_until_at", UtcDateTime),
    Column("missed_in_a_row", Integer, nullable=False),
    Column("last_call_id", Text),  # their last talk that is over: a disposition may still be owed for it
    Column("last_offer_id", Text),
    Column("last_queue", Text),
    Column("last_ended_at", UtcDateTime),
    Column("disposition", Text, nullable=False, default="", server_default=""),
    Column("disposition_owed", Boolean, nullable=False, default=False, server_default=false()),
    Column("breaks", JSON),  # of this shift: [[reason, taken, seconds spent], …]; null: none
    sqlite_with_rowid=False,
)

member_memory = Table(
    "member_memory",
    metadata,
    Column("agent", ForeignKey("agent.number", ondelete="CASCADE"), primary_key=True),
    Column("queue", Text, primary_key=True),
    Column("calls_taken", Integer, nullable=False),
    Column("last_call_at", UtcDateTime),
    sqlite_with_rowid=False,
)

queue_memory = Table(
    "queue_memory",
    metadata,
    Column("queue", Text, primary_key=True),
    Column("last_position", Integer, nullable=False),
    sqlite_with_rowid=False,
)

queue_door = Table(  # queues that somebody opened or closed by hand
    "queue_door",
    metadata,
    Column("queue", Text, primary_key=True),
    Column("open", Boolean, nullable=False),
    Column("say", Text, nullable=False),
    Column("keep", Boolean, nullable=False),
    Column("until_at", UtcDateTime),
    Column("since_at", UtcDateTime, nullable=False),
    sqlite_with_rowid=False,
)

customer_number = Table(
    "customer_number",
    metadata,
    Column("number", Text, primary_key=True),
    Column("owner", ForeignKey("agent.number", ondelete="CASCADE"), nullable=False),
    Index(None, "owner"),  # the customers of an agent who leaves
    sqlite_with_rowid=False,
)

# ---------------------------------------------------------------- what happened

call_record = Table(
    "call_record",
    metadata,
    Column("id", Text, primary_key=True),
    Column("sequence", Integer, nullable=False),
    Column("linkedid", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("direction", Text, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("answered_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("duration_s", Float, nullable=False),
    Column("number", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("called", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("queue", Text),
    Column("agent", Text),
    Column("outcome", Text),
    Column("cdr_disposition", Text, nullable=False),
    Column("hung_up_by", Text),
    Column("hangup_cause", Integer),
    Column("ivr_s", Float, nullable=False),
    Column("queue_wait_s", Float, nullable=False),
    Column("ring_s", Float, nullable=False),
    Column("talk_s", Float, nullable=False),
    Column("on_hold_s", Float, nullable=False),
    Column("survey_s", Float, nullable=False),
    Column("sticky", Text, nullable=False),
    Column("recovered", Boolean, nullable=False),
    Column("voicemail_s", Float, nullable=False, default=0.0, server_default="0"),
    Column("mailbox", Text),
    Index(None, "started_at", "id"),  # newest first, a page at a time
    Index(None, "number", "started_at", "agent"),  # a customer's calls; who talked with them last (sticky)
    Index(None, "agent", "started_at"),
    Index(None, "queue", "started_at"),
)

call_segment = Table(
    "call_segment",
    metadata,
    Column("call_id", ForeignKey("call_record.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("duration_s", Float, nullable=False),
    Column("queue", Text),
    Column("agent", Text),
    Column("result", Text),
    Column("detail", JSON, nullable=False),
    sqlite_with_rowid=False,
)

call_decision = Table(
    "call_decision",
    metadata,
    Column("call_id", ForeignKey("call_record.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("offer_id", Text, nullable=False),
    Column("queue", Text, nullable=False),
    Column("strategy", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("trigger", Text, nullable=False),
    Column("waited_s", Float, nullable=False),
    Column("ahead", Integer, nullable=False),
    Column("members", Integer, nullable=False),
    Column("candidates", JSON, nullable=False),
    sqlite_with_rowid=False,
)

recording = Table(
    "recording",
    metadata,
    Column("path", Text, primary_key=True),
    Column("id", Text, nullable=False),
    Column("call_id", Text, nullable=False),  # no foreign key: it may be stored before its call's record is
    Column("started_at", UtcDateTime),
    Column("offer_id", Text),
    Column("segment", Integer),
    Column("queue", Text),
    Column("agent", Text),
    Column("stored_at", UtcDateTime),
    Column("length_s", Float),
    Column("size", BigInteger),
    Column("sha256", Text),
    Column("problem", Text),
    Column("pauses", Text),
    Index(None, "id"),
    Index(None, "call_id"),
    Index(None, "started_at", "path"),  # newest first
)

survey_answer = Table(
    "survey_answer",
    metadata,
    Column("call_id", Text, primary_key=True),
    Column("survey", Text, primary_key=True),
    Column("offered_at", UtcDateTime, nullable=False),
    Column("answered_at", UtcDateTime),
    Column("digit", Text),
    Column("label", Text),
    Column("queue", Text),
    Column("agent", Text),
    Index(None, "offered_at"),
    sqlite_with_rowid=False,
)

voicemail_message = Table(
    "voicemail_message",
    metadata,
    Column("id", Text, primary_key=True),
    Column("mailbox", Text, nullable=False),
    Column("call_id", Text, nullable=False),  # no foreign key: it may be stored before its call's record is
    Column("number", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("queue", Text),
    Column("language", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("length_s", Float, nullable=False),
    Column("path", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("heard_at", UtcDateTime),
    Column("heard_by", Text),
    Column("deleted_at", UtcDateTime),
    Column("deleted_by", Text),
    Index(None, "at", "id"),  # newest first
    Index(None, "mailbox", "state", "at"),  # how many are new; those past their time
    Index(None, "call_id"),
    sqlite_with_rowid=False,
)

notice = Table(
    "notice",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("body", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", UtcDateTime),
    Column("done_at", UtcDateTime),
    Column("error", Text, nullable=False),
    Index(None, "state", "next_at"),  # what is due
    Index(None, "created_at"),
    sqlite_with_rowid=False,
)

disposition = Table(
    "disposition",
    metadata,
    Column("call_id", Text, primary_key=True),  # no foreign key: given before, or long after, its record
    Column("offer_id", Text, primary_key=True),
    Column("queue", Text, nullable=False),
    Column("agent", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("chosen_at", UtcDateTime, nullable=False),
    Index(None, "chosen_at"),
    sqlite_with_rowid=False,
)

agent_log = Table(
    "agent_log",
    metadata,
    Column("agent", Text, primary_key=True),
    Column("at", UtcDateTime, primary_key=True),
    Column("kind", Text, primary_key=True),  # status or state
    Column("value", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("extension", Text),
    Column("session_s", Float, nullable=False),
    Column("automatic", Boolean, nullable=False),
    Column("queues", JSON, nullable=False),
    Index(None, "at"),
    sqlite_with_rowid=False,
)

# ---------------------------------------------------------------- promises of a call back

callback = Table(
    "callback",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("queue", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("requested_at", UtcDateTime, nullable=False),
    Column("joined_at", UtcDateTime, nullable=False),  # the place in the queue
    Column("priority", Integer, nullable=False),
    Column("needs", JSON, nullable=False),
    Column("language", Text, nullable=False),
    Column("call_id", Text),  # of the call in which it was asked for; NULL: entered by hand
    Column("tries", Integer, nullable=False),
    Column("not_before", UtcDateTime),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("last_call_id", Text),
    Column("agent", Text),
    Column("closed_at", UtcDateTime),
    # one promise a number and queue; what is open, at every start
    Index(
        "ix_callback_open",
        "queue",
        "number",
        unique=True,
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
    sqlite_autoincrement=True,  # a number is never given twice: it is part of the ids of calls
)

caller_list = Table(
    "caller_list",
    metadata,
    Column("list", Text, primary_key=True),
    Column("number", Text, primary_key=True),  # international; ends with * where it is a beginning
    Column("note", Text, nullable=False),
    Column("until_at", UtcDateTime),
    Column("added_at", UtcDateTime, nullable=False),
    sqlite_with_rowid=False,
)

pin_lock = Table(
    "pin_lock",
    metadata,
    Column("key", Text, primary_key=True),  # a digest
    Column("wrong", Integer, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
    sqlite_with_rowid=False,
)

outgoing_call = Table(
    "outgoing_call",
    metadata,
    Column("call_id", Text, primary_key=True),
    Column("at", UtcDateTime, primary_key=True),  # one call may dial several numbers, one after the other
    Column("person", Text, nullable=False),
    Column("agent", Text),
    Column("callee", Text, nullable=False),
    Column("tail", Text, nullable=False),
    Column("answered", Boolean, nullable=False),
    Column("talk_s", Float, nullable=False),
    Index(None, "at"),  # what counts for today's limits
    Index(None, "tail", "at"),  # who called this number last (sticky)
    sqlite_with_rowid=False,
)
