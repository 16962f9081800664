"""The first tables: agents, the strategies' memory, call records."""

import sqlalchemy as sa
from alembic import op

from ccd.storage.types import UtcDateTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables in an empty database."""
    op.create_table(
        "agent",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("extension", sa.Text(), nullable=True),
        sa.Column("pin_hash", sa.Text(), nullable=True),
        sa.Column("pin_failures", sa.Integer(), nullable=False),
        sa.Column("pin_locked_until", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_agent")),
    )
    op.create_table(
        "agent_log",
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("extension", sa.Text(), nullable=True),
        sa.Column("session_s", sa.Float(), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("queues", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("agent", "at", "kind", name=op.f("pk_agent_log")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_agent_log_at"), "agent_log", ["at"])
    op.create_table(
        "call_record",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("linkedid", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("duration_s", sa.Float(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("called", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=True),
        sa.Column("agent", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("cdr_disposition", sa.Text(), nullable=False),
        sa.Column("hung_up_by", sa.Text(), nullable=True),
        sa.Column("hangup_cause", sa.Integer(), nullable=True),
        sa.Column("ivr_s", sa.Float(), nullable=False),
        sa.Column("queue_wait_s", sa.Float(), nullable=False),
        sa.Column("ring_s", sa.Float(), nullable=False),
        sa.Column("talk_s", sa.Float(), nullable=False),
        sa.Column("on_hold_s", sa.Float(), nullable=False),
        sa.Column("survey_s", sa.Float(), nullable=False),
        sa.Column("sticky", sa.Text(), nullable=False),
        sa.Column("recovered", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_record")),
    )
    op.create_index(op.f("ix_call_record_agent_started_at"), "call_record", ["agent", "started_at"])
    op.create_index(
        op.f("ix_call_record_number_started_at_agent"), "call_record", ["number", "started_at", "agent"]
    )
    op.create_index(op.f("ix_call_record_queue_started_at"), "call_record", ["queue", "started_at"])
    op.create_index(op.f("ix_call_record_started_at_id"), "call_record", ["started_at", "id"])
    op.create_table(
        "queue_memory",
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("last_position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("queue", name=op.f("pk_queue_memory")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "recording",
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("offer_id", sa.Text(), nullable=True),
        sa.Column("segment", sa.Integer(), nullable=True),
        sa.Column("queue", sa.Text(), nullable=True),
        sa.Column("agent", sa.Text(), nullable=True),
        sa.Column("stored_at", UtcDateTime(), nullable=True),
        sa.Column("length_s", sa.Float(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("path", name=op.f("pk_recording")),
    )
    op.create_index(op.f("ix_recording_call_id"), "recording", ["call_id"])
    op.create_index(op.f("ix_recording_id"), "recording", ["id"])
    op.create_index(op.f("ix_recording_started_at_path"), "recording", ["started_at", "path"])
    op.create_table(
        "survey_answer",
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("survey", sa.Text(), nullable=False),
        sa.Column("offered_at", UtcDateTime(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("digit", sa.Text(), nullable=True),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("queue", sa.Text(), nullable=True),
        sa.Column("agent", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("call_id", "survey", name=op.f("pk_survey_answer")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_survey_answer_offered_at"), "survey_answer", ["offered_at"])
    op.create_table(
        "agent_memory",
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("extension", sa.Text(), nullable=True),
        sa.Column("since_at", UtcDateTime(), nullable=False),
        sa.Column("signed_in_at", UtcDateTime(), nullable=True),
        sa.Column("wrap_up_until_at", UtcDateTime(), nullable=True),
        sa.Column("missed_in_a_row", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent"], ["agent.number"], name=op.f("fk_agent_memory_agent_agent"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("agent", name=op.f("pk_agent_memory")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "call_decision",
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("offer_id", sa.Text(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("strategy", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("waited_s", sa.Float(), nullable=False),
        sa.Column("ahead", sa.Integer(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("candidates", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["call_id"],
            ["call_record.id"],
            name=op.f("fk_call_decision_call_id_call_record"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("call_id", "seq", name=op.f("pk_call_decision")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "call_segment",
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("duration_s", sa.Float(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=True),
        sa.Column("agent", sa.Text(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["call_id"],
            ["call_record.id"],
            name=op.f("fk_call_segment_call_id_call_record"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("call_id", "seq", name=op.f("pk_call_segment")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "customer_number",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner"], ["agent.number"], name=op.f("fk_customer_number_owner_agent"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_customer_number")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_customer_number_owner"), "customer_number", ["owner"])
    op.create_table(
        "member_memory",
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("calls_taken", sa.Integer(), nullable=False),
        sa.Column("last_call_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agent"], ["agent.number"], name=op.f("fk_member_memory_agent_agent"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("agent", "queue", name=op.f("pk_member_memory")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "membership",
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("penalty", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent"], ["agent.number"], name=op.f("fk_membership_agent_agent"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("agent", "queue", name=op.f("pk_membership")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_membership_queue_position"), "membership", ["queue", "position"])


def downgrade() -> None:
    """Leave the database empty."""
    for table in (
        "membership",
        "member_memory",
        "customer_number",
        "call_segment",
        "call_decision",
        "agent_memory",
        "survey_answer",
        "recording",
        "queue_memory",
        "call_record",
        "agent_log",
        "agent",
    ):
        op.drop_table(table)
