"""The schema's history, as Alembic keeps it. `ccd.storage.schema` runs it on a connection of the store's."""
