"""What is wrong with a recording, and where it holds silence on purpose."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the columns."""
    with op.batch_alter_table("recording") as table:
        table.add_column(sa.Column("problem", sa.Text(), nullable=True))
        table.add_column(sa.Column("pauses", sa.Text(), nullable=True))


def downgrade() -> None:
    """Take them back."""
    with op.batch_alter_table("recording") as table:
        table.drop_column("pauses")
        table.drop_column("problem")
