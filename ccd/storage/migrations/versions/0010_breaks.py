"""What agents have used of a shift's breaks."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the column."""
    with op.batch_alter_table("agent_memory") as batch:
        batch.add_column(sa.Column("breaks", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Take it away."""
    with op.batch_alter_table("agent_memory") as batch:
        batch.drop_column("breaks")
