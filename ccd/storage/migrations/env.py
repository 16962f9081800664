"""Alembic's entry: it migrates over the connection that `ccd.storage.schema` hands it, in its transaction."""

from alembic import context

from ccd.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot alter a table in place
)
context.run_migrations()
