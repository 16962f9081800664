"""Calls to the outside, for the limits and for sticky routing; the number that an agent shows."""

import sqlalchemy as sa
from alembic import op

from ccd.storage.types import UtcDateTime

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the table and the column."""
    op.create_table(
        "outgoing_call",
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=True),
        sa.Column("callee", sa.Text(), nullable=False),
        sa.Column("tail", sa.Text(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("talk_s", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("call_id", "at", name=op.f("pk_outgoing_call")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_outgoing_call_at"), "outgoing_call", ["at"])
    op.create_index(op.f("ix_outgoing_call_tail_at"), "outgoing_call", ["tail", "at"])
    op.add_column("agent", sa.Column("caller_id", sa.Text(), nullable=True))


def downgrade() -> None:
    """Take both away."""
    with op.batch_alter_table("agent") as table:
        table.drop_column("caller_id")
    op.drop_table("outgoing_call")
