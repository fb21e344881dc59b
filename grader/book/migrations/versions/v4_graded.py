"""The fourth version: when a score was judged, and hand-ins that are not graded yet."""

import sqlalchemy as sa
from alembic import op

revision = "v4"
down_revision = "v3"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("entry", sa.Column("graded_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    raise NotImplementedError("a book does not go back to an earlier version")
