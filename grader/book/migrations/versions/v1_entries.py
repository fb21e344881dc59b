"""The first version: one table that only grows."""

import sqlalchemy as sa
from alembic import op

revision = "v1"
down_revision = None
branch_labels = None
depends_on = None

REFUSED = "the book only grows: withdraw an entry, or enter a new one"


def upgrade() -> None:
    op.create_table(
        "entry",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("id", sa.Text(), nullable=False, unique=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("student", sa.Text()),
        sa.Column("name", sa.Text()),
        sa.Column("system", sa.Text()),
        sa.Column("merged_into", sa.Text()),
        sa.Column("what", sa.Text()),
        sa.Column("part_of", sa.Text()),
        sa.Column("points", sa.Text()),
        sa.Column("out_of", sa.Text()),
        sa.Column("handed_in", sa.DateTime(timezone=True)),
        sa.Column("source", sa.Text()),
        sa.Column("fingerprint", sa.Text()),
        sa.Column("days", sa.Integer()),
        sa.Column("reason", sa.Text()),
        sa.Column("target", sa.Text()),
    )
    for column in ("student", "name", "kind", "entered_at"):
        op.create_index(f"entry_{column}", "entry", [column])
    if op.get_context().dialect.name == "sqlite":
        refuse_on_sqlite()
    else:
        refuse_on_postgresql()


def refuse_on_sqlite() -> None:
    for change in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER entry_refuses_{change} BEFORE {change} ON entry "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        )
    # INSERT OR REPLACE deletes, and that fires no trigger for deletion.
    op.execute(
        "CREATE TRIGGER entry_refuses_replace BEFORE INSERT ON entry "
        "WHEN EXISTS (SELECT 1 FROM entry WHERE number = NEW.number OR id = NEW.id) "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
    )


def refuse_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION entry_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER entry_refuses_change BEFORE UPDATE OR DELETE ON entry "
        "FOR EACH ROW EXECUTE FUNCTION entry_only_grows()"
    )
    op.execute(
        "CREATE TRIGGER entry_refuses_truncate BEFORE TRUNCATE ON entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION entry_only_grows()"
    )


def downgrade() -> None:
    raise NotImplementedError("a book does not go back to an earlier version")
