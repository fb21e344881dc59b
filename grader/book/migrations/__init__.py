"""How books of earlier versions become books of this one. Alembic runs these when a book is opened."""
