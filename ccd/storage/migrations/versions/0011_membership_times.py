"""An agent's own ring time and rest in one queue."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the columns."""
    op.add_column("membership", sa.Column("ring_s", sa.Float(), nullable=True))
    op.add_column("membership", sa.Column("wrap_up_s", sa.Float(), nullable=True))


def downgrade() -> None:
    """Take them back."""
    with op.batch_alter_table("membership") as table:
        table.drop_column("wrap_up_s")
        table.drop_column("ring_s")
