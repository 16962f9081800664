"""What agents can and how much they are given; queues that somebody opened or closed by hand."""

import sqlalchemy as sa
from alembic import op

from ccd.storage.types import UtcDateTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "agent_skill",
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("skill", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent"], ["agent.number"], name=op.f("fk_agent_skill_agent_agent"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("agent", "skill", name=op.f("pk_agent_skill")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "queue_door",
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("say", sa.Text(), nullable=False),
        sa.Column("keep", sa.Boolean(), nullable=False),
        sa.Column("until_at", UtcDateTime(), nullable=True),
        sa.Column("since_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("queue", name=op.f("pk_queue_door")),
        sqlite_with_rowid=False,
    )
    op.add_column("agent", sa.Column("calls_per_hour", sa.Integer(), nullable=True))
    op.add_column("agent", sa.Column("calls_per_day", sa.Integer(), nullable=True))
    op.add_column("agent", sa.Column("rest_s", sa.Float(), nullable=True))


def downgrade() -> None:
    """Drop what was made."""
    op.drop_column("agent", "rest_s")
    op.drop_column("agent", "calls_per_day")
    op.drop_column("agent", "calls_per_hour")
    op.drop_table("queue_door")
    op.drop_table("agent_skill")
