"""The database brought to the form that this ccd works with.

Alembic is imported only when there is something to do: it takes a while, and the daemon starts far more often
than the schema changes.
"""

from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, inspect, text

from ccd.errors import StorageError

HEAD: Final = "0011"
"""The newest migration."""

_ADVISORY_LOCK: Final = 0x636364
"""Two daemons that start together migrate one after the other. On SQLite the file's lock sees to that."""


def revision(connection: Connection) -> str | None:
    """Give the migration at which the database stands; None: it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def upgrade(connection: Connection) -> None:
    """Migrate to `HEAD` within the connection's transaction; `StorageError` when a newer ccd was here."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
    found = revision(connection)
    if found == HEAD:
        return
    from alembic import command  # noqa: PLC0415 - see the module's docstring
    from alembic.script import ScriptDirectory  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = alembic_config(connection)
    if found is not None:
        try:
            ScriptDirectory.from_config(config).get_revision(found)
        except CommandError as error:
            raise StorageError(
                "the database was made by a newer ccd (schema {found}, this one knows {known}): "
                "start that version again, or restore the backup from before the upgrade",
                reason="database_newer",
                found=found,
                known=HEAD,
            ) from error
    command.upgrade(config, "head")


def alembic_config(connection: Connection | None = None) -> Any:
    """Give Alembic's configuration for the migrations inside this package."""
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config
