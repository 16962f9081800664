"""The database's form: migrations make what the code expects, from nothing and only once."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from ccd.clock import SystemClock
from ccd.errors import StorageError
from ccd.storage import schema
from ccd.storage.encode import Item, Kind
from ccd.storage.store import Store
from ccd.storage.tables import metadata
from ccd.storage.upserts import ORDER
from tests.databases import database_url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    return database_url(request.param, tmp_path)


def _differences(connection):
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return compare_metadata(context, metadata)


async def test_upgrading_from_empty_gives_the_tables_of_the_code(url):
    """Every table, column, type, index and constraint is as `ccd.storage.tables` has it."""
    store = await Store.open(url, SystemClock())
    try:
        async with store.engine.connect() as connection:
            assert await connection.run_sync(_differences) == []
            assert await connection.run_sync(schema.revision) == schema.HEAD
    finally:
        await store.close()


async def test_a_missing_column_would_be_seen(url):
    """The comparison above is not blind."""
    store = await Store.open(url, SystemClock())
    try:
        async with store.transaction() as connection:
            await connection.execute(text("ALTER TABLE agent DROP COLUMN extension"))
            (difference,) = await connection.run_sync(_differences)
        assert difference[0] == "add_column"
    finally:
        await store.close()


async def test_the_migration_can_be_undone_and_done_again(url):
    """Down to nothing and up again leaves the same tables: nothing is forgotten on the way down."""
    from alembic import command  # noqa: PLC0415

    store = await Store.open(url, SystemClock())

    def there_and_back(connection):
        config = schema.alembic_config(connection)
        command.downgrade(config, "base")
        command.upgrade(config, "head")

    try:
        async with store.transaction() as connection:
            await connection.run_sync(there_and_back)
            assert await connection.run_sync(_differences) == []
    finally:
        await store.close()


async def test_opening_again_changes_nothing(url):
    """What was stored is there at the next start."""
    store = await Store.open(url, SystemClock())
    async with store.transaction() as connection:
        await connection.execute(text("INSERT INTO queue_memory VALUES ('sales', 7)"))
    await store.close()
    store = await Store.open(url, SystemClock())
    async with store.reading() as tx:
        assert await tx.agents.queue_positions() == {"sales": 7}
    await store.close()


async def test_a_database_of_a_newer_ccd_is_left_alone(url):
    """An old daemon on a new database says so and does not touch it."""
    store = await Store.open(url, SystemClock())
    async with store.transaction() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await store.close()
    with pytest.raises(StorageError, match="newer ccd"):
        await Store.open(url, SystemClock())


async def test_rows_of_every_earlier_version_in_the_spool_can_be_written(tmp_path):
    """An upgrade in the middle of an outage: what the older ccd spooled has a value for each column."""
    from alembic import command  # noqa: PLC0415

    store = await Store.open(database_url("sqlite", tmp_path), SystemClock())
    columns = {}

    def read_each_version(connection):
        config = schema.alembic_config(connection)
        for script in ScriptDirectory.from_config(config).walk_revisions():
            seen = inspect(connection)
            columns[script.revision] = {
                table.name: [each["name"] for each in seen.get_columns(table.name)]
                for table in ORDER
                if seen.has_table(table.name)
            }
            command.downgrade(config, "-1")

    try:
        async with store.transaction() as connection:
            await connection.run_sync(read_each_version)
    finally:
        await store.close()
    assert set(columns["0001"]) < set(columns[schema.HEAD])
    for version in columns.values():
        for table, names in version.items():
            now = metadata.tables[table].columns.keys()
            assert now[: len(names)] == names, "a column that comes later is the last"
            item = Item(Kind.RECORD, "1.1", {table: [tuple(names)]})
            ((row,),) = Item.from_line(item.to_line()).rows.values()
            missing = [
                column.name
                for column, value in zip(metadata.tables[table].columns, row, strict=True)
                if value is None and not column.nullable
            ]
            assert missing == []


def test_head_is_the_newest_migration():
    """The constant that spares the daemon Alembic's import is right."""
    assert ScriptDirectory.from_config(schema.alembic_config()).get_current_head() == schema.HEAD
