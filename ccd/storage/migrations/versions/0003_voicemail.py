"""Messages that callers left, what others are to be told of, and both in the call's record."""

import sqlalchemy as sa
from alembic import op

from ccd.storage.types import UtcDateTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables, and the columns of the record."""
    op.create_table(
        "voicemail_message",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("mailbox", sa.Text(), nullable=False),
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("length_s", sa.Float(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("heard_at", UtcDateTime(), nullable=True),
        sa.Column("heard_by", sa.Text(), nullable=True),
        sa.Column("deleted_at", UtcDateTime(), nullable=True),
        sa.Column("deleted_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voicemail_message")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_voicemail_message_at_id"), "voicemail_message", ["at", "id"])
    op.create_index(
        op.f("ix_voicemail_message_mailbox_state_at"), "voicemail_message", ["mailbox", "state", "at"]
    )
    op.create_index(op.f("ix_voicemail_message_call_id"), "voicemail_message", ["call_id"])
    op.create_table(
        "notice",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=True),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_notice_state_next_at"), "notice", ["state", "next_at"])
    op.create_index(op.f("ix_notice_created_at"), "notice", ["created_at"])
    # No batch mode: SQLite would make the table anew, and dropping the old one takes its segments along.
    op.add_column("call_record", sa.Column("voicemail_s", sa.Float(), nullable=False, server_default="0"))
    op.add_column("call_record", sa.Column("mailbox", sa.Text(), nullable=True))


def downgrade() -> None:
    """Take all of it back."""
    op.drop_column("call_record", "mailbox")
    op.drop_column("call_record", "voicemail_s")
    op.drop_table("notice")
    op.drop_table("voicemail_message")
