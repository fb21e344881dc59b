"""The second version: rubrics and what people give by them, and who says when something was handed in."""

import sqlalchemy as sa
from alembic import op

revision = "v2"
down_revision = "v1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in ("question", "item", "items", "problem", "floor", "text", "timed_by"):
        op.add_column("entry", sa.Column(column, sa.Text()))
    op.create_index("entry_what_kind", "entry", ["what", "kind"])


def downgrade() -> None:
    raise NotImplementedError("a book does not go back to an earlier version")
