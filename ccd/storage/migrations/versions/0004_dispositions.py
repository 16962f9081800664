"""Dispositions, and the last talk of an agent, whose disposition may still be owed after a restart."""

import sqlalchemy as sa
from alembic import op

from ccd.storage.types import UtcDateTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the table and the columns."""
    op.create_table(
        "disposition",
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("offer_id", sa.Text(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("chosen_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("call_id", "offer_id", name=op.f("pk_disposition")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_disposition_chosen_at"), "disposition", ["chosen_at"])
    for column in (
        sa.Column("last_call_id", sa.Text(), nullable=True),
        sa.Column("last_offer_id", sa.Text(), nullable=True),
        sa.Column("last_queue", sa.Text(), nullable=True),
        sa.Column("last_ended_at", UtcDateTime(), nullable=True),
        sa.Column("disposition", sa.Text(), nullable=False, server_default=""),
        sa.Column("disposition_owed", sa.Boolean(), nullable=False, server_default=sa.false()),
    ):
        op.add_column("agent_memory", column)


def downgrade() -> None:
    """Take them away again."""
    with op.batch_alter_table("agent_memory") as memory:
        for column in (
            "disposition_owed",
            "disposition",
            "last_ended_at",
            "last_queue",
            "last_offer_id",
            "last_call_id",
        ):
            memory.drop_column(column)
    op.drop_table("disposition")
