"""What Alembic runs: the migrations, on the connection that `schema.upgrade` hands over.

The transaction belongs to the caller, and so does logging.
"""

from __future__ import annotations

from alembic import context

from interviewer.store.tables import Base

# Batch mode: SQLite alters hardly anything in place, so later revisions copy tables.
context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
