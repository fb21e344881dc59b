"""Runs migrations in the transaction of whoever opens the book: `grader.book.store` holds the lock."""

from alembic import context

from grader.book.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table="book_version",
)
context.run_migrations()
